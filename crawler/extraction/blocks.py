"""The body's lines as blocks of markup and words, and its pictures with their captions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from crawler.extraction import captions, pictures
from crawler.extraction.body import Body
from crawler.extraction.document import HEADINGS, Box, Line, Part, squeeze
from crawler.items import Block, Picture
from crawler.text import clean
from crawler.text.clean import key

_WHITE = re.compile(r"\s+")
_MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "sub": "sub", "sup": "sup"}
_FEW_WORDS = 25  # characters
_SEVERAL = 3  # pictures with a few words under them
_MOST_IN_PARAGRAPH = 20  # lines of a picture's box; more is no paragraph
_DEEPEST_MARK = 12  # inline elements looked through; more is a page gone wrong
_HEADING = {"h1": "h2", "h5": "h4", "h6": "h4"}


@dataclass(slots=True)
class _Words:
    """A stretch of a line's text; a picture in the line cuts it."""

    text: str
    html: str
    line: Line
    group: Box | None  # the table, list or quotation it is part of


@dataclass(slots=True)
class _Shown:
    """A picture in its place."""

    picture: Picture
    line: Line
    words: str | None  # its alternative text


def build(body: Body, base: str, title: str | None) -> tuple[list[Block], list[Picture]]:
    """Blocks in reading order (a picture's is a figure with empty text), and the pictures."""
    if body.box is None:
        return [], []
    pieces = _pieces(body, base, title)
    if any(isinstance(piece, _Shown) for piece in pieces):
        pieces = _with_captions(pieces, body.box)
    pieces = _without_repeats(pieces)
    return _blocks(pieces), [piece.picture for piece in pieces if isinstance(piece, _Shown)]


def _pieces(body: Body, base: str, title: str | None) -> list[_Words | _Shown]:
    assert body.box is not None
    pieces: list[_Words | _Shown] = []
    seen: set[str] = set()
    for line in body.lines:
        group = body.groups.get(line.box)
        if all(part[0] for part in line.parts):
            pieces += _words(line.parts, line, group, base)
            continue
        parts: list[Part] = []
        for part in line.parts:
            if part[0]:
                parts.append(part)
                continue
            url = pictures.address(part[1], base) if part[1].tag == "img" else None
            if url is None or url in seen:
                continue
            if part[2] and _is_alone(line, body.lines) and pictures.leads_away(part[1], base):
                continue  # an advertisement
            seen.add(url)
            pieces += _words(parts, line, group, base)
            parts = []
            pieces.append(_Shown(Picture(url), line, captions.alternative(part[1], title)))
        pieces += _words(parts, line, group, base)
    return pieces


def _is_alone(line: Line, lines: list[Line]) -> bool:
    """Are pictures all that a line and its paragraph hold?"""
    box = line.box
    if line.text or box.tag == "div" or box.last - box.first > _MOST_IN_PARAGRAPH:
        return not line.text
    return not any(box.first <= one.index <= box.last and one.text for one in lines)


def _words(parts: list[Part], line: Line, group: Box | None, base: str) -> list[_Words | _Shown]:
    uncut = parts is line.parts
    text = line.text if uncut else squeeze("".join([part[0] for part in parts]))
    return [_Words(text, _inline(parts, line.box, base), line, group)] if text else []


# --- captions -----------------------------------------------------------------------------------


def _with_captions(pieces: list[_Words | _Shown], body: Box) -> list[_Words | _Shown]:
    kept: list[_Words | _Shown] = []
    shown: _Shown | None = None  # the picture that the next words may tell about
    over: _Words | None = None  # words that point at what stands under them
    pieces = _once(pieces)
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        if isinstance(piece, _Shown):
            shown = piece
            if over is not None:
                piece.picture.caption = piece.picture.caption or captions.clean(over.text)
                over = None
            kept.append(piece)
        elif isinstance(following, _Shown) and _stands_over(piece, following, shown):
            shown, over = None, piece
        elif shown is None or not _tells_about(shown, piece, body, following):
            shown = None
            kept.append(piece)
    kept = _few_words(kept)
    kept = _without_captions_afar(kept)
    for piece in kept:
        if isinstance(piece, _Shown) and piece.picture.caption is None:
            piece.picture.caption = piece.words
    return kept


