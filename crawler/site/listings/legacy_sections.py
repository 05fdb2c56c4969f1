"""A section page of the legacy site to entries."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.items import ListingEntry
from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings.parsers import (
    Listing,
    articles_in,
    section_name,
    tree_of,
    without_blogs,
    words_of,
)
from crawler.site.urls import Address
from crawler.text import dates

# The lists of the templates seen; the last is what the others are where nobody named them.
_LISTS = ("ul#leftList li, ul.imgtxt1 li", "ul > li:has(> h3 > a)")
_LINKS = "h3 a[href]"  # of an entry; others lead to its picture or section
_NEXT = frozenset(("下一页", "下页", "下一页>", "下一页>>", "下一页»"))
_BESIDE_A_TIME = 4  # characters: '[2019-01-18 12:46]'; more is a sentence with a date in it
_SHORTEST_TITLE = 4


def read(body: bytes, url: str, charset: str | None = None) -> Listing:
    """A page of `http://<channel>.workercn.cn/<n>/<n>.shtml`, or a channel's root.

    Raises ListingError for a page that lists nothing.
    """
    tree, warnings = tree_of(body, charset)
    entries: list[ListingEntry] = []
    skipped: list[str] = []
    for items in _LISTS:
        entries, skipped = _entries(tree.css(items), url)
        if entries or skipped:
            break
    guessed = False
    if not entries:
        entries = _linked(tree.root, url) if tree.root else []
        if guessed := bool(entries):
            warnings.append(
                f"listing: no ul#leftList, ul.imgtxt1 or li > h3 with an article; {len(entries)} "
                "entries read by their links"
            )
    if not entries and not skipped:
        raise ListingError("no_entries", "the page lists no article")
    news = without_blogs(entries)
    return Listing(
        section_name(tree),
        news,
        skipped,
        warnings,
        len(entries) - len(news),
        _next_url(tree, url),
        guessed=guessed,
    )


def _entries(items: list[LexborNode], base: str) -> tuple[list[ListingEntry], list[str]]:
    found: dict[str, ListingEntry] = {}
    skipped: list[str] = []
    for item in items:
        here: dict[str, ListingEntry] = {}
        links = _LINKS if item.css_first(_LINKS) else "a[href]"
        for link, article in articles_in(item, base, links):
            _note(here, article, words_of(link) or link.attributes.get("title"))
        if len(here) == 1:  # of several in one item nobody knows whose the time is
            next(iter(here.values())).published = _time(item)
        if not here and (first := item.css_first(links)):
            href = first.attributes["href"] or ""
            skipped.append(urls.absolute(href, base) or href)
        for place, entry in here.items():
            found.setdefault(place, entry)
    return list(found.values()), skipped


def _linked(root: LexborNode, base: str) -> list[ListingEntry]:
    """Every article that the page links with enough words for a title."""
    found: dict[str, ListingEntry] = {}
    for link, article in articles_in(root, base):
        title = words_of(link)
        if len(title) >= _SHORTEST_TITLE:
            _note(found, article, title)
    return list(found.values())


def _note(found: dict[str, ListingEntry], known: Address, title: str | None) -> None:
    entry = found.setdefault(urls.place(known.url), ListingEntry(known.url, known.id))
    entry.title = entry.title or title  # a picture's link has none and comes first


def _time(item: LexborNode) -> str | None:
    """The time that stands alone in an element of the item, or in the item itself."""
    own = item.text(deep=False)
    for text in (own, *(node.text() for node in item.css("span, em, i, font, div, p"))):
        shown = dates.find(text)
        if shown and len("".join(text.split())) <= len("".join(shown[0].split())) + _BESIDE_A_TIME:
            return shown[0]
    return None


def _next_url(tree: LexborHTMLParser, url: str) -> str | None:
    """Where 下一页 leads; None where a script takes one there, or it leads to this page."""
    for link in tree.css("a[href]"):
        if "".join(words_of(link).split()) in _NEXT:
            address = urls.absolute(link.attributes["href"] or "", url)
            if address and address.partition("#")[0] != url:
                return address
    return None
