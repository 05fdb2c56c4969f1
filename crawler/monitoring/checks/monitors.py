"""The checks themselves, as monitors of spidermon.

A method is a check: it ends in `expect`, with what it saw and what it wanted, or in `skip` where
there is nothing to judge by, which fails no run.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from spidermon import MonitorRunner, MonitorSuite  # type: ignore[import-untyped]
from spidermon.settings import MONITOR  # type: ignore[import-untyped]

from crawler.downloader import hosts, rendering, server_time
from crawler.monitoring.checks import CheckResult, RunReview, past
from crawler.monitoring.checks.judged import FEW, RunMonitor, check_result, is_few, part
from crawler.monitoring.checks.plausible import Changes, Lists, Missed, is_known
from crawler.report import findings
from crawler.runs import counters
from crawler.site.urls import is_slug
from crawler.spiders import renders, same_pages
from crawler.text.dates import CLOCKS_DIFFER

logger = logging.getLogger(__name__)

_TEMPLATED = ("json2021", "legacy", "paper")  # generations read by selectors; modern: by labels
# Standard deviations. Of coverage each night judges several fields, beside a median that is itself
# by chance; of records, a Sunday is the worst there is already.
_SURELY_FELL = 4
_SURELY_FEW = 3
_CLOCK_OFF = timedelta(days=1)  # a listing may give a day only, and name tomorrow's in an address


def run(night: RunReview) -> Iterator[CheckResult]:
    rendered = [Rendered] if night.settings["RENDERER"] in rendering.OTHER else []
    walked = [WalkMonitor, Lists] if night.walked else []
    nightly = [Nightly, Missed] if night.nightly and night.walked else []
    pictures = [PicturesMonitor] if night.settings["IMAGES_STORE"] else []
    exported = [Exported] if night.exports and night.exports.files else []
    monitors = [Reached, *walked, Pages, Changes, *rendered, *pictures, *nightly, *exported]
    suite = MonitorSuite(monitors=monitors)
    for done in MonitorRunner().run(suite, night=night).monitor_results:
        name = done.monitor.method_name.removeprefix("test_")
        code, numbers = done.monitor.code, done.monitor.numbers
        ok = done.status in MONITOR.STATUSES.SUCCESSFUL
        if done.status == MONITOR.STATUS.ERROR:
            logger.error("the check %s cannot be made\n%s", name, done.error)
            code, numbers = findings.CANNOT_BE_MADE, {"error": done.error.splitlines()[-1]}
        yield check_result(name, ok=ok, code=code, data=numbers, names=night.section_names)


class Reached(RunMonitor):
    def test_hosts(self) -> None:
        bad, asked = hosts.unusable(self.night.stats)
        reasons = {host: why for host, why in bad.items() if why}
        good, total, names = len(asked) - len(bad), len(asked), list(bad)
        self.expect(not bad, code="unusable", hosts=names, good=good, total=total, reasons=reasons)

    def test_clock(self) -> None:
        """Times that are yet to come by this machine's clock, where the site's is later."""
        number = self.stat("times_to_come")
        theirs = self.night.stats.get(server_time.STAT)
        behind = theirs - self.night.now if theirs else timedelta()
        ok = not number or behind <= CLOCKS_DIFFER
        minutes = round(behind / timedelta(minutes=1))
        self.expect(ok, code="behind", number=number, minutes_behind=minutes)

    def test_archive(self) -> None:
        error = self.night.stats.get("workercn/archive/error")
        if error is None and not self.settings.getbool("ARCHIVE_ENABLED"):
            self.skip("archive_off")
        self.expect(error is None, code="not_kept", error=error)


class WalkMonitor(RunMonitor):
    def test_sections(self) -> None:
        sections = self.night.modern
        silent = [slug for slug, section in sections.items() if not section["listed"]]
        good, total = len(sections) - len(silent), len(sections)
        self.expect(not silent, code="listed_nothing", sections=silent, good=good, total=total)

    def test_listings(self) -> None:
        failed = self.stat("listing/failed")
        read = sum(section["pages"] for section in self.night.manifest["sections"].values())
        numbers = {"number": failed, "good": read, "total": read + failed}
        to_render = self.night.needs_rendering
        self.expect(not failed, code="unreadable", **numbers, needs_rendering=to_render)

    def test_gaps(self) -> None:
        """What may stand in a listing, above what earlier runs had or in the window, and was not
        seen.
        """
        walked = len(self.night.manifest["sections"])
        slugs = sorted({gap.slug for gap in self.night.gaps})
        gaps = [
            {"section": gap.slug, "from": gap.start, "to": gap.end, "reason": gap.reason}
            for gap in self.night.gaps
        ]
        good = walked - len(slugs)
        self.expect(not gaps, code="gap", sections=slugs, good=good, total=walked, gaps=gaps)


class Pages(RunMonitor):
    """Were the articles had, and read whole?"""

    def test_rejects(self) -> None:
        """Of the articles asked for; what a listing names and is none does not count."""
        to_render = self.night.needs_rendering
        self.expect_few(
            self._rejected(), self._asked(), "MAX_REJECT_SHARE", needs_rendering=to_render
        )

    def test_same_pages(self) -> None:
        """One body under the addresses of several articles, none of which proves that it is its."""
        most = self.night.stats.get(same_pages.MOST_STAT, 0)
        allowed = same_pages.ENOUGH - 1
        self.expect(most <= allowed, code="same_pages", number=most, allowed=allowed)

    def test_removals(self) -> None:
        """Of the known articles asked for again, how many are gone: many at once are the site's
        fault, and none of them counts as removed.
        """
        names = {"number": "gone", "total": "asked", "held": "held", "listed": "listed"}
        numbers = {name: self.stat(f"removals/{what}") for name, what in names.items()}
        share = self.settings.getfloat("MAX_REMOVED_SHARE")
        self.expect(not numbers["held"], code="held", **numbers, allowed_share=share)

    def test_failures(self) -> None:
        commonest = dict(counters.rejects(self.night.stats, "fetch").most_common(3))
        self.expect_few(self.counts["failed"], self._asked(), "MAX_FAILED_SHARE", reasons=commonest)

    def test_fallbacks(self) -> None:
        """Of each older generation and the paper: how many pages the generic reader had to read."""
        share = self.settings.getfloat("MAX_FALLBACK_SHARE")
        pages, changed = {}, []
        for generation in _TEMPLATED:
            missed, read = (
                self.stat(f"generation/{generation}/{what}") for what in ("missed", "read")
            )
            if read:
                pages[generation] = {"missed": missed, "read": read}
            if not is_few(missed, read, share):
                changed.append(generation)
        if not pages:
            self.skip("no_template")
        numbers = {"generations": changed, "pages": pages, "allowed_share": share, "few": FEW}
        self.expect(not changed, code="changed", **numbers)

    def test_coverage(self) -> None:
        """A field's share against its median; against a floor while the history is young."""
        least = self.settings.getint("CHECK_MIN_RECORDS")
        if (records := past.records(self.night.manifest)) < least:
            self.skip("few_records", records=records, least=least)
        low: list[str] = []
        shares: dict[str, dict[str, float | None]] = {}
        used = 0
        for field, floor in self.settings.getdict("COVERAGE_FLOORS").items():
            if (number := past.looked_at(self.night.manifest, field)) < least:
                continue
            many = [run for run in self.past if past.looked_at(run, field) >= least]
            used = max(used, min(len(many), past.RUNS))
            share = past.coverage(self.night.manifest, field)
            if field == "body" and share is not None:  # galleries and films have none
                share = min(1.0, share + self.stat("bodiless") / records)
            median = self.median(past.coverage(run, field) for run in many)
            wanted = self._floor(floor) if median is None else self._usual(median, number)
            if share is None or wanted is None:
                continue
            shares[field] = {"share": share, "wanted": wanted, "usual": median}
            if share < wanted:
                low.append(field)
        if not shares:
            self.skip_as_young(used)
        numbers = {"low": low, "fields": shares, "records": records}
        self.expect(not low, code="fell", **numbers, runs=used, **self.dated_later)

    def _usual(self, median: float, records: int) -> float:
        """What so many records have at least: few of them may well have it less often."""
        by_chance = _SURELY_FELL * math.sqrt(median * (1 - median) / records)
        drop = part(self.settings.getfloat("MAX_COVERAGE_DROP"), median)
        return round(max(median - max(drop, by_chance), 0), 6)

    def _floor(self, floor: float) -> float | None:
        """The floors are the modern site's; of old pages and single addresses nobody knows."""
        older = any(":" in slug for slug in self.night.manifest["sections"])
        return float(floor) if self.night.modern and not older else None

    def _rejected(self) -> int:
        rejected: int = self.counts["rejected"]
        return rejected - counters.rejects(self.night.stats, "listing").total()

    def _asked(self) -> int:
        told: int = self.counts["new"] + self.counts["updated"] + self.counts["unchanged"]
        return self._rejected() + told


