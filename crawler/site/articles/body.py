"""Where the article's text is: the box with the densest run of paragraphs after the heading, less
the furniture that stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.text import bylines, dates, sources

from . import furniture
from .document import HEADINGS, Box, Document, Line
from .heading import Heading, key

_SENTENCE = re.compile(r"[，。！？；：、”…]|[a-z][,.;!?](?:\s|$)")
# A box of one of these is a paragraph or a part of one, never the article's whole body.
_PARAGRAPHS = HEADINGS | {"p", "li", "blockquote", "dd", "dt", "pre", "figcaption", "figure", "center"}
_PARTS_OF = frozenset(("tr", "tbody", "thead", "tfoot", "ul", "ol", "dl"))
_CELLS = frozenset(("td", "th", "p", "div"))  # what may hold a cell's line
_SHARES = (1.0, 0.7, 0.45, 0.3, 0.2)  # of a paragraph's weight, for the boxes around it, inside out
_ENOUGH = 60  # weight, about two sentences: after it a footer or a box of links is an end
_WIDER = 1.4  # a box around is better if it holds that much more
_TAIL = 0.3  # of the weight before it: so little after the editor's line is no longer the article
_LABELLED_DATE = re.compile(r"(?:发布|发表|发稿|更新|修改|刊发)?(?:时间|日期|于)\s?[：:]|^(?:Published|Updated)\b")
_EDITOR_WORD = re.compile(r"编\s?辑|责\s?编|编\s?[：:|丨]|校对|审核|审校|监制|[Ee]ditor|^Producer")
_SOURCE_WORD = re.compile(r"来源|出处|稿源|转自|转载自|[Ss]ource")
# A line about the article: '2024-02-29 09:06 来源：中工网', '责任编辑：于小淑', '11月14日 17:12'
_ABOUT = re.compile(
    r"^.{0,12}\d[-/.月]\d{1,2}日?.{0,4}\d\d[:：]\d\d|\d{4}[-/.年]\d{1,2}[-/.月]\d.{0,20}(?:来源|作者|编辑)"
    r"|^.{0,12}(?:来源|编辑|责编|作者)\s?[：:丨|]|^\W?(?:Source|Editor)\b"
)
_TOOL_BEFORE = re.compile(r"^(?:[【\[][^】\]]{1,5}[】\]]\s?)+(?=\S)")  # '【纠错】责任编辑：张三'
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Body:
    box: Box | None = None
    lines: list[Line] = field(default_factory=list)
    first: int = 0  # the document's lines that it spans, dropped ones too; first > last: none
    last: int = -1
    labels: list[Line] = field(default_factory=list)  # lines inside it that say source, time, editor


def find(document: Document, heading: Heading) -> Body:
    lines = document.lines
    start = heading.last + 1
    weights = [0.0] * len(lines)
    end = _weigh(lines, weights, start)
    if start and not any(weights[start:end]):  # the heading was none, or stands under the text
        start = 0
        end = _weigh(lines, weights, 0)
    box = _densest(lines, weights, start, end)
    if box is None:
        return Body()
    for index in range(end, box.last + 1):
        weights[index] = _weight(lines[index])
    if _are_comments(lines, weights, box, start):
        return Body()
    return _collect(lines, weights, box, heading, start)


def _are_comments(lines: list[Line], weights: list[float], box: Box, start: int) -> bool:
    """Is the little text there is only what readers wrote under a page of pictures or a film?"""
    first = max(box.first, start)
    if sum(weights[first : box.last + 1]) > _ENOUGH * 3:
        return False
    opened = (line for line in lines[start : first + 1] if not line.is_link)
    return any(furniture.opens_comments(line.text) for line in opened)


def _weight(line: Line) -> float:
    """Roughly the characters of running text; a caption or verse counts little, a link nothing."""
    text = line.text
    size = len(text) - line.linked
    if size < 5 or line.is_link or line.box.tag in HEADINGS:
        return 0
    if size < 120 and _ABOUT.search(text):
        return 0
    if size < 200 and (furniture.is_tool(text) or furniture.is_noise(text)):
        return 0
    if size >= 12 and _SENTENCE.search(text):
        return size
    return size * 0.3


def _weigh(lines: list[Line], weights: list[float], start: int) -> int:
    """Weigh the lines up to where, after enough text, comments, other articles or the footer begin;
    returns that line's index.

    Where they begin before there was any text, what follows counts only if it is in sentences: a
    page may have a player or pictures and no text at all.
    """
    seen = 0.0
    early = False
    for line in lines[start:]:
        if is_end(line.text):
            if seen >= _ENOUGH:
                return line.index
            early = True
            continue
        weight = _weight(line)
        if early and weight * 2 < len(line.text):
            continue
        weights[line.index] = weight
        seen += weight
    return len(lines)


def is_end(text: str) -> bool:
    """Does this line open what is no longer the article?"""
    return (
        furniture.opens_comments(text) or furniture.opens_related(text) or furniture.is_footer(text)
    )


def _densest(lines: list[Line], weights: list[float], start: int, end: int) -> Box | None:
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
    if not scores:
        return None
    best = max(scores, key=lambda box: (scores[box], box.depth))
    while best.parent is not None and (best.tag in _PARAGRAPHS or best.tag in _PARTS_OF):
        best = best.parent
    if best.tag == "table" and best.parent is not None:
        best = best.parent

    def inside(box: Box) -> float:
        return sum(weights[max(box.first, start) : min(box.last + 1, end)])

    while best.parent is not None and inside(best.parent) >= inside(best) * _WIDER:
        best = best.parent
    return best


def _collect(
    lines: list[Line], weights: list[float], box: Box, heading: Heading, start: int
) -> Body:
    body = Body(box)
    title = key(heading.title or "")
    first_sign = (heading.title or " ")[0]
    hidden: dict[Box, bool] = {}
    tables: dict[Box, bool] = {}
    weight = 0.0
    total = sum(weights[max(box.first, start) : box.last + 1]) or 1.0
    skip_to = 0
    over: tuple[int, float] | None = None  # kept lines and weight when the editor's line came
    index = max(box.first, start)
    for line in lines[index : box.last + 1]:
        text = line.text
        if line.index < skip_to:
            continue
        if not text:
            body.lines.append(line)
            continue
        if weight and (furniture.opens_comments(text) or _is_last_footer(line, weight, total)):
            break
        if furniture.opens_related(text):
            skip_to = _related_end(lines, weights, line, box)
            continue
        if text[0] == first_sign and key(text) == title:
            continue
        if line.box.tag in _CELLS and _in_data(line, box, tables):
            body.lines.append(line)
            weight += weights[line.index]
            continue
        if _says_something_else(line, weight == 0):
            body.labels.append(line)
            continue
        if len(text) < 200 and _EDITOR_WORD.search(text):
            rest, words = bylines.split_editors(_TOOL_BEFORE.sub("", text))
            if words is not None:
                body.labels.append(line)
                if over is None and weight:
                    over = len(body.lines) + bool(rest), weight
                if not rest:
                    continue
        if _is_furniture(line) or _is_hidden(line, box, hidden):
            continue
        if not body.lines or not any(kept.text for kept in body.lines):
            body.first = line.index
        body.lines.append(line)
        weight += weights[line.index]
    if over is not None and weight - over[1] <= over[1] * _TAIL:
        del body.lines[over[0] :]
    while body.lines and not body.lines[-1].text and not _pictures(body.lines[-1]):
        body.lines.pop()
    if body.lines:
        body.first = next((line.index for line in body.lines if line.text), body.lines[0].index)
        body.last = body.lines[-1].index
    return body


def is_data(table: Box) -> bool:
    """Rows of several cells are data; a table of one column only lays the page out."""
    rows = table.node.css("tr")
    if len(rows) < 2:
        return False
    return sum(1 for row in rows if len(row.css("td, th")) >= 2) * 2 > len(rows)


def _in_data(line: Line, body: Box, known: dict[Box, bool]) -> bool:
    for box in line.box.ancestors(below=body):
        if box.tag == "table":
            if box not in known:
                known[box] = is_data(box)
            if known[box]:
                return True
    return False


def _pictures(line: Line) -> bool:
    return any(not part[0] for part in line.parts)


def _is_last_footer(line: Line, weight: float, total: float) -> bool:
    return weight >= total * 0.5 and furniture.is_footer(line.text)


def _related_end(lines: list[Line], weights: list[float], heading: Line, body: Box) -> int:
    """The line after a box of other articles that this heading opens."""
    outermost: Box | None = None
    for box in heading.box.ancestors(below=body):
        if box.first < heading.index:
            break
        outermost = box
    if outermost is not None and outermost.last > heading.index:
        return outermost.last + 1
    for line in lines[heading.index + 1 : body.last + 1]:  # the heading stands among its links
        if weights[line.index] >= _ENOUGH / 2:
            return line.index
    return body.last + 1


def _says_something_else(line: Line, at_the_head: bool) -> bool:
    """A line that is only a time or a source with its label, not a paragraph."""
    text = line.text
    if len(text) > 120:
        return False
    if _SOURCE_WORD.search(text):
        words = sources.find(text)
        if words is not None and (at_the_head or len(text) - len(words) <= 40):
            return True
    if not at_the_head and not _LABELLED_DATE.search(text):
        return False
    rest = len(text) - sum(map(len, dates.find(text)))
    return rest <= (30 if at_the_head else 12) and rest < len(text) * 0.6


def _is_furniture(line: Line) -> bool:
    text = line.text
    if furniture.is_tool(text) or furniture.is_pager(text) or furniture.is_noise(text):
        return True
    return line.is_link and (len(text) < 40 or not text.endswith(("。", "！", "？", "”", ".")))


def _is_hidden(line: Line, body: Box, known: dict[Box, bool]) -> bool:
    for box in line.box.ancestors(below=body):
        if box not in known:
            known[box] = _HIDDEN.search(box.node.attributes.get("style") or "") is not None
        if known[box]:
            return True
    return False
