"""Where the pictures are on a page that has no text: after the heading, before the end."""

from __future__ import annotations

import re

from crawler.extraction import density, pictures
from crawler.extraction.density import Density
from crawler.extraction.document import Line, Part

# '/upload/1.jpg', the picture in full size; '8163816_2.shtml', the next page of the article
_OWN = re.compile(r"\.(?:jpe?g|png|gif|webp)$|_\d{1,3}\.s?html?$|^#?$|^javascript:")


def find(lines: list[Line], start: int) -> Density | None:
    """The box of the pictures among the lines from `start` on; None if there are none."""
    shown: list[Line] = []
    end = len(lines)
    for line in lines[start:]:
        if density.is_end(line.text) or (shown and density.is_signature(line.text)):
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
        density.is_paragraph(box) or (box.first == box.last and box.parent.first >= start)
    ):
        box = box.parent
    return Density(box, [0.0] * len(lines), start, end)


def is_shown(part: Part) -> bool:
    """Is it a picture that is no other article's?"""
    text, node, linked = part
    if text or node.tag != "img" or not pictures.written(node):
        return False
    return not linked or bool(_OWN.search(pictures.link_of(node).partition("?")[0].lower()))
