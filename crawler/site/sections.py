"""The section table (sections.toml) and what the home page's navigation adds to it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from crawler.site import urls
from crawler.text import encoding

# Links of the page but its footer's, which name the owner's other pages.
_NAVIGATION = 'a[href]:not(footer a, [class*="foot"] a, [id*="foot"] a)'


class Table(NamedTuple):
    proven: tuple[str, ...]
    deny: frozenset[str]


@cache
def table() -> Table:
    """The table as checked in. Raises ValueError where an editor of it left something unusable."""
    text = resources.files("crawler.site").joinpath("sections.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    if unknown := set(data) - {"proven", "deny"}:
        raise ValueError(f"sections.toml: unknown key {sorted(unknown)[0]!r}")
    for slug in (*data["proven"], *data["deny"]):
        if not urls.is_slug(slug):
            raise ValueError(f"sections.toml: {slug!r} is no slug")
    return Table(tuple(data["proven"]), frozenset(data["deny"]))


def discover(body: bytes, url: str, charset: str | None = None) -> dict[str, str | None]:
    """The sections that a home page links, in page order: slug -> name as the link shows it."""
    text, _ = encoding.decode(body, charset)
    found: dict[str, str | None] = {}
    for link in LexborHTMLParser(text).css(_NAVIGATION):
        address = urls.absolute(link.attributes["href"] or "", url)
        slug = urls.slug_of(address) if address else None
        if slug is None or slug in table().deny:
            continue
        name = " ".join(link.text().split()) or None
        # 更多 and a picture's empty link come before or after the one that names the section
        if slug not in found or found[slug] is None or found[slug] == "更多":
            found[slug] = name
    return found
