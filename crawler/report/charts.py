"""Numbers to places on a chart: x in percent of its width, y in pixels from its top.

A chart that is drawn so is as wide as the page and its letters keep their size on a phone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from crawler.report.data import Run
from crawler.report.findings import Findings
from crawler.report.translation import Words, mark

STACK = ("new", "updated", "removed", "rejected")  # from the bottom up
HEIGHT = 180  # pixels, of the plot
_HAIR = 1.5  # pixels: the least that a number above zero is drawn with
_TICKS = 4
_DATES = 7  # bars from one date to the next


@dataclass(slots=True, frozen=True)
class BarPart:
    name: str
    value: int
    y: float
    height: float


@dataclass(slots=True, frozen=True)
class Bar:
    run: Run
    x: float  # its left edge
    width: float
    parts: list[BarPart]
    dated: bool  # has its date below it


@dataclass(slots=True, frozen=True)
class Stacked:
    bars: list[Bar]
    ticks: list[tuple[int, float]]  # (value, y)
    height: int = HEIGHT


def stacked(runs: list[Run]) -> Stacked:
    sums = [sum(getattr(run.manifest.counts, name) or 0 for name in STACK) for run in runs]
    step = tick_step(max(sums, default=0))
    top = step * max(1, math.ceil(max(sums, default=0) / step))
    slot = 100 / max(len(runs), 8)  # a first run is a bar, not a wall
    bars = [
        Bar(
            run=run,
            x=round(number * slot + slot * 0.15, 3),
            width=round(slot * 0.7, 3),
            parts=_parts(run, top),
            dated=(len(runs) - 1 - number) % _DATES == 0,
        )
        for number, run in enumerate(runs)
    ]
    ticks = [(value, _y(value, top)) for value in range(0, top + 1, step)]
    return Stacked(bars, ticks)


def _parts(run: Run, top: int) -> list[BarPart]:
    parts, below = [], 0.0
    for name in STACK:
        value = getattr(run.manifest.counts, name) or 0
        if value:
            height = max(_HAIR, HEIGHT * value / top)
            below += height
            parts.append(BarPart(name, value, round(HEIGHT - below, 2), round(height, 2)))
    return parts


def _y(value: int, top: int) -> float:
    return round(HEIGHT - HEIGHT * value / top, 2)


def tick_step(largest: int) -> int:
    """1, 2 or 5 times a power of ten, so that few of it reach the largest value."""
    power = 1
    while True:
        for times in (1, 2, 5):
            if times * power * _TICKS >= largest:
                return times * power
        power *= 10


@dataclass(slots=True, frozen=True)
class Spark:
    """A line in a box of 100 by 24; a run without the number is a gap in it."""

    name: str
    form: str
    values: list[float | None]
    lines: list[str]  # each a polyline's points
    end: tuple[float, float] | None  # where the newest run is

    @property
    def known(self) -> list[float]:
        return [value for value in self.values if value is not None]


def sparks(runs: list[Run], say: Words) -> list[Spark]:
    lines: list[tuple[str, str, Callable[[Run], float | None]]] = [
        (mark("new articles"), "number", new),
        (mark("rejected"), "number", lambda run: run.manifest.counts.rejected),
        (mark("records with a text"), "share", lambda run: run.manifest.fields.get("body")),
        (mark("duration"), "span", lambda run: run.seconds),
    ]
    return [spark(say(name), form, [value(run) for run in runs]) for name, form, value in lines]


def section_sparks(runs: list[Run], found: Findings) -> list[Spark]:
    """What each section of the newest run has listed. `runs`: oldest first."""
    slugs = runs[-1].manifest.sections if runs else ()
    return [
        spark(found.section(slug), "number", [run.listed(slug) for run in runs]) for slug in slugs
    ]


def spark(name: str, form: str, values: list[float | None]) -> Spark:
    known = [value for value in values if value is not None]
    low = min(0, *known) if known else 0
    high = max(known, default=0) or 1
    pieces: list[list[str]] = [[]]
    end = None
    for number, value in enumerate(values):
        end = None
        if value is None:
            pieces.append([])
            continue
        x = round(2 + 96 * number / max(1, len(values) - 1), 2)
        end = (x, round(22 - 20 * (value - low) / (high - low), 2))
        pieces[-1].append(f"{x},{end[1]}")
    return Spark(name, form, values, [" ".join(piece) for piece in pieces if piece], end)


def new(run: Run) -> float | None:
    return run.manifest.counts.new
