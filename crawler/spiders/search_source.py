"""The site's own search: for a query in place of listings, for what a listing does not have, and
for how many articles there are of a day.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import NamedTuple

from scrapy.http import Response

from crawler import clock
from crawler.items import ListingEntry
from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings import search_answers
from crawler.site.listings.search_answers import Answer
from crawler.spiders.arguments import OLDEST
from crawler.spiders.listing_reader import ListingReader, ListingSource
from crawler.spiders.responses import charset

logger = logging.getLogger(__name__)

TOTAL_STAT = "workercn/search"  # day -> how many there are, by the search
_ANY_WORD = "的"  # the search wants a word: this one stands in nearly every text
_PAGE = 15  # results
_FEWEST = 10  # results of a page of which only the total is read
_DAYS = 3  # whose totals are asked for: before the start's, whose articles are still coming


class Windows:
    """Results of a query, from windows that are halved until all have come: the site shows the
    first hundred of each.
    """

    def __init__(self, walk: ListingReader, query: str, most_pages: int, whose: str | None) -> None:
        """`whose`: the section that is looked for; for None, a page that cannot be read is said
        and counted as one of a listing.
        """
        self._walk, self._query, self._most, self._whose = walk, query, most_pages, whose
        self._pages = 0  # asked for, of all windows
        self.is_whole = True  # every page came, and as many results as the site says there are

    async def answers(self, since: date | None, until: date | None) -> AsyncIterator[Answer]:
        came: set[str] = set()
        page = total = left_out = 0
        more = True
        while more and self._pages < self._most:
            self._pages += 1
            answer = await self._ask(urls.search(self._query, since, until, page, _PAGE))
            if answer is None:
                self.is_whole = False
                return
            yield answer
            before, listing = len(came), answer.listing
            left_out += listing.no_news
            came |= {entry.id for entry in listing.entries} | set(listing.skipped)
            page, total = page + 1, max(total, answer.total)
            more = before < len(came) < total
        first, last = since or OLDEST, until or clock.today()
        if self._pages >= self._most:
            self._lacks(f": {self._pages} pages of results, no more are asked for")
        elif len(came) + left_out < total and first >= last:
            self._lacks(f", {first}: {len(came)} of {total} results came")
        elif len(came) + left_out < total:
            middle = first + (last - first) // 2
            for half in ((middle + timedelta(days=1), last), (first, middle)):
                async for answer in self.answers(*half):
                    yield answer

    async def _ask(self, url: str) -> Answer | None:
        if self._whose is not None:
            return await _ask(self._walk, url, f"what {self._whose} has")
        return self._walk.read(await self._walk.fetch(url, {"Referer": urls.HOME}), _read)

    def _lacks(self, words: str) -> None:
        self.is_whole = False
        self._walk.entries.warn(f"query {self._query}{words}")


class Search(ListingSource):
    """The argument `query`: results are of no section."""

    def __init__(self, walk: ListingReader, query: str) -> None:
        super().__init__(walk, None)
        self._results = Windows(walk, query, walk.limit("MAX_LISTING_PAGES"), None)

    async def down_to(self, day: date | None) -> None:
        # All at once, whatever the day: results wait in the frontier, which is on disk.
        if not self.ended:
            async for answer in self._results.answers(self.walk.since, self.walk.until):
                self.walk.entries.take(None, None, answer.listing, "search")
            self.ended = True


class SearchFound(NamedTuple):
    """What the search has of one section."""

    entries: list[ListingEntry]
    is_whole: bool  # it told all that it has


async def of_section(
    walk: ListingReader, name: str | None, generation: str, since: date | None, until: date
) -> SearchFound:
    """It names sections as their pages do (`catalogName`); those of several generations are called
    alike.
    """
    if name is None:
        return SearchFound([], is_whole=False)  # its results cannot be told from others'
    results = Windows(walk, _ANY_WORD, walk.limit("GAP_SEARCH_PAGES"), name)
    entries = [
        entry
        async for answer in results.answers(since, until)
        for entry in answer.listing.entries
        if answer.listing.catalogs.get(entry.id) == name
        and urls.identify(entry.url).generation == generation
    ]
    return SearchFound(entries, results.is_whole)


async def count_articles(walk: ListingReader) -> None:
    """How many articles the search has of the last days, to compare with what is known. Three
    requests; a day for which no answer can be read is left out, and said.
    """
    for day in (walk.began - timedelta(days=back) for back in range(1, _DAYS + 1)):
        if walk.since and day < walk.since and not walk.memory.state.published_on(day):
            continue  # a day that no run has taken
        url = urls.search(_ANY_WORD, day, day, 0, _FEWEST)
        if answer := await _ask(walk, url, f"what there is of {day}"):
            walk.tally(TOTAL_STAT)[day.isoformat()] = answer.total


async def _ask(walk: ListingReader, url: str, what: str) -> Answer | None:
    """Without a reject: what the search does not tell is no page of a listing that failed."""
    answer = await walk.ask(url, {"Referer": urls.HOME})
    why: object = answer
    if isinstance(answer, Response):
        try:
            return _read(answer)
        except ListingError as error:
            why = f"{answer.status}, {error}"
    logger.warning("the search does not tell %s: %s", what, why)
    return None


def _read(response: Response) -> Answer:
    return search_answers.read(response.body, response.url, charset(response))
