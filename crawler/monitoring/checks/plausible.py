"""Is what has changed plausible? Nothing here failed to be read, and yet it may all be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.clock import CST
from crawler.monitoring.checks import past
from crawler.monitoring.checks.judged import FEW, RunMonitor, is_few
from crawler.runs import counters
from crawler.runs.manifest import DAYS_LEFT_OUT
from crawler.state import Pause

_PAPER = "paper"
_LEAST_KNOWN = 5  # articles, below which a section's pauses say nothing
_LEAST_SPAN = timedelta(days=7)  # of these: every section's history has a weekend in it
_CLOSED = timedelta(days=14)  # a section that is silent for so much longer has ended


class Changes(RunMonitor):
    """Of the articles: are as many updated, and as they are, as could be?"""

    def test_updates(self) -> None:
        """Known articles that changed on the site; what only newer rules read otherwise aside."""
        changed = self.counts["updated"] - self.stat("updated_by_rules")
        kept = ("unchanged", "missing", "removed")
        asked = changed + sum(self.counts[name] for name in kept)
        share = self.settings.getfloat("MAX_UPDATED_SHARE")
        least = self.settings.getint("MIN_UPDATED")
        usual = self.median(past.data(run, "updates", "share") for run in self.past)
        allowed = max(share, 2 * usual) if usual is not None else share
        seen = changed / asked if asked else 0.0
        numbers = {"number": changed, "total": asked, "share": round(seen, 4)}
        ok = changed < least or seen <= allowed
        self.expect(ok, code="too_many", **numbers, allowed_share=allowed, few=least - 1)

    def test_lengths(self) -> None:
        """The bodies of updated articles against what they were: half of an article is none."""
        compared, shorter = self.stat("updated/compared"), self.stat("updated/shorter")
        least = self.settings.getint("MIN_SHORTER")
        ok = shorter < least or 2 * shorter <= compared
        self.expect(ok, code="shorter", number=shorter, total=compared, few=least - 1)

    def test_bodies(self) -> None:
        """One body under many unlike titles is a page that the site shows in their place. An
        agency's story in several sections has one title or rewordings of it, and so has a column's
        notice, which comes back with the same words under a new id.
        """
        shared, records = self.night.same_bodies, past.records(self.night.manifest)
        most = self.settings.getint("MAX_SAME_BODY")
        bad = [
            one
            for one in shared
            if one.titles > most or (one.titles > FEW and 2 * one.ids > records)
        ]
        bodies = [one._asdict() for one in bad]
        numbers = {"shared": len(shared), "allowed_titles": most, "few": FEW}
        self.expect(not bad, code="one_body", bodies=bodies, **numbers)


class Missed(RunMonitor):
    """Of a night: does its window begin where the last one ended?"""

    def test_nights(self) -> None:
        """Days left out after more missed nights than are caught up; said once, by this night."""
        if self.night.left_out is None:
            self.expect(True, code=DAYS_LEFT_OUT)
            return
        since, until = self.night.left_out
        sections = self.night.arguments.get("sections", "all")
        command = f"scrapy crawl workercn -a sections={sections} -a since={since} -a until={until}"
        days = {"catch_up_days": self.settings.getint("CATCH_UP_DAYS"), "since": since}
        self.expect(False, code=DAYS_LEFT_OUT, **days, until=until, command=command)


class Lists(RunMonitor):
    """Of the listings: do they go on, and do they list articles?"""

    def test_entries(self) -> None:
        """What listings name and is no article, beyond what they usually name so, against the
        articles that are new.
        """
        if not self.past:
            self.skip("young", runs=0, least=1)
        refused = counters.rejects(self.night.stats, "listing")
        other = refused["not_an_article"]
        usual = past.usual(map(_others, self.past), 1) or 0
        fresh = max(0, round(other - usual))
        rejected = self.counts["rejected"] - refused.total()
        total = fresh + self.counts["new"] + rejected
        share = self.settings.getfloat("MAX_OTHER_SHARE")
        numbers = {"number": other, "usual": usual, "fresh": fresh, "total": total}
        ok = is_few(fresh, total, share)
        self.expect(ok, code="no_articles", **numbers, allowed_share=share, few=FEW)

    def test_pauses(self) -> None:
        """Sections whose newest entry has not moved for longer than ever: what they list may be
        another list than the one that goes on.
        """
        least = timedelta(hours=self.settings.getfloat("MIN_PAUSE_HOURS"))
        times = self.settings.getfloat("MAX_PAUSE_TIMES")
        judged, stalled = 0, {}
        for slug, section in self.night.modern.items():
            pause = self.night.pauses.get(slug)
            if pause is None or not section["newest_published_at"] or not is_known(pause):
                continue
            judged += 1
            newest = datetime.fromisoformat(section["newest_published_at"])
            allowed = max(least, times * pause.longest)
            if allowed < (now := self.night.now - newest) <= allowed + _CLOSED:
                stalled[slug] = {"days": _days(now), "allowed_days": _days(allowed)}
        numbers = {"good": judged - len(stalled), "total": judged, "stalled": stalled}
        unknown = len(self.night.modern) - judged
        self.expect(not stalled, code="stalled", sections=[*stalled], **numbers, not_judged=unknown)

    def test_issues(self) -> None:
        """The paper: its newest issue against the longest time that it was without one."""
        pause = self.night.pauses.get(_PAPER)
        today, until = self.night.now.astimezone(CST).date(), self.night.until
        if _PAPER not in self.night.manifest["sections"] or (until and until < today):
            self.skip("no_issues_asked")
        if pause is None or pause.times < _LEAST_KNOWN:
            self.skip("few_issues")
        longest = max(pause.longest.days, self.settings.getint("MIN_PAPER_PAUSE_DAYS"))
        listed = self.night.manifest["sections"][_PAPER]["newest_published_at"]
        newest = max(pause.newest, datetime.fromisoformat(listed) if listed else pause.newest)
        days = (today - newest.astimezone(CST).date()).days
        numbers = {"newest": f"{newest:%Y-%m-%d}", "days": days, "allowed_days": longest}
        self.expect(days <= longest, code="no_issue", **numbers)


def is_known(pause: Pause) -> bool:
    """Is there enough to judge by?"""
    return pause.times >= _LEAST_KNOWN and pause.span >= _LEAST_SPAN


def _others(run: past.Manifest) -> float | None:
    """How many entries of a run's listings were no article; of an older version's, at most."""
    known = past.data(run, "entries", "number")
    if known is not None:
        return known
    rejected, failed = past.count(run, "rejected"), past.count(run, "failed")
    return None if rejected is None else rejected - (failed or 0)


def _days(length: timedelta) -> float:
    return round(length / timedelta(days=1), 1)
