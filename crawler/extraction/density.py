"""Where the text is: the box with the densest run of paragraphs after the heading; on a page that
has no text, that of its pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from crawler.extraction import boilerplate, pictures
from crawler.extraction.document import HEADINGS, Box, Line, Part
from crawler.text import bylines, labels

_SENTENCE = re.compile(r"[，。！？；：、”…]|[a-z][,.;!?](?:\s|$)")
# A box of one of these is a paragraph or a part of one, never the article's whole body.
_PARAGRAPHS = HEADINGS | {
    "p", "li", "blockquote", "dd", "dt", "pre", "figcaption", "figure", "center",
}  # fmt: skip
_PARTS_OF = frozenset(("tr", "tbody", "thead", "tfoot", "ul", "ol", "dl"))
_SHARES = (1.0, 0.7, 0.45, 0.3, 0.2)  # of a paragraph's weight, for the boxes around it, inside out
ENOUGH = 60  # weight, about two sentences: after it a footer or a box of links is an end
_TITLE = 8  # characters, at least, of the title over a summary; twice as many of the summary
_ITEM = 3  # lines after the first in a box of a title and a summary: a picture, the time
_SO_MANY_TEASERS = 3
UNSURE = 200  # characters: a line as long is never furniture to the weights
_SIGNED_WITHIN = 3  # lines after a text
_WIDER = 1.4  # a box around is better if it holds that much more
# A line about the article: '2024-02-29 09:06 来源：中工网', '责任编辑：于小淑', '11月14日 17:12'
_ABOUT_WORDS = ("来源", "來源", "作者", "编辑", "編輯", "责编", "責編", "Source", "Editor")
_DATELINE = re.compile(r".{0,12}\d[-/.月]\d{1,2}日?.{0,4}\d\d[:：]\d\d")
_ABOUT = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d.{0,20}(?:[来來]源|作者|编辑|編輯)"
    r"|^.{0,12}(?:[来來]源|编辑|編輯|责编|責編|作者)\s?[：:丨|]|^\W?(?:Source|Editor)\b"
)
_OPENING = ("（", "(")
_CLOSING = ("）", ")")
# '/upload/1.jpg', the picture in full size; '8163816_2.shtml', the next page of the article
_OWN = re.compile(r"\.(?:jpe?g|png|gif|webp)$|_\d{1,3}\.s?html?$|^#?$|^javascript:")
_SIGNED = re.compile(r"责任编辑|责\s?编|責任編輯|責\s?編|Editor in charge")


_COLON = re.compile(r"[：:|丨｜/／∕]")
_LABEL = 24  # characters of a label and its colon, at most


class Weights(dict[int, float]):
    """What lines weigh, by index; worked out when first asked for."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines

    def __missing__(self, index: int) -> float:
        weight = self[index] = weight_of(self.lines[index])
        return weight


@dataclass(slots=True)
class Density:
    """The box, what each line weighs, and the first line that may be the article's."""

    box: Box
    weights: list[float] | Weights
    start: int
    end: int | None = None  # the line at which the article is over, though its box is not

    def total(self, box: Box) -> float:
        return sum(self.weights[at] for at in range(max(box.first, self.start), box.last + 1))


def find(lines: list[Line], start: int) -> Density | None:
    """The box of the article's text among the lines from `start` on; None if there is no text.

    Other articles' summaries count for nothing.
    """
    aside = _teasers(lines, start)
    weights = [0.0] * len(lines)
    end = _weigh(lines, weights, start, aside)
    if start and not any(weights[start:end]):  # the heading was none, or stands under the text
        start = 0
        end = _weigh(lines, weights, 0, aside)
    box = _densest(lines, weights, start, end)
    if box is None:
        return None
    for index in range(end, box.last + 1):
        weights[index] = 0 if index in aside else weight_of(lines[index])
    density = Density(box, weights, start)
    return None if _are_comments(lines, density) else density


def find_pictures(lines: list[Line], start: int) -> Density | None:
    """The box of the pictures among the lines from `start` on; None if there are none."""
    shown: list[Line] = []
    end = len(lines)
    for line in lines[start:]:
        if is_end(line.text) or (shown and is_signature(line.text)):
            end = line.index
            break
        if any(map(is_shown, line.parts)):
            shown.append(line)
    if not shown:
        return None
    box = shown[0].box
    while box.parent is not None and box.last < shown[-1].index:
        box = box.parent
    while box.parent is not None and (
        is_paragraph(box) or (box.first == box.last and box.parent.first >= start)
    ):
        box = box.parent
    return Density(box, [0.0] * len(lines), start, end)


def is_shown(part: Part) -> bool:
    """Is it a picture that is no other article's?"""
    text, node, linked = part
    if text or node.tag != "img" or not pictures.written(node):
        return False
    return not linked or bool(_OWN.search(pictures.link_of(node).partition("?")[0].lower()))


def within(lines: list[Line], box: Box, start: int) -> Density:
    """The weights in a box that is known to hold the text; `start` may lie before it."""
    return Density(box, Weights(lines), start)


def _teasers(lines: list[Line], start: int) -> frozenset[int]:
    """The indices of other articles' summaries: each in a small box, under its linked title. One or
    two may be the article's own."""
    found: list[int] = []
    for title, line in pairwise([line for line in lines[start:] if line.text]):
        if len(title.text) >= _TITLE and len(line.text) >= 2 * _TITLE and title.is_link:
            box: Box | None = line.box
            while box is not None and box.first > title.index:
                box = box.parent
            if box is not None and box.last - box.first <= _ITEM and not line.is_link:
                found.append(line.index)
    return frozenset(found) if len(found) >= _SO_MANY_TEASERS else frozenset()


