"""The diagnosis as a table of 80 columns, in which a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.text import clean
from crawler.text.widths import columns_of, pad
from crawler.watching.doctor.findings import Diagnosis, Row

_WIDTH = 80
_VERDICT = 9
_NAME = 22
_SEEN = _WIDTH - _VERDICT - _NAME

# What may stand on a line of its own: a run of spaces, a Chinese character, a word of another
# script, an address up to a slash.
_PIECE = re.compile(r"\s+|[\u1100-\u115f\u2e80-\uffef]|[^\s\u1100-\u115f\u2e80-\uffef/]*/?")


def render(diagnosis: Diagnosis) -> str:
    lines = [line for row in diagnosis.rows for line in _row(row)]
    return "\n".join([*lines, "", *wrap(diagnosis.sentence, _WIDTH)]) + "\n"


def _row(row: Row) -> Iterator[str]:
    verdict = row.verdict.upper() if row.verdict == "fails" else row.verdict
    name = "  " * (row.kind in ("older", "article")) + clean.line(row.name)
    names = wrap(name, _NAME - 1)
    seen = wrap(clean.line(row.seen), _SEEN)
    for place in range(max(len(names), len(seen))):
        first = verdict if place == 0 else ""
        second = names[place] if place < len(names) else ""
        third = seen[place] if place < len(seen) else ""
        yield f"{pad(first, _VERDICT)}{pad(second, _NAME)}{third}".rstrip()
    for problem in row.problems:
        aside = "doubt, " if problem.severity == "doubt" and row.verdict == "fails" else ""
        for what, words in (
            (f"{aside}expected", problem.expected),
            ("found", problem.found),
            ("look at", problem.look_at),
        ):
            yield from _beneath(what, words)
    yield from _beneath("saved as", row.saved)


def _beneath(what: str, words: str | None) -> Iterator[str]:
    """A line under a row, and those it goes on in."""
    if words is not None:
        for line in wrap(f"{what}: {clean.line(words)}", _SEEN, indent=2):
            yield " " * (_VERDICT + _NAME) + line


def wrap(text: str, width: int, *, indent: int = 0) -> list[str]:
    """The text in lines of at most `width` columns, all but the first indented.

    What begins with spaces keeps them. A word that is wider than a line is cut.
    """
    start = text[: len(text) - len(text.lstrip())]
    lines, line, columns = [], start, len(start)
    for piece in _PIECE.findall(text.strip()):
        for part in _fitting(piece, width - indent):
            if columns + columns_of(part.rstrip()) > width:
                lines.append(line.rstrip())
                line, columns = " " * indent, indent
                if part.isspace():
                    continue
            line += part
            columns += columns_of(part)
    return [*lines, line.rstrip()]


def _fitting(piece: str, width: int) -> Iterator[str]:
    while columns_of(piece) > width:
        yield piece[: width // 2]
        piece = piece[width // 2 :]
    if piece:
        yield piece
