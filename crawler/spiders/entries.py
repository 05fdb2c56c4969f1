"""What a listing page names, into the spool: which of it is to be fetched, and what to note."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler import clock
from crawler.items import Entry, ListingKind, Reject
from crawler.journal_notes import Outside, Said, Seen
from crawler.site import urls
from crawler.site.listings.parsers import Listing
from crawler.spiders import responses
from crawler.spiders.article_ids import ArticleIds
from crawler.spiders.frontier import Spool
from crawler.spiders.history import Memory, Verdict
from crawler.state.session import Session
from crawler.text import dates, relative

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.journal_notes import Note
    from crawler.spiders.arguments import Arguments
    from crawler.spiders.section_source import Section

logger = logging.getLogger(__name__)

# The day in an address is not always the day of publication: an entry without a time is fetched
# where it may be of the window, and the page decides.
_URL_DAY_OFF = timedelta(days=2)
# A list has pinned and moved entries anywhere: only so many old ones at its end say how far down a
# page goes.
_AT_THE_END = 3
LEFT_OUT_STAT = "workercn/left_out"


class Taken(NamedTuple):
    """What a listing page brought. Times are of the site, as the listing says them."""

    new: int  # entries that the section had not listed yet in this run
    newest: datetime | None
    depth: datetime | None  # the newest of its last entries: it goes down to there at least
    last: datetime | None  # of its last entry
    unseen: datetime | None  # the newest that no run has seen
    joins: bool  # its last entries were seen by earlier runs


_NOTHING = Taken(0, None, None, None, None, joins=False)


class Entries:
    def __init__(self, crawler: Crawler, arguments: Arguments, memory: Memory) -> None:
        self.spool = Spool()
        self.ids = ArticleIds(crawler.get_extension(Session), self.spool)
        self.notes: deque[Reject | Note] = deque()
        self._stats = crawler.stats
        self._memory = memory
        self._since, self._until = arguments.since, arguments.until
        self._refused: set[str] = set()  # addresses of listings, each said once

    def take(
        self,
        section: Section,
        listing: Listing,
        kind: ListingKind,
        url: str | None = None,
        *,
        all_of_it: bool = False,
    ) -> Taken:
        """Spool a page's entries, and count them for their section; those that the window leaves
        out too where `all_of_it` is wanted, which stands for a day that an earlier run has left.
        """
        whose = section.slug or "search"
        for entry in listing.entries:
            self._settle(entry, whose)
        self.ids.assign(listing.entries)
        verdicts = self._memory.judge(listing.entries, section.slug, kind)
        moments = [moment_of(entry) for entry in listing.entries]
        unknown = [
            (entry, moment)
            for entry, verdict, moment in zip(listing.entries, verdicts, moments, strict=True)
            if verdict.wanted is None
        ]
        left_out = set() if all_of_it else self._left_out(section, unknown)
        brought, known, noted = 0, [], set()
        for entry, verdict, moment in zip(listing.entries, verdicts, moments, strict=True):
            wanted = entry.id not in left_out if verdict.wanted is None else verdict.wanted
            here, anywhere = self.spool.add(
                entry, moment, section.slug, section.name, wanted=wanted
            )
            brought += here
            self._stats.inc_value("workercn/listed", anywhere)
            self._stats.inc_value("workercn/known", anywhere and verdict.known and not wanted)
            if verdict.known:
                known.append(entry.id)
            if verdict.known or wanted:
                noted.add(entry.id)
        if known and section.slug:
            self.notes.append(Seen(section.slug, section.name, known, responses.now()))
        if section.slug:
            self._note_said(section.slug, kind, listing.entries, verdicts, noted)
        self._refuse(section, listing, url)
        newest = max(moments, default=None)
        if section.slug is not None:
            self._count(section.slug, brought, newest)
        if newest is None:
            return _NOTHING._replace(new=brought)
        return Taken(
            brought,
            newest,
            max(moments[-_AT_THE_END:]),
            moments[-1],
            max((m for m, v in zip(moments, verdicts, strict=True) if not v.seen), default=None),
            joins=self._joins(section, listing.entries[-_AT_THE_END:], verdicts[-_AT_THE_END:]),
        )

    def _count(self, slug: str, brought: int, newest: datetime | None) -> None:
        prefix = f"workercn/section/{slug}"
        self._stats.inc_value(f"{prefix}/pages")
        self._stats.inc_value(f"{prefix}/listed", brought)
        if newest is not None:
            shown = newest.isoformat(timespec="seconds") + "+08:00"
            self._stats.max_value(f"{prefix}/newest", shown)

    def find(self, section: Section, entries: list[Entry]) -> list[Entry]:
        """Spool what the search has of a section and no run knows; those."""
        for entry in entries:
            self._settle(entry, "search")
        self.ids.assign(entries)
        verdicts = self._memory.judge(entries, section.slug, "search")
        left_out = self._memory.left_out(section.slug or "", [entry.id for entry in entries])
        found = []
        for entry, verdict in zip(entries, verdicts, strict=True):
            if verdict.seen or entry.id in left_out or not self.spool.is_new(entry.id):
                continue
            entry.again = True
            _, anywhere = self.spool.add(entry, moment_of(entry), section.slug, section.name)
            self._stats.inc_value("workercn/listed", anywhere)
            found.append(entry)
        return found

    def time_of(self, broken: Mapping[str, Any]) -> datetime | None:
        """When an entry without an address says it was published."""
        words = broken.get("time")
        moment = dates.parse(words, fetched_at=clock.now()) if words else None
        return moment.at.replace(tzinfo=None) if moment else None

    def reject(self, url: str, reason: str, error: str) -> None:
        """An address that is no article's, once."""
        if url not in self._refused:
            self._refused.add(url)
            self.notes.append(Reject(url, "listing", reason, error, responses.now()))

    def warn(self, words: str) -> None:
        self._stats.inc_value("workercn/listing/warnings")
        logger.warning("%s", words)

    def _refuse(self, section: Section, listing: Listing, url: str | None) -> None:
        whose = section.slug or "search"
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

    def _joins(self, section: Section, tail: list[Entry], verdicts: list[Verdict]) -> bool:
        """Most of them: one may be an old entry that was moved there."""
        seen = {entry.id for entry, verdict in zip(tail, verdicts, strict=True) if verdict.seen}
        if section.slug is None or 2 * len(seen) > len(tail):
            return True
        seen |= self._memory.left_out(section.slug, [entry.id for entry in tail])
        return 2 * len(seen) > len(tail)

    # --- what is wanted -----------------------------------------------------------------------

    def _left_out(self, section: Section, unknown: list[tuple[Entry, datetime]]) -> set[str]:
        """Which of the articles that no run has had are not fetched.

        The first walk of a section takes its window and notes the rest. What a page shows later
        and neither was noted nor is known stood somewhere else or not at all: it is fetched,
        whatever its date, unless the window was given by hand.
        """
        outside = [entry for entry, moment in unknown if not self._is_of_window(entry, moment)]
        if not outside:
            return set()
        ids = {entry.id for entry in outside}
        if section.slug is None:
            return ids
        if not self._memory.was_walked(section.slug):
            self._stats.inc_value(LEFT_OUT_STAT, len(ids))
            self.notes.append(Outside(section.slug, sorted(ids)))
            return ids
        if self._memory.by_hand:
            return ids
        noted = self._memory.left_out(section.slug, ids)
        for entry in outside:
            entry.again = entry.id not in noted
        return noted

    def _is_of_window(self, entry: Entry, moment: datetime) -> bool:
        """By its time; by the day in its address too, where that says otherwise or alone."""
        day = urls.identify(entry.url).day
        if entry.published is None:
            return self._holds(moment.date(), _URL_DAY_OFF)
        return self._holds(moment.date()) or (_contradicts(moment, day) and self._holds(day))

    def _holds(self, day: date | None, off: timedelta = timedelta()) -> bool:
        if day is None or (self._since and day < self._since - off):
            return False
        return not self._until or day <= self._until + off

    def _settle(self, entry: Entry, whose: str) -> None:
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
        if relative.is_relative(entry.published):
            entry.published = f"{relative.shown(moment)} ({entry.published})"

    def _note_said(
        self,
        slug: str,
        kind: ListingKind,
        entries: list[Entry],
        verdicts: list[Verdict],
        ids: set[str],
    ) -> None:
        """What the page says of articles that are known or will be, where that is new."""
        said = {
            entry.id: verdict.said
            for entry, verdict in zip(entries, verdicts, strict=True)
            if entry.id in ids and verdict.said is not None
        }
        if said:
            self.notes.append(Said(slug, kind, list(said), list(said.values())))


def moment_of(entry: Entry) -> datetime:
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
    return day is not None and abs(moment.date() - day) > _URL_DAY_OFF
