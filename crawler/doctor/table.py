"""The diagnosis as a table as wide as the terminal, in which a Chinese character takes two columns.

Lines break at blanks and between Chinese characters, never inside a word, an address or a path: one
that is wider than the line goes beyond it and can be copied whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from crawler.doctor.result_rows import Diagnosis, Row
from crawler.text import clean
from crawler.text.widths import columns_of, pad

NARROWEST = 60
_VERDICT = 9
_NAME = 22
_LABEL = 10  # 'expected', 'found', 'look at', 'saved as'

# What may stand at the end of a line: blanks, words with a slash in them (paths, addresses), a
# Chinese character and the punctuation behind it, other words.
_WIDE = "\u1100-\u115f\u2e80-\u3000\u3003-\ufeff\uff21-\uffef"
_CLOSING = "\u3001\u3002\uff01-\uff20"
_PIECE = re.compile(rf"\s+|\S*/\S*|[{_WIDE}{_CLOSING}][{_CLOSING}]*|[^\s{_WIDE}{_CLOSING}]+")


def render(diagnosis: Diagnosis, width: int) -> str:
    width = max(width, NARROWEST)
    lines = [line for row in diagnosis.rows for line in _row(row, width)]
    return "\n".join([*lines, "", *wrap(diagnosis.sentence, width)]) + "\n"


def _row(row: Row, width: int) -> Iterator[str]:
    verdict = row.verdict.upper() if row.verdict == "fails" else row.verdict
    name = "  " * (row.kind in ("older", "article")) + clean.line(row.name)
    names = wrap(name, _NAME - 1)
    seen = wrap(clean.line(row.seen), width - _VERDICT - _NAME)
    for first, second, third in zip_longest([verdict], names, seen, fillvalue=""):
        yield f"{pad(first, _VERDICT)}{pad(second, _NAME)}{third}".rstrip()
    for problem in sorted(row.problems, key=lambda one: one.severity == "doubt"):
        aside = "in doubt, " if problem.severity == "doubt" and row.verdict == "fails" else ""
        yield from _beneath("expected", aside + problem.expected, width)
        yield from _beneath("found", problem.found, width)
        yield from _beneath("look at", problem.look_at, width)
    yield from _beneath("saved as", row.saved, width)


def _beneath(label: str, words: str | None, width: int) -> Iterator[str]:
    if words is not None:
        for line in wrap(clean.line(words), width - _VERDICT - _LABEL):
            yield f"{' ' * _VERDICT}{pad(label, _LABEL)}{line}"
            label = ""


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns. What begins with blanks keeps them."""
    start = text[: len(text) - len(text.lstrip())]
    lines, line = [], start
    for piece in _PIECE.findall(text.strip()):
        if columns_of(line + piece.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = ""
        line += piece if line.strip() or not piece.isspace() else ""
    return [*lines, line.rstrip()]
