"""The one table from an address to the parser that reads the page behind it."""

from __future__ import annotations

import html
import re
from importlib import import_module
from typing import TYPE_CHECKING

from crawler.site import urls

if TYPE_CHECKING:
    from crawler.items import Generation, Page

# By name: a parser's module is imported when its first page comes.
_PARSERS: dict[Generation, str] = {
    "modern": "crawler.site.articles.modern",
    "generic": "crawler.site.articles.generic",
}

# <link rel="canonical" href="…"> and <meta property="og:url" content="…">, near the top of a page
_DECLARED = (
    re.compile(
        rb"""<link\b[^>]{0,200}?rel=["']?canonical["']?[^>]{0,200}?href=["']?([^"'\s>]+)""", re.I
    ),
    re.compile(rb"""<meta\b[^>]{0,200}?og:url["'][^>]{0,200}?content=["']?([^"'\s>]+)""", re.I),
)
_HEAD = 20_000  # bytes


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read one article page, a pure function of bytes and address.

    `charset` is what the HTTP header said; the bytes decide. Raises ValueError for an address that
    is none.
    """
    address = urls.identify(url)
    page: Page = import_module(_PARSERS[address.generation]).parse(
        body, address.url, charset=charset
    )
    page.url, page.id, page.generation = address.url, address.id, address.generation
    page.day = address.day
    return page


def declared_url(body: bytes) -> str | None:
    """The address that a page says it has, for a page that came without one."""
    for pattern in _DECLARED:
        if match := pattern.search(body[:_HEAD]):
            url = html.unescape(match[1].decode("utf-8", "replace"))
            if url.startswith(("http://", "https://")):
                return url
    return None
