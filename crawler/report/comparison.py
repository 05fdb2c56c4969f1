"""A run's numbers beside what is usual: the median of the complete runs before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Literal

from crawler.report.data import ReportedSection, Run
from crawler.report.translation import mark

_FEW = 3  # runs below which nothing is usual
_SMALL = 10  # below, twice as many is no deviation


@dataclass(slots=True, frozen=True)
class Number:
    name: str  # a message
    value: float | None
    usual: float | None  # median of the complete runs before
    form: Literal["number", "size", "span"] = "number"

    @property
    def deviates(self) -> bool:
        return deviates(self.value, self.usual)


def deviates(value: float | None, usual: float | None) -> bool:
    """Whether a number is worth a look: less than half of what is usual, or more than twice."""
    if value is None or usual is None or max(value, usual) < _SMALL:
        return False
    return not usual / 2 <= value <= usual * 2


def usual(history: list[Run], value: Callable[[Run], float | None]) -> float | None:
    """The median over complete runs, or None where there are too few."""
    values = [value(run) for run in history if run.manifest.complete]
    known = [number for number in values if number is not None]
    return median(known) if len(known) >= _FEW else None


def numbers(run: Run, history: list[Run]) -> list[Number]:
    def count(name: str) -> Callable[[Run], float | None]:
        return lambda one: getattr(one.manifest.counts, name)

    counted = {
        "new": mark("new"),
        "updated": mark("updated"),
        "removed": mark("removed"),
        "rejected": mark("rejected"),
        "listed": mark("listed"),
        "requests": mark("requests"),
    }
    if run.manifest.counts.rendered:
        counted["rendered"] = mark("rendered")
    received = count("bytes")
    return [
        *(
            Number(label, count(name)(run), usual(history, count(name)))
            for name, label in counted.items()
        ),
        Number(mark("received"), received(run), usual(history, received), "size"),
        Number(mark("duration"), run.seconds, usual(history, lambda one: one.seconds), "span"),
    ]


@dataclass(slots=True, frozen=True)
class SectionComparison:
    slug: str
    name: str | None
    counts: ReportedSection
    usual: float | None  # listed, of the complete runs before

    @property
    def deviates(self) -> bool:
        return deviates(self.counts.listed, self.usual)

    @property
    def is_missing(self) -> bool:
        """It listed nothing although it should: the paper has days without an issue."""
        return self.counts.listed == 0 and self.slug != "paper"


def sections(run: Run, history: list[Run], names: dict[str, str]) -> list[SectionComparison]:
    def listed(slug: str) -> Callable[[Run], float | None]:
        return lambda one: one.manifest.sections.get(slug, ReportedSection()).listed

    return [
        SectionComparison(slug, names.get(slug), counts, usual(history, listed(slug)))
        for slug, counts in run.manifest.sections.items()
    ]


@dataclass(slots=True, frozen=True)
class Coverage:
    field: str
    share: float
    usual: float | None


def coverage(run: Run, history: list[Run]) -> list[Coverage]:
    def share(name: str) -> Callable[[Run], float | None]:
        return lambda one: one.manifest.fields.get(name)

    return [
        Coverage(name, value, usual(history, share(name)))
        for name, value in run.manifest.fields.items()
    ]
