"""The URL grammar of workercn.cn: an address's generation, id, day and canonical form."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit

from crawler.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.items import Generation

HOST = "www.workercn.cn"
DOMAIN = "workercn.cn"
HOME = f"https://{HOST}/"
_MAIN_HOSTS: Final = (HOST, DOMAIN)
_MAIN_NAMES: Final = (*_MAIN_HOSTS, f"news.{DOMAIN}")
_DAY_FOLDERS = re.compile(r"/\d{4}-\d\d-\d\d$|/\d{6}/\d\d$", re.ASCII)

# /c/2024-02-29/8163816.shtml, and its further pages /c/2024-02-29/8163816_2.shtml
_MODERN = re.compile(r"/+c/(\d{4})-(\d\d)-(\d\d)/(\d{4,12})(?:_\d{1,3})?\.s?html?", re.ASCII)
# /32841/201901/18/190118124637372.shtml, also //32841/201901/18/190118124637372_2.shtml: folders,
# the day, and when it was filed (YYMMDDHHMMSSmmm), which is the id
_FILED = re.compile(
    r"((?:/+[\w-]+)+)/+(20\d\d)(\d\d)/+(\d\d)/+(\d{15})(?:_\d{1,3})?\.s?html?", re.ASCII
)
_FILED_AT = re.compile(r"/(\d{15})(?:_\d{1,3})?\.s?html?$", re.ASCII)
# /cj/34179/6650123.shtml: what else may have been an article of 2021
_NUMBERED = re.compile(r"((?:/+[\w-]+)+)/+(\d{6,18})(?:_\d{1,3})?\.s?html?", re.ASCII)
# /papers/grrb/2024/07/12/6/news-1.html; plates are written 6 and 06
_STORY = re.compile(
    r"/+papers/+grrb/+(20\d\d)/+(\d\d)/+(\d\d)/+(\d{1,3})/+news-(\d{1,4})\.s?html?", re.ASCII
)
# /papers/grrb/2024/07/12/6/page.html
_PLATE = re.compile(r"(/+papers/+grrb/+(20\d\d)/+(\d\d)/+(\d\d)/+(\d{1,3}))/+\w.*", re.ASCII)
_MIRROR = f"big5.{DOMAIN}"
_MIRRORED = re.compile(r"/+big5/+((?:[\w-]+\.)*[\w-]+)(/.*)", re.ASCII)  # /big5/news.workercn.cn/…
_PAGE = re.compile(r"(?:_(\d{1,3}))?(\.s?html?)$", re.ASCII)  # 190118124637372_2.shtml

# character, acftu2024, tu-news, pl/pl: one folder directly under the host, or one in that
_FOLDER = r"[A-Za-z][A-Za-z0-9_-]{0,40}"
_SLUG = re.compile(rf"{_FOLDER}(?:/{_FOLDER})?", re.ASCII)
_INDEX = re.compile(r"/index\.s?html?$", re.ASCII | re.IGNORECASE)
# /edu/, /edu/gongyi, /2024/lianghui/index.shtml, /edu/list.shtml: what a section may be called
_LIKE_A_SECTION = re.compile(r"(?:/+[^/.]+){1,3}(?:/+(?:(?:index|list)\.s?html?)?)?", re.IGNORECASE)
_LEGACY_SECTION = re.compile(r"[a-z][a-z0-9]{0,20}(?:/\d{1,8})?", re.ASCII)  # news/32841, news
_COLUMN = re.compile(r"[a-z]{2,12}/\d{4,8}", re.ASCII)  # cj/34179
# //32847/201901/18/1.shtml: a doubled slash before a folder, which no host is called
_DOUBLED_SLASH = re.compile(r"\A//+(?=\d+/)", re.ASCII)
_UNSEEN = re.compile(r"[\0- \x7f-\x9f]")


class Address(NamedTuple):
    """What an address says about the page behind it."""

    url: str  # canonical: no query, no fragment, no page number
    generation: Generation
    id: str
    day: date | None  # bounds the day of publication, it is not the time of it


@lru_cache(maxsize=64)  # spider, table and parser each ask
def identify(url: str) -> Address:
    """Read an address; one of no known generation is `generic`.

    Raises ValueError for what is no http(s) or file address.
    """
    parts = _original(_split(url))
    if belongs(parts):
        for read in (_modern, _filed, _numbered, _story):
            if address := read(_host(parts), parts.path):
                return address
    plain = parts._replace(query="", fragment="").geturl()
    # Elsewhere the query may be what names the article (?id=17), so it takes part in the id.
    digest = hashlib.sha256(parts._replace(fragment="").geturl().encode()).hexdigest()
    return Address(plain, "generic", digest[:16], None)


def _modern(host: str, path: str) -> Address | None:
    match = _MODERN.fullmatch(path)
    if match is None or (day := _day(*match.group(1, 2, 3))) is None:
        return None
    number = match[4]
    return Address(f"https://{host}/c/{day.isoformat()}/{number}.shtml", "modern", number, day)


def _filed(host: str, path: str) -> Address | None:
    match = _FILED.fullmatch(path)
    if match is None or (day := _day(*match.group(2, 3, 4))) is None:
        return None
    generation: Generation = "json2021" if host in _MAIN_HOSTS else "legacy"
    folders = _single_slashes(match[1])
    return Address(
        f"http://{host}{folders}/{day:%Y%m/%d}/{match[5]}.shtml", generation, match[5], day
    )


def _numbered(host: str, path: str) -> Address | None:
    """An address of 2021 whose exact shape nobody has shown: a number under www."""
    match = _NUMBERED.fullmatch(path)
    if match is None or host not in _MAIN_HOSTS:
        return None
    folders, number = _single_slashes(match[1]), match[2]
    # /c/ is the modern articles', and /341790/341790.shtml is a section's page
    if folders.startswith("/c/") or folders.endswith(f"/{number}"):
        return None
    filed = _filing_time(number)
    url = f"http://{host}{folders}/{number}.shtml"
    return Address(url, "json2021", number, filed.date() if filed else None)


def _story(host: str, path: str) -> Address | None:
    match = _STORY.fullmatch(path)
    if match is None or host not in _MAIN_HOSTS or (day := _day(*match.group(1, 2, 3))) is None:
        return None
    plate, story = match.group(4, 5)
    return Address(
        f"https://{host}/papers/grrb/{day:%Y/%m/%d}/{plate}/news-{story}.html",
        "paper",
        f"{stories_of(day, int(plate))}{int(story)}",
        day,
    )


def place(url: str) -> str:
    """Where an article's canonical address leads, whatever of the site's names it is called by:
    `news.` and the bare domain have what `www.` has.
    """
    parts = urlsplit(url)
    host = HOST if _host(parts) in _MAIN_NAMES else _host(parts)
    return f"{host}{parts.path}"


def ids(url: str) -> Iterator[str]:
    """The ids that an article may have, from the plain one on: where that is another article's, one
    with its host's label before it, then one with host and folder.

    >>> list(ids("http://hb.workercn.cn/32841/201901/18/190118124637372.shtml"))
    ['190118124637372', 'hb-190118124637372', 'hb-32841-190118124637372']
    """
    plain = identify(url).id
    parts = urlsplit(url)
    label = _host(parts).removesuffix(DOMAIN).strip(".").replace(".", "-") or "www"
    folders = _DAY_FOLDERS.sub("", parts.path.rpartition("/")[0]).strip("/").replace("/", "-")
    yield from (plain, f"{label}-{plain}", f"{label}-{folders}-{plain}")


def is_article(url: str) -> bool:
    """Is this the address of an article of this site?"""
    try:
        return identify(url).generation != "generic"
    except ValueError:
        return False


def belongs(parts: SplitResult) -> bool:
    """Is this an http(s) address of workercn.cn or one of its subdomains?

    One with a name and password is none: each would be a host of its own, with its own robots.txt.
    """
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return False
    return f".{_host(parts)}".endswith(f".{DOMAIN}")


def is_ours(url: str) -> bool:
    """The same of an address that is not split yet; False for what is no address."""
    try:
        return belongs(urlsplit(url.strip()))
    except ValueError:
        return False


def is_slug(text: str) -> bool:
    return _SLUG.fullmatch(text) is not None


def section_page(slug: str) -> str:
    """Where a modern section's first listing page is."""
    return f"https://{HOST}/{slug}/"


