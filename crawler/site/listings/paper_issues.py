"""An issue of the paper (工人日报): the plates of an issue, the stories of a plate."""

from __future__ import annotations

from typing import NamedTuple

from selectolax.lexbor import LexborNode

from crawler.items import ListingEntry
from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings.parsers import Listing, tree_of, words_of

NAME = "工人日报"

_PLATES = "div.holder ul#pageUrl"
_STORIES = "div.holder ul#pageTitle"


class Plate(NamedTuple):
    number: int
    url: str  # of its page, which lists its stories
    pdf: str | None


def read_plates(body: bytes, url: str, charset: str | None = None) -> list[Plate]:
    """The plates that any plate's page names, in page order.

    Raises ListingError for a page that names none.
    """
    tree, _ = tree_of(body, charset)
    plates: dict[int, Plate] = {}
    for item in tree.css(f"{_PLATES} li"):
        page = pdf = None
        for link, address in _links(item, url):
            if _is_pdf(link, address):
                pdf = pdf or address
            elif urls.plate_of(address) is not None:
                page = address  # the last: one before it may lead to this page's picture
        if page and (number := urls.plate_of(page)):
            plates.setdefault(number, Plate(number, page, pdf))
    if not plates:
        raise ListingError("no_plates", "the page names no plate of an issue")
    return list(plates.values())


def read_stories(body: bytes, url: str, charset: str | None = None) -> Listing:
    """The stories of a plate; one that is all advertisement has none.

    Raises ListingError for a page without a list of stories.
    """
    tree, warnings = tree_of(body, charset)
    if not tree.css_matches(_STORIES):
        raise ListingError("no_entries", "the page has no list of stories")
    entries: dict[str, ListingEntry] = {}
    skipped: list[str] = []
    for item in tree.css(f"{_STORIES} li"):
        for link, address in _links(item, url):
            known = urls.identify(address)
            if known.generation == "generic":
                skipped.append(address)
                continue
            entry = entries.setdefault(known.id, ListingEntry(known.url, known.id))
            entry.title = entry.title or words_of(link) or link.attributes.get("title")
    return Listing(NAME, list(entries.values()), skipped, warnings)


def _links(item: LexborNode, base: str) -> list[tuple[LexborNode, str]]:
    links = item.css("a[href]")
    addresses = (urls.absolute(link.attributes["href"] or "", base) for link in links)
    return [(link, address) for link, address in zip(links, addresses, strict=True) if address]


def _is_pdf(link: LexborNode, address: str) -> bool:
    return "pdf" in (link.attributes.get("class") or "").split() or address.endswith(".pdf")
