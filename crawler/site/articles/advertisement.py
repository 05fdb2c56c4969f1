"""The advertising picture that legacy pages have at the end of the text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.items import Page
from crawler.site import urls

from . import pictures
from .body import Body

# '/ad/2019.jpg', 'guanggao_01.gif', 'banner3.png', class="adv"
_NAMED = re.compile(r"(?:^|[/_.\s-])(?:ads?|adv|advert\w*|guanggao|ggw?|banner)(?=[\d/_.\s-]|$)")
_WORDS = re.compile(r"广告|推广")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp)$", re.IGNORECASE)


def drop(page: Page, text: Body) -> None:
    """Take the last picture out where words come before it, none tell about it, and it links
    elsewhere, is named like an advertisement, or is the only one without a caption."""
    if not page.pictures or page.blocks[-1].text or not any(one.text for one in page.blocks):
        return
    last = page.pictures[-1]
    node, linked = _place(last.url, page.url, text)
    if last.caption and not _WORDS.search(last.caption):
        return
    sure = bool(last.caption) or (node is not None and _says_so(node, linked, page))
    if not sure and any(one.caption is None for one in page.pictures[:-1]):
        return  # the pictures of this page have no captions
    if not sure:
        page.warnings.append(f"images: the last, {last.url}, taken for an advertisement")
    del page.pictures[-1], page.blocks[-1]
    if not page.pictures:
        page.extracted_by.pop("images", None)


def _place(url: str, base: str, text: Body) -> tuple[LexborNode | None, bool]:
    """The picture's element, and whether it is in a link."""
    for line in reversed(text.lines):
        for words, node, linked in reversed(line.parts):
            if not words and node.tag == "img" and pictures.address(node, base) == url:
                return node, linked
    return None, False


def _says_so(node: LexborNode, linked: bool, page: Page) -> bool:
    attributes = node.attributes
    names = " ".join(attributes.get(name) or "" for name in ("src", "class", "id")).lower()
    if _NAMED.search(names) or _WORDS.search(attributes.get("alt") or ""):
        return True
    return linked and _leads_away(node, page)


def _leads_away(node: LexborNode, page: Page) -> bool:
    """Neither to the picture itself, larger, nor to another page of this article."""
    link = node.parent
    while link is not None and link.tag != "a":
        link = link.parent
    href = (link.attributes.get("href") or "" if link is not None else "").strip()
    address = urls.absolute(href, page.url)
    if not href or address is None or _PICTURE_FILE.search(address):
        return False
    return urls.identify(address).id != page.id
