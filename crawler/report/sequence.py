"""Where a run stands among the others: before and behind it, on its day, in a shared crawl."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from crawler.report import data
from crawler.report.data import Run
from crawler.report.verdict import Tone, tone

DAYS = 60  # in the strip of days
_WORST_FIRST: tuple[Tone, ...] = ("bad", "doubtful", "unknown", "good")


@dataclass(slots=True, frozen=True)
class Neighbours:
    previous: Run | None
    following: Run | None  # known only where the report is made again
    last_good: Run | None  # of the runs before, where this one is not good
    streak: int  # good runs in a row up to this one, itself included


def neighbours(run: Run, history: list[Run], output: Path) -> Neighbours:
    """`history`: the runs before, oldest first."""
    later = [name for name in data.run_ids(output) if name > run.id]
    good = [tone(one) == "good" for one in [*history, run]]
    streak = next((n for n, one in enumerate(reversed(good)) if not one), len(good))
    last_good = next((one for one, ok in zip(history[::-1], good[-2::-1], strict=True) if ok), None)
    return Neighbours(
        previous=history[-1] if history else None,
        following=data.read_run(output / "runs" / later[-1]) if later else None,
        last_good=None if streak else last_good,
        streak=streak,
    )


@dataclass(slots=True, frozen=True)
class Day:
    day: date
    runs: list[Run]
    tone: Tone | None  # the worst of the day's runs; None: no run began

    @property
    def newest(self) -> Run | None:
        return self.runs[0] if self.runs else None


def days(runs: list[Run]) -> list[Day]:
    """The days of China up to the newest run's, oldest first. `runs`: newest first."""
    begun: dict[date, list[Run]] = {}
    for run in runs:
        if run.started:
            begun.setdefault(run.started.date(), []).append(run)
    if not begun:
        return []
    last = max(begun)
    first = max(min(begun), last - timedelta(days=DAYS - 1))
    return [
        Day(day, begun.get(day, []), _worst(begun.get(day, [])))
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]


def _worst(runs: list[Run]) -> Tone | None:
    return min((tone(run) for run in runs), key=_WORST_FIRST.index, default=None)


@dataclass(slots=True, frozen=True)
class Group:
    """The runs of the workers that shared a crawl, as one row of the index."""

    name: str
    runs: list[Run]  # newest first

    def count(self, name: str) -> int:
        return sum(getattr(run.manifest.counts, name) or 0 for run in self.runs)

    @property
    def started(self) -> datetime | None:
        return min(filter(None, (run.started for run in self.runs)), default=None)

    @property
    def seconds(self) -> float | None:
        ends = (run.manifest.finished_at for run in self.runs)
        end = max(filter(None, ends), default=None)
        return max(0.0, (end - self.started).total_seconds()) if end and self.started else None


def groups(runs: list[Run]) -> list[Group]:
    """Of runs, newest first; those that were alone are in none."""
    found: dict[str, list[Run]] = {}
    for run in runs:
        if run.manifest.group:
            found.setdefault(run.manifest.group, []).append(run)
    return [Group(name, members) for name, members in found.items()]