def section_json(slug: str, page: int) -> str:
    """Where its older entries are; `page` counts from 2, the section page being the first.

    Seen of sections of one level; of `pl/pl` nobody has shown it.
    """
    return f"https://{HOST}/json/{slug}/index_{page}.json"


def is_legacy_section(code: str) -> bool:
    """`news/32841`, or `news` for the channel's root."""
    return _LEGACY_SECTION.fullmatch(code) is not None


def legacy_section(code: str) -> str:
    """The listing page of a section of the legacy site.

    >>> legacy_section("news/32841"), legacy_section("news")
    ('http://news.workercn.cn/32841/32841.shtml', 'http://news.workercn.cn/')
    """
    channel, _, number = code.partition("/")
    return f"http://{channel}.{DOMAIN}/" + (f"{number}/{number}.shtml" if number else "")


def is_column(code: str) -> bool:
    """`cj/34179`: a column of 2021?"""
    return _COLUMN.fullmatch(code) is not None


def json2021_page(code: str, page: int) -> str:
    """A listing page of a column of 2021; `page` counts from 1."""
    return f"http://{HOST}/json/{code}_{page}.json"


def paper_front(day: date, plate: int = 1) -> str:
    """The page of one plate of the paper; the first is the issue's front page."""
    return f"https://{HOST}/papers/grrb/{day:%Y/%m/%d}/{plate}/page.html"


def plate_of(url: str) -> int | None:
    """The number of the plate that an address under /papers/grrb/ is about."""
    match = _plate(url)
    return int(match[5]) if match else None


