"""Is what has changed plausible? Nothing here failed to be read, and yet it may all be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.clock import CST
from crawler.feeds import tally
from crawler.feeds.manifest import DAYS_LEFT_OUT
from crawler.state import Pause
from crawler.watching.checks import past
from crawler.watching.checks.judged import FEW, Judged, is_few

_PAPER = "paper"
_LEAST_KNOWN = 5  # articles, below which a section's pauses say nothing
_LEAST_SPAN = timedelta(days=7)  # of these: every section's history has a weekend in it
_CLOSED = timedelta(days=14)  # a section that is silent for so much longer has ended


class Changes(Judged):
    """Of the articles: are as many updated, and as they are, as could be?"""

    def test_updates(self) -> None:
        """Known articles that changed on the site; what only newer rules read otherwise aside."""
        changed = self.counts["updated"] - self.night.stats.get("workercn/updated_by_rules", 0)
        kept = ("unchanged", "missing", "removed")
        asked = changed + sum(self.counts[name] for name in kept)
        share = self.settings.getfloat("MAX_UPDATED_SHARE")
        least = self.settings.getint("MIN_UPDATED")
        usual = self.median(past.data(run, "updates", "share") for run in self.past)
        allowed = max(share, 2 * usual) if usual is not None else share
        seen = changed / asked if asked else 0.0
        self.expect(
            changed < least or seen <= allowed,
            f"{changed} of {asked} known articles changed, allowed a share of {allowed:g} "
            f"(or {least - 1})",
            code="too_many",
            number=changed,
            total=asked,
            share=round(seen, 4),
            allowed_share=allowed,
        )

    def test_lengths(self) -> None:
        """The bodies of updated articles against what they were: half of an article is none."""
        compared, shorter = (
            self.night.stats.get(f"workercn/updated/{what}", 0) for what in ("compared", "shorter")
        )
        least = self.settings.getint("MIN_SHORTER")
        self.expect(
            shorter < least or 2 * shorter <= compared,
            f"{shorter} of {compared} updated articles have lost more than half of their body, "
            f"allowed half of them (or {least - 1})",
            code="shorter",
            number=shorter,
            total=compared,
        )

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
        words = f"{len(shared)} bodies stand under several ids, allowed {most} unlike titles"
        self.expect(
            not bad,
            f"{words} ({FEW} where it is most of the articles)",
            [f"{one.ids} ids such as {one.example}" for one in bad],
            code="one_body",
            bodies=[one._asdict() for one in bad],
        )


class Missed(Judged):
    """Of a night: does its window begin where the last one ended?"""

    def test_nights(self) -> None:
        """Days left out after more missed nights than are caught up; said once, by this night."""
        if self.night.left_out is None:
            self.expect(True, "no day is left out", code="")
            return
        since, until = self.night.left_out
        sections = self.night.arguments.get("sections", "all")
        command = f"scrapy crawl workercn -a sections={sections} -a since={since} -a until={until}"
        most = self.settings.getint("CATCH_UP_DAYS")
        self.expect(
            False,
            f"the days {since} to {until} are left out: more nights were missed than the {most} "
            f"days of CATCH_UP_DAYS; what fetches them: {command}",
            code=DAYS_LEFT_OUT,
            since=since,
            until=until,
            command=command,
        )


class Lists(Judged):
    """Of the listings: do they go on, and do they list articles?"""

    def test_entries(self) -> None:
        """What listings name and is no article, beyond what they usually name so, against the
        articles that are new.
        """
        if not self.past:
            self.skip("no earlier run tells what listings usually name besides articles")
        stats = self.night.stats
        other = stats.get("workercn/rejected/listing/not_an_article", 0)
        usual = past.usual(map(_others, self.past), 1) or 0
        fresh = max(0, round(other - usual))
        rejected = self.counts["rejected"] - tally.rejected(stats, "listing")
        total = fresh + self.counts["new"] + rejected
        share = self.settings.getfloat("MAX_OTHER_SHARE")
        detail = (
            f"{fresh} of {total} new entries are no article (of {other}, usually {usual:g}), "
            f"allowed a share of {share:g} (or {FEW})"
        )
        numbers = {"number": other, "usual": usual, "fresh": fresh, "total": total}
        self.expect(is_few(fresh, total, share), detail, code="no_articles", **numbers)

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
                stalled[slug] = f"{slug} ({_days(now)}, allowed {_days(allowed)})"
        total = len(self.night.modern)
        detail = f"{judged - len(stalled)} of {judged} sections have gone on as they do"
        if judged < total:
            detail += f", {total - judged} not judged: too little is known of them"
        self.expect(
            not stalled, detail, stalled.values(), code="stalled", sections=[*stalled], total=judged
        )

    def test_issues(self) -> None:
        """The paper: its newest issue against the longest time that it was without one."""
        pause = self.night.pauses.get(_PAPER)
        today, until = self.night.now.astimezone(CST).date(), self.night.until
        if _PAPER not in self.night.manifest["sections"] or (until and until < today):
            self.skip("the paper's issues of today were not looked for")
        if pause is None or pause.times < _LEAST_KNOWN:
            self.skip("too few issues are known to judge by")
        longest = max(pause.longest.days, self.settings.getint("MIN_PAPER_PAUSE_DAYS"))
        listed = self.night.manifest["sections"][_PAPER]["newest_published_at"]
        newest = max(pause.newest, datetime.fromisoformat(listed) if listed else pause.newest)
        days = (today - newest.astimezone(CST).date()).days
        self.expect(
            days <= longest,
            f"the newest issue is of {newest:%Y-%m-%d}, {days} days ago, allowed {longest}",
            code="no_issue",
            days=days,
            allowed_days=longest,
        )


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


def _days(length: timedelta) -> str:
    return f"{length / timedelta(days=1):.1f} days"