def _stands_over(words: _Words, under: _Shown, before: _Shown | None) -> bool:
    """Do the words point at the picture under them, or head its figure?"""
    if captions.stands_over(words.text):
        return True
    figure = words.line.box.parent
    if words.line.box.tag != "figcaption" or figure is None:
        return False
    return under.line.box.within(figure) and not (before and before.line.box.within(figure))


def _once(pieces: list[_Words | _Shown]) -> list[_Words | _Shown]:
    """Take what stands twice next to a picture, be it over, under or in its tag, as its caption."""
    taken: set[int] = set()
    for index, piece in enumerate(pieces):
        if isinstance(piece, _Shown):
            near = range(max(0, index - 2), min(index + 3, len(pieces)))
            said = {at: one.text for at in near if isinstance(one := pieces[at], _Words)}
            sizes = [len(text) for text in (*said.values(), piece.words or "")]
            keys = {
                at: key(text)  # which takes its time on a paragraph
                for at, text in said.items()
                if sum(size <= 2 * len(text) + 8 and len(text) <= 2 * size + 8 for size in sizes)
                > 1
            }
            all_keys = [*keys.values(), key(piece.words or "")]
            twice = [at for at, one in keys.items() if all_keys.count(one) > 1]
            if twice:
                piece.picture.caption = captions.clean(said[twice[0]])
                taken.update(twice)
    return [piece for index, piece in enumerate(pieces) if index not in taken]


def _few_words(pieces: list[_Words | _Shown]) -> list[_Words | _Shown]:
    """Take as captions, marked or not, what stands under all pictures that have none so far, if it
    is a few words everywhere and there are three or more."""
    under = [
        (one, other)
        for one, other in pairwise(pieces)
        if isinstance(one, _Shown) and one.picture.caption is None and isinstance(other, _Words)
    ]
    if len(under) < _SEVERAL:
        return pieces
    few = [
        (shown, words)
        for shown, words in under
        if len(words.text) <= _FEW_WORDS and not (shown.words and captions.is_heading(words.line))
    ]
    if len(few) < _SEVERAL or len(few) < 0.8 * len(under):
        return pieces
    for shown, words in few:
        shown.picture.caption = captions.clean(words.text)
    taken = {id(words) for _, words in few}
    return [piece for piece in pieces if id(piece) not in taken]


def _tells_about(
    shown: _Shown, words: _Words, body: Box, following: _Words | _Shown | None
) -> bool:
    """Take the words right after a picture as its caption, if they are it, or are it once more."""
    if words.group is not None or words.line.box.tag in HEADINGS:
        return False
    if shown.picture.caption is not None:
        return key(captions.clean(words.text)) == key(shown.picture.caption)
    followed = isinstance(following, _Words)
    if captions.tells_about(
        words.text, words.line, shown.line, shown.words, body, followed=followed
    ):
        shown.picture.caption = captions.clean(words.text)
        return True
    return False


def _without_captions_afar(pieces: list[_Words | _Shown]) -> list[_Words | _Shown]:
    """Take `图为会议现场。` as a caption where it stands over its picture, or not next to it."""
    kept: list[_Words | _Shown] = []
    bare: list[_Shown] = []  # pictures so far, perhaps without a caption still
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        if isinstance(piece, _Shown):
            bare.append(piece)
        elif captions.is_surely_one(piece.text):
            while bare and bare[-1].picture.caption is not None:
                bare.pop()
            beneath = isinstance(following, _Shown) and following.picture.caption is None
            shown = following if beneath else bare[-1] if bare else None
            if isinstance(shown, _Shown):
                shown.picture.caption = captions.clean(piece.text)
                continue
        kept.append(piece)
    return kept


def _without_repeats(pieces: list[_Words | _Shown]) -> list[_Words | _Shown]:
    """Take out the second of two captions in a row that are the same, where the picture is not."""
    return [
        piece
        for piece, before in zip(pieces, [None, *pieces], strict=False)
        if not (
            isinstance(piece, _Words)
            and isinstance(before, _Words)
            and (piece.text in before.text or before.text in piece.text)  # tells most apart
            and captions.looks_like_one(piece.text)
            and captions.clean(piece.text) == captions.clean(before.text)
        )
    ]


# --- markup -------------------------------------------------------------------------------------


