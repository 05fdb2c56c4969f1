"""How each kind of listing is walked: pages of entries, days of the paper, search windows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler import clock
from crawler.items import Walked
from crawler.site import legacy_sections, listings, paper_issues, search_answers, sections, urls
from crawler.site.listings import Listing, ListingError
from crawler.spiders.arguments import EVERY, PAPER
from crawler.spiders.reading import charset

if TYPE_CHECKING:
    from crawler.spiders.walk import Walk
    from crawler.state import Mark

_PAPER_DAYS = 7  # of the paper where no window is given
_PAPER_LATE = timedelta(days=2)  # within so long an issue may still appear
_SEARCH_PAGE = 15  # results
_SEARCH_BEGIN = date(2000, 1, 1)  # before anything the site has


class Section:
    """One listing and how far it has been walked.

    `slug` is as in the argument `sections`; the search has none, its results are of no section.
    """

    def __init__(self, slug: str | None, name: str | None = None) -> None:
        self.slug = slug
        self.name = name
        self.ended = False
        self.is_judged = True  # False: where it lists nothing, that is no fault

    def is_done(self, walk: Walk) -> bool:
        return self.ended

    async def down_to(self, walk: Walk, day: date | None) -> None:
        """Walk on until everything from `day` on has been listed, or to the end."""
        raise NotImplementedError

    def walked(self, walk: Walk) -> list[Walked]:
        """How far the section was walked without a gap: where the next run may stop."""
        return []


class Paged(Section):
    """A listing in pages, newest first."""

    slug: str

    may_be_gone = False  # one of a table of years ago, which nobody asked for by its name

    def __init__(self, slug: str, name: str | None = None) -> None:
        super().__init__(slug, name)
        self.code = slug.partition(":")[2] or slug  # 'news/32841' of 'legacy:news/32841'
        self.page = 0  # read last
        self.reached: date | None = None  # the newest day on that page
        self._shown: frozenset[str] = frozenset()  # ids on that page
        self._repeats = 0  # pages in a row
        self._failed = 0  # pages in a row
        self._gaps = 0  # pages that could not be read
        self._mark: Mark | None = None  # of an earlier run, where the walk has met it

    def next_url(self) -> str:
        raise NotImplementedError

    def headers(self) -> dict[str, str]:
        return {}

    def next_is_json(self) -> bool:
        """Then no script builds it."""
        return False

    def read(self, response: Response) -> Listing:
        """Raises ListingError."""
        raise NotImplementedError

    def is_past(self, day: date | None) -> bool:
        """Was a whole page older than `day`? One entry is not enough: lists have pinned ones."""
        return day is not None and self.reached is not None and self.reached < day

    def is_done(self, walk: Walk) -> bool:
        return self.ended or self.page >= walk.pages

    async def down_to(self, walk: Walk, day: date | None) -> None:
        while not self.is_done(walk) and not self.is_past(day):
            await self._next_page(walk)

    async def _next_page(self, walk: Walk) -> None:
        render = not self.next_is_json() and walk.renders.wants(self.slug, "listing")
        judged = self.is_judged or self.page > 0
        response = await walk.fetch(self.next_url(), self.headers(), render=render, judged=judged)
        self.page += 1
        if response is not None and response.status in (404, 410):
            if self.page > 1:
                self.ended = True  # there are no more pages
                return
            if self.may_be_gone or not judged:
                self.ended = True
                walk.warn(f"{self.slug}: {response.url} is gone ({response.status})")
                return
        response = await walk.shown(self.slug, response, self.read)
        listing = walk.read(response, self.read, judged=judged)
        if listing is None:
            self._failed += 1
            self._gaps += 1
            self.ended = self.page == 1 or self._failed >= walk.limits.failures
            return
        self._failed = 0
        self.name = self.name or listing.name
        taken = walk.take(self, listing)
        self.reached = taken.newest.date() if taken.newest else self.reached
        # Some sites page on for ever: with the same page, or with pages that bring nothing new.
        shown = frozenset(entry.id for entry in listing.entries)
        self._repeats = 0 if taken.new else self._repeats + 1
        if taken.covered:
            self._mark = walk.memory.reaches(self.slug, walk.pages, walk.since)
        self.ended = (
            self._mark is not None
            or self.is_past(walk.since)
            or not shown
            or (not taken.new and shown == self._shown)
            or self._repeats >= walk.limits.repeats
        )
        self._shown = shown

    def walked(self, walk: Walk) -> list[Walked]:
        if self._gaps or not self.page or walk.memory.leaves_out_the_newest:
            return []
        pages = self.page
        if self._mark is not None:
            down_to, pages = self._mark.down_to, max(pages, self._mark.pages)
        elif walk.since and self.is_past(walk.since):
            # Of the pages it was on, it took only what is of the window.
            down_to, pages = walk.since.isoformat(), 0
        elif self.ended:
            down_to = ""
        elif self.reached:
            # The last page may have left some of its newest day to the next one.
            down_to = (self.reached + timedelta(days=1)).isoformat()
        else:
            return []
        return [Walked(self.slug, down_to, pages)]


class Modern(Paged):
    """A section page, then the JSON that its script loads older entries from."""

    def next_url(self) -> str:
        return urls.section_json(self.code, self.page + 1) if self.page else self._front()

    def headers(self) -> dict[str, str]:
        # Older entries are asked for as the section page's script asks for them.
        return {"Referer": self._front()} if self.page else {}

    def next_is_json(self) -> bool:
        return self.page > 0

    def read(self, response: Response) -> Listing:
        if self.page > 1:
            return listings.read_json(response.body, response.url, charset(response))
        if response.url.rstrip("/") == urls.HOME.rstrip("/"):
            raise ListingError("redirected", "the section leads to the home page")
        return listings.read_page(response.body, response.url, charset(response))

    def _front(self) -> str:
        return urls.section_page(self.code)


class Json2021(Paged):
    """A column of the 2021 site: JSON from page 1."""

    def next_url(self) -> str:
        return urls.json2021_page(self.code, self.page + 1)

    def next_is_json(self) -> bool:
        return True

    def read(self, response: Response) -> Listing:
        listing = listings.read_json(response.body, response.url, charset(response))
        if self.page == 1 and not listing.entries and not listing.skipped:
            raise ListingError("no_entries", "the column lists no article")
        return listing


class Legacy(Paged):
    """A section page of the legacy site, and what its 下一页 leads to."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self._next: str | None = urls.legacy_section(self.code)

    def is_done(self, walk: Walk) -> bool:
        return self._next is None or super().is_done(walk)

    def next_url(self) -> str:
        assert self._next is not None
        url, self._next = self._next, None
        return url

    async def _next_page(self, walk: Walk) -> None:
        await super()._next_page(walk)
        self.ended = self.ended or self._next is None  # without 下一页 it is the last one

    def read(self, response: Response) -> Listing:
        listing = legacy_sections.read(response.body, response.url, charset(response))
        self._next = listing.next_url
        ours = [one for one in listing.entries if urls.identify(one.url).generation == "legacy"]
        if others := len(listing.entries) - len(ours):
            words = f"{others} entries are no legacy articles: a page of another generation"
            if not ours:
                raise ListingError("another_generation", words)
            listing.warnings.append(words)
        return listing._replace(entries=ours)


