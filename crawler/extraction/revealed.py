"""Which hidden elements hold the article: a script will show them, or a click on 展开全文."""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from crawler.extraction import density, heading
from crawler.extraction.document import Box, Document, Line
from crawler.extraction.visibility import declarations
from crawler.text.clean import key

_MOST = 200  # hidden elements looked at
_SHORT = 200  # characters: a heading is shorter
_SENTENCES = 40  # characters: less text is side information
_PUNCTUATION = re.compile(r"[。！？；]|[a-z][.!?]\s")
_BEGINS = 6  # characters of a title that tell a heading
_UNFOLDS = re.compile(
    r"(?:点击|點擊)?\W{0,3}(?:展开|展開|余下|餘下|阅读|閱讀|查看|显示|顯示|继续|繼續)(?:剩余|更多|余下|全部)?"
    r"(?:全文|全部|更多|阅读|閱讀|内容|正文|查看)?\W{0,3}|(?:Read|Show) (?:more|all)\W{0,3}",
    re.IGNORECASE,
)
_LONGEST_BUTTON = 16  # characters
_NEAR = 3  # elements between a box and the button that unfolds it


def candidates(hidden: dict[int, LexborNode], title: str) -> list[LexborNode]:
    """The hidden elements that may be the article's heading or text, in document order."""
    begins = key(title)[:_BEGINS]
    found = []
    for node in list(hidden.values())[:_MOST]:
        if node.tag == "img":
            continue
        text = node.text().strip()
        is_heading = begins and len(text) <= _SHORT and begins in key(text)
        is_text = len(text) >= _SENTENCES and _PUNCTUATION.search(text) is not None
        if (is_heading or is_text) and not _is_layer(node):
            found.append(node)
    return found


def _is_layer(node: LexborNode) -> bool:
    """Is it something that opens over the page?"""
    attributes = node.attributes
    return (
        node.tag == "dialog"
        or attributes.get("role") in ("dialog", "alertdialog", "tooltip")
        or declarations(attributes.get("style") or "").get("position") == "fixed"
    )


def may_be(seen: Document, nodes: list[LexborNode]) -> bool:
    """Is it worth a closer look, which takes another walk? Not where heading and text are seen, and
    the hidden text is less and has no button that shows it."""
    head = heading.find(seen)
    if head.first < 0:
        return True
    dense = density.find(seen.lines, head.last + 1)
    enough = max(dense.total(dense.box) if dense else 0.0, density.ENOUGH / 2)
    sizes: dict[str, int] = {}
    for node in nodes:
        sizes[_look(node)] = sizes.get(_look(node), 0) + len("".join(node.text().split()))
    return max(sizes.values()) > enough or any(map(_unfolds, nodes))


def find(document: Document, boxes: list[Box]) -> list[Box]:
    """Those of the hidden boxes without which the page would lack its heading or most of its text.

    `document` holds their lines, too.
    """
    outer: list[Box] = []
    for box in boxes:
        if box.first >= 0 and not (outer and box.within(outer[-1])):
            outer.append(box)
    unseen = {index for box in outer for index in range(box.first, box.last + 1)}
    lines = [
        replace(line, text="", parts=[], linked=0) if line.index in unseen else line
        for line in document.lines
    ]
    head = heading.find(replace(document, lines=lines))
    if head.first < 0:
        head = heading.find(document)
        holder = next((box for box in outer if box.first <= head.first <= box.last), None)
        if holder is not None and head.by == "label" and _is_title(document, head, holder):
            return [holder]
    start = head.last + 1
    dense = density.find(lines, start)
    seen = dense.total(dense.box) if dense else 0.0
    end = _end(lines, dense.box.first if dense and dense.box.last >= start else start)
    shown = {line.text for line in lines}
    groups: dict[str, list[tuple[Box, float]]] = {}
    for box in outer:
        if start <= box.first < end:
            own = document.lines[box.first : box.last + 1]
            weight = _weight(own, shown)
            if weight:
                groups.setdefault(_look(box.node), []).append((box, weight))
    found = []
    for several in groups.values():
        most = sum(weight for _, weight in several) > max(seen, density.ENOUGH / 2)
        found += [box for box, _ in several if most or _unfolds(box.node)]
    return found


def _is_title(document: Document, head: heading.Heading, holder: Box) -> bool:
    """Is the hidden line the heading, or does it at least stand over a text?"""
    if key(head.title or "") == key(heading.without_suffix(document.title)):
        return True
    return _weight(document.lines[holder.first : holder.last + 1], set()) >= density.ENOUGH


def _end(lines: list[Line], start: int) -> int:
    """The line at which the article is over."""
    for line in lines[max(start, 0) :]:
        if line.text and (density.is_end(line.text) or density.is_signature(line.text)):
            return line.index
    return len(lines)


def _weight(lines: list[Line], shown: set[str]) -> float:
    """Of the text that is not on the page already; none of comments and other articles."""
    first = next((line for line in lines if line.text), None)
    if first is None or density.is_end(first.text):
        return 0
    return sum(density.weight_of(line) for line in lines if line.text not in shown)


def _look(node: LexborNode) -> str:
    get = node.attributes.get
    return f"{node.tag} {get('class') or ''} {get('style') or ''}"


def _unfolds(node: LexborNode) -> bool:
    """Does a button beside it show it?"""
    beside: list[LexborNode] = []
    for begin in (node, node.parent):
        after = begin.next if begin is not None else None
        for _ in range(_NEAR * 2):
            if after is None:
                break
            beside.append(after)
            after = after.next
    before = node.prev
    for _ in range(_NEAR):
        if before is None:
            break
        beside.append(before)
        before = before.prev
    for one in beside:
        text = (one.text() if one.tag != "-text" else one.text_content or "").strip()
        if len(text) <= _LONGEST_BUTTON and _UNFOLDS.fullmatch(text):
            return True
    return False
