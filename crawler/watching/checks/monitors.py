"""The checks themselves, as monitors of spidermon.

A method is a check: it ends in `expect`, with what it saw and what it wanted, or in `skipTest`
where there is nothing to judge by, which fails no run.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from spidermon import MonitorRunner, MonitorSuite  # type: ignore[import-untyped]
from spidermon.settings import MONITOR  # type: ignore[import-untyped]

from crawler.feeds import tally
from crawler.fetching import hosts, rendering, server_time
from crawler.pipelines.dates import TO_COME_STAT
from crawler.site.urls import is_slug
from crawler.spiders import renders, same_pages
from crawler.text.dates import CLOCKS_DIFFER
from crawler.watching.checks import Check, Night, past
from crawler.watching.checks.judged import FEW, Judged, is_few, part
from crawler.watching.checks.plausible import Changes, Lists, Missed, is_known

logger = logging.getLogger(__name__)

_TEMPLATED = ("json2021", "legacy", "paper")  # generations read by selectors; modern: by labels
_SURELY = 3  # standard deviations: one night in a thousand
_CLOCK_OFF = timedelta(days=1)  # a listing may give a day only, and name tomorrow's in an address


def run(night: Night) -> Iterator[Check]:
    rendered = [Rendered] if night.settings["RENDERER"] in rendering.OTHER else []
    walked = [Walk, Lists] if night.walked else []
    nightly = [Nightly, Missed] if night.nightly and night.walked else []
    pictures = [Pictures] if night.settings["IMAGES_STORE"] else []
    exported = [Exported] if night.exports and night.exports.files else []
    monitors = [Reached, *walked, Pages, Changes, *rendered, *pictures, *nightly, *exported]
    suite = MonitorSuite(monitors=monitors)
    for done in MonitorRunner().run(suite, night=night).monitor_results:
        name = done.monitor.method_name.removeprefix("test_")
        detail, code = done.reason or done.monitor.seen, done.monitor.code
        ok = done.status in MONITOR.STATUSES.SUCCESSFUL
        if done.status == MONITOR.STATUS.ERROR:
            logger.error("the check %s cannot be made\n%s", name, done.error)
            detail = f"cannot be made: {done.error.splitlines()[-1]}"
            code = "cannot_be_made"
        yield Check(name=name, ok=ok, detail=detail, code=code, data=done.monitor.numbers)


def _how_to_render(night: Night) -> str:
    """For pages that show nothing without their scripts."""
    number = night.stats.get(renders.NEEDED_STAT, 0)
    return f"; {number} pages are built by scripts: {renders.HOW}" if number else ""


class Reached(Judged):
    """Was everything there that is needed?"""

    def test_hosts(self) -> None:
        bad, asked = hosts.unusable(self.night.stats)
        detail = f"{len(asked) - len(bad)} of {len(asked)} hosts could be used"
        if why := hosts.reasons(self.night.stats, bad):
            detail += f"; {why}"
        self.expect(not bad, detail, bad, code="unusable", hosts=bad, total=len(asked))

    def test_clock(self) -> None:
        """Times that are yet to come by this machine's clock, where the site's is later."""
        number = self.night.stats.get(TO_COME_STAT, 0)
        theirs = self.night.stats.get(server_time.STAT)
        behind = theirs - self.night.now if theirs else timedelta()
        off = f"{behind / timedelta(minutes=1):.0f} minutes behind the site's"
        words = f"{number} times are yet to come by this machine's clock, {off}"
        self.expect(not number or behind <= CLOCKS_DIFFER, words, code="behind", number=number)

    def test_archive(self) -> None:
        error = self.night.stats.get("workercn/archive/error")
        if error is None and not self.settings.getbool("ARCHIVE_ENABLED"):
            self.skip("switched off")
        self.expect(error is None, error or "every answer was kept", code="not_kept")


class Walk(Judged):
    """Were the listings walked?"""

    def test_sections(self) -> None:
        sections = self.night.modern
        silent = [slug for slug, section in sections.items() if not section["listed"]]
        detail = f"{len(sections) - len(silent)} of {len(sections)} sections listed something"
        total = len(sections)
        self.expect(not silent, detail, silent, code="listed_nothing", sections=silent, total=total)

    def test_listings(self) -> None:
        failed = self.night.stats.get("workercn/listing/failed", 0)
        read = sum(section["pages"] for section in self.night.manifest["sections"].values())
        detail = (
            f"{read} of {read + failed} listing pages could be read{_how_to_render(self.night)}"
        )
        self.expect(not failed, detail, code="unreadable", number=failed, total=read + failed)

    def test_gaps(self) -> None:
        """What may stand in a listing, above what earlier runs had or in the window, and was not
        seen.
        """
        gaps = self.night.gaps
        walked = len(self.night.manifest["sections"])
        slugs = sorted({gap.slug for gap in gaps})
        detail = f"{walked - len(slugs)} of {walked} sections were walked without a gap"
        bad = [f"{gap.slug} {gap.start[:16]} to {gap.end[:16]} ({gap.reason})" for gap in gaps]
        self.expect(not gaps, detail, bad, code="gap", sections=slugs, total=walked)


class Pages(Judged):
    """Were the articles had, and read whole?"""

    def test_rejects(self) -> None:
        """Of the articles asked for; what a listing names and is none does not count."""
        more = _how_to_render(self.night)
        self.expect_few(
            self._rejected(), self._asked(), "articles rejected", "MAX_REJECT_SHARE", more
        )

    def test_same_pages(self) -> None:
        """One body under the addresses of several articles, none of which proves that it is its."""
        most = self.night.stats.get(same_pages.MOST_STAT, 0)
        detail = f"at most {most} articles showed one text that none of them proves to be its own"
        self.expect(
            most < same_pages.ENOUGH,
            f"{detail}, allowed {same_pages.ENOUGH - 1}",
            code="same_pages",
            number=most,
        )

    def test_removals(self) -> None:
        """Of the known articles asked for again, how many are gone: many at once are the site's
        fault, and none of them counts as removed.
        """
        stats = self.night.stats
        asked, gone, held, listed = (
            stats.get(f"workercn/removals/{what}", 0)
            for what in ("asked", "gone", "held", "listed")
        )
        share = self.settings.getfloat("MAX_REMOVED_SHARE")
        detail = f"{gone} of {asked} known articles gone, {held} removals held back"
        numbers = {"number": gone, "total": asked, "held": held, "listed": listed}
        self.expect(
            not held,
            f"{detail}, allowed a share of {share:g}",
            code="held",
            **numbers,
            allowed_share=share,
        )

    def test_failures(self) -> None:
        prefix = "workercn/rejected/fetch/"
        stats = self.night.stats
        reasons = Counter(
            {key.removeprefix(prefix): stats[key] for key in stats if key.startswith(prefix)}
        )
        self.expect_few(
            self.counts["failed"],
            self._asked(),
            "articles could not be fetched",
            "MAX_FAILED_SHARE",
            "".join(f"; {number} {reason}" for reason, number in reasons.most_common(3)),
        )

    def test_fallbacks(self) -> None:
        """Of each older generation and the paper: how many pages the generic reader had to read."""
        share = self.settings.getfloat("MAX_FALLBACK_SHARE")
        seen, changed = [], []
        for generation in _TEMPLATED:
            missed, read = (
                self.night.stats.get(f"workercn/generation/{generation}/{what}", 0)
                for what in ("missed", "read")
            )
            if read:
                seen.append(f"{missed} of {read} {generation}")
            if not is_few(missed, read, share):
                changed.append(generation)
        if not seen:
            self.skip("no page of a known template was read")
        words = f"pages were not as their template, allowed a share of {share:g} (or {FEW})"
        detail = f"{', '.join(seen)} {words}"
        self.expect(not changed, detail, changed, code="changed", generations=changed)

    def test_coverage(self) -> None:
        """A field's share against its median; against a floor while the history is young."""
        least = self.settings.getint("CHECK_MIN_RECORDS")
        if (records := past.records(self.night.manifest)) < least:
            self.skip(f"{records} records, judged from {least} on")
        seen, low = [], []
        shares = {}
        used = 0
        for field, floor in self.settings.getdict("COVERAGE_FLOORS").items():
            if (number := past.looked_at(self.night.manifest, field)) < least:
                continue
            many = [run for run in self.past if past.looked_at(run, field) >= least]
            used = max(used, min(len(many), past.RUNS))
            share = past.coverage(self.night.manifest, field)
            if field == "body" and share is not None:  # galleries and films have none
                share = min(1.0, share + self.night.stats.get("workercn/bodiless", 0) / records)
            median = self.median(past.coverage(run, field) for run in many)
            wanted = self._floor(floor) if median is None else self._usual(median, number)
            if share is None or wanted is None:
                continue
            reason = "floor" if median is None else f"median {median:.4g}"
            seen.append(f"{field} {share:.4g} (wanted {wanted:.4g}, {reason})")
            shares[field] = {"share": share, "wanted": wanted}
            if share < wanted:
                low.append(field)
        if not seen:
            self.skip_as_young(used)
        detail = f"{', '.join(seen)}; of {records} records and {used} earlier runs"
        numbers = {"low": low, "fields": shares}
        self.expect(not low, detail + self.left_out, low, code="fell", **numbers)

    def _usual(self, median: float, records: int) -> float:
        """What so many records have at least: few of them may well have it less often."""
        by_chance = _SURELY * math.sqrt(median * (1 - median) / records)
        drop = part(self.settings.getfloat("MAX_COVERAGE_DROP"), median)
        return round(max(median - max(drop, by_chance), 0), 6)

    def _floor(self, floor: float) -> float | None:
        """The floors are the modern site's; of old pages and single addresses nobody knows."""
        older = any(":" in slug for slug in self.night.manifest["sections"])
        return float(floor) if self.night.modern and not older else None

    def _rejected(self) -> int:
        rejected: int = self.counts["rejected"]
        return rejected - tally.rejected(self.night.stats, "listing")

    def _asked(self) -> int:
        told: int = self.counts["new"] + self.counts["updated"] + self.counts["unchanged"]
        return self._rejected() + told