class Paper(Section):
    """The paper's issues day by day: all plates, all stories. A day without an issue is normal."""

    def __init__(self, since: date | None, until: date | None) -> None:
        super().__init__(PAPER, paper_issues.NAME)
        self._day = until or clock.today()
        self._first = since or self._day - timedelta(days=_PAPER_DAYS - 1)
        self._walked: list[Walked] = []

    def is_done(self, walk: Walk) -> bool:
        return self._day < self._first

    async def down_to(self, walk: Walk, day: date | None) -> None:
        last = max(day, self._first) if day else self._first
        while self._day >= last:
            if walk.memory.mark(_issue(self._day)) is None:
                await self._read_issue(walk, self._day)
            self._day -= timedelta(days=1)

    def walked(self, walk: Walk) -> list[Walked]:
        return self._walked

    async def _read_issue(self, walk: Walk, day: date) -> None:
        render = walk.renders.wants(PAPER, "listing")
        front = await walk.fetch(urls.paper_front(day), render=render)
        if front is None:
            return
        if front.status == 404:
            walk.count("workercn/paper/no_issue")
            if clock.today() - day > _PAPER_LATE:
                self._walked.append(Walked(_issue(day), day.isoformat(), 0))
            return
        front = await walk.shown(PAPER, front, _read_plates)
        plates = walk.read(front, _read_plates)
        read = 0
        for plate in plates or ():
            page = front
            if front is None or plate.url != front.url:
                render = walk.renders.wants(PAPER, "listing")
                page = await walk.fetch(plate.url, render=render)
                page = await walk.shown(PAPER, page, _read_stories)
            stories = walk.read(page, _read_stories)
            if stories is not None:
                for entry in stories.entries:
                    entry.published, entry.pdf = day.isoformat(), plate.pdf
                walk.take(self, stories)
                read += 1
        if plates and read == len(plates):
            self._walked.append(Walked(_issue(day), day.isoformat(), read))


