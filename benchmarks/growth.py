"""What grows with a crawl? Time and memory of the same crawl of more and more articles or sections.

`python -m benchmarks.growth --articles 1000 10000 50000`: legacy articles of the embedded site over
all their sections, one command, as a backfill is; some ten minutes. `--sections 1 4 25`: as many
sections of the older site, over the same articles. The exponent is that of the line through the
logarithms, 1 is linear. What it costs to know many articles: benchmarks.state.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.site import UNHURRIED, embedded_site
from crawler.samplesite.older.json2021 import COLUMNS
from crawler.samplesite.older.legacy import CHANNELS

MORE_MEMORY = 60  # MB for the most articles than for the fewest
STEEPEST = 1.1  # exponent of the time
LEGACY = [f"legacy:{channel.slug}" for channel in CHANNELS]
OLDER = [*LEGACY, *(f"json2021:{slug}" for slug in COLUMNS)]


class Row(NamedTuple):
    records: int
    seconds: float  # of the whole command
    peak: float  # MB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 3_000, 10_000])
    parser.add_argument("--sections", type=int, nargs="*", default=[1, 4, 25])
    given = parser.parse_args()
    print("python -m benchmarks.growth --articles", *given.articles, end="")
    print(" --sections", *given.sections, end="\n\n")
    print(f"{'articles':>9}{'sections':>9}{'records':>9}{'seconds':>9}{'pages/s':>9}{'peak MB':>9}")
    start = _crawl(0, LEGACY[:1]).seconds
    rows = [_crawl(number, LEGACY) for number in given.articles]
    kept = _judged(rows, start)
    for number in given.sections:
        _crawl(1_000, OLDER[:number])
    return 0 if kept else 1


def _judged(rows: list[Row], start: float) -> bool:
    """`start`: seconds that a crawl of nothing takes."""
    if len(rows) < 2:
        return True
    more = rows[-1].peak - rows[0].peak
    sizes = [math.log(row.records) for row in rows]
    times = [math.log(row.seconds - start) for row in rows]
    slope = statistics.linear_regression(sizes, times).slope
    print(f"\nmemory: {more:+.0f} MB, at most +{MORE_MEMORY}: {_kept(more <= MORE_MEMORY)}")
    print(f"time: exponent {slope:.2f}, at most {STEEPEST}: {_kept(slope <= STEEPEST)}\n")
    return more <= MORE_MEMORY and slope <= STEEPEST


def _kept(kept: bool) -> str:
    return "kept" if kept else "not kept"


def _crawl(articles: int, sections: list[str]) -> Row:
    """Print a row, and give it."""
    older = ("--legacy", str(articles), "--json2021", str(articles if sections != LEGACY else 1))
    with (
        tempfile.TemporaryDirectory() as output,
        embedded_site("--articles", "1", *older) as mirror,
    ):
        line = [sys.executable, "-m", "scrapy", "crawl", "workercn", "-a", "since=2010-01-01"]
        line += ["-a", f"sections={','.join(sections)}"]
        settings = {**UNHURRIED, "OUTPUT_DIR": output, "MIRROR_URL": mirror}
        for name, value in settings.items():
            line += ["-s", f"{name}={value}"]
        begin = time.perf_counter()
        crawl = subprocess.Popen(line, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(crawl.pid, 0)
        seconds = time.perf_counter() - begin
        records = sum(
            path.read_bytes().count(b"\n") for path in Path(output).glob("runs/*/articles.jsonl")
        )
    row = Row(records, seconds, used.ru_maxrss / 1024)
    print(f"{articles:>9,}{len(sections):>9}{records:>9,}{seconds:>9.1f}", end="")
    print(f"{records / seconds:>9.0f}{row.peak:>9.0f}", flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())
