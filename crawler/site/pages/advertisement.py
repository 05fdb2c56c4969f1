"""The advertising picture that legacy pages have at the end of the text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.extraction import pictures
from crawler.extraction.body import Body
from crawler.items import Page
from crawler.site import urls

# '/ad/640.jpg', 'guanggao_01.gif', 'banner3.png', class="adv"
_NAMED = re.compile(r"(?:^|[/_.\s-])(?:ads?|adv|advert\w*|guanggao|ggw?|banner)(?=[\d/_.\s-]|$)")
_WORDS = re.compile(r"广告|推广")
# '/files/201901/18/1.jpg', '/image/2019/01/18/1.jpg': an article's; '/images/end.jpg': every page's
_DATED = re.compile(r"20\d\d[-/]?[01]\d")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp)$", re.IGNORECASE)


def drop(page: Page, text: Body) -> None:
    """Take the picture that ends the text out if it is an advertisement.

    It is one if its words say so, or if it has none and leads elsewhere, is named like one, or is
    the same on every page. One without words that may be the article's stays, with a warning.
    """
    if not page.pictures or page.blocks[-1].text or not any(one.text for one in page.blocks):
        return
    last = page.pictures[-1]
    if last.caption and not _WORDS.search(last.caption):
        return
    if not last.caption and not _says_so(last.url, page, text):
        if all(one.caption for one in page.pictures[:-1]):  # where others have none, why should it
            page.warnings.append(f"images: {last.url} ends the text without words")
        return
    del page.pictures[-1], page.blocks[-1]
    if not page.pictures:
        page.extracted_by.pop("images", None)


def _says_so(url: str, page: Page, text: Body) -> bool:
    if not _DATED.search(url):
        return True
    for line in reversed(text.lines):
        for words, node, linked in reversed(line.parts):
            if not words and node.tag == "img" and pictures.address(node, page.url) == url:
                values = node.attributes
                names = " ".join(values.get(name) or "" for name in ("src", "class", "id", "alt"))
                if _NAMED.search(names.lower()) or _WORDS.search(names):
                    return True
                return linked and _leads_away(node, page)
    return False


def _leads_away(node: LexborNode, page: Page) -> bool:
    """Neither to the picture itself, larger, nor to another page of this article."""
    href = pictures.link_of(node)
    address = urls.absolute(href, page.url)
    if not href or address is None or _PICTURE_FILE.search(address):
        return False
    return urls.identify(address).id != page.id
