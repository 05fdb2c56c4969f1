"""A page as a reader sees it: one parse and one walk turn markup into lines inside boxes.

A Line is what stands between two breaks (a block's edge or a `<br>`); a Box is a block-level
element that holds lines. What no reader sees (scripts, comments, styles, a form's choices) is not
in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BREAKS = HEADINGS | {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
UNSEEN = frozenset((
    "audio", "button", "canvas", "embed", "head", "iframe", "math", "noscript", "object", "option",
    "rp", "rt", "script", "select", "style", "svg", "template", "textarea", "title", "video",
))  # fmt: skip
PLAYERS = frozenset(("audio", "embed", "iframe", "object", "video"))

_TEXT: Final = 1
_BREAK: Final = 2
_MEDIUM: Final = 3
_KINDS: Final[dict[str | None, int]] = {
    **dict.fromkeys(BREAKS, _BREAK),
    **dict.fromkeys(PLAYERS | {"img"}, _MEDIUM),
    "-text": _TEXT,
}
_ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MAY_HIDE = "[hidden], [style*=none i], [style*=hidden i]"  # asking every box takes three times as long
# In <pre>: an empty line, and one that ends a sentence or comes before an indented one
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n|(?<=[。！？”…）])[ \t\r]*\n|\n(?=\u3000)")
BEFORE = 2  # lines before an article's heading that may belong to it
_SO_MANY_TAGS = 20_000
_DEEPEST = 500
# tags that stay open until they are closed; <p>, <li>, <td> and the like close each other
_NESTING = re.compile(
    r"<(/?)(?:(?:a|b|big|em|font|i|ins|s|small|span|strike|strong|u)|(article|blockquote|center|dir"
    r"|div|dl|fieldset|figure|form|main|nav|ol|section|table|tbody|ul))\b[^<>]{0,2000}>",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class Box:
    """A block-level element that holds lines, `first` to `last` (indices, both inclusive)."""

    node: LexborNode
    tag: str
    parent: Box | None
    depth: int
    first: int = -1
    last: int = -1

    def within(self, other: Box) -> bool:
        """Is this box `other`, or inside it?"""
        box: Box | None = self
        while box is not None and box.depth > other.depth:
            box = box.parent
        return box is other

    def ancestors(self, below: Box | None = None) -> Iterator[Box]:
        """This box and those around it, inside out, as far as the child of `below`."""
        box: Box | None = self
        while box is not None and box is not below:
            yield box
            box = box.parent


# A run of text, its parent element, and whether it is in a link; no text: the node is a picture or
# a player. Plain tuples, because a page has thousands.
Part = tuple[str, LexborNode, bool]


@dataclass(slots=True, eq=False)
class Line:
    index: int
    text: str  # white space single, stripped
    box: Box
    parts: list[Part]
    linked: int  # how many of the characters are a link's

    @property
    def is_link(self) -> bool:
        """Nothing but links, and perhaps a separator or two."""
        return self.linked > 0 and self.linked >= len(self.text) * 0.85 - 3

    def until(self, rest: str) -> Line:
        """The line cut after `rest`, its first words; white space is not counted."""
        left = len("".join(rest.split()))
        parts: list[Part] = []
        for text, node, link in self.parts:
            end = 0
            while end < len(text) and left:
                left -= not text[end].isspace()
                end += 1
            if end or not text:
                parts.append((text[:end], node, link))
        return replace(self, text=rest, parts=parts)


def is_hidden(box: Box) -> bool:
    """Does its own markup hide it from a reader? A style sheet may hide more."""
    attributes = box.node.attributes
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "") is not None


class Enclosing:
    """The outermost box of a kind around a line, inside the body; every box is looked at once."""

    def __init__(self, body: Box, kind: Callable[[Box], bool]) -> None:
        self.body = body
        self.kind = kind
        self.known: dict[Box, Box | None] = {}

    def box(self, inner: Box) -> Box | None:
        path: list[Box] = []
        found: Box | None = None
        for box in inner.ancestors(below=self.body):
            if box in self.known:
                found = self.known[box]
                break
            path.append(box)
        for box in reversed(path):
            if found is None and self.kind(box):
                found = box
            self.known[box] = found
        return found


# What a text inherits from the elements around it: its box, and whether it is in a link. False if
# nobody sees it.
Place = tuple[Box, bool] | Literal[False]

# Of each line after the text, and what gives all text behind it: may the walk end with the line?
Enough = Callable[[Line, Callable[[], str]], bool]


@dataclass
class Document:
    tree: LexborHTMLParser
    lines: list[Line]
    boxes: list[Box]  # parents before children; the first is the page's body
    places: dict[int, Place]  # by mem_id, of the elements with text or a picture in them

    @cached_property
    def title(self) -> str:
        """Of the title tag."""
        title = self.tree.css_first("title")
        return squeeze(title.text()) if title is not None else ""

    @cached_property
    def language(self) -> str | None:
        html = self.tree.root.attributes if self.tree.root is not None else {}
        return html.get("lang") or html.get("xml:lang")

    @cached_property
    def base(self) -> str | None:
        """href of a `<base>`."""
        base = self.tree.css_first("base[href]")
        return base.attributes.get("href") if base is not None else None

    @cached_property
    def metas(self) -> dict[str, str]:
        """Name, property or itemprop in lower case -> content, the first one."""
        metas: dict[str, str] = {}
        for node in self.tree.css("meta[content]"):
            get = node.attributes.get
            name = get("name") or get("property") or get("itemprop") or get("http-equiv")
            content = squeeze(get("content") or "")
            if name and content:  # 'og: time', 'weibo: article'
                metas.setdefault("".join(name.lower().split()), content)
        return metas

    @property
    def date_published(self) -> str | None:
        """Of an element with this itemprop: `<time>`, `<span>`."""
        for node in self.tree.css('[itemprop~="datePublished"]'):
            get = node.attributes.get
            if value := squeeze(get("datetime") or get("content") or ""):
                return value
        return None

    @property
    def json_ld(self) -> list[str]:
        return [node.text() for node in self.tree.css('script[type="application/ld+json"]')]


def squeeze(text: str) -> str:
    """White space single (nbsp and ideographic space too), zero-width characters gone."""
    if not text.isascii():
        for mark in _ZERO_WIDTH:
            if mark in text:
                text = text.replace(mark, "")
    return " ".join(text.split())


def read(markup: str) -> Document:
    """Parse and walk once. The HTML5 algorithm mends what is malformed, so nothing is lost."""
    return Parsed(markup).document()


class Parsed:
    """A page's tree, of which the whole or only the article's surroundings are walked."""

    def __init__(self, markup: str) -> None:
        if len(markup) > len("<b>") * _SO_MANY_TAGS and markup.count("<") > _SO_MANY_TAGS:
            markup = _flattened(markup)
        self.markup = markup
        self.tree = LexborHTMLParser(markup or "<html>")
        root = self.tree.body or self.tree.root
        assert root is not None  # the algorithm makes a body even for no bytes
        self.root = root

    def document(self) -> Document:
        walk = _Walk(self.root)
        walk.run(self.root.traverse(include_text=True))
        return self._document(walk)

    def around(self, heading: LexborNode, box: LexborNode, enough: Enough) -> Document | None:
        """The lines from a few before the heading to the end of the block `box`, and on until
        there are enough; None if the block does not follow the heading."""
        walk = _Walk(self.root)
        between = [heading]
        for node in self._onward(heading, heading.first_child):
            if node.mem_id == box.mem_id:
                break
            between.append(node)
        else:
            return None
        walk.run(self._lines_before(heading) + between)
        walk.block(box)
        walk.run(self._onward(box), lambda line: enough(line, lambda: _text_after(box)))
        return self._document(walk)

    def _onward(self, node: LexborNode, inner: LexborNode | None = None) -> Iterator[LexborNode]:
        """What follows a node, in document order; of what is in it, `inner` and on."""
        end = self.root.mem_id
        element: LexborNode | None = node
        while element is not None and element.mem_id != end:
            if inner is None:
                inner = element.next
            if inner is None:
                element = element.parent
            else:
                yield inner
                element, inner = inner, inner.first_child

    def _lines_before(self, node: LexborNode) -> list[LexborNode]:
        """The nodes of the last `BEFORE` lines before a node, or some more."""
        left = BEFORE + 1  # the node may stand inside a line
        filled = False
        found: list[LexborNode] = []
        begin = self.root.mem_id
        before = _before(node)
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
            before = _before(before)
        found.reverse()
        return found

    def _document(self, walk: _Walk) -> Document:
        walk.span()
        return Document(self.tree, walk.lines, walk.boxes, walk.places)


def _text_after(node: LexborNode) -> str:
    """All that stands behind a node, and some scripts."""
    texts: list[str] = []
    element: LexborNode | None = node
    while element is not None:
        after = element.next
        while after is not None:
            if after.tag not in UNSEEN:
                texts.append(after.text() if after.tag != "-text" else after.text_content or "")
            after = after.next
        element = element.parent
    return "".join(texts)


def _before(node: LexborNode) -> LexborNode | None:
    """The node before it in document order."""
    before = node.prev
    if before is None:
        return node.parent
    while (last := before.last_child) is not None:
        before = last
    return before


def _is_apart(node: LexborNode) -> bool:
    """Is it a block, or the white space between blocks?"""
    if node.tag == "-text":
        return not (node.text_content or "").strip()
    return node.tag in BREAKS


def _flattened(markup: str) -> str:
    """Breaks for blocks where elements are nested absurdly deep: the parser's time grows with the
    square of the depth, 20 seconds for 100,000 open `<div>`."""
    depth = 0

    def shallow(tag: re.Match[str]) -> str:
        nonlocal depth
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth + bool(tag[1]) <= _DEEPEST:
            return tag[0]
        return "<br>" if tag[2] else ""

    return _NESTING.sub(shallow, markup)


class _Walk:
    """Pre-order over every node. What an element means for its text is worked out once, upwards
    from the first text in it: elements without text cost nothing, and depth costs no stack."""

    def __init__(self, root: LexborNode) -> None:
        self.root = root
        top = Box(root, "body", None, 0)
        self.boxes = [top]
        self.lines: list[Line] = []
        self.places: dict[int, Place] = {root.mem_id: (top, False)}

    def run(
        self, nodes: Iterable[LexborNode], enough: Callable[[Line], bool] | None = None
    ) -> None:
        """Read the lines of the nodes, which begin with a line, until there are enough."""
        # The hot loop, some thousand nodes a page: names are local, and a tag is looked up once.
        kinds, places = _KINDS, self.places
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
            if child.tag == "-text":
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
            if place is False or tag in UNSEEN:
                place = False
            elif tag in BREAKS:
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