class Rendered(Judged):
    """Did the renderer do what it is there for?"""

    def test_rendering(self) -> None:
        stats, name = self.night.stats, self.settings["RENDERER"]
        shown = self.counts["rendered"]
        failed = stats.get(rendering.FAILED_STAT, 0)
        vain = stats.get(renders.VAIN_STAT, 0)
        detail = f"{shown} pages rendered by {name}, {failed} failed"
        if vain:
            other = rendering.OTHER.get(name)
            detail += f"; {vain} show nothing even so, RENDERER={other} may do better"
        share = self.settings.getfloat("MAX_REJECT_SHARE")
        ok = not failed and is_few(vain, shown, share)
        numbers = {"rendered": shown, "failed": failed, "in_vain": vain}
        self.expect(ok, detail, code="failed" if failed else "in_vain", **numbers)


class Pictures(Judged):
    """Did their hosts answer, and could they be written? One that fails is its record's warning."""

    def test_pictures(self) -> None:
        from crawler.fetching.pictures import DOWN_STAT, FAILED_STAT, KEPT_STAT, UNWRITABLE

        stats = self.night.stats
        kept = stats.get(KEPT_STAT, 0)
        failed = {
            key.removeprefix(FAILED_STAT): stats[key]
            for key in stats
            if key.startswith(FAILED_STAT)
        }
        detail = f"{kept} of {kept + sum(failed.values())} pictures kept" + "".join(
            f"; {number} {reason}" for reason, number in failed.items()
        )
        down = sorted(key.removeprefix(DOWN_STAT) for key in stats if key.startswith(DOWN_STAT))
        code = "unwritable" if UNWRITABLE in failed else "host_down"
        ok = UNWRITABLE not in failed and not down
        self.expect(ok, detail, down, code=code, kept=kept, failed=failed, hosts=down)


