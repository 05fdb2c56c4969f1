"""Which `<img>` is a picture of the article, and the address of the largest there is of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from crawler.text.clean import address as safe

# Lazy loading keeps the address elsewhere and a placeholder in src. From the largest on:
_ADDRESSES = (
    "data-original", "data-src", "data-lazy-src", "data-lazy", "data-actualsrc", "data-echo",
    "data-url", "data-file", "original", "_src", "src2", "lazysrc", "file",
)  # fmt: skip
# 'data-large', 'data-hd-src', 'data-origin', 'data-zoom-image': in full size
_FULL_SIZE = re.compile(r"data-.*(?:orig|large|big|full|hd|high|zoom|raw|max|huge|hires|2x)")
# 'data-thumb', 'data-src-small': a smaller one than the page shows
_SMALLER = re.compile(
    r"small|thumb|mini|min\b|preview|placeholder|low|lq|blur|tiny|default|error|avatar"
)
_FILE = re.compile(
    r"(?:https?:|/|\.)?[^\s<>{}]{1,400}\.(?:jpe?g|png|webp|gif|bmp|avif)(?:[?!@#_:]\S{0,400})?",
    re.I,
)
# '600w', '1.5x', and where no blank follows the comma: '600w,b.jpg'
_DESCRIPTOR = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)[wx](?:,(\S{0,2000}))?")
_MOST_CANDIDATES = 60  # words of a srcset
_LONGEST_SET = 20_000  # characters of it
_WINDOW = re.compile(r"min-width\s*:\s*(\d{1,5})")  # of a `<source media>`
_ONE = 1.0  # the size of a candidate that tells none
_NO_ADDRESS = ("data:", "about:", "javascript:", "blob:", "file:")
_PLACEHOLDER = re.compile(  # in a file's name
    r"(?:blank|loading|placeholder|spacer|pixel|1x1|transparent|default|lazyload|gr[ea]y|white|none)"
    r"[\w-]{0,12}\.(?:gif|png|jpe?g|svg)"
)
# '/icons/end_tech.png', 'logo01.png', 'code_wx.jpg', 'ewm.png', 'next_page.jpg', 'share-btn.png'
_NO_PICTURE = re.compile(
    r"(?:^|[/_\-.])(?:icons?|ico|logos?|qr|qrcode|ewm|erweima|wx|weixin|wechat|avatars?|share|arrow|"
    r"btn|button|emoji|emotion|face|weibo|bullet|dot|line|next_?page|prev_?page)"
    r"(?=[\d_\-./?]|$)|(?:logo|qrcode|erweima)[^/]{0,20}$|\.svg$"
)
# '/upload/ad/2.jpg', '/banner/top.png', '//ads.example.com/1.gif'
_AD_FOLDER = re.compile(
    r"/(?:ads?|adv|adverts?|advertis\w{1,12}|ad_?(?:img|pic|image)s?|guang_?gao|banners?|tuiguang|sponsors?|promos?)/"
    r"|//(?:ads?|adv|guanggao)\d{0,2}\."
)
_NO_PICTURE_WORDS = re.compile(
    r"二维码|扫一扫|扫码|logo|微信公众号|客户端下载|scan me|qr ?code", re.IGNORECASE
)
_NO_PICTURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:icon|ico|logo|qr|qrcode|avatar|emoji|face|hide|hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
# 'a_w16_h16.png', 'a-16x16.gif'
_SIZE_IN_NAME = re.compile(r"[_-]w\d{1,2}_h\d{1,2}(?!\d)|[_-]\d{1,2}x\d{1,2}(?!\d)")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|avif)$", re.IGNORECASE)
_SECOND_LEVEL = frozenset(("com", "net", "org", "gov", "edu", "co", "ac"))  # of a country
_SMALLEST = 50  # pixels
_SIZE = re.compile(r"\d{1,5}")


def address(node: LexborNode, base: str) -> str | None:
    """The absolute address, without a fragment, of the largest there is of a picture; None for
    what is none of the article."""
    found = written(node)
    if found is None:
        return None
    try:
        url = urljoin(base, found).partition("#")[0]
    except ValueError:
        return None
    return safe(url) if url.startswith(("http://", "https://")) else None


def written(node: LexborNode) -> str | None:
    """The same as the page writes it; None for icons, codes, pixels and what lies in a folder of
    advertisements."""
    attributes = node.attributes
    if _too_small(attributes):
        return None
    words = f"{attributes.get('alt') or ''} {attributes.get('title') or ''}"
    if _NO_PICTURE_WORDS.search(words) or _NO_PICTURE_CLASS.search(attributes.get("class") or ""):
        return None
    found = _largest(node, attributes) or _without_script(node)
    if not found:
        return None
    path = found.partition("?")[0].lower()
    if _NO_PICTURE.search(path) or _SIZE_IN_NAME.search(found) or _AD_FOLDER.search(path):
        return None
    return found.strip()


def _largest(node: LexborNode, attributes: dict[str, str | None]) -> str | None:
    names = [name for name in attributes if name.startswith("data-") and not _SMALLER.search(name)]
    full = [name for name in names if _FULL_SIZE.match(name)]
    known = [name for name in _ADDRESSES if name in attributes and name not in full]
    found = _first(attributes, full, strict=True) or _of_sets(node, attributes)
    found = found or _first(attributes, [*known, "src"])
    if found is None:  # a placeholder, and an address nobody foresaw
        found = _first(attributes, [name for name in names if name not in known], strict=True)
    return found or _of_sets(node, attributes, least=_ONE)


def _first(
    attributes: dict[str, str | None], names: Iterable[str], *, strict: bool = False
) -> str | None:
    """The first that is an address; `strict`: of a picture's file, as far as its name tells."""
    for name in names:
        value = (attributes.get(name) or "").strip()
        if _is_address(value) and (not strict or name in _ADDRESSES or _FILE.fullmatch(value)):
            return value
    return None


