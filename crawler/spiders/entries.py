"""What a listing page names, into the frontier: which of it is to be fetched, and what to note."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from scrapy.crawler import Crawler

from crawler import clock
from crawler.items import ListingEntry, ListingKind, Reject
from crawler.journal_notes import ListingSighting, ListingStatement, Note, Outside
from crawler.runs import counters
from crawler.site import urls
from crawler.site.listings.parsers import Listing
from crawler.spiders import responses
from crawler.spiders.arguments import Arguments
from crawler.spiders.article_ids import ArticleIds
from crawler.spiders.frontier import Frontier
from crawler.spiders.history import CrawlHistory, Decision, iso
from crawler.text import dates

logger = logging.getLogger(__name__)

# A list has pinned and moved entries anywhere: only so many old ones at its end say how far down a
# page goes.
_AT_THE_END = 3
LEFT_OUT_STAT = "workercn/left_out"


class ListingYield(NamedTuple):
    """What a listing page brought. Times are of the site, as the listing says them."""

    new: int  # entries that the section had not listed yet in this run
    newest: datetime | None
    depth: datetime | None  # the newest of its last entries: it goes down to there at least
    last: datetime | None  # of its last entry
    unseen: datetime | None  # the newest that no run has seen
    joins: bool  # its last entries were seen by earlier runs


_NOTHING = ListingYield(0, None, None, None, None, joins=False)

_Listed = tuple[ListingEntry, Decision, datetime]  # an entry, what to do with it, its time


class Entries:
    def __init__(self, crawler: Crawler, arguments: Arguments, memory: CrawlHistory) -> None:
        self.frontier = Frontier()
        self.ids = ArticleIds(memory.state, self.frontier)
        self.notes: deque[Reject | Note] = deque()
        self._stats = crawler.stats
        self._history = memory
        self._arguments = arguments
        self._refused: set[str] = set()  # addresses of listings, each said once

    def take(
        self,
        slug: str | None,
        name: str | None,
        listing: Listing,
        kind: ListingKind,
        url: str | None = None,
        *,
        all_of_it: bool = False,
    ) -> ListingYield:
        """Queue a page's entries, and count them for their section; those that the window leaves
        out too where `all_of_it` is wanted, which stands for a day that an earlier run has left.
        """
        listed = self._judged(slug, listing.entries, kind, slug or "search")
        left_out = set() if all_of_it else self._left_out(slug, listed)
        brought, noted = 0, set()
        for entry, decision, moment in listed:
            wanted = entry.id not in left_out if decision.wanted is None else decision.wanted
            here, anywhere = self.frontier.add(entry, moment, slug, name, wanted=wanted)
            brought += here
            self._stats.inc_value("workercn/listed", anywhere)
            self._stats.inc_value("workercn/known", anywhere and decision.known and not wanted)
            if decision.known or wanted:
                noted.add(entry.id)
        newest = max((moment for _, _, moment in listed), default=None)
        if slug is not None:
            known = [entry.id for entry, decision, _ in listed if decision.known]
            if known:
                self.notes.append(ListingSighting(slug, name, known, responses.now()))
            self._note_said(slug, kind, listed, noted)
            self._count(slug, brought, newest)
        self._refuse(slug or "search", listing, url)
        if newest is None:
            return _NOTHING
        end = listed[-_AT_THE_END:]
        return ListingYield(
            brought,
            newest,
            max(moment for _, _, moment in end),
            listed[-1][2],
            max((moment for _, decision, moment in listed if not decision.seen), default=None),
            joins=self._joins(slug, end),
        )

    def _judged(
        self, slug: str | None, entries: list[ListingEntry], kind: ListingKind, whose: str
    ) -> list[_Listed]:
        """The entries with their ids, what earlier runs make of them, and their times."""
        for entry in entries:
            self._date(entry, whose)
        self.ids.assign(entries)
        decisions = self._history.judge(entries, slug, kind)
        return [(*one, moment_of(one[0])) for one in zip(entries, decisions, strict=True)]

    def _count(self, slug: str, brought: int, newest: datetime | None) -> None:
        section = counters.of_section(self._stats.get_stats(), slug)
        section.pages += 1
        section.listed += brought
        if newest is not None:
            shown = iso(newest)
            section.newest_published_at = max(section.newest_published_at or shown, shown)

    def find(self, slug: str, name: str | None, entries: list[ListingEntry]) -> list[ListingEntry]:
        """Queue what the search has of a section and no run knows; those."""
        listed = self._judged(slug, entries, "search", "search")
        left_out = self._history.state.left_out(slug, [entry.id for entry in entries])
        found = []
        for entry, decision, moment in listed:
            if decision.seen or entry.id in left_out or not self.frontier.is_new(entry.id):
                continue
            entry.again = True
            _, anywhere = self.frontier.add(entry, moment, slug, name)
            self._stats.inc_value("workercn/listed", anywhere)
            found.append(entry)
        return found

    def time_of(self, broken: Mapping[str, Any]) -> datetime | None:
        words = broken.get("time")
        moment = dates.parse(words, fetched_at=clock.now()) if words else None
        return moment.at.replace(tzinfo=None) if moment else None

    def reject(self, url: str, reason: str, error: str) -> None:
        if url not in self._refused:
            self._refused.add(url)
            self.notes.append(Reject(url, "listing", reason, error, responses.now()))

    def warn(self, words: str) -> None:
        self._stats.inc_value("workercn/listing/warnings")
        logger.warning("%s", words)

    def _refuse(self, whose: str, listing: Listing, url: str | None) -> None:
        for address in listing.skipped:
            self.reject(address, "not_an_article", f"listed by {whose}")
        for known in listing.broken:
            words = f"an entry of {whose} without a usable address"
            at = responses.now()
            reject = Reject(url or whose, "listing", "no_address", words, at, raw=dict(known))
            self.notes.append(reject)
        for warning in listing.warnings:
            self.warn(f"{whose}: {warning}")
        self._stats.inc_value("workercn/listing/blogs", listing.no_news)

    def _joins(self, slug: str | None, end: list[_Listed]) -> bool:
        """Most of them: one may be an old entry that was moved there."""
        seen = {entry.id for entry, decision, _ in end if decision.seen}
        if slug is None or 2 * len(seen) > len(end):
            return True
        seen |= self._history.state.left_out(slug, [entry.id for entry, _, _ in end])
        return 2 * len(seen) > len(end)

    # --- what is wanted -----------------------------------------------------------------------

    def _left_out(self, slug: str | None, listed: list[_Listed]) -> set[str]:
        """Which of the articles that no run has had are not fetched.

        The first walk of a section takes its window and notes the rest. What a page shows later
        and neither was noted nor is known stood somewhere else or not at all: it is fetched,
        whatever its date, unless the window was given by hand.
        """
        outside = [
            entry
            for entry, decision, moment in listed
            if decision.wanted is None and not self._is_of_window(entry, moment)
        ]
        if not outside:
            return set()
        ids = {entry.id for entry in outside}
        if slug is None:
            return ids
        if not self._history.was_walked(slug):
            self._stats.inc_value(LEFT_OUT_STAT, len(ids))
            self.notes.append(Outside(slug, sorted(ids)))
            return ids
        if self._history.by_hand:
            return ids
        noted = self._history.state.left_out(slug, ids)
        for entry in outside:
            entry.again = entry.id not in noted
        return noted

    def _is_of_window(self, entry: ListingEntry, moment: datetime) -> bool:
        """By its time; by the day in its address too, where that says otherwise or alone."""
        day, holds = urls.identify(entry.url).day, self._arguments.holds
        if entry.published is None:
            # The page decides: the day in an address is not always the day of publication.
            return holds(moment.date(), dates.SLACK)
        if holds(moment.date()):
            return True
        return day is not None and _contradicts(moment, day) and holds(day)

    def _date(self, entry: ListingEntry, whose: str) -> None:
        """Turn words that count from now (3小时前) into a time, and drop what can be none: the
        entry counts as one without.
        """
        if not entry.published:
            return
        day = urls.identify(entry.url).day
        now = clock.now()  # a page is read as it comes: it may be of the day after the start
        moment = dates.parse(entry.published, fetched_at=now, near=day)
        doubt: str | None = "no time"
        if moment is not None:
            doubt = dates.within(moment, fetched_at=now, near=None)
        if moment is None or doubt:
            self.warn(f"{whose}: {entry.url} listed as of {entry.published!r}: {doubt}")
            entry.published = None
            return
        at = moment.at.replace(tzinfo=None)
        if _contradicts(at, day):
            doubt = dates.within(moment, fetched_at=now, near=day)
            self.warn(f"{whose}: {entry.url} listed as of {entry.published!r}: {doubt}")
        if dates.is_relative(entry.published):
            entry.published = f"{dates.shown(moment)} ({entry.published})"

    def _note_said(
        self, slug: str, kind: ListingKind, listed: list[_Listed], ids: set[str]
    ) -> None:
        """What the page says of articles that are known or will be, where that is new."""
        said = {
            entry.id: decision.said
            for entry, decision, _ in listed
            if entry.id in ids and decision.said is not None
        }
        if said:
            self.notes.append(ListingStatement(slug, kind, list(said), list(said.values())))


def moment_of(entry: ListingEntry) -> datetime:
    """When the listing says an article was published, in site time; else its address's day."""
    day = urls.identify(entry.url).day
    if entry.published:
        moment = dates.parse(entry.published, fetched_at=clock.now(), near=day)
        if moment is not None:
            return moment.at.replace(tzinfo=None)
    return midnight(day)


def midnight(day: date | None) -> datetime:
    return datetime.combine(day or date.min, datetime.min.time())


def _contradicts(moment: datetime, day: date | None) -> bool:
    return day is not None and abs(moment.date() - day) > dates.SLACK
