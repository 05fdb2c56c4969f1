"""From what was found on a page to its Page: bylines out of the text, its kind, who spoke."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from crawler.extraction import (
    blocks,
    body,
    boilerplate,
    captions,
    published,
)
from crawler.extraction.body import Body
from crawler.extraction.document import PLAYERS, Document, Line
from crawler.extraction.heading import Heading
from crawler.extraction.published import Published
from crawler.items import Block, Extractor, Kind, NoArticle, Page
from crawler.site import block_pages
from crawler.site.urls import Address
from crawler.text import bylines, sources

_SHORT = 40  # characters of a byline that ends like a sentence: '（记者 孙川）。'
_BYLINE = 120  # characters: a longer paragraph is none, but may end in one
_OPENING = 2  # lines at the head of the text, and at its end, looked at for bylines
_CLOSING = 3
_SENTENCE_ENDS = ("。", "！", "？", "!", "?", "…")
_REPORTER = re.compile(r"[记記]者|通[讯訊][员員]|[实實][习習]生|[(（]|^[\[【〔]")
_LONG = 100  # characters: an article that shows no time and no source has a paragraph of so many
_FEW = 300  # characters: under so many, a player is the article and the words tell about it
_PER_PICTURE = 60  # characters a picture: under so many, the pictures are the article
_PLAYER = re.compile(
    r"player|video|\.mp4|\.m3u8|\.flv|/vod/|/live/|youku|bilibili|v\.qq\.com|iqiyi", re.IGNORECASE
)
_LETTERS = re.compile(r"[\u3400-\u9fffA-Za-z]{2}")  # not '来源：10.0.0.1'
_AUTHOR_LABEL = re.compile(r"记者|記者|作者|通[讯訊]员|撰文|评论员")
_FILM = re.compile(r"[\w/.-]\.(?:mp4|m3u8|flv)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of an article in its document."""

    heading: Heading
    text: Body
    time: Published
    source: tuple[str, Extractor] | None
    authors: list[str]
    editors: list[str]


def compose(
    doc: Document,
    address: Address,
    found: Found,
    warnings: list[str],
    *,
    proven: bool = False,
    marked: bool = False,
) -> Page:
    """The page that was found, its bylines out of the text.

    Unless it is `proven` that a page of the kind need not show time or source, short words that
    nothing beside them tells of are no article: 安全验证, 页面不存在. `marked`: the text is where a
    template has it.
    """
    head, text, source = found.heading, found.text, found.source
    time = published.complete(doc, found.time, address.url, address.day)
    authors = found.authors + [one for one in _take_bylines(text) if one not in found.authors]
    pieces, pictures = blocks.build(text, _base(doc, address.url), head.title)
    kind = _kind(doc, head, text, pictures=len(pictures), size=sum(len(b.text) for b in pieces))
    if kind == "gallery":
        signed = (bylines.photographers(one.caption or "") for one in pictures)
        authors += dict.fromkeys(words for words in signed if words)
    signature = _signature(source, authors, found) or ("template" if marked else "")
    none = _no_article(doc, found, [piece.text for piece in pieces], signature)
    # by the page: an older one's address tells the day, the paper's its source as well
    dated = time.words and time.by not in ("url", "generic")
    by_page = dated or (source and source[1] != "template")
    told = proven or by_page or authors or found.editors
    if kind != "video" and not told and not _is_long(pieces):
        kind, pieces, pictures = "article", [], []
    page = Page(
        url=address.url,
        id=address.id,
        generation=address.generation,
        kind=kind,
        pretitle=head.pretitle,
        title=head.title,
        subtitle=head.subtitle,
        published=time.words,
        source=source[0] if source else None,
        authors=authors,
        editors=found.editors,
        blocks=pieces,
        pictures=pictures,
        language=doc.language or doc.metas.get("content-language") or doc.metas.get("og:locale"),
        warnings=[*warnings, *filter(None, (head.warning, time.warning))],
        year_of=time.year_of,
        no_article=none,
    )
    page.extracted_by = _spoke(page, found, time)
    required = ("title", "published_at", "body")
    page.warnings += [f"{name}: not found" for name in required if name not in page.extracted_by]
    return page


def _spoke(page: Page, found: Found, time: Published) -> dict[str, Extractor]:
    """Field -> who gave it."""
    spoke: dict[str, tuple[object, Extractor | None]] = {
        "pretitle": (page.pretitle, "label"),
        "title": (page.title, found.heading.by),
        "subtitle": (page.subtitle, "label"),
        "published_at": (page.published, time.by),
        "source": (page.source, found.source[1] if found.source else None),
        "authors": (page.authors, "label"),
        "editors": (page.editors, "label"),
        "body": (page.blocks, "generic"),
        "images": (page.pictures, "generic"),
    }
    return {name: by for name, (value, by) in spoke.items() if value and by}