class Exported(Judged):
    """Were the files of EXPORTS written?"""

    def test_exports(self) -> None:
        exports = self.night.exports
        assert exports is not None
        failed = {str(one.path): one.error for one in exports.files if one.error}
        wrote = {str(one.path): one.records for one in exports.files if not one.error}
        detail = f"{len(wrote)} of {len(exports.files)} exports written"
        if exports.left_out:
            detail += f", without {exports.left_out} lines that cannot be read"
        self.expect(
            not failed and not exports.left_out,
            detail,
            [f"{path} ({error})" for path, error in failed.items()],
            code="unwritable" if failed else "left_out",
            failed=failed,
            records=wrote,
            left_out=exports.left_out,
        )


class Nightly(Judged):
    """Is this night like the nights before it, and is the feed up to date?"""

    def test_shrunk(self) -> None:
        """Sections that list far less than they did.

        A page always lists the same number of articles, so how many a run lists depends on how far
        down it walked: only runs are compared that walked no more pages of the section.
        """
        share = self.settings.getfloat("MIN_LISTED_SHARE")
        judged = 0
        small: dict[str, str] = {}
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
                small[slug] = f"{slug} ({section['listed']} of {median:g})"
        detail = f"{judged - len(small)} of {judged} sections listed {share:g} of their median"
        if unjudged := len(self.night.modern) - judged:
            detail += f", {unjudged} not judged: too few earlier runs walked as few of their pages"
        numbers = {"sections": [*small], "total": judged}
        self.expect(not small, detail + self.left_out, small.values(), code="shrunk", **numbers)

    def test_navigation(self) -> None:
        """Sections that most earlier runs found linked, and the home page links no more."""
        if self.night.navigation is None:
            self.skip("the home page's navigation was not read")
        if not (runs := self.past[: past.RUNS]):
            self.skip("no earlier run to compare with" + self.left_out)
        walked = Counter(slug for run in runs for slug in past.sections(run))
        linked = [slug for slug in walked if 2 * walked[slug] > len(runs) and self._is_linked(slug)]
        gone = [slug for slug in linked if slug not in self.night.navigation]
        new = [slug for slug in self.night.navigation if slug not in walked]
        detail = f"{len(linked) - len(gone)} of {len(linked)} linked sections are linked still"
        detail += f", new: {', '.join(new)}" if new else ""
        numbers = {"sections": gone, "new": new, "total": len(linked)}
        self.expect(not gone, detail + self.left_out, gone, code="gone", **numbers)

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
            self.skip(f"{new} new, but the run before it started less than 18 hours earlier")
        newest = past.newest(self.night.manifest)
        if newest and newest <= (past.newest(before) or ""):
            self.skip(f"{new} new: the site lists nothing newer than the run before did")
        share = self.settings.getfloat("MIN_NEW_SHARE")
        on_a_sunday = median / 3
        by_chance = max(on_a_sunday - _SURELY * math.sqrt(on_a_sunday), 0)
        wanted = min(part(share, median), round(by_chance, 1))
        detail = f"{new} new, wanted {wanted:g}: a share of {share:g} of the median {median:g}"
        detail += ", less what chance takes" if wanted < part(share, median) else ""
        ok = new >= wanted
        self.expect(ok, detail + self.left_out, code="too_few", number=new, wanted=wanted)

    def test_freshness(self) -> None:
        """The newest modern article's age; its listing says when it was published. A nightly run of
        quiet sections is judged by their own pauses.
        """
        hours = self.settings.getfloat("MAX_AGE_HOURS")
        if not (sections := self.night.modern):
            self.skip("no modern section was walked")
        listed = [one["newest_published_at"] for one in sections.values()]
        newest = max(filter(None, listed), default=None)
        if newest is None:
            detail = f"no article of {len(sections)} sections has a time, allowed {hours:g} hours"
            self.fail(detail, "no_time")
        age = self.night.now - datetime.fromisoformat(newest)
        if (pause := self.night.pause) and is_known(pause):
            times = self.settings.getfloat("MAX_PAUSE_TIMES")
            hours = max(hours, times * (pause.longest / timedelta(hours=1)))
        old = f"{age / timedelta(hours=1):.1f} hours old, allowed {hours:g}"
        detail = f"the newest article is of {newest}, {old}"
        code = "too_old"
        if age < -_CLOCK_OFF:
            code = "in_the_future"
            detail += "; that is yet to come, or this machine's clock is wrong"
        ok = -_CLOCK_OFF <= age <= timedelta(hours=hours)
        self.expect(ok, detail, code=code, newest=newest, allowed_hours=hours)

    def test_completeness(self) -> None:
        """Each day: what is known of it against what the site's own search has."""
        days = self.night.completeness
        if not days:
            self.skip("the site's search did not say how many articles it has")
        share = self.settings.getfloat("MAX_MISSING_SHARE")
        lacking = [
            day for day, (total, known) in days.items() if not is_few(total - known, total, share)
        ]
        counted = ", ".join(f"{day} {known} of {total}" for day, (total, known) in days.items())
        detail = f"{counted} articles known, allowed to miss a share of {share:g} (or {FEW})"
        known_of = {day: {"known": known, "total": total} for day, (total, known) in days.items()}
        self.expect(not lacking, detail, lacking, code="incomplete", lacking=lacking, days=known_of)
