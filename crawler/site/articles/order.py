"""A tree's nodes in document order, from one of them on: not a whole page is walked for a part."""

from __future__ import annotations

from collections.abc import Container, Iterator

from selectolax.lexbor import LexborNode


def onward(node: LexborNode, root: LexborNode, *, inside: bool = False) -> Iterator[LexborNode]:
    """What follows a node under the root; what is in it only if asked for."""
    end = root.mem_id
    inner = node.first_child if inside else None
    element: LexborNode | None = node
    while element is not None and element.mem_id != end:
        if inner is None:
            inner = element.next
        if inner is None:
            element = element.parent
        else:
            yield inner
            element, inner = inner, inner.first_child


def before(node: LexborNode) -> LexborNode | None:
    """The node before it: the last one in its elder sibling, else its parent."""
    found = node.prev
    if found is None:
        return node.parent
    while (last := found.last_child) is not None:
        found = last
    return found


def text_after(node: LexborNode, unseen: Container[str | None]) -> str:
    """All that stands behind a node, less that of the `unseen` elements beside it and beside what
    holds it."""
    texts: list[str] = []
    element: LexborNode | None = node
    while element is not None:
        after = element.next
        while after is not None:
            if after.tag not in unseen:
                texts.append(after.text() if after.tag != "-text" else after.text_content or "")
            after = after.next
        element = element.parent
    return "".join(texts)