class Rendered(RunMonitor):
    """Did the renderer do what it is there for?"""

    def test_rendering(self) -> None:
        stats, name = self.night.stats, self.settings["RENDERER"]
        shown = self.counts["rendered"]
        failed = stats.get(rendering.FAILED_STAT, 0)
        vain = stats.get(renders.VAIN_STAT, 0)
        share = self.settings.getfloat("MAX_REJECT_SHARE")
        ok = not failed and is_few(vain, shown, share)
        numbers = {"rendered": shown, "failed": failed, "in_vain": vain}
        names = {"renderer": name, "other": rendering.OTHER[name]}
        self.expect(ok, code="failed" if failed else "in_vain", **numbers, **names)


class PicturesMonitor(RunMonitor):
    """Did their hosts answer, and could they be written? One that fails is its record's warning."""

    def test_pictures(self) -> None:
        from crawler.downloader.picture_files import DOWN_STAT, FAILED_STAT, KEPT_STAT, UNWRITABLE

        stats = self.night.stats
        kept, failed = stats.get(KEPT_STAT, 0), dict(stats.get(FAILED_STAT, {}))
        down = sorted(stats.get(DOWN_STAT, {}))
        code = "unwritable" if UNWRITABLE in failed else "host_down"
        ok = UNWRITABLE not in failed and not down
        numbers = {"good": kept, "total": kept + sum(failed.values())}
        self.expect(ok, code=code, **numbers, failed=failed, hosts=down)


