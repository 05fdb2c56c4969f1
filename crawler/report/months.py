"""The months of index.html. What is over stands as it was written: its manifests are not read."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from crawler import __version__
from crawler.report import data, verdict
from crawler.report.charts import Spark, new, spark
from crawler.report.data import Run
from crawler.report.sequence import DAYS
from crawler.report.translation import Words

_KEPT = re.compile(r"<!-- month ([0-9a-f]{32}) -->\n(.*?)<!-- end of month -->", re.DOTALL)


@dataclass(slots=True, frozen=True)
class Month:
    name: str  # 2026-11
    key: str  # of what is shown: these runs, in this language, by this version
    written: Markup | None  # as index.html has it; its runs are not read then
    runs: list[Run]
    spark: Spark | None = None  # of new articles, oldest first
    summary: str = ""  # how many runs, and what they were


def late(ids: Sequence[str], most: int) -> list[str]:
    """Runs that more than their month's table shows: the newest `most`, and those of the strip of
    days. `ids`: newest first.
    """
    begun = {name: data.begun(name) for name in ids}
    last = max(filter(None, begun.values()), default=None)
    first = last - timedelta(days=DAYS) if last else None
    return [
        name
        for place, name in enumerate(ids)
        if place < most or first is None or (begun[name] or first) > first
    ]


def of(ids: Sequence[str], recent: list[Run], output: Path, index: str, say: Words) -> list[Month]:
    """Runs by month, in the order of `ids`: newest first. `recent`: those that are read already;
    `index`: the page as it was, empty where all is to be read.
    """
    blocks = dict(_KEPT.findall(index))
    read = {run.id: run for run in recent}

    def month(name: str) -> str:
        moment = data.begun(name)
        return f"{moment:%Y-%m}" if moment else say("undated")

    def shown(name: str, same: list[str]) -> Month:
        words = "\n".join([__version__, say.language, *same])
        key = hashlib.sha256(words.encode()).hexdigest()[:32]
        if key in blocks and read.keys().isdisjoint(same):
            return Month(name, key, Markup(blocks[key]), [])  # noqa: S704 - we wrote it
        runs = [read.get(one) or data.read_run(output / "runs" / one) for one in same]
        trend = spark(say("new articles"), "number", [*map(new, reversed(runs))])
        return Month(name, key, None, runs, trend, _summary(runs, say))

    return [shown(name, list(same)) for name, same in groupby(ids, month)]


def _summary(runs: list[Run], say: Words) -> str:
    words = [say.plural("{number} run", "{number} runs", len(runs))]
    for kind, number in sorted(Counter(map(verdict.kind, runs)).items()):
        words.append(say("{number} {kind}", number=number, kind=verdict.word(kind, say)))
    return say.names(words)
