"""From markup to lines: one parse, and one walk over a page or what stands around its article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborNode

from crawler.site.markup import parse

from . import order, revealed, visibility
from .document import BREAKS, PLAYERS, UNSEEN, Box, Document, Line, Part, Place, squeeze, title_of

_TEXT: Final = 1
_BREAK: Final = 2
_MEDIUM: Final = 3
_KINDS: Final[dict[str | None, int]] = {
    **dict.fromkeys(BREAKS, _BREAK),
    **dict.fromkeys(PLAYERS | {"img"}, _MEDIUM),
    "-text": _TEXT,
}
# In <pre>: an empty line, and one that ends a sentence or comes before an indented one
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n|(?<=[。！？”…）])[ \t\r]*\n|\n(?=\u3000)")
_REVEALS = 3  # hidden boxes in each other that may hold the article
BEFORE = 2  # lines before an article's heading that may belong to it
# Of each line after the text, and what gives all text behind it: may the walk end with the line?
Enough = Callable[[Line, Callable[[], str]], bool]


def read(markup: str) -> Document:
    """Parse and walk once. The HTML5 algorithm mends what is malformed, so nothing is lost."""
    return Parsed(markup).document()


class Parsed:
    """A page's tree, of which the whole or only the article's surroundings are walked."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.tree = parse(markup)
        root = self.tree.body or self.tree.root
        assert root is not None  # the algorithm makes a body even for no bytes
        self.root = root
        self.walked: dict[frozenset[int], Document] = {}  # the last one, by what it leaves out

    @cached_property
    def unseen(self) -> frozenset[int]:
        """The elements that a reader does not see, by their `mem_id`."""
        hidden = visibility.hidden(self.tree, self.root, self.markup)
        for _ in range(_REVEALS if hidden else 0):
            nodes = revealed.candidates(hidden, title_of(self.tree))
            if not nodes or not revealed.may_be(self._seen(frozenset(hidden)), nodes):
                break
            boxed = frozenset(node.mem_id for node in nodes)
            walk = _Walk(self.root, frozenset(hidden) - boxed, boxed)
            walk.run(self.root.traverse(include_text=True))
            document = self._document(walk)
            boxes = [place[0] for one in nodes if (place := walk.places.get(one.mem_id))]
            shown = revealed.find(document, boxes)
            if not shown:
                break
            for box in shown:
                del hidden[box.node.mem_id]
        return frozenset(hidden)

    def document(self) -> Document:
        return self._seen(self.unseen)

    def _seen(self, unseen: frozenset[int]) -> Document:
        """The page without these elements."""
        if unseen not in self.walked:
            walk = _Walk(self.root, unseen)
            walk.run(self.root.traverse(include_text=True))
            self.walked = {unseen: self._document(walk)}
        return self.walked[unseen]

    def around(self, heading: LexborNode, box: LexborNode, enough: Enough) -> Document | None:
        """The lines from a few before the heading to the end of the block `box`, and on until
        there are enough; None if the block does not follow the heading."""
        walk = _Walk(self.root, self.unseen)
        between = [heading]
        for node in order.onward(heading, self.root, inside=True):
            if node.mem_id == box.mem_id:
                break
            between.append(node)
        else:
            return None
        walk.run(self._lines_before(heading) + between)
        walk.block(box)
        walk.run(
            order.onward(box, self.root),
            lambda line: enough(line, lambda: order.text_after(box, UNSEEN)),
        )
        return self._document(walk)

    def _lines_before(self, node: LexborNode) -> list[LexborNode]:
        """The nodes of the last `BEFORE` lines before a node, or some more."""
        left = BEFORE + 1  # the node may stand inside a line
        filled = False
        found: list[LexborNode] = []
        begin = self.root.mem_id
        before = order.before(node)
        while left and before is not None and before.mem_id != begin:
            found.append(before)
            kind = _KINDS.get(before.tag)
            if kind == _BREAK:
                left -= filled
                filled = False
            elif kind == _MEDIUM:
                filled = True
            elif kind == _TEXT and not filled and not (before.text_content or "").isspace():
                parent = before.parent
                filled = parent is not None and parent.tag not in UNSEEN
            before = order.before(before)
        found.reverse()
        return found

    def _document(self, walk: _Walk) -> Document:
        walk.span()
        return Document(self.tree, walk.lines, walk.boxes, walk.places)


