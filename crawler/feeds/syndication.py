"""The newest articles for feed readers: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable
from typing import IO, Any

from lxml.builder import ElementMaker
from lxml.etree import ElementBase, tostring

NEWEST = 100  # articles, where nobody says how many

_TITLE = "中工网"
_HOME = "https://www.workercn.cn/"
_ATOM = "http://www.w3.org/2005/Atom"
_EPOCH = "1970-01-01T00:00:00Z"  # Atom wants a time, of an empty feed too
# What XML 1.0 cannot hold.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(lines: Iterable[bytes], file: IO[bytes], newest: int = NEWEST) -> None:
    """The `newest` records as an Atom feed, newest first. lines: sorted by published_at."""
    e = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})
    records = _newest(lines, newest)
    updated = max((record["fetched_at"] for record in records), default=_EPOCH)
    feed = e.feed(
        e.id(_HOME),
        e.title(_TITLE),
        e.updated(updated),
        e.link(rel="alternate", type="text/html", href=_HOME),
        *(_entry(e, record) for record in records),
    )
    file.write(tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _entry(e: ElementMaker, record: dict[str, Any]) -> ElementBase:
    # An entry without an author of its own must not take another's: the source stands for one.
    authors = [person["name"] for person in record["authors"]] or [record["source"] or _TITLE]
    return e.entry(
        e.id(record["url"]),
        e.title(_clean(record["title"])),
        e.link(rel="alternate", type="text/html", href=record["url"]),
        e.published(record["published_at"]),
        e.updated(_updated(record)),
        *(e.author(e.name(_clean(name))) for name in authors),
        *(
            e.category(
                term=_clean(section["slug"]), label=_clean(section["name"] or section["slug"])
            )
            for section in record["sections"]
        ),
        e.content(_clean(record["body_html"]), type="html"),
    )


def json_feed(lines: Iterable[bytes], file: IO[bytes], newest: int = NEWEST) -> None:
    """The `newest` records as a JSON Feed, newest first. lines: sorted by published_at."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _TITLE,
        "home_page_url": _HOME,
        "language": "zh-Hans",
        "items": [_item(record) for record in _newest(lines, newest)],
    }
    file.write(json.dumps(feed, ensure_ascii=False, indent=1).encode() + b"\n")


def _item(record: dict[str, Any]) -> dict[str, Any]:
    item = {
        "id": record["url"],
        "url": record["url"],
        "title": record["title"],
        "content_html": record["body_html"],
        "content_text": record["body"],
        "date_published": record["published_at"],
        "date_modified": _updated(record),
        "authors": [{"name": person["name"]} for person in record["authors"]],
        "tags": [section["name"] or section["slug"] for section in record["sections"]],
        "language": record["language"],
    }
    if record["images"]:
        item["image"] = record["images"][0]["url"]
    return {key: value for key, value in item.items() if value not in ([], "")}


def _newest(lines: Iterable[bytes], newest: int) -> list[dict[str, Any]]:
    return [json.loads(line) for line in reversed(deque(lines, newest))]


def _updated(record: dict[str, Any]) -> str:
    """Of a first revision its publication: a later fetch of the same words changes nothing."""
    first = record["change"] == "new"
    moment: str = record["published_at"] if first else record["fetched_at"]
    return moment


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
