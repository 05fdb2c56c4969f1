"""What was measured against the limit it is held to: a line that `python -m benchmarks` finds."""

from __future__ import annotations

import re
from typing import NamedTuple

LINE = re.compile(r"^(.+): (\S+), (at (?:most|least) \S+): (kept|not kept)$", re.MULTILINE)


class Figure(NamedTuple):
    what: str
    value: str
    limit: str
    verdict: str


def judge(
    what: str, value: float, *, least: float | None = None, most: float | None = None
) -> bool:
    """Print whether a figure is at least, or at most, what it should be; whether it is."""
    limit = least if most is None else most
    assert limit is not None
    kept = value <= limit if most is not None else value >= limit
    side = "least" if most is None else "most"
    words = "kept" if kept else "not kept"
    print(f"{what}: {_short(value)}, at {side} {limit:,g}: {words}", flush=True)
    return kept


def found(printed: str) -> list[Figure]:
    return [Figure(*match) for match in LINE.findall(printed)]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
