"""The lines around the article's text, where its time, source, authors and editors are named."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extraction.body import Body
from crawler.extraction.density import is_end
from crawler.extraction.document import Document, Line, squeeze
from crawler.extraction.heading import Heading
from crawler.text import labels

OVER = 8  # lines before the heading that may hold its time
_UNDER = 60  # lines after it, at most
_AFTER = 40  # lines after the text in which an editor may be named
_SHORT = 40  # characters of a line that signs the text, or heads it


@dataclass(slots=True)
class Surroundings:
    head: list[Line]  # between heading and text, and just above the heading
    foot: list[Line]  # labelled lines in the text, and those right after it
    edges: list[Line] = field(default_factory=list)  # of the text itself: short last lines, first


def find(document: Document, heading: Heading, body: Body, *, over: int = OVER) -> Surroundings:
    """`over`: how many lines above the heading may tell about the article."""
    lines = document.lines
    text_from = body.first if body.lines else len(lines)
    if 0 <= heading.first < max(text_from, 1):
        begin, end = heading.first - over, heading.last + _UNDER
    else:
        begin, end = text_from - _UNDER // 2, text_from
    taken = {line.index for line in body.lines if line.index < text_from}
    head = [
        line
        for line in lines[max(0, begin) : min(text_from, end)]
        if line.text and not heading.first <= line.index <= heading.last and line.index not in taken
    ]
    foot = [line for line in body.labels if line.index >= text_from]
    inside = {line.index for line in foot}
    for line in lines[body.last + 1 :][:_AFTER] if body.lines else ():
        if is_end(line.text):
            break
        if line.text and line.index not in inside:
            foot.append(line)
    spoken = [line for line in body.lines if line.text]
    edges = [*spoken[-1:-3:-1], *spoken[:2]]
    return Surroundings(head, foot, [line for line in edges if len(line.text) <= _SHORT])


def cells(line: Line) -> list[str]:
    """What neighbouring elements of the line say: `来源： 证券市场红周刊`, `举报`."""
    groups: list[tuple[int, str]] = []
    for text, node, _ in line.parts:
        number = node.mem_id
        if groups and (groups[-1][0] == number or text.isspace()):
            groups[-1] = groups[-1][0], groups[-1][1] + text
        else:
            groups.append((number, text))
    found: list[str] = []
    for _, group in groups:
        if text := squeeze(group):
            if found and labels.ends(found[-1]):  # a label and what it labels
                found[-1] += f" {text}"
            else:
                found.append(text)
    return found
