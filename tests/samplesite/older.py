"""Reads pages of the older generations as bytes, by address."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlsplit

from crawler.samplesite import Site
from crawler.samplesite.document import Document

UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<head>.*?</head>", re.S)
TAG = re.compile(r"<[^>]*>")

Record = dict[str, Any]


def found(site: Site, url: str) -> Document | None:
    parts = urlsplit(url)
    return site.find(parts.netloc, parts.path, parts.query)


def served(site: Site, url: str) -> bytes:
    document = found(site, url)
    assert document, f"{url} is a 404"
    return document.plain


def markup(site: Site, url: str, codec: str = "gb18030") -> str:
    return served(site, url).decode(codec)


def page_of(record: Record, number: int) -> str:
    """The address of a further page: ….shtml, …_2.shtml."""
    return record["url"] if number == 1 else record["url"].replace(".shtml", f"_{number}.shtml")


def visible(source: str) -> str:
    """What a reader sees, without white space."""
    return squeeze(html.unescape(TAG.sub("", UNSEEN.sub("", source))))


def squeeze(words: str) -> str:
    return "".join(words.split())


def assert_in_order(text: str, expected: list[str | None]) -> None:
    at = 0
    for words in expected:
        if words:
            place = text.find(squeeze(words), at)
            assert place >= 0, f"{words!r} is missing or out of order"
            at = place + len(squeeze(words))
