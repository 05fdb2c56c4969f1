"""A section's listing, as a page or as JSON, to entries."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.items import Entry
from crawler.site import markup, urls
from crawler.text import clean, dates, encoding

# The keys under which the site's JSON answers and those of its older versions were seen to say
# a thing; the answer of /json/<slug>/index_<n>.json itself nobody has shown.
_ADDRESS = ("href", "url", "artUrl", "link", "linkUrl")
_TITLE = ("title", "artTitle", "name")
_TIME = (
    "publishDate",
    "publishTime",
    "pubDate",
    "pubTime",
    "time",
    "date",
    "addTime",
    "createTime",
)
_SOURCE = ("source", "sourceName", "origin", "media", "from")
_LABEL = ("label", "tag", "type")
# The keys under which an answer past the end says that it holds nothing.
_LIST = ("data", "list", "rows", "items", "records", "result", "results")
_TOTAL = ("total", "totalcount", "count")

# Characters of an entry, its summary included. What holds more is the list, or a menu that was left
# open a thousand times, each to be searched for times and links.
_LONGEST_ITEM = 5_000

_AROUND = 3  # levels above a link that may belong to its entry
_ELLIPSIS = re.compile(r"\s*(?:…+|\.{2,}|。{2,})$")  # 职工学堂开…

_NO_NEWS = "博客通讯"  # a page of the readers' blogs that stands among the news

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")  # <em>产业工人</em> in a title
_SCRIPT = re.compile(  # 'callback([…])', 'var data = […]'
    r"(?:(?:var|let|const)\s+)?[\w.$]+\s*(?:\((?P<argument>.*)\)|=(?P<value>.*))", re.DOTALL
)
_STRING_OR_LAST_COMMA = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|,(?=\s*[\]}])', re.DOTALL)
_NEVER = re.compile(r"\D*(?:0\d{3}|19[0-8]\d)\D")  # '0000-00-00', '1970-01-01 08:00:00'
_LONG_AGO = 631_152_000  # 1990 in seconds since 1970: what is less is a zero gone wrong


class ListingError(ValueError):
    """What was served is no listing. `reason` is a word to count by."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Listing(NamedTuple):
    name: str | None  # of the section, as the page shows it
    entries: list[Entry]  # in page order
    skipped: list[str]  # addresses of entries that are no article of this site
    warnings: list[str]
    no_news: int = 0  # entries left out because they are 博客通讯
    next_url: str | None = None  # where the page's 下一页 leads


def read_page(body: bytes, url: str, charset: str | None = None) -> Listing:
    """A section page: `ul.list > li#li_<id>`, else whatever list items hold an article and a time.

    An article that stands twice (in a hot box and in the list) is one entry.

    Raises ListingError for a page that lists nothing: a section's first page always does.
    """
    text, warnings = encoding.decode(body, charset)
    if not text.strip():
        raise ListingError("empty", "the listing page is empty")
    tree = markup.parse(text)
    items, proven = _items(tree, url)
    entries, skipped = _entries(items, url)
    if entries and not proven:
        warnings.append(
            f"listing: no ul.list; {len(entries)} entries read by their links and times"
        )
    if not entries and not skipped:
        raise ListingError("no_entries", "the page lists no article")
    return Listing(section_name(tree), entries, skipped, warnings)


def read_json(body: bytes, url: str, charset: str | None = None) -> Listing:
    """A page of older entries: an array of objects or addresses, or an object that holds one
    somewhere. An answer that says it is empty is the end.

    Raises ListingError for what is not JSON, or JSON of a form that shows no addresses.
    """
    data, warnings = load(body, charset)
    return of_objects(_richest_array(data), warnings)


def load(body: bytes, charset: str | None = None) -> tuple[Any, list[str]]:
    """The values in an answer (None if it is empty), and what was doubtful about its bytes.

    Raises ListingError for what is not JSON.
    """
    text, warnings = encoding.decode(body, charset)
    if not text.strip():
        return None, warnings
    text = text.strip().removesuffix(";").rstrip()
    if match := _SCRIPT.fullmatch(text):
        text = match["argument"] or match["value"] or ""
    return _load(text), warnings


