"""Listings in pages, newest first: how far down they are walked, and what of them was not seen."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from scrapy.http import Response

from crawler.clock import CST
from crawler.downloader import server_time
from crawler.items import ListingEntry, ListingKind
from crawler.journal_notes import IssueSighting, SectionProgress
from crawler.site.listings import listing_pages
from crawler.site.listings.listing_pages import Listed
from crawler.site.listings.parsers import Listing
from crawler.spiders.arguments import DEFAULT_PAGES
from crawler.spiders.entries import ListingYield, midnight
from crawler.spiders.gaps import GapsAfter, Unseen, WalkPlan
from crawler.spiders.history import begin_of, site_time
from crawler.spiders.listing_reader import ListingReader, ListingSource
from crawler.spiders.search_source import SearchFound, of_section

# Why a walk went no further.
REACHED, ENDED, EMPTY, REPEATED, FAILED = "reached", "ended", "empty", "repeated", "unreadable"
LIMIT = "limit"  # of pages
_ENDS = (ENDED, EMPTY, REPEATED)  # the listing says that there is no more, which may be wrong
_ALL_PAGES = 1_000_000  # of a listing that was walked to its end
_DAY = timedelta(days=1)
_FEW = 3  # articles between two pages; one or two may have been withdrawn

logger = logging.getLogger(__name__)


class PagedSource(ListingSource):
    slug: str

    generation = "modern"  # of its articles
    may_be_gone = False  # one of a table of years ago, which nobody asked for by its name
    can_ask_again = True  # for the page read last

    def __init__(self, walk: ListingReader, slug: str, name: str | None = None) -> None:
        super().__init__(walk, slug, name)
        self.code = _code(slug)
        self.page = 0  # read last
        self.is_json = False  # that page
        self.reached: date | None = None  # the newest day on that page
        self._plan: WalkPlan | None = None
        self._depth: datetime | None = None  # everything above it was shown
        self._sure: datetime | None = None  # the same, without the page that another may repeat
        self._last: datetime | None = None  # of the last entry of all pages
        self._unknown: datetime | None = None  # the newest entry that no run has seen
        self._joined = False  # the page read last ends with what earlier runs have seen
        self._stopped: str | None = None  # why
        self._unseen: list[Unseen] = []
        self._unread: datetime | None = None  # where a page begins that could not be read
        self._is_proven = True  # nothing known speaks against the listing's end
        self._is_named = False  # the search named what the listing does not have
        self._shown: frozenset[str] = frozenset()  # ids on that page
        self._repeats = 0  # pages in a row
        self._failed = 0  # pages in a row

    def next_request(self) -> tuple[str, dict[str, str], bool]:
        """The next page's address, what headers it wants, and whether it is JSON, which no script
        builds.
        """
        raise NotImplementedError

    def leads_to(self, response: Response) -> Listed | None:
        """The other section of this kind, where a redirect has led to a page of its listing."""
        led = listing_pages.identify(response.url)
        of_this_kind = led and led.slug and _kind(led.slug) == _kind(self.slug)
        return led if led and of_this_kind and led.slug != self.slug else None

    def read(self, response: Response) -> Listing:
        """Raises ListingError."""
        raise NotImplementedError

    def is_past(self, day: date | None) -> bool:
        """Was a whole page older than `day`? One entry is not enough: lists have pinned ones."""
        return day is not None and self.reached is not None and self.reached < day

    def is_done(self) -> bool:
        return self.ended or self._is_at_limit

    @property
    def _is_at_limit(self) -> bool:
        """Of pages."""
        return self.page >= (self.plan.most_pages or self.walk.pages)

    @property
    def plan(self) -> WalkPlan:
        """Of the first page: a trial that is widened has no state."""
        if self._plan is None:
            memory = self.walk.memory
            mark = memory.mark(self.slug)
            before = memory.state.gaps(self.slug)
            joins = memory.reaches(self.slug, self.walk.pages, self.walk.since) is not None
            bottom = midnight(self.walk.since) if self.walk.since else None
            if mark is not None and joins:
                # A night's window begins where the last night did, which may have been without
                # this section: it was not linked, or not asked for.
                first = midnight(self.walk.since if memory.is_bounded else None)
                bottom = max(begin_of(mark), first)
            most_pages = None
            open_ = [gap for gap in before if not gap.unreachable]
            if open_ and not memory.by_hand and bottom is not None:
                starts = [site_time(gap.start) for gap in open_]
                bottom = None if None in starts else min(bottom, *filter(None, starts))
                if bottom is None:  # nobody knows how far down
                    most_pages = min(DEFAULT_PAGES, self.walk.pages)
                elif not self.walk.is_limited_by_hand:
                    most_pages = self.walk.limit("MAX_LISTING_PAGES")
            self._plan = WalkPlan(bottom, mark, joins, before, most_pages)
        return self._plan

    async def down_to(self, day: date | None) -> None:
        day = day if day != self.walk.since else None  # the last span: down to the plan's bottom
        while not self.is_done() and not self.is_past(day):
            await self._next_page()

    async def _next_page(self) -> None:
        url, headers, self.is_json = self.next_request()
        render = not self.is_json and self.walk.renders.wants(self.slug, "listing")
        judged = self.is_judged or self.page > 0
        response = await self.walk.fetch(url, headers, render=render, judged=judged)
        self.page += 1
        if response is not None and response.status in (404, 410):
            if self.page > 1:
                self._stop(ENDED)
                return
            if self.may_be_gone or not judged:
                self._stop(ENDED)
                words = f"{self.slug}: {response.url} is gone ({response.status})"
                if judged:
                    self.walk.entries.warn(words)
                else:
                    logger.debug("%s; nothing was expected there", words)
                return
        if self.page == 1 and response is not None and (other := self.leads_to(response)):
            assert other.slug is not None
            self.walk.entries.warn(f"{self.slug} leads to {other.slug}, and is listed as that")
            if not self.walk.becomes(self, other.slug):
                self.ended = True
                return
            self.slug, self.code, self.name = other.slug, _code(other.slug), other.name
            self._plan = None
        response = await self.walk.shown(self.slug, response, self.read)
        listing = self.walk.read(response, self.read, judged=judged)
        if response is None or listing is None:
            self._failed += 1
            if judged:
                self._unread = self._unread or self._depth or self.walk.now
            if self.page == 1 or self._failed >= self.walk.limit("LISTING_FAILURES"):
                self._stop(FAILED)
            return
        self._failed = 0
        self.name = self.name or listing.name
        kind: ListingKind = "json" if self.is_json else "page"
        taken = self.walk.entries.take(self.slug, self.name, listing, kind, response.url)
        self._note_unseen(response, listing, taken)
        self._go_on(listing, taken)

    def _go_on(self, listing: Listing, taken: ListingYield) -> None:
        """Is there to be another page?"""
        self.reached = taken.newest.date() if taken.newest else self.reached
        above, self._depth = self._depth, _least(self._depth, taken.depth)
        if taken.new or self._sure is None:
            # Where two pages are the same, nobody knows which of them is wrong: not the first.
            self._sure = above or self._depth
        self._last = _least(self._last, taken.last)
        self._joined = taken.joins
        if taken.unseen is not None:
            self._unknown = max(self._unknown or taken.unseen, taken.unseen)
        # Some sites page on for ever: with the same page, or with pages that bring nothing new.
        shown = frozenset(entry.id for entry in listing.entries)
        self._repeats = 0 if taken.new else self._repeats + 1
        if self._is_at_bottom():
            self._stop(REACHED)
        elif not shown:
            self._stop(EMPTY)
        elif (not taken.new and shown == self._shown) or self._repeats >= self.walk.limit(
            "LISTING_REPEATS"
        ):
            self._stop(REPEATED)
        self._shown = shown

    def _is_at_bottom(self) -> bool:
        plan = self.plan
        if plan.bottom is None:
            return False
        if self.walk.since and plan.bottom == midnight(self.walk.since):
            return self.is_past(self.walk.since)
        # Where all is unknown by then, much was published late, or a run's clock was wrong.
        joined = self._joined or not self.walk.memory.was_walked(self.slug)
        return joined and self._depth is not None and self._depth < plan.bottom

    def _stop(self, why: str) -> None:
        self.ended, self._stopped = True, why

    # --- what was not seen --------------------------------------------------------------------

    def _note_unseen(self, response: Response, listing: Listing, taken: ListingYield) -> None:
        """Parts of the listing that this page, or its place behind the one before, leaves open."""
        lowest = self.plan.lowest
        if self._unread is not None and taken.newest is not None:
            start = min(taken.newest, self._unread)
            self._unseen.append(Unseen(start, self._unread, FAILED))
            self._unread = None
        for known in listing.broken:
            at = self.walk.entries.time_of(known) or taken.last or self.walk.now
            if lowest is None or at >= lowest:
                self._unseen.append(Unseen(at, at, "damaged"))
        self._note_stale(response, listing, taken)

    def _note_stale(self, response: Response, listing: Listing, taken: ListingYield) -> None:
        """Does a further page not join the one before? Listings are files of which the first are
        written again, so it may be older than the entries above it: what those have pushed down
        stands on no page then. Known articles between the two tell, or when it was written.
        """
        above = self.plan.above_mark
        if self._depth is None or taken.newest is None or above is None or self._depth <= above:
            return
        if taken.new < len(listing.entries):
            return
        start = min(taken.newest, self._depth)
        between = self.walk.memory.between(self.slug, taken.newest, self._depth)
        skips = sum(not self.walk.frontier.is_listed(id_) for id_ in between) >= _FEW
        said = server_time.http_date(response, "Last-Modified")
        written = said.astimezone(CST).replace(tzinfo=None) if said else None
        is_old = written is not None and self._unknown is not None and written < self._unknown
        if skips or (is_old and not self._joined):
            self._unseen.append(Unseen(start, self._depth, "stale", is_doubtful=self._joined))

    async def look_again(self) -> None:
        """An end above what is known to be there is asked for once more. What is missing then is
        looked for in the site's search.
        """
        missing = await self._missing()
        if self.can_ask_again and (missing is not None or not self._is_proven):
            missing = await self._ask_again(missing)
        if missing is not None and self._joined and self.plan.is_late(missing.end):
            missing = missing._replace(is_doubtful=True)
        unseen = [*self._unseen, *filter(None, (self._not_walked(), missing))]
        searched = None if self._is_named else missing
        self._unseen = [one for one in unseen if not await self._is_seen(one, one is searched)]

    async def _is_seen(self, one: Unseen, is_missing: bool) -> bool:
        """Does the search tell that nothing of it is left out? Of what was open before, or is
        missing, what the search names is fetched.
        """
        known = self.plan.was_open(one.end)
        if not (known or one.is_doubtful or is_missing):
            return False
        found, unknown = await self._search(one.start, one.end)
        if one.is_doubtful:
            return found.is_whole
        # It was looked for before, and all that the search names of it is known.
        return known and found.is_whole and bool(found.entries) and not unknown

    def _not_walked(self) -> Unseen | None:
        """What a page that could not be read, or a limit of pages that nobody gave by hand, has
        left above the bottom.
        """
        if self._unread is not None:
            return Unseen(self._lowest(self._unread), self._unread, FAILED)
        plan, end = self.plan, self._depth or self.walk.now
        is_cut = self._is_at_limit and not self.ended
        if not is_cut or self.walk.is_limited_by_hand or plan.lowest is None or end <= plan.lowest:
            return None
        return Unseen(plan.lowest, end, LIMIT)

    async def _ask_again(self, missing: Unseen | None) -> Unseen | None:
        """The page that was the end, with those that it repeats; what is still missing when the
        walk has gone on from there.
        """
        same = self._repeats + 1 if self._stopped == REPEATED else 1
        self.page = max(1, self.page - same)
        self._shown, self._repeats = frozenset(), 0
        self.ended, self._stopped = False, None
        await self.down_to(self.walk.since)
        end = self._last
        if self._stopped not in _ENDS or end is None or self._joins_at(end):
            self._is_proven = True
            return None
        return missing and missing._replace(end=self._end(end))

    def _lowest(self, end: datetime) -> datetime | None:
        """Down to where nothing is known to have been seen, below `end`."""
        lowest = self.plan.lowest
        if lowest is not None and lowest < end:
            return lowest
        return self.walk.memory.newest_before(self.slug, end)

    def _end(self, last: datetime) -> datetime:
        """Down to where all was shown. The last entry may be an old one that was moved there."""
        shown = self._sure if self._stopped == REPEATED else self._depth
        return max(last, shown or last)

    def _joins_at(self, end: datetime) -> bool:
        """Does a listing that ends there go down to what it has to, or to what was seen before?"""
        lowest = self.plan.lowest
        below = lowest is None or end <= lowest
        return below and (self._joined or not self.walk.memory.was_walked(self.slug))

    async def _missing(self) -> Unseen | None:
        """What a listing that ends leaves open, where something known contradicts its end."""
        if self._stopped not in _ENDS or self._last is None:
            return None
        plan, end = self.plan, self._last
        assert self._stopped is not None
        if self._joins_at(end):
            return None
        above = plan.above_mark
        contradicted = above is not None and (end > above or not self._joined)
        if plan.was_open(end) or (
            contradicted and self.walk.memory.newest_before(self.slug, end) is not None
        ):
            return Unseen(self._lowest(end), self._end(end), self._stopped)
        return await self._named_by_the_search(end)

    async def _named_by_the_search(self, end: datetime) -> Unseen | None:
        """Of a window that goes further down than the listing and any run before."""
        plan, since = self.plan, self.walk.since
        if since is None or end.date() < since:
            return None
        last = end.date()
        if plan.mark is not None:
            if plan.mark.down_to <= since.isoformat():
                return None
            last = min(last, date.fromisoformat(plan.mark.down_to))
        found, unknown = await self._search(midnight(since), midnight(last))
        # Where it has not even the last that the listing shows, it does not know the section.
        self._is_proven = found.is_whole and bool(found.entries)
        self._is_named = bool(unknown)
        if not unknown:
            return None
        assert self._stopped is not None
        return Unseen(midnight(since), self._end(end), self._stopped)

    async def _search(
        self, start: datetime | None, end: datetime
    ) -> tuple[SearchFound, list[ListingEntry]]:
        """What the search has of the section in a time, and what of it no run knew: that is
        fetched.
        """
        since = start.date() if start else None
        found = await of_section(self.walk, self.name, self.generation, since, end.date())
        return found, self.walk.entries.find(self.slug, self.name, found.entries)

    # --- what it comes to ---------------------------------------------------------------------

    def gaps(self) -> GapsAfter:
        plan, bottom = self.plan, self.plan.bottom
        if bottom is not None and self._stopped is None:
            bottom = self._depth or self.walk.now  # `pages` came first
        return self.walk.gaps_after(self.slug, plan.before, self._unseen, bottom=bottom)

    def walked(self) -> list[SectionProgress | IssueSighting]:
        if not self.page or self.walk.memory.leaves_out_the_newest or not self.gaps().is_whole:
            return []
        plan, pages = self.plan, self.page
        if self._stopped == REACHED and plan.joins and plan.mark is not None:
            down_to, pages = plan.mark.down_to, max(pages, plan.mark.pages)
        elif self.walk.since and self._stopped is not None and self._is_proven:
            # Of the pages it was on, it took only what is of the window.
            down_to, pages = self.walk.since.isoformat(), 0
        elif self._stopped in _ENDS and self._last is not None:
            down_to, pages = self._last.date().isoformat(), 0 if self.walk.since else _ALL_PAGES
        elif self.reached:
            # The last page may have left some of its newest day to the next one.
            down_to = (self.reached + _DAY).isoformat()
        else:
            return []
        return [SectionProgress(self.slug, down_to, pages)]


def _kind(slug: str) -> str:
    return slug.partition(":")[0] if ":" in slug else ""


def _code(slug: str) -> str:
    """'news/32841' of 'legacy:news/32841', 'edu' of 'edu'."""
    return slug.partition(":")[2] or slug


def _least(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)
