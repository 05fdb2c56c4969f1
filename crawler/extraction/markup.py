"""From markup to its tree, in a time that grows with its length alone."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from crawler.text.tries import any_of

_LONGEST = 100_000  # characters, or bytes, without a `<`: what fits into fewer costs little
_SEPARATORS = " \t\n\r\f/\"'"  # one of which stands before each attribute
_SO_MANY_ATTRIBUTES = 20_000
_DATA = re.compile(r"data:[\w/+.;-]{1,100},[\w+/=%]+", re.ASCII)
_SO_MANY_TAGS = 5_000  # fewer cannot be nested deep enough to matter
_DEEPEST = 200
# tags that stay open until they are closed; <p>, <li>, <td> and the like close each other
_INLINE = "a b big em font i ins s small span strike strong u".split()  # noqa: SIM905
_BLOCKS = """
    article blockquote center dir div dl fieldset figure form main nav ol section table tbody ul
""".split()  # noqa: SIM905
_NESTING = re.compile(
    rf"<(/?)(?:(?:{'|'.join(_INLINE)})|({'|'.join(_BLOCKS)}))(?=[\s/>])[^<>]{{0,2000}}>",
    re.IGNORECASE,
)
# No fewer that open, no more that close: a quarter of the time that those above take.
_NAME = any_of(dict.fromkeys([*_INLINE, *_BLOCKS], ""))
_OPENS_OR_CLOSES = re.compile(
    rf"<(?:(/){_NAME}(?=[\s/>])[^<>]{{0,2000}}>|{_NAME}\b)".encode(), re.IGNORECASE
)


def parse(markup: str, utf8: bytes | None = None) -> LexborHTMLParser:
    """The HTML5 algorithm mends what is malformed, so nothing is lost; what is nested absurdly deep
    is laid out flat, and of a tag with absurdly many attributes the first are kept.

    `utf8`: the markup's bytes where somebody has them, which saves making them.
    """
    if utf8 is None:
        utf8 = markup.encode()
    if _is_long_somewhere(utf8):
        markup = "<".join(map(_few_attributes, markup.split("<")))
        utf8 = markup.encode()
    if len(utf8) > len("<b>") * _SO_MANY_TAGS and utf8.count(b"<") > _SO_MANY_TAGS:
        utf8 = _flattened(markup).encode() if _is_deep(utf8) else utf8
    return LexborHTMLParser(utf8 or b"<html>")


def _is_long_somewhere(utf8: bytes) -> bool:
    """Are there so many bytes without a `<`?"""
    begin = 0
    while len(utf8) - begin > _LONGEST:
        last = utf8.rfind(b"<", begin, begin + _LONGEST)
        if last < 0:
            return True
        begin = last + 1
    return False


def _few_attributes(part: str) -> str:
    """The parser compares each attribute of a tag with all before it: a million would take it ten
    minutes.

    `part`: from a tag's name to the next `<`.
    """
    if len(part) <= _LONGEST:
        return part
    part = _DATA.sub("data:,", part)  # no record takes a picture in its own address
    tag, end, text = part.rpartition(">") if ">" in part else (part, "", "")
    if sum(map(tag.count, _SEPARATORS)) <= _SO_MANY_ATTRIBUTES:
        return part
    return tag[:_LONGEST] + end + text


def _is_deep(utf8: bytes) -> bool:
    """May tags be nested deeper than any page needs? Only a no is sure."""
    depth = 0
    for closes in _OPENS_OR_CLOSES.findall(utf8):
        depth = max(0, depth - 1) if closes else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def _flattened(markup: str) -> str:
    """Breaks for blocks that are nested deeper than any page needs: the parser's time grows with
    the square of the depth, 20 seconds for 100,000 open `<div>`.
    """
    depth = 0

    def shallow(tag: re.Match[str]) -> str:
        nonlocal depth
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth + bool(tag[1]) <= _DEEPEST:
            return tag[0]
        return "<br>" if tag[2] else ""

    return _NESTING.sub(shallow, markup)