def _no_article(doc: Document, found: Found, texts: list[str], signature: str) -> NoArticle | None:
    if signature and not block_pages.is_headed(doc.title, found.heading.title):
        return None  # most pages
    parts = (part for line in doc.lines for part in line.parts)
    links = [text for text, _, is_link in parts if is_link and text.strip()]
    words = ["".join(text for text, _, is_link in line.parts if not is_link) for line in doc.lines]
    line = found.time.line
    shown = block_pages.Shown(
        doc.title,
        found.heading.title,
        [text for text in words if text and not boilerplate.is_footer(text)],
        texts,
        links,
        line is not None and bool(found.text.lines) and line.index < found.text.first,
        signature,
    )
    return block_pages.judge(doc.tree, shown)


def _signature(source: tuple[str, Extractor] | None, authors: list[str], found: Found) -> str:
    """Who a reader is told has made the page, in a word: no block page shows one."""
    if found.editors:
        return "editor"
    labelled = source is not None and sources.find(source[0]) and _LETTERS.search(source[0][3:])
    return "source" if labelled or any(map(_AUTHOR_LABEL.search, authors)) else ""


def _base(doc: Document, url: str) -> str:
    """What addresses on the page are relative to; a `<base>` that is no address does not count."""
    try:
        return urljoin(url, doc.base or "")
    except ValueError:
        return url


def _is_long(pieces: list[Block]) -> bool:
    """Is there a paragraph of some length, or several?"""
    sizes = [len(piece.text) for piece in pieces]
    return max(sizes, default=0) >= _LONG or sum(sizes) >= 2 * _LONG


def _take_bylines(text: Body) -> list[str]:
    """The bylines at the head and the end of the text, which leave it, and the one inside its first
    words, which stays."""
    box = text.box  # pictures that stand apart have words of their own
    spoken = [line for line in text.lines if line.text and box and line.box.within(box)]
    opening, over = _take(text, spoken, _OPENING)
    closing, _ = _take(text, spoken[: over - 1 if over else None : -1], _CLOSING)
    inside: list[str] = []
    for line in spoken[:over]:
        if _REPORTER.search(line.text, 0, _BYLINE) and (words := bylines.inline_byline(line.text)):
            inside.append(words)
    return opening + closing[::-1] + inside


def _take(text: Body, lines: list[Line], most: int) -> tuple[list[str], int]:
    """The bylines up to the line that is the last of `most` without one, and its number."""
    found: list[str] = []
    for number, line in enumerate(lines, 1):
        if words := _take_byline(text, line):
            found.append(words)
        else:
            most -= 1
        if not most:
            return found, number
    return found, len(lines)


def _take_byline(text: Body, line: Line) -> str | None:
    if line.text.endswith(_SENTENCE_ENDS) and len(line.text) > _SHORT:
        return None  # no byline does, and most paragraphs do
    rest, words = bylines.split_byline(line.text)
    if words is None or (rest and not bylines.authors(words)):  # 本报评论员 is nobody
        return None
    at = text.lines.index(line)
    if {one.role for one in bylines.authors(words)} == {"photographer"} and _is_caption(text, at):
        return None
    if body.lists_a_work(text.lines, at):
        return None
    text.lines[at : at + 1] = [line.cut(rest)] if rest else []
    return words


def _is_caption(text: Body, at: int) -> bool:
    """Is the line under a picture about that one? The last may be a byline of the article, set as
    its text is and not as the picture.
    """
    line, over = text.lines[at], text.lines[at - 1]
    if not at or all(part[0] for part in over.parts) or not captions.looks_like_one(line.text):
        return False
    box = text.box
    assert box is not None
    figure = next((one for one in over.box.ancestors(below=box) if one.tag == "figure"), None)
    apart = captions.is_centred(over, box) if figure is None else not line.box.within(figure)
    return not (apart and not captions.is_centred(line, box) and line is text.lines[-1])


def _kind(doc: Document, head: Heading, text: Body, *, pictures: int, size: int) -> Kind:
    if size < _FEW:
        first = head.last + 1 if head.last >= 0 else text.first
        last = text.last + 2 if text.lines else first + 30
        for line in doc.lines[first : last + 1]:
            if any(not words and _plays(node) for words, node, _ in line.parts):
                return "video"
        whole = not size and pictures < 3  # the player may stand anywhere
        box = doc.boxes[0] if whole else text.box
        scripts = box.node.css("script") if box is not None else []
        if any(_FILM.search(script.text()) for script in scripts):
            return "video"
        if whole and any(map(_holds_film, doc.boxes[0].node.css("div, p, span"))):
            return "video"
    if pictures and not size:
        return "gallery"
    return "gallery" if pictures >= 3 and size < _PER_PICTURE * pictures else "article"


def _holds_film(node: LexborNode) -> bool:
    """`<div data-url="….mp4">`, which a script makes a player of."""
    return any(value and _FILM.search(value) for value in node.attributes.values())


def _plays(node: LexborNode) -> bool:
    if node.tag in ("video", "embed"):
        return True
    attributes = node.attributes.values() if node.tag in PLAYERS else ()
    return _PLAYER.search(" ".join(value or "" for value in attributes)) is not None