def _read_plates(response: Response) -> list[paper_issues.Plate]:
    return paper_issues.read_plates(response.body, response.url, charset(response))


def _read_stories(response: Response) -> Listing:
    return paper_issues.read_stories(response.body, response.url, charset(response))


def _issue(day: date) -> str:
    """The mark of an issue, which does not change once it is there; of a day long over, also that
    there is none.
    """
    return f"paper/{day.isoformat()}"


class Search(Section):
    """The site's own search, over a window that is halved until all its results have come."""

    def __init__(self, query: str, since: date | None, until: date | None) -> None:
        super().__init__(None)
        self._query = query
        self._since, self._until = since, until
        self._pages = 0  # asked for, of all windows

    async def down_to(self, walk: Walk, day: date | None) -> None:
        # All at once, whatever the day: results wait in the spool, which is on disk.
        if not self.ended:
            await self._window(walk, self._since, self._until)
            self.ended = True

    async def _window(self, walk: Walk, since: date | None, until: date | None) -> None:
        came: set[str] = set()
        page = total = 0
        more = True
        while more and self._pages < walk.limits.pages:
            self._pages += 1
            url = urls.search(self._query, since, until, page, _SEARCH_PAGE)
            answer = walk.read(
                await walk.fetch(url, {"Referer": urls.HOME}),
                lambda r: search_answers.read(r.body, r.url, charset(r)),
            )
            if answer is None:
                return  # it is said and counted that a listing could not be read
            walk.take(self, answer.listing)
            before, listing = len(came), answer.listing
            came |= {entry.id for entry in listing.entries} | set(listing.skipped)
            page, total = page + 1, max(total, answer.total)
            more = before < len(came) < total
        # 博客通讯 are counted by the site and left out by us: they are not missed.
        if self._pages >= walk.limits.pages:
            walk.warn(f"query {self._query}: {self._pages} pages of results, no more are asked for")
        elif len(came) + walk.blogs < total:
            await self._halve(walk, since, until, f"{len(came)} of {total} results came")

    async def _halve(self, walk: Walk, since: date | None, until: date | None, what: str) -> None:
        first = since or _SEARCH_BEGIN
        last = until or clock.today()
        if first >= last:
            walk.warn(f"query {self._query}, {first}: {what}")
            return
        middle = first + (last - first) // 2
        await self._window(walk, middle + timedelta(days=1), last)
        await self._window(walk, first, middle)


def of(word: str, since: date | None, until: date | None) -> list[Section]:
    """The sections that one word of the argument `sections`, but `all`, means."""
    kind, _, code = word.partition(":")
    new: list[Paged] = []
    if word == PAPER:
        return [Paper(since, until)]
    if kind == "legacy" and code:
        codes = sections.table().legacy if code == EVERY else (code,)
        new = [Legacy(f"legacy:{one}") for one in codes]
    elif kind == "json2021" and code:
        names = sections.table().json2021
        codes = tuple(names) if code == EVERY else (code,)
        new = [Json2021(f"json2021:{one}", names.get(one)) for one in codes]
    else:
        new = [Modern(word)]
    for section in new:
        section.may_be_gone = code == EVERY
    return [*new]
