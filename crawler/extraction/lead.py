"""What stands between heading and text and belongs to the article: lead picture and standfirst."""

from __future__ import annotations

import re

from crawler.extraction import boilerplate, captions, density
from crawler.extraction.document import Box, Line, squeeze
from crawler.text import bylines, dates, sources

_HOLDER = 6  # lines, at most, of the box of a picture and its caption, or of a standfirst
_CAPTION = 160  # characters
_BY_MACHINE = re.compile(r"\W?(?:AI|智能)\s?(?:智能)?(?:摘要|总结|导读|速[读览])\W?")
_LEAST = 25  # characters of a standfirst without a label


def find(between: list[Line], box: Box, text: list[Line]) -> list[Line]:
    """Of the lines between heading and text, those before the text's `box` that are the article's;
    none that the text repeats."""
    lines = [line for line in between if not line.box.within(box)]
    if not lines:
        return []
    bounds = (lines[0].index, lines[-1].index)
    about = {line.index for line in lines if _is_about(line)}
    said = {line.text for line in text}
    found: dict[int, Line] = {}
    linked = False  # is the line before a link: another article's title, over its summary?
    for line in lines:
        if line.index in found:
            continue
        if line.index not in about and _is_caption(line) and any(map(density.is_shown, line.parts)):
            holder = _holder(line, bounds, about)
            if holder is not None:
                for one in lines:
                    inside = holder.first <= one.index <= holder.last
                    under = one.index == holder.last + 1 and one.index not in about
                    if _is_caption(one) and (inside or (under and _is_set_off(one, box))):
                        found[one.index] = one
        elif line.text and line.index not in about:
            found |= _standfirst(line, lines, about, linked=linked)
        if line.text:
            linked = line.is_link or _BY_MACHINE.fullmatch(line.text) is not None
    return [line for _, line in sorted(found.items()) if line.text not in said or not line.text]


def standfirst(line: Line) -> str | None:
    """Its words without the label, which may be an element of its own; '' if there is nothing else,
    None if it is none."""
    words = boilerplate.standfirst(line.text)
    if words is None and len(line.parts) > 1:
        label = squeeze(line.parts[0][0])
        if label and boilerplate.standfirst(label) == "" and line.text.startswith(label):
            words = line.text[len(label) :].strip()
    return words


def _is_about(line: Line) -> bool:
    text = line.text
    if not text or len(text) > _CAPTION:
        return False
    if boilerplate.is_tool(text) or sources.find(text) is not None:
        return True
    return bool(dates.find(text)) or bylines.split_editors(text)[1] is not None


def _holder(line: Line, bounds: tuple[int, int], about: set[int]) -> Box | None:
    """The box of the picture, as large as nothing but its caption is in it; None beside the time:
    there it is the author's or a button."""
    held: Box | None = None
    for box in line.box.ancestors():
        if box.first < bounds[0] or box.last > bounds[1]:
            break
        lines = range(box.first, box.last + 1)
        if not about.isdisjoint(lines):
            return None
        if len(lines) <= _HOLDER:
            held = box
    return held or line.box


def _is_caption(line: Line) -> bool:
    text = line.text
    if not text:
        return True
    return len(text) <= _CAPTION and not line.is_link and not boilerplate.is_noise(text)


def _is_set_off(line: Line, box: Box) -> bool:
    """Does the line under a picture's box look like its caption?"""
    return bool(line.text) and (
        captions.looks_like_one(line.text) or captions.is_centred(line, box)
    )


def _standfirst(line: Line, lines: list[Line], about: set[int], *, linked: bool) -> dict[int, Line]:
    words = standfirst(line)
    if words:
        return {line.index: line.cut(words)}
    if words == "":  # the label is a line, and the words are the next
        return {
            one.index: one
            for one in lines
            if line.index < one.index <= line.index + _HOLDER
            and one.box.within(line.box.parent or line.box)
            and one.text
            and one.index not in about
            and density.weight_of(one)
        }
    if linked:
        return {}
    is_prose = line.text.endswith(("。", "。”")) and len(line.text) >= _LEAST and not line.linked
    if not is_prose or captions.looks_like_one(line.text):
        return {}
    rest, byline = bylines.split_byline(line.text)
    alone = byline is not None and not rest
    return {line.index: line} if density.weight_of(line) and not alone else {}
