"""Which `<img>` is a picture of the article, where it is, and which words are its caption."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborNode

from crawler.text.clean import address as safe

from .document import Box, Line
from .heading import key

# Lazy loading keeps the address elsewhere and a placeholder in src.
_ADDRESSES = (
    "data-original", "data-src", "data-lazy-src", "data-lazy", "data-actualsrc", "data-echo",
    "data-url", "data-file", "original", "_src", "src2", "lazysrc", "file", "src",
)  # fmt: skip
_NO_ADDRESS = ("data:", "about:", "javascript:", "blob:")
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
_NO_PICTURE_WORDS = re.compile(
    r"二维码|扫一扫|扫码|logo|微信公众号|客户端下载|scan me|qr ?code", re.IGNORECASE
)
_NO_PICTURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:icon|ico|logo|qr|qrcode|avatar|emoji|face|hide|hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
# 'a_w16_h16.png', 'a-16x16.gif'
_SIZE_IN_NAME = re.compile(r"[_-]w\d{1,2}_h\d{1,2}(?!\d)|[_-]\d{1,2}x\d{1,2}(?!\d)")
_SMALLEST = 50  # pixels
_SIZE = re.compile(r"\d{1,5}")

_CAPTION_HINT = re.compile(
    r"caption|des(?:cr)?\b|(?:img|pic).?(?:txt|text|des|title|info)|tuzhu|tushuo", re.IGNORECASE
)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
# '图为会议现场。', '图中左二', '资料图', '通讯员刘娟 摄', '小花母亲供图', '新华社发（张三摄）'
_CAPTION = re.compile(
    r"^[▲△↑◎●■*（(]?\s?(?:上图|下图|左图|右图|图为|图中|图片?[：:]|图片说明|资料图|图源|图片来源"
    r"|图\s?\d{1,2}\b|截图)"
    r"|(?:摄影?|供图|图|制图|绘|配图|截图。?|资料图?|资料图片|图片|发|供稿)\s?[。）)】]?$"
    r"|\s(?:摄|图)[/／]?\S{2,8}$|图片?(?:由|来自|来源)[^。]{2,24}(?:提供|网络)?[。）)]?$"
    r"|(?:Courtesy of|Photo by|Photo:|The picture shows)\b",
    re.IGNORECASE,
)
_SURE_CAPTION = re.compile(r"^[▲△↑]?\s?图(?:为|中)[^\n]{2,200}$|^[▲△↑][^\n]{2,200}$")
_MARKS = re.compile(r"^[▲△↑▼◎\s]+|^(?:图片说明|图说|图注|图片描述)\s?[：:]\s?")
# '点击查看高清原图', 'image.png', '图片', 'IMG_0123.JPG', '1'
_NO_CAPTION = re.compile(
    r"点击[^。]{0,10}|.{0,60}\.(?:jpe?g|png|gif|webp|bmp)|(?:新闻)?(?:图片|插图|配图|大图|原图)\d{0,4}|图\d{0,3}|"
    r"[\w\-.=]{0,60}|img\W?.{0,20}|image\W?.{0,20}|undefined|null|输入图片.{0,10}",
    re.IGNORECASE | re.ASCII,
)


def address(node: LexborNode, base: str) -> str | None:
    """The picture's absolute address without a fragment; None for icons, codes and pixels."""
    attributes = node.attributes
    named = (attributes[name] for name in _ADDRESSES if name in attributes)
    found = next(filter(_is_address, named), None)
    if found is None:
        candidates = (attributes.get("srcset") or attributes.get("data-srcset") or "").split()
        found = candidates[0] if candidates else None
    if not found or _too_small(attributes):
        return None
    words = f"{attributes.get('alt') or ''} {attributes.get('title') or ''}"
    if (
        _NO_PICTURE.search(found.partition("?")[0].lower())
        or _SIZE_IN_NAME.search(found)
        or _NO_PICTURE_WORDS.search(words)
        or _NO_PICTURE_CLASS.search(attributes.get("class") or "")
    ):
        return None
    try:
        url = urldefrag(urljoin(base, found.strip())).url
    except ValueError:
        return None
    return safe(url) if url.startswith(("http://", "https://")) else None


def _is_address(value: str | None) -> bool:
    text = (value or "").strip().lower()
    if not text or text.startswith(_NO_ADDRESS):
        return False
    return not _PLACEHOLDER.search(text.partition("?")[0].rpartition("/")[2])


def alternative(node: LexborNode, title: str | None) -> str | None:
    """The picture's own words (alt, else title), if they say more than a file's name does."""
    attributes = node.attributes
    for name in ("alt", "title"):
        text = clean(" ".join((attributes.get(name) or "").split()))
        if len(text) >= 4 and not _NO_CAPTION.fullmatch(text) and key(text) != key(title or ""):
            return text
    return None


def clean(text: str) -> str:
    """A caption without the mark that points at the picture."""
    return _MARKS.sub("", text).strip()


def is_surely_caption(text: str) -> bool:
    """`图为会议现场。` is one, wherever it stands near a picture."""
    return _SURE_CAPTION.match(text) is not None


def is_caption(text: str, line: Line, picture: Line, words: str | None, body: Box) -> bool:
    """Do these words, the next after the picture, tell what it shows?

    They do if they repeat its alternative text, share its element, carry a photographer's name, or
    are short and set off from the paragraphs (centred, or so named by their class).
    """
    if words and _same(text, words):
        return True
    if len(text) > 250:
        return False
    if _CAPTION.search(text) and len(text) <= 160:
        return True
    if line.box.tag == "figcaption" or _hinted(line, body):
        return True
    if len(text) <= 120 and _shares_element(line.box, picture.box, body):
        return True
    return len(text) <= 60 and not picture.text and _centred(line, body)


def _same(a: str, b: str) -> bool:
    one, other = key(a), key(b)
    if len(one) < 6 or len(other) < 6:
        return one == other
    return one.startswith(other) or other.startswith(one)


def _shares_element(caption: Box, picture: Box, body: Box) -> bool:
    """Is there an element, smaller than the body, that holds the two and hardly more?"""
    for box in picture.ancestors(below=body):
        if box.last - box.first > 3:
            return False
        if caption.within(box):
            return True
    return False


def _hinted(line: Line, body: Box) -> bool:
    nodes = [line.parts[0][1], *(box.node for box in line.box.ancestors(below=body))]
    return any(_CAPTION_HINT.search(node.attributes.get("class") or "") for node in nodes[:4])


def _centred(line: Line, body: Box) -> bool:
    for box in line.box.ancestors(below=body):
        attributes = box.node.attributes
        if box.tag == "center" or (attributes.get("align") or "").lower() == "center":
            return True
        if _CENTRED.search(attributes.get("style") or ""):
            return True
    return False


def _too_small(attributes: dict[str, str | None]) -> bool:
    for name in ("width", "height"):
        size = _SIZE.match((attributes.get(name) or "").strip())
        if size and int(size[0]) < _SMALLEST and "%" not in (attributes.get(name) or ""):
            return True
    return False
