"""A page as a reader sees it: lines inside boxes.

A Line is what stands between two breaks (a block's edge or a `<br>`); a Box is a block-level
element that holds lines. What no reader sees (scripts, comments, styles, a form's choices) is not
in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

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

_ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")


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

    def cut(self, words: str) -> Line:
        """The line with nothing but these words, a stretch of it; white space is not counted."""
        before = "".join(self.text.split()).find("".join(words.split()))
        left = len("".join(words.split()))
        parts: list[Part] = []
        for text, node, link in self.parts:
            begin = 0
            while begin < len(text) and before > 0:
                before -= not text[begin].isspace()
                begin += 1
            end = begin
            while end < len(text) and left:
                left -= not text[end].isspace()
                end += 1
            if end > begin or not text:
                parts.append((text[begin:end], node, link))
        linked = sum(len(text) for text, _, link in parts if link)
        return replace(self, text=words, parts=parts, linked=linked)


@dataclass
class Document:
    tree: LexborHTMLParser
    lines: list[Line]
    boxes: list[Box]  # parents before children; the first is the page's body

    @cached_property
    def boxes_by_node(self) -> dict[int, Box]:
        """Those that hold lines, by their nodes' `mem_id`."""
        return {box.node.mem_id: box for box in self.boxes if box.first >= 0}

    def box_around(self, node: LexborNode) -> Box | None:
        """The innermost with lines that holds the node."""
        above: LexborNode | None = node
        while above is not None and above.mem_id not in self.boxes_by_node:
            above = above.parent
        return self.boxes_by_node[above.mem_id] if above is not None else None

    def inside(self, box: Box) -> list[Box]:
        """The boxes inside this one, parents before children."""
        inside: list[Box] = []
        for one in self.boxes[self.boxes.index(box) + 1 :]:
            if one.depth <= box.depth:
                break
            inside.append(one)
        return inside

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
    def _declared(self) -> dict[str, list[dict[str, str | None]]]:
        """Tag -> attributes; of both in one search, since each is a walk over the page."""
        found: dict[str, list[dict[str, str | None]]] = {"base": [], "meta": []}
        for node in self.tree.css("base[href], meta[content]"):
            found[node.tag or ""].append(node.attributes)
        return found

    @cached_property
    def base(self) -> str | None:
        """href of a `<base>`."""
        bases = self._declared["base"]
        return bases[0].get("href") if bases else None

    @cached_property
    def metas(self) -> dict[str, str]:
        """Name, property or itemprop in lower case -> content, the first one."""
        metas: dict[str, str] = {}
        for attributes in self._declared["meta"]:
            get = attributes.get
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
    if text.isprintable() and "  " not in text:  # no white space but single blanks: most texts
        return text.strip(" ")
    text = " ".join(text.split())
    if text.isprintable():  # zero-width characters are not
        return text
    for mark in _ZERO_WIDTH:
        text = text.replace(mark, "")
    return " ".join(text.split())