def _blocks(pieces: list[_Words | _Shown]) -> list[Block]:
    blocks: list[Block] = []
    group: Box | None = None
    together: list[_Words] = []
    for piece in pieces:
        inside = piece.group if isinstance(piece, _Words) else None
        if together and inside is not group:
            blocks.append(_grouped(group, together))
            together = []
        if isinstance(piece, _Shown):
            blocks.append(Block(_figure(piece.picture), ""))
        elif inside is not None:
            group = inside
            together.append(piece)
        else:
            tag = piece.line.box.tag
            tag = _HEADING.get(tag, tag) if tag in HEADINGS else "p"
            blocks.append(Block(f"<{tag}>{piece.html}</{tag}>", piece.text))
    if together:
        blocks.append(_grouped(group, together))
    return blocks


def _grouped(group: Box | None, words: list[_Words]) -> Block:
    assert group is not None
    if group.tag == "table":
        rows = _rows(words)
        html = "".join(
            "<tr>"
            + "".join(f"<td>{'<br>'.join(one.html for one in cell)}</td>" for cell in row)
            + "</tr>"
            for row in rows
        )
        text = "\n".join(" ".join(one.text for cell in row for one in cell) for row in rows)
        return Block(f"<table><tbody>{html}</tbody></table>", text)
    inner = "li" if group.tag in ("ul", "ol") else "p"
    html = "".join(f"<{inner}>{piece.html}</{inner}>" for piece in words)
    text = "\n".join(piece.text for piece in words)
    return Block(f"<{group.tag}>{html}</{group.tag}>", text)


def _rows(words: list[_Words]) -> list[list[list[_Words]]]:
    """Row by row the cells, each the lines in it."""
    rows: list[list[list[_Words]]] = []
    row: Box | None = None
    cell: Box | None = None
    for piece in words:
        chain = list(piece.line.box.ancestors())
        this_row = next((box for box in chain if box.tag == "tr"), None)
        this_cell = next((box for box in chain if box.tag in ("td", "th")), None)
        if this_row is not row or not rows:
            rows.append([])
        if this_cell is cell and rows[-1]:
            rows[-1][-1].append(piece)
        else:
            rows[-1].append([piece])
        row, cell = this_row, this_cell
    return rows


def _figure(picture: Picture) -> str:
    caption = escape(picture.caption or "", quote=True)
    image = f'<img src="{escape(picture.url, quote=True)}" alt="{caption}">'
    return f"<figure>{image}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def _inline(parts: list[Part], box: Box, base: str) -> str:
    """The line's markup: emphasis and links, nothing else; white space single."""
    edge = box.node.mem_id
    if len(parts) == 1 and parts[0][1].mem_id == edge:  # most paragraphs
        return escape(" ".join(parts[0][0].split()), quote=False)
    runs: list[tuple[tuple[str, ...], str]] = []  # (opening tags, text), neighbours joined
    known: dict[int, tuple[str, ...]] = {}
    for text, node, _ in parts:
        number = node.mem_id
        if number not in known:
            known[number] = _marks(node, edge, base)
        if runs and (runs[-1][0] == known[number] or text.isspace()):
            runs[-1] = runs[-1][0], runs[-1][1] + text
        else:
            runs.append((known[number], text))
    html = ""
    for marks, text in runs:
        opened = "".join(f"<{mark}>" for mark in marks)
        closed = "".join(f"</{mark.partition(' ')[0]}>" for mark in reversed(marks))
        html += opened + escape(_WHITE.sub(" ", text), quote=False) + closed
    return html.strip()


def _marks(node: LexborNode, edge: int, base: str) -> tuple[str, ...]:
    """The opening tags, outermost first, of what stands between the box `edge` and its text."""
    marks: list[str] = []
    element: LexborNode | None = node
    for _ in range(_DEEPEST_MARK):
        if element is None or element.mem_id == edge:
            break
        tag = element.tag or ""
        if tag in _MARKS and _MARKS[tag] not in marks:
            marks.insert(0, _MARKS[tag])
        elif tag == "a" and (href := _href(element.attributes.get("href"), base)):
            marks.insert(0, f'a href="{escape(href, quote=True)}"')
        element = element.parent
    return tuple(marks)


def _href(value: str | None, base: str) -> str | None:
    try:
        href = urljoin(base, (value or "").strip())
    except ValueError:
        return None
    return clean.address(href) if value and href.startswith(("http://", "https://")) else None
