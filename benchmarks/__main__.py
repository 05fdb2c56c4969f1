"""`make bench`: every figure on one page, with the command that made it and its limit.

`python -m benchmarks [NAME …]`: runs those benchmarks one after the other, each in a process of its
own; what they print besides goes to standard error. `--write` puts page and tables into RESULTS.md.
Without names all but SLOW; one that ends without a figure is a failure, and exits with 1.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from datetime import date
from importlib import metadata
from pathlib import Path

from benchmarks.figures import attempted, compared, found

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "RESULTS.md"
FAST = (
    "startup", "spider", "extraction", "templates", "night", "growth", "state", "archive", "replay",
    "choices",
)  # fmt: skip
SLOW = ("merge", "scaleout", "soak", "long_crawl")  # a quarter of an hour each
# Where make bench has put what they are compared with, beside what the crawler runs on.
LIBRARIES = {"extraction": "peers", "templates": "tried", "choices": "tried"}
BEGIN, END = "<!-- page -->\n", "<!-- end of page -->\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="One page of figures")
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.name}")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(FAST + SLOW))
    given = parser.parse_args()
    if unknown := set(given.names) - set(FAST + SLOW):
        parser.error(f"no benchmark {min(unknown)}; there are {', '.join(FAST + SLOW)}")
    printed = {name: _run(name) for name in given.names or FAST}
    page = _page(printed)
    print(page)
    if given.write:
        tables = "\n".join(f"### {name}\n\n```\n{words}\n```\n" for name, words in printed.items())
        text = RESULTS.read_text("utf-8")
        before, after = text.partition(BEGIN)[0], text.partition(END)[2]
        RESULTS.write_text(f"{before}{BEGIN}\n{page}\n{tables}\n{END}{after}", "utf-8")
    return int(any(not _has_figures(words) for words in printed.values()))


def _run(name: str) -> str:
    """What it printed, which is shown as it comes."""
    line = [sys.executable, "-m", f"benchmarks.{name}"]
    environment = {**os.environ}
    if name in LIBRARIES:
        environment["PYTHONPATH"] = str(Path(sys.prefix) / LIBRARIES[name])
    pieces = []
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for piece in process.stdout:
            sys.stderr.write(piece)
            pieces.append(piece)
    return "".join(pieces).strip()


def _page(printed: dict[str, str]) -> str:
    """What else there is, the limits, what was tried: a table each."""
    beside, limits, tried = [], [], []
    for name, words in printed.items():
        command = f"`benchmarks.{name}`"
        beside += [f"| {what} | {n} × {of} | {command} |" for what, n, of in compared(words)]
        tried += [f"| {what} | {n} | {command} |" for what, n in attempted(words)]
        limits += [f"| {' | '.join(figure)} | {command} |" for figure in found(words)]
        if not _has_figures(words):
            limits.append(f"| **failed** | | | | {command} |")
    tables = [_machine()]
    if beside:
        tables.append("\n".join(["| beside | here | `python -m` |", "|---|---|---|", *beside]))
    if limits:
        head = ["| figure | measured | limit | | `python -m` |", "|---|--:|--:|---|---|"]
        tables.append("\n".join(head + limits))
    if tried:
        head = ["| tried | times as many pages | `python -m` |", "|---|--:|---|"]
        tables.append("\n".join(head + tried))
    return "\n\n".join(tables) + "\n"


def _has_figures(words: str) -> bool:
    return bool(found(words) or compared(words) or attempted(words))


def _machine() -> str:
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{date.today()}: {cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, Scrapy {metadata.version('scrapy')}; "
        f"load at the end {load:.1f}, {time.strftime('%H:%M')}"
    )


if __name__ == "__main__":
    sys.exit(main())
