"""What a page that was not understood looks like, in words that say what to change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse, Response

from crawler.extraction.markup import parse
from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings import parsers
from crawler.spiders.responses import charset
from crawler.text import clean, dates, encoding

FORM = "/c/DAY/ID.shtml"  # of an article's address on the modern site

_SHOWN = 3  # forms of addresses
_LONGEST = 80  # characters of an address shown
_KEYS = 12  # of a JSON object that are shown
# '/content/2026/11/22/8907665.html', '/a/8907665': what may be an article's
_PAGE = re.compile(r"\d{3}|\.\w?html?$")
_SHORT = 60  # characters: a line with a label in it is no longer
_QUOTED = 40
_LINES = 2
_PARAGRAPH = 20  # characters


class Shape:
    """`str()` of it describes a listing's page."""

    def __init__(self, response: Response) -> None:
        self._body, self._url = response.body, response.url
        self._is_html = isinstance(response, HtmlResponse)
        self._charset = charset(response)
        self._kind = (response.headers.get("Content-Type") or b"no type").decode("latin-1")
        self._tree = parse(encoding.decode(response.body, self._charset)[0])

    @cached_property
    def _data(self) -> Any:
        try:
            return parsers.load(self._body, self._charset)[0].data
        except ListingError:
            return None

    @cached_property
    def _addresses(self) -> list[str]:
        """Every address on the site that the page names, in its order, each once."""
        if self._is_html:
            words = [link.attributes["href"] or "" for link in self._tree.css("a[href]")]
        else:
            strings = (value for value in _values(self._data) if isinstance(value, str))
            words = [one for one in strings if "/" in one and not re.search(r"[\s<]", one)]
        found = (urls.absolute(one, self._url) for one in words)
        return list(dict.fromkeys(one for one in found if one and urls.belongs(urlsplit(one))))

    @property
    def has_unknown_addresses(self) -> bool:
        """No address is an article's, and some could be."""
        return not any(map(urls.is_article, self._addresses)) and bool(nearest(self._addresses))

    def __str__(self) -> str:
        if not self._is_html and self._data is None:
            return f"{len(self._body):,} bytes of {clean.line(self._kind)}"
        articles = sum(map(urls.is_article, self._addresses))
        words = [f"{articles} of {len(self._addresses)} links look like an article's ({FORM})"]
        if others := nearest(self._addresses):
            words.append(f"nearest forms: {', '.join(others)}")
        if self._is_html:
            items = self._tree.css("li")
            timed = sum(bool(dates.find(item.text(separator=" "))) for item in items)
            lists = len(self._tree.css("ul.list"))
            words += [f"{lists} ul.list, {len(items)} li, {timed} of them with a time", self.size]
        else:
            objects = max(_arrays_of_objects(self._data), key=len, default=[])
            keys = ", ".join(map(clean.line, list(objects[0])[:_KEYS])) if objects else "none"
            words.append(f"the longest array has {len(objects)} objects, the keys of one: {keys}")
        return "; ".join(words)

    @cached_property
    def size(self) -> str:
        title = self._tree.css_first("title")
        return (
            f"a page of {len(self._body):,} bytes with {len(self._tree.css('script'))} scripts, "
            f"titled {clean.line(title.text()) if title else ''!r}"
        )

    # --- of an article ----------------------------------------------------------------------------

    @property
    def headings(self) -> str:
        words = [clean.line(node.text())[:_QUOTED] for node in self._tree.css("h1, h2")]
        return f"{self.size}; headings: {', '.join(filter(None, words[:_LINES])) or 'none'}"

    @property
    def paragraphs(self) -> str:
        number = sum(len(line) >= _PARAGRAPH for line in self._lines)
        longest = max(map(len, self._lines), default=0)
        words = f"{number} lines of {_PARAGRAPH} characters or more, the longest of {longest}"
        return f"{self.size}; {words}"

    def nearest(self, hint: re.Pattern[str] | None) -> str:
        """The lines that may be a field: by the words of its label, None for a time."""
        lines = self.lines_like(hint)
        return f"nearest: {'; '.join(lines)}" if lines else "nothing like it on the page"

    def lines_like(self, hint: re.Pattern[str] | None) -> list[str]:
        short = [line for line in self._lines if len(line) <= _SHORT]
        like = [line for line in short if (hint.search(line) if hint else dates.find(line))]
        return [line[:_QUOTED] for line in like[:_LINES]]

    @cached_property
    def _lines(self) -> list[str]:
        tree = self._tree.clone()
        tree.strip_tags(["script", "style", "title"])
        return clean.lines(tree.body.text(separator="\n")).splitlines() if tree.body else []


def _values(data: Any) -> Iterator[Any]:
    waiting = [data]
    while waiting:
        yield (value := waiting.pop())
        if isinstance(value, dict):
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _arrays_of_objects(data: Any) -> list[list[dict[str, Any]]]:
    arrays = [value for value in _values(data) if isinstance(value, list)]
    return [[item for item in array if isinstance(item, dict)] for array in arrays]


def nearest(addresses: Iterable[str]) -> list[str]:
    """Addresses that could be articles' and that no rule knows: the commonest forms, each by its
    first example and how many there are, `/content/2026/11/22/8907665.html (27)`.
    """
    forms: dict[str, list[str]] = {}
    for address in addresses:
        parts = urlsplit(address)
        if not urls.is_article(address) and _PAGE.search(parts.path):
            form = re.sub(r"\d+", "0", f"{parts.netloc}{parts.path}")
            forms.setdefault(form, []).append(address)
    commonest = sorted(forms.values(), key=len, reverse=True)[:_SHOWN]
    return [f"{_short(same[0])} ({len(same)})" for same in commonest]


def _short(address: str) -> str:
    parts = urlsplit(address)
    host = "" if parts.netloc == urls.HOST else f"{parts.scheme}://{parts.netloc}"
    return clean.line(f"{host}{parts.path}")[:_LONGEST]