def of_objects(items: list[dict[str, Any]], warnings: list[str]) -> Listing:
    """The entries that JSON objects are.

    Raises ListingError where none of them shows an address.
    """
    entries: list[Entry] = []
    skipped: list[str] = []
    for item in items:
        href = _address(item)
        if not href:
            warnings.append(f"listing: an entry without an address, keys {sorted(item)[:8]}")
            continue
        address = urls.absolute(href, urls.HOME)
        if address is None or not urls.is_article(address):
            skipped.append(clean.line(address or href))
            continue
        known = urls.identify(address)
        entries.append(
            Entry(
                known.url,
                known.id,
                title=_first(item, _TITLE),
                published=_time(item),
                source=_first(item, _SOURCE),
                label=_first(item, _LABEL),
            )
        )
    if items and not entries and not skipped:
        raise ListingError("unknown_form", f"{len(items)} objects, none with {'/'.join(_ADDRESS)}")
    news = without_blogs(entries)
    return Listing(None, news, skipped, warnings, no_news=len(entries) - len(news))


def without_blogs(entries: list[Entry]) -> list[Entry]:
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
    if any(map(_has_time, titled)) or not any(_link(item, base) for item in proven or listed):
        return titled or proven or listed, not titled
    return proven or listed, True


def _titled(tree: LexborHTMLParser, base: str) -> list[LexborNode]:
    """The entries of a list without list items: each `a[title]` that leads to an article, with
    what stands around it and belongs to no other.
    """
    links = [node for node in tree.css("a[title][href]") if _article_of(node, base)]
    found = {}
    for link in links:
        item, address = link, _article_of(link, base)
        for _ in range(_AROUND):
            parent = item.parent
            if parent is None or parent.tag in ("body", "html", "li", "ul", "ol"):
                break
            others = {_article_of(node, base) for node in parent.css("a[href]")} - {None, address}
            if others or len(parent.text()) > _LONGEST_ITEM:
                break
            item = parent
        found[item.mem_id] = item
    return list(found.values())


def _article_of(link: LexborNode, base: str) -> str | None:
    """The canonical address of the article that a link leads to."""
    address = urls.absolute(link.attributes.get("href") or "", base)
    return urls.identify(address).url if address and urls.is_article(address) else None


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


def _entries(items: list[LexborNode], base: str) -> tuple[list[Entry], list[str]]:
    entries: dict[str, Entry] = {}
    skipped: list[str] = []
    for item in items:
        link = _link(item, base)
        if link is None:
            if (other := item.css_first("a[href]")) is not None:
                href = other.attributes["href"] or ""
                skipped.append(clean.line(urls.absolute(href, base) or href))
            continue
        known = urls.identify(link.address)
        words = [words_of(node) for node in item.css("span, div.info2")]
        times = dates.find(" ".join(words)) or _times(item)
        label = item.css_first("span.media")
        source = item.css_first("div.info > span:last-of-type")
        entry = Entry(
            known.url,
            known.id,
            title=link.title,
            published=clean.line(times[0]) if times else None,
            source=(words_of(source) or None) if source else None,
            label=(words_of(label) or None) if label else None,
        )
        before = entries.get(known.id)
        if before is None or (entry.published and not before.published):
            entries[known.id] = entry  # keeps the place of the first
    return list(entries.values()), skipped


class _Link(NamedTuple):
    address: str
    title: str | None


def _link(item: LexborNode, base: str) -> _Link | None:
    """The first link of the item that leads to an article; one in its heading comes before others,
    `[教育]` over it and the picture beside it."""
    for node in (*item.css("h3 a[href]"), *item.css("a[href]")):
        address = urls.absolute(node.attributes["href"] or "", base)
        if address is not None and urls.is_article(address):
            return _Link(address, _title_of(node) or None)
    return None


def _title_of(link: LexborNode) -> str:
    """What a link says; its title attribute where that says the same at more length."""
    shown, whole = words_of(link), clean.line(link.attributes.get("title") or "")
    start = _ELLIPSIS.sub("", shown)
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


# --- JSON -----------------------------------------------------------------------------------