def _are_comments(lines: list[Line], density: Density) -> bool:
    """Is the little text there is only what readers wrote under a page of pictures or a film?"""
    if density.total(density.box) > ENOUGH * 3:
        return False
    before = lines[density.start : max(density.box.first, density.start) + 1]
    opened = [line.index for line in before if boilerplate.opens_comments(line.text)]
    # over the time and the source, or over a text that is signed, it is a button: 我要评论
    return any(not lines[at].is_link for at in opened) and not any(
        is_signature(line.text) or (len(line.text) < UNSURE and _ABOUT.search(line.text))
        for line in lines[opened[-1] : density.box.last + _SIGNED_WITHIN]
    )


def weight_of(line: Line) -> float:
    """Roughly the characters of running text; a caption or verse counts little, a link nothing."""
    text = line.text
    size = len(text) - line.linked
    if size < 5 or line.is_link or line.box.tag in HEADINGS:
        return 0
    if size < 120 and _is_about(text):
        return 0
    if size < UNSURE and (boilerplate.is_tool(text) or boilerplate.is_noise(text)):
        return 0
    if size >= 12 and _SENTENCE.search(text):
        return size
    return size * 0.3


def _is_about(text: str) -> bool:
    if (":" in text or "：" in text) and _DATELINE.match(text):
        return True
    return any(map(text.__contains__, _ABOUT_WORDS)) and _ABOUT.search(text) is not None


def _weigh(lines: list[Line], weights: list[float], start: int, aside: frozenset[int]) -> int:
    """Weigh the lines up to where, after enough text, authors or editors are named or comments,
    other articles or the footer begin; returns that line's index.

    Where they begin before there was any text, what follows counts only if it is in sentences: a
    page may have a player or pictures and no text at all.
    """
    seen = 0.0
    early = False
    for line in lines[start:]:
        if line.index in aside:
            continue
        if is_end(line.text):
            if seen >= ENOUGH:
                return line.index
            early = True
            continue
        if seen >= ENOUGH and (is_signature(line.text) or _is_byline(line.text)):
            return line.index
        weight = weight_of(line)
        if early and weight * 2 < len(line.text):
            continue
        weights[line.index] = weight
        seen += weight
    return len(lines)


def is_end(text: str) -> bool:
    """Does this line open what is no longer the article?"""
    if len(text) <= boilerplate.LONGEST_HEADING and (
        boilerplate.opens_comments(text) or boilerplate.opens_related(text)
    ):
        return True
    return boilerplate.is_footer(text)


def is_paragraph(box: Box) -> bool:
    """Is it a paragraph or a part of one, a list or a table?"""
    return box.tag in _PARAGRAPHS or box.tag in _PARTS_OF


def is_signature(text: str) -> bool:
    """Is it the line that names the editor in charge?"""
    if len(text) >= 60:
        return False
    if _SIGNED.search(text) is not None:
        return True
    return _COLON.search(text, 0, _LABEL) is not None and labels.opens(text, labels.EDITOR_ROLES)


def _is_byline(text: str) -> bool:
    """Is it names in brackets, as they stand under a text?"""
    if len(text) > 60 or text[:1] not in _OPENING or text[-1:] not in _CLOSING:
        return False
    rest, words = bylines.split_byline(text)
    return words is not None and not rest


def _densest(lines: list[Line], weights: list[float], start: int, end: int) -> Box | None:
    scores = _scores(lines, weights, start, end)
    if not scores:
        return None
    best = max(scores, key=lambda box: (scores[box], box.depth))
    while best.parent is not None and is_paragraph(best):
        best = best.parent
    if best.tag == "table" and best.parent is not None:
        best = best.parent
    best = _widened(best, weights, start, end)
    # tags left open put every paragraph a box deeper than the one before
    while (
        best.parent
        and best.parent.first >= start
        and _is_step(lines, best)
        and _is_step(lines, best.parent)
    ):
        best = best.parent
    return best


def _scores(lines: list[Line], weights: list[float], start: int, end: int) -> dict[Box, float]:
    """Each box's share of what the paragraphs in it weigh."""
    scores: dict[Box, float] = {}
    for index in range(start, end):
        weight = weights[index]
        if not weight:
            continue
        box: Box | None = lines[index].box
        assert box is not None
        if box.tag in _PARAGRAPHS or box.first == box.last:
            box = box.parent or box
        for share in _SHARES:
            if box is None:
                break
            scores[box] = scores.get(box, 0) + weight * share
            box = box.parent
    return scores


def _widened(best: Box, weights: list[float], start: int, end: int) -> Box:
    """The box, or one around it that holds much more."""

    def inside(box: Box) -> float:
        return sum(weights[max(box.first, start) : min(box.last + 1, end)])

    held = inside(best)
    for box in best.ancestors():
        if inside(box) >= held * _WIDER:
            best, held = box, inside(box)
    return best


def _is_step(lines: list[Line], box: Box) -> bool:
    """Does the box hold a paragraph or two of its own, and then one box with all the rest?"""
    inner = next(reversed([*lines[box.last].box.ancestors(below=box)]), None)
    if inner is None or not 1 <= inner.first - box.first <= 2:
        return False
    return all(
        weight_of(line) and (line.box is box or line.box.parent is box)
        for line in lines[box.first : inner.first]
    )
