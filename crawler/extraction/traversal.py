"""From markup to lines: one parse, and one walk over the page."""

from __future__ import annotations

import re
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
    squeeze,
)
from crawler.extraction.markup import parse

_BLOCK, _MEDIUM, _LINK, _UNSEEN = range(4)
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
        (BREAKS, _BLOCK),
        (PLAYERS | {"img"}, _MEDIUM),  # what is inside them is unseen, too
        ("a", _LINK),
    )
    for tag in tags
}
_NAMES: Final = {_NUMBERS[tag]: tag for tag in BREAKS}
# In <pre>: an empty line, and one that ends a sentence or comes before an indented one
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n|(?<=[。！？”…）])[ \t\r]*\n|\n(?=\u3000)")
# What a text inherits from the elements around it: its box, and whether it is in a link. None if
# nobody sees it.
_Place = tuple[Box, bool]
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
    document = _Walk(root, dict.fromkeys(hidden, _UNSEEN)).run(tree)
    for _ in range(_REVEALS if hidden else 0):
        nodes = revealed.candidates(hidden, document.title)
        if not nodes or not revealed.may_be(document, nodes):
            break
        boxed = {node.mem_id: _BLOCK for node in nodes}  # inline or not
        whole = _Walk(root, dict.fromkeys(hidden, _UNSEEN) | boxed).run(tree)
        boxes = [box for node in nodes if (box := whole.boxes_by_node.get(node.mem_id))]
        shown = revealed.find(whole, boxes)
        if not shown:
            break
        for box in shown:
            del hidden[box.node.mem_id]
        document = _Walk(root, dict.fromkeys(hidden, _UNSEEN)).run(tree)
    return document


class _Walk:
    """Pre-order over every node; depth costs no stack."""

    def __init__(self, root: LexborNode, taken: dict[int, int]) -> None:
        """`taken`: the elements, by `mem_id`, that are taken for another kind than their tag's."""
        self.root = root
        self.taken = taken
        self.boxes = [Box(root, "body", None, 0)]
        self.lines: list[Line] = []

    def run(self, tree: LexborHTMLParser) -> Document:  # noqa: C901
        # The hot loop, some thousand nodes a page: names are local, a tag is looked up once, and
        # what a text inherits from the elements around it comes down with the walk.
        # In one piece: a method for a text and one for a picture cost 1.5 to 1.8 % of a page.
        kinds, names, taken = _KINDS, _NAMES, self.taken
        waiting: list[tuple[LexborNode, LexborNode, _Place | None]] = []
        parent, box, over = self.root, self.boxes[0], False
        place: _Place | None = (box, False)
        parts: list[Part] = []
        # `over`: a block began or ended, so the line is over when the next one begins.
        node = parent.first_child
        while node is not None:
            text, shows, inner = "", None, None
            if (tag := node.tag_id) == _TEXT_TAG:
                text = node.text_content or ""
                if text and not text.isspace():
                    shows = parent
                elif box.tag == "pre" and text.count("\n") > 1:
                    over = True
                elif text and parts and not over:
                    parts.append((" ", parts[-1][1], False))
            else:
                inner = node.first_child
                kind = kinds.get(tag)
                over = over or kind == _BLOCK
                if taken:
                    kind = taken.get(node.mem_id, kind)
                if kind == _MEDIUM:
                    shows = node
            if shows is not None and place is not None:
                if over or place[0] is not box:
                    self._line(box, parts)
                    parts, box, over = [], place[0], False
                if box.tag == "pre" and "\n" in text:
                    parts, text = self._paragraphs(box, parts, (text, parent, place[1]))
                if text or shows is node:
                    parts.append((text, shows, place[1]))
            after = node.next
            if inner is not None:
                if after is not None:
                    waiting.append((after, parent, place))
                # What the element, of this kind and in this place, means for what is in it.
                if kind is not None and place is not None:
                    if kind == _BLOCK:
                        self.boxes.append(
                            Box(
                                node, names.get(tag) or node.tag or "", place[0], place[0].depth + 1
                            )
                        )
                        place = self.boxes[-1], place[1]
                    else:
                        place = (place[0], True) if kind == _LINK else None
                node, parent = inner, node
            elif after is not None:
                node = after
            elif waiting:
                node, parent, place = waiting.pop()
            else:
                break
        self._line(box, parts)
        return Document(tree, self.lines, self._spanned())

    def _paragraphs(self, box: Box, parts: list[Part], part: Part) -> tuple[list[Part], str]:
        """Lines of what ends within a part of preformatted text; what has begun, and the rest."""
        text, parent, linked = part
        *paragraphs, text = _PARAGRAPH.split(text)
        for paragraph in paragraphs:
            if parts or paragraph.strip():
                self._line(box, [*parts, (paragraph, parent, linked)])
            parts = []
        return parts, text if text.strip() else ""

    def _line(self, box: Box, parts: list[Part]) -> None:
        if not parts:
            return
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

    def _spanned(self) -> list[Box]:
        """The boxes, each told which lines its inner boxes hold."""
        for box in reversed(self.boxes):  # children before parents
            outer = box.parent
            if outer is not None and box.first >= 0:
                if outer.first < 0 or box.first < outer.first:
                    outer.first = box.first
                if box.last > outer.last:  # noqa: PLR1730  (max takes three times as long)
                    outer.last = box.last
        return self.boxes
