"""The runs of the workers that shared a crawl, as one row of the index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.report.data import Run


@dataclass(slots=True, frozen=True)
class Group:
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


def of(runs: list[Run]) -> list[Group]:
    """Of runs, newest first; those that were alone are in none."""
    found: dict[str, list[Run]] = {}
    for run in runs:
        if run.manifest.group:
            found.setdefault(run.manifest.group, []).append(run)
    return [Group(name, members) for name, members in found.items()]
