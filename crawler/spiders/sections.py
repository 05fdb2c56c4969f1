"""How a listing is walked: page by page, newest first."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler.site import listings, urls
from crawler.site.listings import Listing, ListingError
from crawler.spiders.reading import charset

if TYPE_CHECKING:
    from crawler.spiders.walk import Walk

_FAILURES_IN_A_ROW = 2  # listing pages that cannot be read before a section is given up
# Pages in a row that may bring nothing new: older entries in pages of ten repeat the first
# twenty-seven twice before they go on.
_REPEATS_IN_A_ROW = 3


class Section:
    """One listing and how far it has been walked. `slug` is as in the argument `sections`."""

    def __init__(self, slug: str, name: str | None = None) -> None:
        self.slug = slug
        self.name = name
        self.ended = False

    def is_done(self, walk: Walk) -> bool:
        return self.ended

    async def down_to(self, walk: Walk, day: date | None) -> None:
        """Walk on until everything from `day` on has been listed, or to the end."""
        raise NotImplementedError


class Paged(Section):
    """A listing in pages, newest first."""

    def __init__(self, slug: str, name: str | None = None) -> None:
        super().__init__(slug, name)
        self.page = 0  # read last
        self.reached: date | None = None  # the newest day on that page
        self._shown: frozenset[str] = frozenset()  # ids on that page
        self._repeats = 0  # pages in a row
        self._failed = 0  # pages in a row

    def next_url(self) -> str:
        raise NotImplementedError

    def headers(self) -> dict[str, str]:
        return {}

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
        response = await walk.fetch(self.next_url(), self.headers())
        self.page += 1
        if response is not None and response.status in (404, 410) and self.page > 1:
            self.ended = True  # there are no more pages
            return
        listing = walk.read(response, self.read)
        if listing is None:
            self._failed += 1
            self.ended = self.page == 1 or self._failed >= _FAILURES_IN_A_ROW
            return
        self._failed = 0
        self.name = self.name or listing.name
        brought, newest = walk.take(self, listing)
        self.reached = newest.date() if newest else self.reached
        # Some sites page on for ever: with the same page, or with pages that bring nothing new.
        shown = frozenset(entry.id for entry in listing.entries)
        self._repeats = 0 if brought else self._repeats + 1
        self.ended = (
            self.is_past(walk.since)
            or not shown
            or (not brought and shown == self._shown)
            or self._repeats >= _REPEATS_IN_A_ROW
        )
        self._shown = shown


class Modern(Paged):
    """A section page, then the JSON that its script loads older entries from."""

    def next_url(self) -> str:
        return urls.section_json(self.slug, self.page + 1) if self.page else self._front()

    def headers(self) -> dict[str, str]:
        # Older entries are asked for as the section page's script asks for them.
        return {"Referer": self._front()} if self.page else {}

    def read(self, response: Response) -> Listing:
        if self.page > 1:
            return listings.read_json(response.body, response.url, charset(response))
        if response.url.rstrip("/") == urls.HOME.rstrip("/"):
            raise ListingError("redirected", "the section leads to the home page")
        return listings.read_page(response.body, response.url, charset(response))

    def _front(self) -> str:
        return urls.section_page(self.slug)
