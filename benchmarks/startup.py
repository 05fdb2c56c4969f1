"""`scrapy list` here against an empty Scrapy project: what imports cost a run that needs none."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 1.2
ROUNDS = 7
ROOT = Path(__file__).parents[1]


def main() -> int:
    scrapy = [sys.executable, "-m", "scrapy"]
    with tempfile.TemporaryDirectory() as empty:
        _run([*scrapy, "startproject", "empty", "."], empty)
        _run([*scrapy, "genspider", "one", "example.com"], empty)
        took: dict[str, list[float]] = {str(ROOT): [], empty: []}
        for number in range(ROUNDS + 1):
            for folder, times in took.items():
                begin = time.perf_counter()
                _run([*scrapy, "list"], folder)
                if number:  # the first of each fills the disk's cache
                    times.append(time.perf_counter() - begin)
    ours, theirs = (statistics.median(times) for times in took.values())
    ratio = ours / theirs
    print(f"python -m benchmarks.startup, median of {ROUNDS}\n")
    print(f"scrapy list here {ours:.2f} s, in an empty project {theirs:.2f} s: ratio {ratio:.2f}")
    print(f"at most {GOAL}: {'kept' if ratio <= GOAL else 'not kept'}\n")
    return 0


def _run(line: list[str], folder: str) -> None:
    subprocess.run(line, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
