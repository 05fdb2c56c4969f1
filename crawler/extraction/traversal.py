"""From markup to lines: one parse, and one walk over the page."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction import revealed, visibility
from crawler.extraction.document import (
    BREAKS,
    PLAYERS,
    UNSEEN,
    Box,
    Document,
    Line,
    Part,
    Place,
    squeeze,
)
from crawler.extraction.markup import parse

_BREAK, _MEDIUM, _LINK, _UNSEEN = range(4)
_TEXT_TAG: Final = 2  # LXB_TAG__TEXT
# By the parser's number for the tag: to make its name takes longer than all else of a node does.
_NUMBERS: Final[dict[str, int]] = {
    tag: LexborHTMLParser("").create_node(tag).tag_id
    for tag in (*UNSEEN, *BREAKS, *PLAYERS, "img", "a")
}
_KINDS: Final[dict[int, int]] = {
    _NUMBERS[tag]: kind
    for tags, kind in (
        (UNSEEN, _UNSEEN),
        (BREAKS, _BREAK),
        (PLAYERS | {"img"}, _MEDIUM),  # what is inside them is unseen, too
        ("a", _LINK),
    )
    for tag in tags
}
_NAMES: Final = {_NUMBERS[tag]: tag for tag in BREAKS}
# In <pre>: an empty line, and one that ends a sentence or comes before an indented one
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n|(?<=[。！？”…）])[ \t\r]*\n|\n(?=\u3000)")
_REVEALS = 3  # hidden boxes in each other that may hold the article


def read(markup: str, utf8: bytes | None = None) -> Document:
    """Parse and walk once, and again where hidden elements may hold the article. The HTML5
    algorithm mends what is malformed, so nothing is lost.

    `utf8`: the markup's bytes where somebody has them.
    """
    tree = parse(markup, utf8)
    root = tree.body or tree.root
    assert root is not None  # the algorithm makes a body even for no bytes
    hidden = visibility.hidden(tree, root, markup)
    document = _Walk(root, hidden).run(tree)
    for _ in range(_REVEALS if hidden else 0):
        nodes = revealed.candidates(hidden, document.title)
        if not nodes or not revealed.may_be(document, nodes):
            break
        boxed = {node.mem_id for node in nodes}
        whole = _Walk(root, hidden.keys() - boxed, boxed).run(tree)
        boxes = [place[0] for node in nodes if (place := whole.places.get(node.mem_id))]
        shown = revealed.find(whole, boxes)
        if not shown:
            break
        for box in shown:
            del hidden[box.node.mem_id]
        document = _Walk(root, hidden).run(tree)
    return document


class _Walk:
    """Pre-order over every node. What an element means for its text is worked out once, upwards
    from the first text in it: elements without text cost nothing, and depth costs no stack."""

    def __init__(
        self, root: LexborNode, unseen: Container[int], boxed: Container[int] = frozenset()
    ) -> None:
        """`unseen`: elements to leave out; `boxed`: elements taken for blocks, inline or not."""
        self.root = root
        self.unseen = unseen
        self.boxed = boxed
        top = Box(root, "body", None, 0)
        self.boxes = [top]
        self.lines: list[Line] = []
        self.places: dict[int, Place] = {root.mem_id: (top, False)}

    def run(self, tree: LexborHTMLParser) -> Document:
        # The hot loop, some thousand nodes a page: names are local, and a tag is looked up once.
        kinds, places, unseen = _KINDS, self.places, self.unseen
        parts: list[Part] = []
        box = self.boxes[0]
        over = False  # a block began or ended, so the line is over when the next one begins
        for node in self.root.traverse(include_text=True):
            tag = node.tag_id
            if tag == _TEXT_TAG:
                text = node.text_content or ""
                if not text or text.isspace():
                    if box.tag == "pre" and text.count("\n") > 1:
                        over = True
                    elif text and parts and not over:
                        parts.append((" ", parts[-1][1], False))
                    continue
            elif (kind := kinds.get(tag)) == _BREAK:
                over = True
                continue
            elif kind == _MEDIUM and node.mem_id not in unseen:
                text = ""
            else:
                continue
            parent = node.parent
            assert parent is not None  # the root is a block
            number = parent.mem_id
            place = places.get(number)
            if place is None:
                place = self._place(parent, number)
            if place is False:
                continue
            if over or place[0] is not box:
                if parts:
                    self._line(box, parts)
                    parts = []
                box = place[0]
                over = False
            if box.tag == "pre" and "\n" in text:
                *paragraphs, text = _PARAGRAPH.split(text)
                for paragraph in paragraphs:
                    if parts or paragraph.strip():
                        self._line(box, [*parts, (paragraph, parent, place[1])])
                    parts = []
                if not text.strip():
                    continue
            parts.append((text, parent if text else node, place[1]))
        if parts:
            self._line(box, parts)
        self._span()
        return Document(tree, self.lines, self.boxes, places)

    def _place(self, node: LexborNode, number: int) -> Place:
        """Of an element whose `mem_id` is the number, and of those around it."""
        places, unseen, boxed = self.places, self.unseen, self.boxed
        path: list[tuple[LexborNode, int]] = []
        place: Place | None = None  # the walk's root has its own
        while place is None:
            path.append((node, number))
            above = node.parent
            assert above is not None
            node, number = above, above.mem_id
            place = places.get(number)
        for element, number in reversed(path):
            tag = element.tag_id or 0
            kind = _KINDS.get(tag)
            if not place or kind in (_UNSEEN, _MEDIUM) or number in unseen:
                place = False
            elif kind == _BREAK or number in boxed:
                outer, linked = place
                name = _NAMES.get(tag) or element.tag or ""
                box = Box(element, name, outer, outer.depth + 1)
                self.boxes.append(box)
                place = (box, linked)
            elif kind == _LINK:
                place = (place[0], True)
            places[number] = place
        return place

    def _line(self, box: Box, parts: list[Part]) -> None:
        while parts[-1][0] == " ":  # what stands between this block and the next
            parts.pop()
        if len(parts) == 1:
            text, _, link = parts[0]
            text = squeeze(text)
            linked = len(text) if link else 0
        else:
            linked = sum([len(part[0]) for part in parts if part[2]])
            text = squeeze("".join([part[0] for part in parts]))
        index = len(self.lines)
        self.lines.append(Line(index, text, box, parts, linked))
        if box.first < 0:
            box.first = index
        box.last = index

    def _span(self) -> None:
        """Tell every box which lines its inner boxes hold."""
        for box in reversed(self.boxes):  # children before parents
            outer = box.parent
            if outer is not None and box.first >= 0:
                if outer.first < 0 or box.first < outer.first:
                    outer.first = box.first
                outer.last = max(outer.last, box.last)