def stories_of(day: date, plate: int) -> str:
    """What the ids of the stories on a plate begin with."""
    return f"grrb-{day:%Y%m%d}-{plate}-"


def issue_of(url: str) -> date | None:
    """The day of the issue of the paper that an address under /papers/grrb/ is about."""
    match = _plate(url)
    return _day(*match.group(2, 3, 4)) if match else None


def search(query: str, since: date | None, until: date | None, page: int, size: int) -> str:
    """A page of the search's answer, newest first; `page` counts from 0, `size` is 10 or 15."""
    words = {
        "query": query,
        "siteID": 122,
        "type": "",
        "sort": "publishDate",
        "startDate": since or "",
        "endDate": until or "",
        "catalogID": "",
        "pageIndex": page,
        "pageSize": size,
    }
    return f"{HOME}cms/front/search/result?{urlencode(words)}"


def page_of(url: str, number: int) -> str:
    """The address of page `number` of an article or listing of several pages; page 1 has none.

    >>> page_of("http://news.workercn.cn/32841/32841.shtml", 2)
    'http://news.workercn.cn/32841/32841_2.shtml'
    """
    return _PAGE.sub(rf"_{number}\2" if number > 1 else r"\2", url, count=1)


def page_number(url: str) -> int:
    """Which page of a longer article an address is: `…372_2.shtml` is 2, `…372.shtml` is 1."""
    match = _PAGE.search(urlsplit(url.strip()).path)
    return int(match[1] or 1) if match else 1


def filing_time(url: str) -> datetime | None:
    """When a legacy article was filed, in site time, as its file name says to the millisecond."""
    match = _FILED_AT.search(urlsplit(url.strip()).path)
    return _filing_time(match[1]) if match else None


def slug_of(url: str) -> str | None:
    """The section that an address of the home page's navigation leads to, None for any other.

    >>> slug_of("https://www.workercn.cn/character/"), slug_of("https://workercn.cn/pl/pl/index.shtml")
    ('character', 'pl/pl')
    """
    folder = _folder(url)
    return folder if folder and is_slug(folder) else None


def is_home(url: str) -> bool:
    """Is this the site's home page, under whatever of its names?"""
    return _folder(url) == ""


def _folder(url: str) -> str | None:
    """Where on the main host an address leads; None for any other host's."""
    try:
        parts = _split(url)
    except ValueError:
        return None
    if not belongs(parts) or _host(parts) not in _MAIN_HOSTS:
        return None
    return _INDEX.sub("", _single_slashes(parts.path)).strip("/")


def looks_like_a_section(url: str) -> bool:
    """Might a section be called so: a folder of the site, or a subdomain's root?"""
    try:
        parts = _split(url)
    except ValueError:
        return False
    if not belongs(parts) or _host(parts) == _MIRROR or is_article(url):
        return False
    if parts.path.strip("/"):
        return _LIKE_A_SECTION.fullmatch(parts.path) is not None
    return _host(parts) not in _MAIN_HOSTS


def absolute(href: str, base: str) -> str | None:
    """The http(s) address that `href` means on the page `base`, None if it means none.

    JSON listings leave out the leading slash of a path of the whole site (`c/2025-12-01/1.shtml`),
    legacy ones double it. Blanks and control characters inside it are escaped, as browsers do.
    """
    href = _DOUBLED_SLASH.sub("/", href.strip())
    if re.match(r"c/\d{4}-", href):
        href = "/" + href
    try:
        url = _UNSEEN.sub(lambda match: quote(match[0]), urljoin(base, href))
        _split(url)
    except ValueError:
        return None
    return clean.address(url) if url.startswith(("http://", "https://")) else None


def _split(url: str) -> SplitResult:
    parts = urlsplit(url.strip())  # raises ValueError itself for http://[::1
    if parts.scheme == "file" and parts.path:
        return parts
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no http(s) address")
    _ = parts.port  # raises ValueError for http://host:99999
    return parts


def _original(parts: SplitResult) -> SplitResult:
    """Where a page of the Traditional-script mirror is mirrored from; any other address itself.

    `http://big5.workercn.cn/big5/news.workercn.cn/32841/32841.shtml`
    """
    if _host(parts) != _MIRROR or not (match := _MIRRORED.fullmatch(parts.path)):
        return parts
    original = parts._replace(scheme="http", netloc=match[1], path=match[2])
    return original if belongs(original) else parts


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".")


def _plate(url: str) -> re.Match[str] | None:
    parts = urlsplit(url.strip())
    return _PLATE.fullmatch(parts.path) if _host(parts) in _MAIN_HOSTS else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None  # 2024-02-30 is no day, so this is no address of an article


def _filing_time(digits: str) -> datetime | None:
    """`190118124637372` -> 2019-01-18 12:46:37.372."""
    if len(digits) != 15:
        return None
    year, month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(0, 12, 2))
    try:  # strptime takes twenty times as long
        return datetime(2000 + year, month, day, hour, minute, second, int(digits[12:]) * 1000)
    except ValueError:
        return None


def _single_slashes(path: str) -> str:
    return re.sub("/+", "/", path)
