"""The one table from an address to the parser that reads the page behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from crawler.site import urls

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.items import Generation, Page

# By name: a parser's module is imported when its first page comes.
_PARSERS: dict[Generation, str] = {
    "modern": "crawler.site.pages.modern",
    "json2021": "crawler.site.pages.json2021",
    "legacy": "crawler.site.pages.legacy",
    "paper": "crawler.site.pages.paper",
    "generic": "crawler.site.pages.generic",
}

# '（2）', '(2/3)', '第2页', '_2': behind the title of a further page
_PAGE_IN_TITLE = re.compile(r"(?:[(（]\d{1,2}(?:/\d{1,2})?[)）]|[(（]?第\d{1,2}页[)）]?|_\d{1,2})$")


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read one article page, a pure function of bytes and address.

    `charset` is what the HTTP header said; the bytes decide. Of an article of several pages each
    is read alone: `further` and `probe` say which there are, and `join` makes one of them. Raises
    ValueError for an address that is none.
    """
    address = urls.identify(url)
    page: Page = parser(address.generation)(body, address.url, charset=charset)
    page.url, page.id, page.generation = address.url, address.id, address.generation
    page.day = address.day
    if page.probe:
        page.probe = urls.page_of(address.url, urls.page_number(url) + 1)
    return page


def parser(generation: Generation) -> Callable[..., Page]:
    parse: Callable[..., Page] = import_module(_PARSERS[generation]).parse
    return parse


def join(first: Page, others: list[Page]) -> Page:
    """One page of an article's several, in page order.

    Bylines and editors are taken from wherever they stand, usually the last page. A page that
    repeats the one before it, as some sites answer beyond the last, is left out.
    """
    whole = replace(first, further=[], probe=None)
    for name in ("authors", "editors", "blocks", "pictures", "warnings"):
        setattr(whole, name, [*getattr(first, name)])
    before = first
    for number, page in enumerate(others, 2):
        if page.blocks == before.blocks:
            whole.warnings.append(f"body: page {number} repeats the one before it")
            continue
        if page.title and _bare(page.title) != _bare(first.title or ""):
            whole.warnings.append(f"title: page {number} says {page.title}")
        shown = {picture.url for picture in whole.pictures}
        figures = {block.html for block in whole.blocks if not block.text}
        whole.blocks += [block for block in page.blocks if block.text or block.html not in figures]
        whole.pictures += [picture for picture in page.pictures if picture.url not in shown]
        for name in ("authors", "editors", "warnings"):
            words, more = getattr(whole, name), getattr(page, name)
            words += [one for one in more if one not in words and not one.endswith(": not found")]
        whole.extracted_by = page.extracted_by | whole.extracted_by
        whole.source = whole.source or page.source
        whole.missed = whole.missed or page.missed
        if page.kind == "article":
            whole.kind = "article"
        before = page
    return whole


def _bare(title: str) -> str:
    """`标题（2）` and `标题 第2页` are `标题`."""
    return _PAGE_IN_TITLE.sub("", "".join(title.split()))
