"""One crawl of very many articles: does the last tenth cost what the first does? In CPU and memory.

`python -m benchmarks.long_crawl --articles 100000`: legacy articles of the embedded site over all
their sections, one command, as a backfill is. While it runs its CPU time, its memory and its
records are read five times a second; start and end stand apart.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import judge
from benchmarks.growth import LEGACY
from benchmarks.site import UNHURRIED, embedded_site

DEARER = 1.1  # times: an article of the last tenth, in CPU time
MORE = 15  # MB at the end than at 10,000 articles
_AT = 10_000
_EVERY = 0.2  # seconds
_TICKS = os.sysconf("SC_CLK_TCK")


class Sample(NamedTuple):
    records: int
    cpu: float  # seconds so far
    mb: float  # resident


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=100_000)
    articles = parser.parse_args().articles
    print(f"python -m benchmarks.long_crawl --articles {articles}\n")
    with (
        tempfile.TemporaryDirectory() as output,
        embedded_site("--legacy", str(articles), "--json2021", "0") as mirror,
    ):
        samples = list(_watched(output, mirror))
    return _report(samples)


def _watched(output: str, mirror: str) -> Iterator[Sample]:
    line = [sys.executable, "-m", "scrapy", "crawl", "workercn", "-a", "since=2010-01-01"]
    line += ["-a", f"sections={LEGACY}"]
    settings = {**UNHURRIED, "OUTPUT_DIR": output, "MIRROR_URL": mirror, "ARCHIVE_ENABLED": 0}
    for name, value in settings.items():
        line += ["-s", f"{name}={value}"]
    records, place = 0, 0
    crawl = subprocess.Popen(line, stderr=subprocess.DEVNULL)
    while crawl.poll() is None:
        time.sleep(_EVERY)
        for path in Path(output).glob("runs/*/articles.jsonl"):
            with path.open("rb") as file:
                file.seek(place)
                new = file.read()
            records, place = records + new.count(b"\n"), place + len(new)
        try:
            spent = Path(f"/proc/{crawl.pid}/stat").read_text().rpartition(")")[2].split()
            status = Path(f"/proc/{crawl.pid}/status").read_text()
            resident = int(status.partition("VmRSS:")[2].split()[0])
        except (OSError, IndexError):
            break  # it has ended
        yield Sample(records, (int(spent[11]) + int(spent[12])) / _TICKS, resident / 1024)
    crawl.wait()


def _report(samples: list[Sample]) -> int:
    every = samples[-1].records
    begun = next(sample for sample in reversed(samples) if not sample.records)
    marks = [begun, *(_at(samples, every * tenth // 10) for tenth in range(1, 11))]
    print(f"{'articles':>9}{'ms of CPU':>11}{'MB':>6}")
    costs = []
    for one, other in pairwise(marks):
        new = other.records - one.records
        costs.append((other.cpu - one.cpu) / max(new, 1) * 1000)
        print(f"{other.records:>9,}{costs[-1]:>11.2f}{other.mb:>6.0f}", flush=True)
    end = samples[-1].cpu - marks[-1].cpu
    print(f"before the first {begun.cpu:.1f} s, after the last {end:.1f} s\n")
    kept = judge(
        "an article of the last tenth, times one of the first",
        costs[-1] / max(costs[0], 0.01),
        most=DEARER,
    )
    early = _at(samples, min(_AT, every))
    what = f"MB more at the end than at {early.records:,} articles"
    return int(not (judge(what, marks[-1].mb - early.mb, most=MORE) and kept))


def _at(samples: list[Sample], records: int) -> Sample:
    return next(sample for sample in samples if sample.records >= records)


if __name__ == "__main__":
    sys.exit(main())