def _is_apart(node: LexborNode) -> bool:
    """Is it a block, or the white space between blocks?"""
    if node.tag == "-text":
        return not (node.text_content or "").strip()
    return node.tag in BREAKS


class _Walk:
    """Pre-order over every node. What an element means for its text is worked out once, upwards
    from the first text in it: elements without text cost nothing, and depth costs no stack."""

    def __init__(
        self,
        root: LexborNode,
        unseen: frozenset[int] = frozenset(),
        boxed: frozenset[int] = frozenset(),
    ) -> None:
        """`unseen`: elements to leave out; `boxed`: elements taken for blocks, inline or not."""
        self.root = root
        self.unseen = unseen
        self.boxed = boxed
        top = Box(root, "body", None, 0)
        self.boxes = [top]
        self.lines: list[Line] = []
        self.places: dict[int, Place] = {root.mem_id: (top, False)}

    def run(
        self, nodes: Iterable[LexborNode], enough: Callable[[Line], bool] | None = None
    ) -> None:
        """Read the lines of the nodes, which begin with a line, until there are enough."""
        # The hot loop, some thousand nodes a page: names are local, and a tag is looked up once.
        kinds, places, unseen = _KINDS, self.places, self.unseen
        parts: list[Part] = []
        box = self.boxes[0]
        over = False  # a block began or ended, so the line is over when the next one begins
        for node in nodes:
            kind = kinds.get(node.tag)
            if kind is None:
                continue
            if kind == _BREAK:
                over = True
                continue
            if kind == _MEDIUM:
                if node.mem_id in unseen:
                    continue
                text = ""
            else:
                text = node.text_content or ""
                if not text or text.isspace():
                    if box.tag == "pre" and text.count("\n") > 1:
                        over = True
                    elif text and parts and not over:
                        parts.append((" ", parts[-1][1], False))
                    continue
            parent = node.parent
            assert parent is not None  # the root is a block
            place = places.get(parent.mem_id)
            if place is None:
                place = self._place(parent)
            if place is False:
                continue
            if over or place[0] is not box:
                if parts:
                    self._line(box, parts)
                    parts = []
                    if enough is not None and enough(self.lines[-1]):
                        return
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

    def block(self, node: LexborNode) -> None:
        """Read the lines of a block. Its paragraphs of nothing but text, which most of an article
        is, take a third of the time so."""
        place = self.places.get(node.mem_id) or self._place(node)
        children = list(node.iter(include_text=True))
        if not place or place[1] or not all(map(_is_apart, children)):
            self.run(node.traverse(include_text=True))
            return
        outer = place[0]
        for child in children:
            if child.tag == "-text" or child.mem_id in self.unseen:
                continue
            inner = child.first_child
            if child.tag != "p" or (
                inner is not None and (inner.tag != "-text" or inner.next is not None)
            ):
                self.run(child.traverse(include_text=True))
            elif inner is not None and (text := inner.text_content) and not text.isspace():
                box = Box(child, "p", outer, outer.depth + 1)
                self.boxes.append(box)
                self.places[child.mem_id] = (box, False)
                self._line(box, [(text, child, False)])

    def _place(self, node: LexborNode) -> Place:
        places = self.places
        path = [node]
        above = node.parent
        assert above is not None  # the walk's root has its place
        while (place := places.get(above.mem_id)) is None:
            path.append(above)
            above = above.parent
            assert above is not None
        for element in reversed(path):
            tag = element.tag or ""
            if place is False or tag in UNSEEN or element.mem_id in self.unseen:
                place = False
            elif tag in BREAKS or element.mem_id in self.boxed:
                box = Box(element, tag, place[0], place[0].depth + 1)
                self.boxes.append(box)
                place = (box, place[1])
            elif tag == "a":
                place = (place[0], True)
            places[element.mem_id] = place
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

    def span(self) -> None:
        """Tell every box which lines its inner boxes hold."""
        for box in reversed(self.boxes):  # children before parents
            outer = box.parent
            if outer is not None and box.first >= 0:
                outer.first = box.first if outer.first < 0 else min(outer.first, box.first)
                outer.last = max(outer.last, box.last)