def _of_sets(
    node: LexborNode, attributes: dict[str, str | None], least: float = 1.001
) -> str | None:
    """The largest of srcset, and of the `<source>` beside the picture, if it is large enough."""
    sets = [(attributes.get(name), _ONE) for name in ("srcset", "data-srcset", "data-lazy-srcset")]
    around = node.parent
    if around is not None and around.tag == "picture":
        for source in around.css("source"):
            get = source.attributes.get
            window = _WINDOW.search(get("media") or "")
            size = float(window[1]) if window else _ONE
            sets += [(get("srcset"), size), (get("data-srcset"), size)]
    best: tuple[float, str] | None = None
    for value, usual in sets:
        for url, described in _candidates(value) if value else ():
            size = described or usual
            if _is_address(url) and size >= least and (best is None or size > best[0]):
                best = size, url
    return best[1] if best else None


def _candidates(srcset: str) -> Iterator[tuple[str, float | None]]:
    """Each address and its descriptor's number; a comma within an address is a part of it."""
    url = ""
    for word in srcset[:_LONGEST_SET].split()[:_MOST_CANDIDATES]:
        described = _DESCRIPTOR.fullmatch(word) if url else None
        if described:
            yield url, float(described[1])
            url = described[2] or ""
            continue
        if url:
            yield url, None
        url = word.lstrip(",")
        if url.endswith(","):
            yield url.rstrip(","), None
            url = ""
    if url:
        yield url, None


def _without_script(node: LexborNode) -> str | None:
    """The address in the `<noscript>` beside a placeholder."""
    sides = ((one, side) for one in (node, node.parent) for side in ("next", "prev"))
    for beside in (_sibling(one, side) for one, side in sides if one is not None):
        if beside is not None and beside.tag == "noscript":
            image = beside.css_first("img")
            if image is not None and not _too_small(image.attributes):
                return _largest(image, image.attributes)
    return None


def _sibling(node: LexborNode, side: str) -> LexborNode | None:
    """The next element on that side, white space aside."""
    beside: LexborNode | None = getattr(node, side)
    if beside is not None and beside.tag == "-text" and not (beside.text_content or "").strip():
        beside = getattr(beside, side)
    return beside


def link_of(node: LexborNode) -> str:
    """The href of the link around it, as the page writes it; '' where there is none."""
    link: LexborNode | None = node
    while link is not None and link.tag != "a":
        link = link.parent
    return (link.attributes.get("href") or "" if link is not None else "").strip()


def leads_away(node: LexborNode, base: str) -> bool:
    """Does its link leave the site for what is no picture?"""
    try:
        target, here = urlsplit(urljoin(base, link_of(node))), urlsplit(base).hostname
        there = target.hostname
    except ValueError:
        return False
    if not here or not there or _PICTURE_FILE.search(target.path):
        return False
    return _site(there) != _site(here)


def _site(host: str) -> str:
    """'news.example.com.cn' -> 'example.com.cn'."""
    labels = host.split(".")
    if labels[-1].isdigit():
        return host
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if shared else -2 :])


def _is_address(value: str | None) -> bool:
    text = (value or "").strip().lower()
    if not text or text.startswith(_NO_ADDRESS):
        return False
    return not _PLACEHOLDER.search(text.partition("?")[0].rpartition("/")[2])


def _too_small(attributes: dict[str, str | None]) -> bool:
    for name in ("width", "height"):
        size = _SIZE.match((attributes.get(name) or "").strip())
        if size and int(size[0]) < _SMALLEST and "%" not in (attributes.get(name) or ""):
            return True
    return False
