"""The page reader: decode, parse once, find heading and text, read the labels around them.

`generic` and `modern` are this engine with what is known of their pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from crawler.items import Kind, Page
from crawler.site.urls import identify
from crawler.text import bylines, encoding

from . import blocks, body, document, heading, labels
from .document import PLAYERS, Document, Line

_FEW = 300  # characters: under so many, a player is the article and the words tell about it
_PER_PICTURE = 60  # characters a picture: under so many, the pictures are the article
_PLAYER = re.compile(r"player|video|\.mp4|\.m3u8|\.flv|/vod/|/live/|youku|bilibili|v\.qq\.com|iqiyi", re.IGNORECASE)
_FILM = re.compile(r"[\w/.\-]{1,200}\.(?:mp4|m3u8|flv)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Template:
    """What is known beforehand of a family of pages."""

    suffixes: tuple[str, ...] = ()  # names behind the title in the title tag


def read(body_: bytes, url: str, *, charset: str | None, template: Template) -> Page:
    """One article page in its own words.

    `charset` is what the HTTP header said. Raises ValueError for an address that is none.
    """
    address = identify(url)
    markup, warnings = encoding.decode(body_, charset)
    doc = document.read(markup)
    page = Page(
        url=address.url, id=address.id, generation=address.generation, warnings=list(warnings)
    )
    base = urljoin(url, doc.base) if doc.base else url
    head = heading.find(doc, template.suffixes)
    text = body.find(doc, head)
    around = labels.zones(doc, head, text)

    page.title, page.pretitle, page.subtitle = head.title, head.pretitle, head.subtitle
    for name, value in (("title", head.title), ("pretitle", head.pretitle), ("subtitle", head.subtitle)):
        if value and head.by:
            page.extracted_by[name] = head.by
    if head.warning:
        page.warnings.append(head.warning)
    page.language = doc.language or doc.metas.get("content-language") or doc.metas.get("og:locale")
    time = labels.read_published(page, doc, head, around)
    labels.read_source(page, doc, around, time)
    labels.read_people(page, text, around)
    _take_bylines(page, text)
    page.blocks, page.pictures = blocks.build(text, base, head.title)
    page.kind = _kind(page, doc, head, text)
    if page.blocks:
        page.extracted_by["body"] = "generic"
    for name, missing in (("title", not page.title), ("published_at", not page.published)):
        if missing:
            page.warnings.append(f"{name}: not found")
    if not any(block.text for block in page.blocks) and page.kind == "article":
        page.warnings.append("body: not found")
    return page


def _take_bylines(page: Page, text: body.Body) -> None:
    """Move the bylines at the head and the end of the text to the authors."""
    spoken = [line for line in text.lines if line.text]
    for line in [*spoken[:2], *spoken[2:][-3:]]:
        rest, words = bylines.split_byline(line.text)
        if words is not None and bylines.authors(words):
            if words not in page.authors:
                page.authors.append(words)
            if rest:
                _shorten(line, rest)
            else:
                text.lines.remove(line)
        elif line in spoken[:2] and (words := bylines.inline_byline(line.text)):
            if words not in page.authors:
                page.authors.append(words)
    if page.authors:
        page.extracted_by.setdefault("authors", "label")


def _shorten(line: Line, rest: str) -> None:
    """Cut the line after `rest`, white space aside."""
    left = len("".join(rest.split()))
    parts: list[document.Part] = []
    for text, node, link in line.parts:
        if not text:
            parts.append((text, node, link))
            continue
        end = 0
        while end < len(text) and left:
            left -= not text[end].isspace()
            end += 1
        if end:
            parts.append((text[:end], node, link))
    line.parts, line.text = parts, rest


def _kind(page: Page, doc: Document, head: heading.Heading, text: body.Body) -> Kind:
    length = sum(len(block.text) for block in page.blocks)
    first = max(head.last + 1, 0) if head.first >= 0 else text.first
    last = text.last + 2 if text.lines else first + 30
    if length < _FEW:
        for line in doc.lines[first : last + 1]:
            for words, node, _ in line.parts:
                if not words and node.tag in PLAYERS and _plays(node):
                    return "video"
        if text.box is not None and _FILM.search(" ".join(_scripts(text.box.node))):
            return "video"
    if len(page.pictures) >= 3 and length < _PER_PICTURE * len(page.pictures):
        return "gallery"
    return "article"


def _plays(node: document.LexborNode) -> bool:
    attributes = node.attributes
    if node.tag in ("video", "embed"):
        return True
    return _PLAYER.search(" ".join(value or "" for value in attributes.values())) is not None


def _scripts(node: document.LexborNode) -> list[str]:
    return [script.text() for script in node.css("script")]
