"""A run's numbers beside what is usual: the median of the complete runs before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from statistics import median
from typing import Literal

from crawler.report.data import ReportedSection, Run
from crawler.report.translation import mark

_FEW = 3  # runs below which nothing is usual
_SMALL = 10  # below, twice as many is no deviation


@dataclass(slots=True, frozen=True)
class Number:
    name: str | None  # a message; of a section or field its name
    value: float | None
    usual: float | None  # median of the complete runs before
    form: Literal["number", "size", "span", "share"] = "number"

    @property
    def deviates(self) -> bool:
        """Is it worth a look: less than half of what is usual, or more than twice?"""
        if self.value is None or self.usual is None or max(self.value, self.usual) < _SMALL:
            return False
        return not self.usual / 2 <= self.value <= self.usual * 2


def usual(history: list[Run], value: Callable[[Run], float | None]) -> float | None:
    """The median over complete runs, or None where there are too few."""
    values = [value(run) for run in history if run.manifest.complete]
    known = [number for number in values if number is not None]
    return median(known) if len(known) >= _FEW else None


def numbers(run: Run, history: list[Run]) -> list[Number]:
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
    counted["bytes"] = mark("received")
    found = []
    for name, label in counted.items():
        number = attrgetter(f"manifest.counts.{name}")
        form: Literal["size", "number"] = "size" if name == "bytes" else "number"
        found.append(Number(label, number(run), usual(history, number), form))
    length = attrgetter("seconds")
    return [*found, Number(mark("duration"), run.seconds, usual(history, length), "span")]


@dataclass(slots=True, frozen=True, kw_only=True)
class ListedSection(Number):
    """`value`: how many articles it listed."""

    slug: str
    counts: ReportedSection

    @property
    def is_missing(self) -> bool:
        """It listed nothing although it should: the paper has days without an issue."""
        return self.counts.listed == 0 and self.slug != "paper"


def sections(run: Run, history: list[Run], names: dict[str, str]) -> list[ListedSection]:
    return [
        ListedSection(
            name=names.get(slug),
            value=counts.listed,
            usual=usual(history, lambda one, slug=slug: one.listed(slug)),  # type: ignore[misc]
            slug=slug,
            counts=counts,
        )
        for slug, counts in run.manifest.sections.items()
    ]


def coverage(run: Run, history: list[Run]) -> list[Number]:

    def share(name: str) -> Callable[[Run], float | None]:
        return lambda one: one.manifest.fields.get(name)

    fields = run.manifest.fields.items()
    return [Number(name, value, usual(history, share(name)), "share") for name, value in fields]
