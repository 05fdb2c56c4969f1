"""The URL grammar of workercn.cn: an address's generation, id, day and canonical form."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

if TYPE_CHECKING:
    from crawler.items import Generation

HOST = "www.workercn.cn"
DOMAIN = "workercn.cn"
HOME = f"https://{HOST}/"

# /c/2024-02-29/8163816.shtml, and its further pages /c/2024-02-29/8163816_2.shtml
_MODERN = re.compile(r"/+c/(\d{4})-(\d\d)-(\d\d)/(\d{4,12})(?:_\d{1,3})?\.s?html?", re.ASCII)
# character, acftu2024, tu-news: one folder directly under the host
_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,40}", re.ASCII)


class Address(NamedTuple):
    """What an address says about the page behind it."""

    url: str  # canonical: no query, no fragment, no page number
    generation: Generation
    id: str
    day: date | None  # bounds the day of publication, it is not the time of it


def identify(url: str) -> Address:
    """Read an address; one of no known generation is `generic`.

    Raises ValueError for what is no http(s) or file address.
    """
    parts = _split(url)
    if belongs(parts) and (match := _MODERN.fullmatch(parts.path)):
        year, month, day, number = match.groups()
        try:
            filed = date(int(year), int(month), int(day))
        except ValueError:
            pass  # 2024-02-30 is no day, so this is no address of an article
        else:
            host = (parts.hostname or "").rstrip(".")
            return Address(
                f"https://{host}/c/{filed.isoformat()}/{number}.shtml", "modern", number, filed
            )
    plain = parts._replace(query="", fragment="").geturl()
    # Elsewhere the query may be what names the article (?id=17), so it takes part in the id.
    digest = hashlib.sha256(parts._replace(fragment="").geturl().encode()).hexdigest()
    return Address(plain, "generic", digest[:16], None)


def is_article(url: str) -> bool:
    """Is this the address of an article of this site?"""
    try:
        return identify(url).generation != "generic"
    except ValueError:
        return False


def belongs(parts: SplitResult) -> bool:
    """Is this an http(s) address of workercn.cn or one of its subdomains?"""
    host = (parts.hostname or "").rstrip(".")
    return parts.scheme in ("http", "https") and (host == DOMAIN or host.endswith("." + DOMAIN))


def is_slug(text: str) -> bool:
    return _SLUG.fullmatch(text) is not None


def section_page(slug: str) -> str:
    """Where a modern section's first listing page is."""
    return f"https://{HOST}/{slug}/"


def section_json(slug: str, page: int) -> str:
    """Where its older entries are; `page` counts from 2, the section page being the first."""
    return f"https://{HOST}/json/{slug}/index_{page}.json"


def slug_of(url: str) -> str | None:
    """The section that an address of the home page's navigation leads to, None for any other.

    >>> slug_of("https://www.workercn.cn/character/"), slug_of("https://www.workercn.cn/papers/grrb/")
    ('character', None)
    """
    try:
        parts = _split(url)
    except ValueError:
        return None
    folder = parts.path.removesuffix("/")[1:]
    if parts.hostname != HOST or parts.query or not parts.path.endswith("/"):
        return None
    return folder if is_slug(folder) else None


def absolute(href: str, base: str) -> str | None:
    """The http(s) address that `href` means on the page `base`, None if it means none.

    JSON listings leave out the leading slash of a path of the whole site (`c/2025-12-01/1.shtml`).
    """
    href = href.strip()
    if re.match(r"c/\d{4}-", href):
        href = "/" + href
    try:
        url = urljoin(base, href)
        _split(url)
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None


def _split(url: str) -> SplitResult:
    parts = urlsplit(url.strip())  # raises ValueError itself for http://[::1
    if parts.scheme == "file" and parts.path:
        return parts
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no http(s) address")
    _ = parts.port  # raises ValueError for http://host:99999
    return parts
