"""The section table (sections.toml) and what the home page's navigation adds to it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.site import urls
from crawler.text import encoding

# 'foot', 'footer', 'foot-links', 'site_footer'; not 'football'
_FOOTER = re.compile(r"(?:^|[\s_-])foot(?:er)?\d{0,2}(?:$|[\s_-])", re.IGNORECASE)


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
    """The sections that a home page links, in page order: slug -> name as the link shows it.

    Its footer's links are left out: they name the owner's other pages.
    """
    text, _ = encoding.decode(body, charset)
    found: dict[str, str | None] = {}
    for link in _navigation(LexborHTMLParser(text)):
        address = urls.absolute(link.attributes["href"] or "", url)
        slug = urls.slug_of(address) if address else None
        if slug is None or slug in table().deny:
            continue
        name = " ".join(link.text().split()) or None
        # 更多 and a picture's empty link come before or after the one that names the section
        if slug not in found or found[slug] is None or found[slug] == "更多":
            found[slug] = name
    return found


def _navigation(tree: LexborHTMLParser) -> list[LexborNode]:
    links = tree.css("a[href]")
    below: set[int] = set()  # the footers' links
    for node in tree.css("footer, body [class*=foot i], body [id*=foot i]"):
        inside = {link.mem_id for link in node.css("a[href]")}
        # what holds most of the page's links is the page, whatever its class says of its footer
        if node.tag == "footer" or (_is_footer(node) and len(inside) * 2 <= len(links)):
            below |= inside
    return [link for link in links if link.mem_id not in below]


def _is_footer(node: LexborNode) -> bool:
    attributes = node.attributes
    return any(_FOOTER.search(attributes.get(name) or "") for name in ("class", "id"))
