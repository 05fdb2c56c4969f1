"""Lines that `python -m benchmarks` finds: a figure and the limit it is held to, how many times
another is beaten, what a choice that was tried brings.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LINE = re.compile(r"^(.+): (\S+), (at (?:most|least) \S+): (kept|not kept)$", re.MULTILINE)
_BESIDE = re.compile(r"^beside (.+): (\S+) times (.+)$", re.MULTILINE)
_TRIED = re.compile(r"^tried (.+): (\S+) times as many pages$", re.MULTILINE)


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


def beside(what: str, times: float, of: str) -> None:
    """Print how ours compares with what else there is; no limit."""
    print(f"beside {what}: {_short(times)} times {of}", flush=True)


def compared(printed: str) -> list[tuple[str, str, str]]:
    return _BESIDE.findall(printed)


def tried(what: str, times: float) -> None:
    """Print what a choice brings that is not taken, or was: of the whole spider's pages."""
    print(f"tried {what}: {_short(times)} times as many pages", flush=True)


def attempted(printed: str) -> list[tuple[str, str]]:
    return _TRIED.findall(printed)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