def _load(text: str) -> Any:
    """Raises ListingError for what is not JSON; `[{…}, {…},]`, a script's array, is read."""
    try:
        return json.loads(text, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        with suppress(ValueError, RecursionError):
            whole = _STRING_OR_LAST_COMMA.sub(_without_comma, text)
            return json.loads(whole, parse_int=_integer)
        start = " ".join(text[:60].split())
        raise ListingError("not_json", f"not JSON ({error}), begins {start!r}") from None


def _integer(digits: str) -> int | float:
    """int() refuses 5,000 digits, which would cost the page for one entry's time."""
    return int(digits) if len(digits) < 20 else float(digits)


def _without_comma(match: re.Match[str]) -> str:
    return "" if match[0] == "," else match[0]


def _richest_array(data: Any) -> list[dict[str, Any]]:
    """The entries of an answer: the array with the most articles, the longest of several.

    Raises ListingError where no array holds an address and the answer does not say it is empty.
    """
    best: list[dict[str, Any]] = []
    most = (0, 0)
    empty = not data
    strange = False  # there is an array of something that is no entry
    for array in _arrays(data):
        objects = [found for item in array for found in _objects(item)]
        articles = sum(_is_article(_address(item)) for item in objects)
        if (articles, len(objects)) > most:
            best, most = objects, (articles, len(objects))
        empty = empty or not array
        strange = strange or (not objects and any(isinstance(item, list | str) for item in array))
    if best or (not strange and (empty or _says_nothing(data))):
        return best
    raise ListingError("unknown_form", f"JSON without an array of entries: {str(data)[:60]!r}")


def _arrays(data: Any) -> Iterator[list[Any]]:
    """Every array in an answer that is not itself inside an entry of another.

    `{"1": {…}, "2": {…}}`, an array by number, is one.
    """
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            yield value
        elif isinstance(value, dict):
            if value and all(key.isdecimal() for key in value):
                yield list(value.values())
            waiting.extend(value.values())


def _objects(item: Any) -> list[dict[str, Any]]:
    """The entries that an item of an array is; one level of nesting is looked through.

    `"/c/…shtml"` and `{"article": {…}}` are one, `[{…}, {…}]` are two.
    """
    if isinstance(item, list):
        return [inner for inner in item if isinstance(inner, dict)]
    if isinstance(item, str) and _is_article(item):
        return [{_ADDRESS[0]: item}]
    if not isinstance(item, dict):
        return []
    if _address(item) is None:
        for inner in item.values():
            if isinstance(inner, dict) and _is_article(_address(inner)):
                return [item | inner]
    return [item]


def _says_nothing(data: Any) -> bool:
    """`{"status": 0, "data": null}`, `{"status": 1, "total": 0}`: past the last page."""
    if not isinstance(data, dict):
        return False
    for key, value in data.items():
        if key.lower() in _LIST and (not value or _says_nothing(value)):
            return True
        if key.lower() in _TOTAL and value in (0, "0"):
            return True
    return False


def _address(item: dict[str, Any]) -> str | None:
    """The address of an article under any key, else the first address."""
    found = _said(item, _ADDRESS)
    return next(filter(_is_article, found), found[0] if found else None)


def _is_article(href: str | None) -> bool:
    address = urls.absolute(href, urls.HOME) if href else None
    return address is not None and urls.is_article(address)


def _time(item: dict[str, Any]) -> str | None:
    """The first time that can be one, else what words there are in its place."""
    lower = {key.lower(): value for key, value in item.items()}
    words: list[str] = []
    for key in _TIME:
        value = lower.get(key.lower())
        if isinstance(value, str):
            value = _plain(value)
            if not (value.isascii() and value.isdigit() and len(value) in (10, 13)):
                words.append(value)
                continue
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            words.append(_from_epoch(value) or "")
    words = [one for one in words if one not in ("", "0") and not _NEVER.match(one)]
    return next(filter(dates.find, words), words[0] if words else None)


def _first(item: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    """The first of these keys that says something, as words."""
    return next(iter(_said(item, keys)), None)


def _said(item: dict[str, Any], keys: tuple[str, ...]) -> list[str]:
    """What these keys say in words, in their order."""
    lower = {key.lower(): value for key, value in item.items()}
    values = [lower.get(key.lower()) for key in keys]
    return [words for value in values if isinstance(value, str) and (words := _plain(value))]


def _from_epoch(number: float) -> str | None:
    """1764547200 (seconds) or 1764547200000 (milliseconds) in the site's time."""
    try:
        seconds = number / 1000 if number > 1e11 else number
        moment = datetime.fromtimestamp(seconds, UTC) + timedelta(hours=8)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.strftime("%Y-%m-%d %H:%M:%S") if seconds >= _LONG_AGO else None


def _plain(text: str) -> str:
    """Highlight tags and entities out of a title, one clean line."""
    return clean.line(html.unescape(_TAG.sub("", text)))
