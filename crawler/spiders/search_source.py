"""The site's own search: for a query in place of listings, and for what a listing does not have."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler import clock
from crawler.items import ListingEntry
from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings import search_answers
from crawler.site.listings.parsers import Listing
from crawler.site.listings.search_answers import Answer
from crawler.spiders.responses import charset
from crawler.spiders.section_source import ListingSource

if TYPE_CHECKING:
    from crawler.spiders.discovery import Discovery

logger = logging.getLogger(__name__)

ANY_WORD = "的"  # the search wants a word: this one stands in nearly every text
_PAGE = 15  # results
_BEGIN = date(2000, 1, 1)  # before anything the site has


class SearchSource:
    """A window that is halved until all its results have come: the site shows the first hundred."""

    def __init__(self, query: str, most_pages: int) -> None:
        self._query = query
        self._most = most_pages
        self.pages = 0  # asked for, of all windows
        self.is_whole = True  # every page came, and as many results as the site says there are

    async def ask(self, walk: Discovery, url: str) -> Answer | None:
        raise NotImplementedError

    def take(self, walk: Discovery, answer: Answer) -> int:
        """How many of the results are left out on purpose."""
        raise NotImplementedError

    async def window(self, walk: Discovery, since: date | None, until: date | None) -> None:
        came: set[str] = set()
        page = total = left_out = 0
        more = True
        while more and self.pages < self._most:
            self.pages += 1
            url = urls.search(self._query, since, until, page, _PAGE)
            answer = await self.ask(walk, url)
            if answer is None:
                self.is_whole = False
                return
            left_out += self.take(walk, answer)
            before, listing = len(came), answer.listing
            came |= {entry.id for entry in listing.entries} | set(listing.skipped)
            page, total = page + 1, max(total, answer.total)
            more = before < len(came) < total
        if self.pages >= self._most:
            self.is_whole = False
            words = f"query {self._query}: {self.pages} pages of results, no more are asked for"
            walk.warn(words)
        elif len(came) + left_out < total:
            await self._halve(walk, since, until, f"{len(came)} of {total} results came")

    async def _halve(
        self, walk: Discovery, since: date | None, until: date | None, what: str
    ) -> None:
        first = since or _BEGIN
        last = until or clock.today()
        if first >= last:
            self.is_whole = False
            walk.warn(f"query {self._query}, {first}: {what}")
            return
        middle = first + (last - first) // 2
        await self.window(walk, middle + timedelta(days=1), last)
        await self.window(walk, first, middle)


class SectionSearch(SearchSource):
    """What the search has of one section. It names sections as their pages do (`catalogName`)."""

    def __init__(self, name: str | None, generation: str, most_pages: int) -> None:
        super().__init__(ANY_WORD, most_pages)
        self._name = name
        self._generation = generation  # sections of several are called alike
        self.entries: list[ListingEntry] = []

    async def ask(self, walk: Discovery, url: str) -> Answer | None:
        """Without a reject: what the search does not tell is no page of a listing that failed."""
        answer = await walk.ask(url, {"Referer": urls.HOME})
        try:
            if isinstance(answer, Response):
                return search_answers.read(answer.body, answer.url, charset(answer))
        except ListingError as error:
            answer = error
        logger.warning("the search does not tell what %s has: %s", self._name, answer)
        return None

    def take(self, walk: Discovery, answer: Answer) -> int:
        listing = answer.listing
        self.entries += [entry for entry in listing.entries if self._is_ours(entry, listing)]
        return listing.no_news

    def _is_ours(self, entry: ListingEntry, listing: Listing) -> bool:
        is_named = listing.catalogs.get(entry.id) == self._name
        return is_named and urls.identify(entry.url).generation == self._generation


async def of_section(
    walk: Discovery, name: str | None, generation: str, since: date | None, until: date
) -> SectionSearch:
    found = SectionSearch(name, generation, walk.limits.search_pages)
    if name is None:
        found.is_whole = False  # its results cannot be told from others'
    else:
        await found.window(walk, since, until)
    return found


class Search(ListingSource):
    """The argument `query`: results are of no section."""

    def __init__(self, query: str, since: date | None, until: date | None) -> None:
        super().__init__(None)
        self._query = query
        self._since, self._until = since, until

    async def down_to(self, walk: Discovery, day: date | None) -> None:
        # All at once, whatever the day: results wait in the spool, which is on disk.
        if not self.ended:
            await _Query(self, self._query, walk.limits.pages).window(
                walk, self._since, self._until
            )
            self.ended = True


class _Query(SearchSource):
    def __init__(self, section: ListingSource, query: str, most_pages: int) -> None:
        super().__init__(query, most_pages)
        self._section = section

    async def ask(self, walk: Discovery, url: str) -> Answer | None:
        """One that cannot be read is said and counted as a listing page."""
        response = await walk.fetch(url, {"Referer": urls.HOME})
        return walk.read(response, lambda r: search_answers.read(r.body, r.url, charset(r)))

    def take(self, walk: Discovery, answer: Answer) -> int:
        walk.entries.take(self._section, answer.listing, "search")
        return answer.listing.no_news
