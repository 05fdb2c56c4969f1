"""Does memory stay flat? The same crawl of few and of many articles, and the peak of each.

`python -m benchmarks.backfill`: legacy articles of the embedded site over all their sections, one
command, as a backfill is. Takes about ten minutes with the default of 50,000.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.site import UNHURRIED, embedded_site
from crawler.samplesite.older.legacy import CHANNELS

GOAL = 60  # MB more for the many than for the few


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=50_000)
    given = parser.parse_args()
    print(f"python -m benchmarks.backfill --few {given.few} --many {given.many}\n")
    print(f"{'articles':>9}{'records':>9}{'seconds':>9}{'pages/s':>9}{'peak MB':>9}")
    peaks = [_crawl(number) for number in (given.few, given.many)]
    more = peaks[1] - peaks[0]
    print(f"\n{more:.0f} MB more; at most {GOAL}: {'kept' if more <= GOAL else 'not kept'}")
    return 0


def _crawl(articles: int) -> float:
    """Print a row; the peak of the crawl's resident memory in MB."""
    sections = ",".join(f"legacy:{channel.slug}" for channel in CHANNELS)
    with (
        tempfile.TemporaryDirectory() as output,
        embedded_site("--articles", "1", "--legacy", str(articles)) as mirror,
    ):
        line = [sys.executable, "-m", "scrapy", "crawl", "workercn", "-a", f"sections={sections}"]
        line += ["-a", "since=2010-01-01"]
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
    peak = used.ru_maxrss / 1024
    print(
        f"{articles:>9,}{records:>9,}{seconds:>9.0f}{records / seconds:>9.0f}{peak:>9.0f}",
        flush=True,
    )
    return peak


if __name__ == "__main__":
    sys.exit(main())
