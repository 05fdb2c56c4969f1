"""The kinds of listings in pages, and which sections a word of the argument `sections` means."""

from __future__ import annotations

from scrapy.http import Response

from crawler.site import sections, urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings import legacy_sections, parsers
from crawler.site.listings.parsers import Listing
from crawler.spiders.arguments import EVERY, PAPER
from crawler.spiders.listing_reader import ListingReader, ListingSource
from crawler.spiders.paged_source import ENDED, PagedSource
from crawler.spiders.paper_source import PaperSource
from crawler.spiders.responses import charset


class Modern(PagedSource):
    """A section page, then the JSON that its script loads older entries from."""

    def next_request(self) -> tuple[str, dict[str, str], bool]:
        front = urls.section_page(self.code)
        if not self.page:
            return front, {}, False
        # Older entries are asked for as the section page's script asks for them.
        return urls.section_json(self.code, self.page + 1), {"Referer": front}, True

    def read(self, response: Response) -> Listing:
        if self.is_json:
            return parsers.read_json(response.body, response.url, charset(response))
        if response.url.rstrip("/") == urls.HOME.rstrip("/"):
            raise ListingError("redirected", "the section leads to the home page")
        listing = parsers.read_page(response.body, response.url, charset(response))
        other = self.walk.another_called(listing.name, self.slug) if listing.name else None
        if other and self.walk.memory.is_of(other, self.slug, listing.entries):
            raise ListingError("another_section", f"the page is that of {listing.name} ({other})")
        return listing


class Json2021(PagedSource):
    """A column of the 2021 site: JSON from page 1."""

    generation = "json2021"

    def next_request(self) -> tuple[str, dict[str, str], bool]:
        return urls.json2021_page(self.code, self.page + 1), {}, True

    def read(self, response: Response) -> Listing:
        listing = parsers.read_json(response.body, response.url, charset(response))
        if self.page == 1 and not listing.entries and not listing.skipped:
            raise ListingError("no_entries", "the column lists no article")
        return listing


class Legacy(PagedSource):
    """A section page of the legacy site, and what its 下一页 leads to."""

    generation = "legacy"
    can_ask_again = False  # its further addresses stand on the page before

    def __init__(self, walk: ListingReader, slug: str) -> None:
        super().__init__(walk, slug)
        self._next: str | None = urls.legacy_section(self.code)

    def next_request(self) -> tuple[str, dict[str, str], bool]:
        assert self._next is not None
        url, self._next = self._next, None
        return url, {}, False

    async def _next_page(self) -> None:
        await super()._next_page()
        if self._next is None and self._stopped is None:
            self._stop(ENDED)  # without 下一页 it is the last one

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


def of(walk: ListingReader, word: str) -> list[ListingSource]:
    """The sections that one word of the argument `sections`, but `all`, means."""
    kind, _, code = word.partition(":")
    new: list[PagedSource] = []
    if word == PAPER:
        return [PaperSource(walk)]
    if kind == "legacy" and code:
        codes = sections.table().legacy if code == EVERY else (code,)
        new = [Legacy(walk, f"legacy:{one}") for one in codes]
    elif kind == "json2021" and code:
        names = sections.table().json2021
        codes = tuple(names) if code == EVERY else (code,)
        new = [Json2021(walk, f"json2021:{one}", names.get(one)) for one in codes]
    else:
        new = [Modern(walk, word)]
    for section in new:
        section.may_be_gone = code == EVERY
    return [*new]
