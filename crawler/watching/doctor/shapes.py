"""What a listing that was not understood looks like, in words that say what to change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scrapy.http import Response
from selectolax.lexbor import LexborHTMLParser

from crawler.site import listings, urls
from crawler.site.errors import ListingError
from crawler.site.markup import parse
from crawler.spiders import reading
from crawler.text import clean, dates, encoding

FORM = "/c/DAY/ID.shtml"  # of an article's address on the modern site

_SHOWN = 3
_LONGEST = 80  # characters of an address shown
_KEYS = 12  # of a JSON object that are shown
# '/content/2026/11/22/8907665.html', '/a/8907665': what may be an article's
_PAGE = re.compile(r"\d{3}|\.\w?html?$")


class Shape(NamedTuple):
    words: str
    unknown_addresses: bool  # no address is an article's, and some could be


def of_page(answer: Response) -> Shape:
    markup, _ = encoding.decode(answer.body, reading.charset(answer))
    tree = parse(markup)
    links = linked(tree, answer.url)
    items = tree.css("li")
    timed = sum(bool(dates.find(item.text(separator=" "))) for item in items)
    title = tree.css_first("title")
    return _shape(
        links,
        f"{len(tree.css('ul.list'))} ul.list, {len(items)} li, {timed} of them with a time",
        f"a page of {len(answer.body):,} bytes with {len(tree.css('script'))} scripts, "
        f"titled {clean.line(title.text()) if title else ''!r}",
    )


def of_json(answer: Response) -> Shape:
    kind = (answer.headers.get("Content-Type") or b"no type").decode("latin-1")
    try:
        data = listings.load(answer.body, reading.charset(answer))[0].data
    except ListingError:
        return Shape(f"{len(answer.body):,} bytes of {clean.line(kind)}", False)
    objects = max(_arrays_of_objects(data), key=len, default=[])
    keys = ", ".join(clean.line(key) for key in list(objects[0])[:_KEYS]) if objects else "none"
    return _shape(
        mentioned(data), f"the longest array has {len(objects)} objects, the keys of one: {keys}"
    )


def _shape(links: list[str], *more: str) -> Shape:
    articles = sum(map(urls.is_article, links))
    others = nearest(links)
    words = [f"{articles} of {len(links)} links look like an article's ({FORM})"]
    if others:
        words.append(f"nearest forms: {', '.join(others)}")
    return Shape("; ".join((*words, *more)), not articles and bool(others))


def _arrays_of_objects(data: Any) -> list[list[dict[str, Any]]]:
    found: list[list[dict[str, Any]]] = []
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            found.append([item for item in value if isinstance(item, dict)])
            waiting.extend(item for item in value if isinstance(item, dict | list))
        elif isinstance(value, dict):
            waiting.extend(value.values())
    return found


def linked(tree: LexborHTMLParser, base: str) -> list[str]:
    """Every address on the site that a page links, in page order, each once."""
    found = (urls.absolute(link.attributes["href"] or "", base) for link in tree.css("a[href]"))
    return list(dict.fromkeys(one for one in found if one and urls.belongs(urlsplit(one))))


def mentioned(data: Any) -> list[str]:
    """Every address on the site among the values of JSON, in their order, each once."""
    found: dict[str, None] = {}
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, str) and "/" in value and not re.search(r"[\s<]", value):
            address = urls.absolute(value, urls.HOME)
            if address and urls.belongs(urlsplit(address)):
                found.setdefault(address)
    return list(found)


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
