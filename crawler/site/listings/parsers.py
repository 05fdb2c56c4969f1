"""A section's listing, as a page or as JSON, to entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction import markup
from crawler.items import ListingEntry
from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings import json_answers, template_json
from crawler.site.urls import Address
from crawler.text import clean, dates, encoding

# Characters of an entry, its summary included. What holds more is the list, or a menu that was left
# open a thousand times, each to be searched for times and links.
_LONGEST_ITEM = 5_000

_AROUND = 3  # levels above a link that may belong to its entry

_NO_NEWS = "博客通讯"  # a page of the readers' blogs that stands among the news

_SCRIPT = re.compile(  # 'callback([…])', 'var data = […]'
    r"(?:(?:var|let|const)\s+)?[\w.$]+\s*(?:\((?P<argument>.*)\)|=(?P<value>.*))", re.DOTALL
)
# 'javascript:;', '#', 'undefined'
_NO_ADDRESS = re.compile(r"(?!https?:)[\w+.-]{1,20}:|[^/.]*\Z", re.ASCII | re.IGNORECASE)


class Listing(NamedTuple):
    name: str | None  # of the section, as the page shows it
    entries: list[ListingEntry]  # in page order
    skipped: list[str]  # addresses of entries that are no article of this site
    warnings: list[str]
    no_news: int = 0  # entries left out because they are 博客通讯
    next_url: str | None = None  # where the page's 下一页 leads
    broken: Sequence[dict[str, Any]] = ()  # what is known of entries without a usable address
    catalogs: Mapping[str, str] = {}  # of the search: id -> name of the section it is of
    guessed: bool = False  # read by links and times alone: what holds the list has another name


def read_page(body: bytes, url: str, charset: str | None = None) -> Listing:
    """A section page: `ul.list > li#li_<id>`, else whatever list items hold an article and a time.

    An article that stands twice (in a hot box and in the list) is one entry.

    Raises ListingError for a page that lists nothing: a section's first page always does.
    """
    tree, warnings = tree_of(body, charset)
    items, proven = _items(tree, url)
    entries, skipped, broken = _entries(items, url)
    if entries and not proven:
        warnings.append(
            f"listing: no ul.list; {len(entries)} entries read by their links and times"
        )
    if not entries and not skipped:
        raise ListingError("no_entries", "the page lists no article")
    return Listing(
        section_name(tree), entries, skipped, warnings, broken=broken, guessed=not proven
    )


def tree_of(body: bytes, charset: str | None) -> tuple[LexborHTMLParser, list[str]]:
    """The page, and what was doubtful about its bytes. Raises ListingError for an empty one."""
    text, warnings = encoding.decode(body, charset)
    if not text.strip():
        raise ListingError("empty", "the listing page is empty")
    return markup.parse(text), warnings


def articles_in(
    node: LexborNode, base: str, links: str = "a[href]"
) -> Iterator[tuple[LexborNode, Address]]:
    """The links that lead to an article, and to which."""
    for link in node.css(links):
        address = urls.absolute(link.attributes["href"] or "", base)
        if address and urls.is_article(address):
            yield link, urls.identify(address)


def read_json(body: bytes, url: str, charset: str | None = None) -> Listing:
    """A page of older entries: an array of objects or addresses, or an object that holds one
    somewhere. An answer that says it is empty is the end.

    Raises ListingError for what is not JSON, or JSON of a form that shows no addresses.
    """
    loaded, warnings = load(body, charset)
    lost = [{"text": piece} for piece in loaded.lost]
    return of_objects(json_answers.richest_array(loaded.data), warnings, lost)


def load(body: bytes, charset: str | None = None) -> tuple[template_json.Loaded, list[str]]:
    """The values in an answer (None if it is empty), and what was doubtful about its bytes.

    Raises ListingError for what is not JSON.
    """
    text, warnings = encoding.decode(body, charset)
    if not text.strip():
        return template_json.Loaded(None, []), warnings
    text = text.strip().removesuffix(";").rstrip()
    if match := _SCRIPT.fullmatch(text):
        text = match["argument"] or match["value"] or ""
    try:
        loaded = template_json.loads(text)
    except (ValueError, RecursionError) as error:
        start = " ".join(text[:60].split())
        raise ListingError("not_json", f"not JSON ({error}), begins {start!r}") from None
    if loaded.lost:
        warnings.append(f"listing: {len(loaded.lost)} entries are not JSON")
    return loaded, warnings


def of_objects(
    items: list[dict[str, Any]], warnings: list[str], broken: Sequence[dict[str, Any]] = ()
) -> Listing:
    """The entries that JSON objects are; `broken`: what is known of others already.

    Raises ListingError where none of them shows an address.
    """
    entries: list[ListingEntry] = []
    skipped: list[str] = []
    nameless: list[dict[str, Any]] = []
    for item in items:
        href = json_answers.address_of(item)
        address = urls.absolute(href, urls.HOME) if href and not _NO_ADDRESS.match(href) else None
        if address is None:
            warnings.append(f"listing: an entry without an address, keys {sorted(item)[:8]}")
            nameless.append(
                {
                    "address": href,
                    "title": json_answers.first(item, json_answers.TITLE),
                    "time": json_answers.time_of(item),
                }
            )
            continue
        if not urls.is_article(address):
            skipped.append(clean.line(address))
            continue
        known = urls.identify(address)
        entries.append(
            ListingEntry(
                known.url,
                known.id,
                title=json_answers.first(item, json_answers.TITLE),
                published=json_answers.time_of(item),
                source=json_answers.first(item, json_answers.SOURCE),
                label=json_answers.first(item, json_answers.LABEL),
            )
        )
    if items and not entries and not skipped:
        raise ListingError(
            "unknown_form", f"{len(items)} objects, none with {'/'.join(json_answers.ADDRESS)}"
        )
    news = without_blogs(entries)
    no_news = len(entries) - len(news)
    return Listing(None, news, skipped, warnings, no_news, broken=(*broken, *nameless))


def without_blogs(entries: list[ListingEntry]) -> list[ListingEntry]:
    return [entry for entry in entries if _NO_NEWS not in (entry.title or "")]


# --- pages ----------------------------------------------------------------------------------


def _items(tree: LexborHTMLParser, base: str) -> tuple[list[LexborNode], bool]:
    """The list items that are entries, and whether they stand in the list that is proven.

    Side boxes may be of its class, but their items show neither a time nor `li_<id>`.
    """
    every = [item for item in tree.css("li") if len(item.text()) <= _LONGEST_ITEM]
    listed = [item for item in every if _is_list(item.parent)]
    proven = [item for item in listed if _is_named(item) or _has_time(item)]
    if any(map(_has_time, proven)):
        return proven, True
    # one that holds others is a menu's
    timed = [item for item in every if _has_time(item) and not item.css("ul, ol")]
    if any(_link(item, base) for item in timed):
        ids = {item.mem_id for item in (*proven, *timed)}
        return [item for item in every if item.mem_id in ids and _link(item, base)], False
    titled = _titled(tree, base)
    # Without times they are a side box's, on a page that has a list, though it may be empty.
    if any(map(_has_time, titled)) or (titled and tree.css_first("ul.list") is None):
        return titled, False
    return proven or listed, True


def _titled(tree: LexborHTMLParser, base: str) -> list[LexborNode]:
    """The entries of a list without list items: each `a[title]` that leads to an article, with
    what stands around it and belongs to no other.
    """
    found = {}
    for link, article in articles_in(tree.root, base, "a[title][href]") if tree.root else ():
        item = link
        for _ in range(_AROUND):
            parent = item.parent
            if parent is None or parent.tag in ("body", "html", "li", "ul", "ol"):
                break
            others = any(one.url != article.url for _, one in articles_in(parent, base))
            if others or len(parent.text()) > _LONGEST_ITEM:
                break
            item = parent
        found[item.mem_id] = item
    return list(found.values())


def _is_named(item: LexborNode) -> bool:
    return (item.attributes.get("id") or "").startswith("li_")


def _has_time(item: LexborNode) -> bool:
    return bool(_times(item))


def _times(item: LexborNode) -> list[str]:
    """A number that ends the title is not the beginning of the time behind it."""
    return dates.find(item.text(separator=" ")) or dates.find(item.text())


def _is_list(node: LexborNode | None) -> bool:
    if node is None or node.tag != "ul":
        return False
    return "list" in (node.attributes.get("class") or "").split()


def _entries(
    items: list[LexborNode], base: str
) -> tuple[list[ListingEntry], list[str], list[dict[str, Any]]]:
    """Entries, addresses that are no article's, and what is known of items without an address."""
    entries: dict[str, ListingEntry] = {}
    skipped: list[str] = []
    broken: list[dict[str, Any]] = []
    for item in items:
        linked = _link(item, base)
        if linked is None:
            hrefs = [(one.attributes["href"] or "").strip() for one in item.css("a[href]")]
            usable = [href for href in hrefs if not _NO_ADDRESS.match(href)]
            if usable:
                skipped.append(clean.line(urls.absolute(usable[0], base) or usable[0]))
            elif shown := words_of(item):
                time = next(iter(_times(item)), None)
                broken.append({"address": next(iter(hrefs), None), "title": shown, "time": time})
            continue
        link, known = linked
        words = [words_of(node) for node in item.css("span, div.info2")]
        times = dates.find(" ".join(words)) or _times(item)
        label = item.css_first("span.media")
        source = item.css_first("div.info > span:last-of-type")
        entry = ListingEntry(
            known.url,
            known.id,
            title=_title_of(link) or None,
            published=clean.line(times[0]) if times else None,
            source=(words_of(source) or None) if source else None,
            label=(words_of(label) or None) if label else None,
        )
        place = urls.place(known.url)
        before = entries.get(place)
        if before is None or (entry.published and not before.published):
            entries[place] = entry  # keeps the place of the first
    return list(entries.values()), skipped, broken


def _link(item: LexborNode, base: str) -> tuple[LexborNode, Address] | None:
    """The first link of the item that leads to an article; one in its heading comes before others,
    `[教育]` over it and the picture beside it."""
    in_heading = next(articles_in(item, base, "h3 a[href]"), None)
    return in_heading or next(articles_in(item, base), None)


def _title_of(link: LexborNode) -> str:
    """What a link says; its title attribute where that says the same at more length."""
    shown, whole = words_of(link), clean.line(link.attributes.get("title") or "")
    start = clean.without_ellipsis(shown)
    return whole if whole.startswith(start) else shown


def section_name(tree: LexborHTMLParser) -> str | None:
    """人物 out of <title>人物 - 中工网</title>."""
    title = tree.css_first("title")
    if title is None:
        return None
    name = re.split(r"\s*[-_|—–]\s*", words_of(title))[0]
    return name or None


def words_of(node: LexborNode) -> str:
    return clean.line(node.text())
