"""The section table (sections.toml) and what the home page's navigation adds to it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction import markup
from crawler.site import urls
from crawler.text import clean, encoding

# 'foot', 'footer', 'foot-links', 'site_footer'; not 'football'
_FOOTER = re.compile(r"(?:^|[\s_-])foot(?:er)?\d{0,2}(?:$|[\s_-])", re.IGNORECASE)

_MOST_FOOTERS = 100  # elements with such a name that are looked at, each with all its links


class Table(NamedTuple):
    proven: tuple[str, ...]  # slugs of modern sections
    deny: frozenset[str]
    legacy: tuple[str, ...]  # 'news/32841', 'news'
    json2021: Mapping[str, str]  # code of a column -> its name: 'cj/34179' -> '财经'
    render: frozenset[str] = frozenset()  # slugs whose pages are always rendered
    names: Mapping[str, str] = MappingProxyType({})  # of modern sections and the paper, by slug


@cache
def table() -> Table:
    """The table as checked in."""
    text = resources.files("crawler.site").joinpath("sections.toml").read_text(encoding="utf-8")
    return read_table(text)


def read_table(text: str) -> Table:
    """Raises ValueError where an editor of the table left something unusable."""
    data = tomllib.loads(text)
    keys: dict[str, Any] = {
        "proven": [],
        "deny": [],
        "legacy": [],
        "render": [],
        "json2021": {},
        "names": {},
    }
    if unknown := set(data) - set(keys):
        raise ValueError(f"sections.toml: unknown key {sorted(unknown)[0]!r}")
    for key, value in data.items():
        if not isinstance(value, type(keys[key])):
            kind = "table" if isinstance(keys[key], dict) else "array"
            raise ValueError(f"sections.toml: {key} is no {kind}")
    data = keys | data
    for key, kind, is_sound in (
        ("proven", "slug", urls.is_slug),
        ("deny", "slug", urls.is_slug),
        ("legacy", "legacy section", urls.is_legacy_section),
        ("render", "section", _is_section),
        ("json2021", "column of 2021", urls.is_column),
    ):
        _check_codes(list(data[key]), key, kind, is_sound)
    if both := set(data["proven"]) & set(data["deny"]):
        slug = sorted(both)[0]
        raise ValueError(f"sections.toml: {slug!r} is both proven and denied: leave it in deny")
    for code, name in (data["json2021"] | data["names"]).items():
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"sections.toml: {code!r} has no name")
    return Table(
        tuple(data["proven"]),
        frozenset(data["deny"]),
        tuple(data["legacy"]),
        data["json2021"],
        frozenset(data["render"]),
        data["names"],
    )


def _check_codes(codes: list[Any], key: str, kind: str, is_sound: Callable[[str], bool]) -> None:
    for place, code in enumerate(codes):
        if not (isinstance(code, str) and is_sound(code)):
            raise ValueError(f"sections.toml: {code!r} is no {kind}")
        if code in codes[:place]:
            raise ValueError(f"sections.toml: {code!r} stands twice in {key}")


def names() -> dict[str, str]:
    """slug, as in the argument `sections` -> name, of all in the table that have one."""
    return {f"json2021:{code}": name for code, name in table().json2021.items()} | dict(
        table().names
    )


def listed(slugs: Iterable[str | None], linked: Mapping[str, str | None] | None) -> str:
    """'人物 (character), edu': with the names that the home page or the table has."""
    known = names() | {slug: name for slug, name in (linked or {}).items() if name}
    return ", ".join(f"{known[slug]} ({slug})" if slug in known else f"{slug}" for slug in slugs)


def _is_section(slug: str) -> bool:
    """As in the argument `sections`, of those whose listings are pages: 'edu', 'legacy:news'."""
    kind, colon, code = slug.partition(":")
    return urls.is_legacy_section(code) if colon and kind == "legacy" else urls.is_slug(slug)


def discover(body: bytes, url: str, charset: str | None = None) -> dict[str, str | None]:
    """The sections that a home page links, in page order: slug -> name as the link shows it.

    Its footer's links are left out: they name the owner's other pages.
    """
    found: dict[str, str | None] = {}
    for address, name in _links(body, url, charset):
        slug = urls.slug_of(address)
        if slug is None or not _is_walked(slug):
            continue
        # 更多 and a picture's empty link come before or after the one that names the section
        if slug not in found or found[slug] is None or found[slug] == "更多":
            found[slug] = name
    return found


def left_out(body: bytes, url: str, charset: str | None = None) -> list[str]:
    """What a home page links that looks like a section and is not taken for one, each once."""
    found = []
    for address, _ in _links(body, url, charset):
        slug = urls.slug_of(address)
        if slug and (_is_walked(slug) or _is_denied(slug)):
            continue
        if urls.looks_like_a_section(address):
            found.append(address)
    return list(dict.fromkeys(found))


def _is_walked(slug: str) -> bool:
    """One of two levels only where the table has it: of those nobody knows what they are."""
    return not _is_denied(slug) and ("/" not in slug or slug in table().proven)


def _is_denied(slug: str) -> bool:
    return slug in table().deny or slug.partition("/")[0] in table().deny


def _links(body: bytes, url: str, charset: str | None) -> Iterator[tuple[str, str | None]]:
    """(address, words) of a home page's links, those of its footers left out."""
    text, _ = encoding.decode(body, charset)
    for link in _navigation(markup.parse(text)):
        if address := urls.absolute(link.attributes["href"] or "", url):
            yield address, clean.line(link.text()) or None


def _navigation(tree: LexborHTMLParser) -> list[LexborNode]:
    links = tree.css("a[href]")
    below: set[int] = set()  # the footers' links
    for node in tree.css("footer, body [class*=foot i], body [id*=foot i]")[:_MOST_FOOTERS]:
        inside = {link.mem_id for link in node.css("a[href]")}
        # what holds most of the page's links is the page, whatever its class says of its footer
        if node.tag == "footer" or (_is_footer(node) and len(inside) * 2 <= len(links)):
            below |= inside
    return [link for link in links if link.mem_id not in below]


def _is_footer(node: LexborNode) -> bool:
    attributes = node.attributes
    return any(_FOOTER.search(attributes.get(name) or "") for name in ("class", "id"))
