"""JSON that a template wrote: what is wrong with one entry costs that entry, never the page.

Seen on sites of the same CMS: raw line breaks within a string, an unescaped quotation mark in a
title, a comment or a script behind the array, escapes such as \\x41, a comma behind the last entry.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any, NamedTuple

_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_KNOWN_ESCAPES = set('"\\/bfnrt')
_STRING_OR_LAST_COMMA = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|,(?=\s*[\]}])', re.DOTALL)
# What may stand behind the array: '<!-- App=ZCMS(…) -->', '<script>', '// 2024-02-29', ';'
_BEHIND = re.compile(r"\s*(?:;\s*)?(?:\Z|<!--|<script|/[/*])", re.IGNORECASE)
_END_OF_ARRAY = re.compile(r"\][\s}]{0,40}(?=;?\s{0,40}(?:\Z|<!--|<script|/[/*]))", re.IGNORECASE)
_FIRST_ENTRY = re.compile(r"\[\s{0,40}\{")
_BETWEEN = re.compile(r"\}\s{0,40},\s{0,40}(?=\{)")
# A quotation mark ends a string where one of these follows; behind a comma, the next value.
_AFTER_STRING = re.compile(r"\s{0,40}(?:[:\]}]|\Z|,\s{0,40}[\"{\[\dtfn-])")
_SHOWN = 200  # characters of an entry that cannot be read


class Loaded(NamedTuple):
    data: Any
    lost: list[str]  # entries that cannot be read, as they begin


def loads(text: str) -> Loaded:
    """Raises ValueError or RecursionError for what is not JSON, nor a whole array of entries."""
    try:
        return Loaded(json.loads(text, parse_int=_integer), [])
    except ValueError as error:
        plain = _ESCAPE.sub(_known_escape, text)
        for candidate in (plain, _quoted(plain)):
            with suppress(ValueError):
                return Loaded(_whole(candidate), [])
        found = _entries(plain)
        if found is None or not found.data:
            raise error
        return found


def _whole(text: str) -> Any:
    text = _STRING_OR_LAST_COMMA.sub(lambda match: "" if match[0] == "," else match[0], text)
    data, end = json.JSONDecoder(strict=False, parse_int=_integer).raw_decode(text)
    if not _BEHIND.match(text, end) or not isinstance(data, list | dict):
        raise ValueError("no object or array, or more text behind it")
    return data


def _entries(text: str) -> Loaded | None:
    """Each entry of the first array of objects by itself; None where the array has no end."""
    first = _FIRST_ENTRY.search(text)
    ends = [match.start() for match in _END_OF_ARRAY.finditer(text)] if first else []
    if first is None or not ends or ends[-1] <= first.start():
        return None
    inside = text[first.end() - 1 : ends[-1]].rstrip().removesuffix(",").rstrip()
    if not inside.endswith("}"):
        return None
    entries, lost = [], []
    for piece in (f"{begin}}}" for begin in _BETWEEN.split(inside.removesuffix("}"))):
        for candidate in (piece, _quoted(piece)):
            with suppress(ValueError):
                entries.append(_whole(candidate))
                break
        else:
            lost.append(piece[:_SHOWN])
    return Loaded(entries, lost)


def _quoted(text: str) -> str:
    """With quotation marks escaped that do not end the string they stand in."""
    pieces: list[str] = []
    inside = False
    begin = at = 0
    while (at := text.find('"', at)) >= 0:
        if inside and _escaped(text, at):
            at += 1
            continue
        if inside and not _AFTER_STRING.match(text, at + 1):
            pieces.append(text[begin:at] + "\\")
            begin = at
        else:
            inside = not inside
        at += 1
    return "".join([*pieces, text[begin:]])


def _escaped(text: str, at: int) -> bool:
    begin = at
    while begin > 0 and text[begin - 1] == "\\":
        begin -= 1
    return (at - begin) % 2 == 1


def _known_escape(match: re.Match[str]) -> str:
    word = match[1]
    if word[0] == "x" and len(word) == 3:
        return f"\\u00{word[1:]}"
    return match[0] if word in _KNOWN_ESCAPES or len(word) == 5 else word


def _integer(digits: str) -> int | float:
    """int() refuses 5,000 digits, which would cost the page for one entry's time."""
    return int(digits) if len(digits) < 20 else float(digits)
