"""A section's listing, as a page or as JSON, to entries."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.items import Entry
from crawler.site import urls
from crawler.text import dates, encoding

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
_SOURCE = ("source", "sourceName", "media", "from")
_LABEL = ("label", "tag", "type")

_NO_NEWS = "博客通讯"  # a page of the readers' blogs that stands among the news

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")  # <em>产业工人</em> in a title
_JSONP = re.compile(r"\s*[\w.$]+\s*\((.*)\)\s*;?\s*", re.DOTALL)  # callback([…]);


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

    Raises ListingError for a page that lists nothing: a section's first page always does.
    """
    text, warnings = encoding.decode(body, charset)
    if not text.strip():
        raise ListingError("empty", "the listing page is empty")
    tree = LexborHTMLParser(text)
    items = tree.css("ul.list > li[id^=li_]") or tree.css("ul.list > li")
    entries, skipped = _entries(items, url)
    if not entries and not skipped:
        items = [item for item in tree.css("li") if dates.find(item.text())]
        entries, _ = _entries(items, url)
        if entries:
            warnings.append(
                f"listing: no ul.list; {len(entries)} entries read by their links and times"
            )
    if not entries and not skipped:
        raise ListingError("no_entries", "the page lists no article")
    return Listing(section_name(tree), entries, skipped, warnings)


def read_json(body: bytes, url: str, charset: str | None = None) -> Listing:
    """A page of older entries: an array of objects, or an object that holds one somewhere.

    Raises ListingError for what is not JSON, or JSON of a form that shows no addresses.
    """
    data, warnings = load(body, charset)
    return of_objects(_largest_array(data), warnings)


def load(body: bytes, charset: str | None = None) -> tuple[Any, list[str]]:
    """The values in an answer (None if it is empty), and what was doubtful about its bytes.

    Raises ListingError for what is not JSON.
    """
    text, warnings = encoding.decode(body, charset)
    if not text.strip():
        return None, warnings
    if match := _JSONP.fullmatch(text):
        text = match[1]
    try:
        return json.loads(text), warnings
    except (ValueError, RecursionError) as error:
        start = " ".join(text[:60].split())
        raise ListingError("not_json", f"not JSON ({error}), begins {start!r}") from None


def of_objects(items: list[dict[str, Any]], warnings: list[str]) -> Listing:
    """The entries that JSON objects are.

    Raises ListingError where none of them shows an address.
    """
    entries: list[Entry] = []
    skipped: list[str] = []
    for item in items:
        href = _first(item, _ADDRESS)
        if not href:
            warnings.append(f"listing: an entry without an address, keys {sorted(item)[:8]}")
            continue
        address = urls.absolute(href, urls.HOME)
        if address is None or not urls.is_article(address):
            skipped.append(address or href)
            continue
        known = urls.identify(address)
        entries.append(
            Entry(
                known.url,
                known.id,
                title=_first(item, _TITLE),
                published=_first(item, _TIME),
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


def _entries(items: list[LexborNode], base: str) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    skipped: list[str] = []
    for item in items:
        links = item.css("h3 a[href]") or item.css("a[href]")
        if not links:
            continue
        address = urls.absolute(links[0].attributes["href"] or "", base)
        if address is None or not urls.is_article(address):
            skipped.append(address or links[0].attributes["href"] or "")
            continue
        known = urls.identify(address)
        words = [words_of(node) for node in item.css("span, div.info2")]
        times = dates.find(" ".join(words)) or dates.find(words_of(item))
        label = item.css_first("span.media")
        source = item.css_first("div.info > span:last-of-type")
        entries.append(
            Entry(
                known.url,
                known.id,
                title=words_of(links[0]) or links[0].attributes.get("title"),
                published=times[0] if times else None,
                source=(words_of(source) or None) if source else None,
                label=(words_of(label) or None) if label else None,
            )
        )
    return entries, skipped


def section_name(tree: LexborHTMLParser) -> str | None:
    """人物 out of <title>人物 - 中工网</title>."""
    title = tree.css_first("title")
    if title is None:
        return None
    name = re.split(r"\s*[-_|—–]\s*", words_of(title))[0]
    return name or None


def words_of(node: LexborNode) -> str:
    return " ".join(node.text().split())


# --- JSON -----------------------------------------------------------------------------------


def _largest_array(data: Any) -> list[dict[str, Any]]:
    """The array of objects in an answer, the longest where there are several."""
    best: list[dict[str, Any]] = []
    for array in _arrays(data):
        objects = [item for item in array if isinstance(item, dict)]
        if len(objects) > len(best):
            best = objects
    if not best and data and not any(True for _ in _arrays(data)):
        raise ListingError("unknown_form", f"JSON without an array: {str(data)[:60]!r}")
    return best


def _arrays(data: Any) -> Iterator[list[Any]]:
    """Every array in an answer that is not itself inside an entry of another."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            yield value
        elif isinstance(value, dict):
            waiting.extend(value.values())


def _first(item: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    """The first of these keys that says something, as words."""
    lower = {key.lower(): value for key, value in item.items()}
    for key in keys:
        value = lower.get(key.lower())
        if key in _TIME and isinstance(value, int | float) and not isinstance(value, bool):
            return _from_epoch(value)
        if isinstance(value, str) and (words := _plain(value)):
            if key in _TIME and words.isascii() and words.isdigit() and len(words) in (10, 13):
                return _from_epoch(int(words))
            return words
    return None


def _from_epoch(number: float) -> str | None:
    """1764547200 (seconds) or 1764547200000 (milliseconds) in the site's time."""
    seconds = number / 1000 if number > 1e11 else number
    try:
        moment = datetime.fromtimestamp(seconds, UTC) + timedelta(hours=8)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _plain(text: str) -> str:
    """Highlight tags and entities out of a title, white space single."""
    return " ".join(html.unescape(_TAG.sub("", text)).split())
