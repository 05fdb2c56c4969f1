"""What a replay would change, field by field, as a table in which a Chinese character takes two
columns.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from crawler.doctor.table import columns_of, pad
from crawler.replay.rereading import Result
from crawler.text import clean

_EXAMPLES = 3  # a row
_NAME, _COUNT, _ID, _VALUE = 22, 8, 20, 40  # columns
_BEFORE_THE_DIFFERENCE = 8  # characters
_MORE = "…"

_ROWS = {
    "new": "new records",
    "lost": "no record any more",
    "incomplete": "not whole in there",
    "damaged": "cannot be read",
    "error": "errors",
}


class Differences:
    """Counts, and the first examples of each row."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._examples: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)

    def add(self, result: Result) -> None:
        if result.kind in _ROWS:
            words = getattr(result.item, "title", None) or result.words or ""
            self._note(_ROWS[result.kind], result.id, _cut(clean.line(words), 2 * _VALUE))
        if result.kind == "updated" and not result.changes:
            self._note("not at hand", result.id, "what was published before is gone")
        for name, (before, after) in result.changes.items():
            self._note(name, result.id, " → ".join(_excerpts(before, after)))

    def _note(self, row: str, id_: str, words: str) -> None:
        self._counts[row] += 1
        if len(self._examples[row]) < _EXAMPLES:
            self._examples[row].append((id_, words))

    def render(self) -> str:
        """Empty where nothing would change."""
        if not self._counts:
            return ""
        heading = f"{pad('field', _NAME)}{'changed':>{_COUNT}}  {pad('for example', _ID)}"
        lines = [f"{heading}  before → after", *self._lines()]
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def _lines(self) -> Iterator[str]:
        others = set(_ROWS.values())
        rows = sorted(self._counts, key=lambda row: (row in others, -self._counts[row], row))
        for row in rows:
            first = f"{pad(row, _NAME)}{self._counts[row]:>{_COUNT},}"
            for id_, words in self._examples[row]:
                yield f"{first}  {pad(_cut(id_, _ID), _ID)}  {words}"
                first = " " * (_NAME + _COUNT)


def _excerpts(before: Any, after: Any) -> tuple[str, str]:
    """Both values around the first difference, each in its columns."""
    one, other = _words(before), _words(after)
    pairs = enumerate(zip(one, other, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    start = max(same - _BEFORE_THE_DIFFERENCE, 0)
    lead = _MORE if start else ""
    return _cut(lead + one[start:], _VALUE), _cut(lead + other[start:], _VALUE)


def _words(value: Any) -> str:
    if isinstance(value, str):
        return clean.line(value)
    return clean.line(json.dumps(value, ensure_ascii=False))


def _cut(text: str, width: int) -> str:
    if columns_of(text) <= width:
        return text
    shown, columns = "", 1
    for character in text:
        columns += columns_of(character)
        if columns > width:
            break
        shown += character
    return shown + _MORE