class Exported(RunMonitor):
    def test_exports(self) -> None:
        exports = self.night.exports
        assert exports is not None
        failed = {str(one.path): one.error for one in exports.files if one.error}
        wrote = {str(one.path): one.records for one in exports.files if not one.error}
        numbers = {"good": len(wrote), "total": len(exports.files), "left_out": exports.left_out}
        ok, code = not failed and not exports.left_out, "unwritable" if failed else "left_out"
        self.expect(ok, code=code, **numbers, failed=failed, records=wrote)


class Nightly(RunMonitor):
    """Is this night like the nights before it, and is the feed up to date?"""

    def test_shrunk(self) -> None:
        """Sections that list far less than they did.

        A page always lists the same number of articles, so how many a run lists depends on how far
        down it walked: only runs are compared that walked no more pages of the section.
        """
        share = self.settings.getfloat("MIN_LISTED_SHARE")
        judged = 0
        small: dict[str, dict[str, float]] = {}
        for slug, section in self.night.modern.items():
            median = self.median(
                past.section(run, slug, "listed")
                for run in self.past
                if past.walked_down(run, slug, section["pages"])
            )
            if median is None:
                continue
            judged += 1
            if section["listed"] < part(share, median):
                small[slug] = {"listed": section["listed"], "usual": median}
        numbers = {"sections": [*small], "small": small, "share": share, "total": judged}
        counted = {"good": judged - len(small), "not_judged": len(self.night.modern) - judged}
        self.expect(not small, code="shrunk", **numbers, **counted, **self.dated_later)

    def test_navigation(self) -> None:
        """Sections that most earlier runs found linked, and the home page links no more."""
        if self.night.navigation is None:
            self.skip("no_navigation")
        if not (runs := self.past[: past.RUNS]):
            self.skip("young", runs=0, least=1, **self.dated_later)
        walked = Counter(slug for run in runs for slug in past.sections(run))
        linked = [slug for slug in walked if 2 * walked[slug] > len(runs) and self._is_linked(slug)]
        gone = [slug for slug in linked if slug not in self.night.navigation]
        new = [slug for slug in self.night.navigation if slug not in walked]
        good, total = len(linked) - len(gone), len(linked)
        numbers = {"sections": gone, "new": new, "good": good, "total": total}
        self.expect(not gone, code="gone", **numbers, **self.dated_later)

    def _is_linked(self, slug: str) -> bool:
        """Was the section walked because it was linked, and not for another reason?"""
        from crawler.site.sections import table

        named = self.night.arguments.get("sections", "").split(",")
        return is_slug(slug) and slug not in {*named, *table().proven, *table().deny, "paper"}

    def test_records(self) -> None:
        """New records against the nights before, the paper's aside, which has days without an
        issue; none is due where the site lists none, and few tell nothing.
        """
        news = [past.fresh(run) for run in past.nights(self.past)]
        known = [number for number in news if number is not None]
        if (median := self.median(known)) is None:
            self.skip_as_young(len(known))
        before = past.of_the_sections(self.night)[0]
        new = past.fresh(self.night.manifest) or 0
        if not past.is_a_night(self.night.started_at or self.night.now, before):
            self.skip("same_night", number=new)
        newest = past.newest(self.night.manifest)
        if newest and newest <= (past.newest(before) or ""):
            self.skip("nothing_newer", number=new)
        share = self.settings.getfloat("MIN_NEW_SHARE")
        on_a_sunday = median / 3
        by_chance = max(on_a_sunday - _SURELY_FEW * math.sqrt(on_a_sunday), 0)
        wanted = min(part(share, median), round(by_chance, 1))
        numbers = {"number": new, "wanted": wanted, "usual": median}
        self.expect(new >= wanted, code="too_few", **numbers, **self.dated_later)

    def test_freshness(self) -> None:
        """The newest modern article's age; its listing says when it was published. A nightly run of
        quiet sections is judged by their own pauses.
        """
        allowed = self.settings.getfloat("MAX_AGE_HOURS")
        if not (sections := self.night.modern):
            self.skip("no_modern")
        listed = [one["newest_published_at"] for one in sections.values()]
        newest = max(filter(None, listed), default=None)
        if newest is None:
            self.expect(False, code="no_time", newest=None, allowed_hours=allowed)
            return
        age = self.night.now - datetime.fromisoformat(newest)
        if (pause := self.night.pause) and is_known(pause):
            times = self.settings.getfloat("MAX_PAUSE_TIMES")
            allowed = max(allowed, round(times * (pause.longest / timedelta(hours=1)), 1))
        numbers = {"newest": newest, "hours": round(age / timedelta(hours=1), 1)}
        code = "in_the_future" if age < -_CLOCK_OFF else "too_old"
        ok = -_CLOCK_OFF <= age <= timedelta(hours=allowed)
        self.expect(ok, code=code, **numbers, allowed_hours=round(allowed, 1))

    def test_completeness(self) -> None:
        """Each day: what is known of it against what the site's own search has."""
        days = self.night.completeness
        if not days:
            self.skip("no_search")
        share = self.settings.getfloat("MAX_MISSING_SHARE")
        lacking = [
            day for day, (total, known) in days.items() if not is_few(total - known, total, share)
        ]
        known_of = {day: {"known": known, "total": total} for day, (total, known) in days.items()}
        numbers = {"lacking": lacking, "days": known_of, "allowed_share": share, "few": FEW}
        self.expect(not lacking, code="incomplete", **numbers)
