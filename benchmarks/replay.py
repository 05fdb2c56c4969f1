"""How fast is the archive read again? `python -m benchmarks.replay`

Pages of 40 kB of each template, archived and known, through `scrapy replay`: pages a second of
processor time by generation; then one process against two, by turns, in time on the clock, beside
what two processes of mere arithmetic get of this machine at that moment; and peak memory against
that of a quarter of the pages.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from multiprocessing import Pool
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.utils.project import get_project_settings

from benchmarks.figures import judge
from crawler import clock
from crawler.archive import Archive, Capture
from crawler.commands.project_command import COLLECT_AFTER
from crawler.replay.driver import Replay
from crawler.replay.rereading import ReplayPlan
from crawler.run_context import RunContext
from crawler.samplesite.pieces import Generation
from crawler.samplesite.site import Site

LEAST = 250  # pages a second of processor time
UNCHANGED = 5000  # where nothing can read otherwise
RATIO = 1.8  # of two processes to one, where the machine has two cores to give
MORE = 1.2  # peak memory of four times the pages
SIZE = 40_000  # bytes
GENERATIONS: tuple[Generation, ...] = ("legacy", "json2021", "paper", "modern")

_RUN = "20261122T0{0}0000Z-workercn-{0:04x}"
_MENU = '<li><a href="/{0}/">中工网栏目{0}</a></li>'
# What tells an article from another in its address: '…124637' + '372', '/8163816', 'news-' + '1'
_NUMBER = re.compile(r"((?<=\d{12})\d{3}|(?<=/)\d{7}|(?<=-)\d{1,2})(?=\.s?html$)")
_RATE = re.compile(r"([\d,]+) pages of .* ([\d,]+) pages/s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(f"python -m benchmarks.replay --pages {given.pages} --rounds {given.rounds}")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        files = [
            _archive(output, nth, generation, given.pages // len(GENERATIONS))
            for nth, generation in enumerate(GENERATIONS)
        ]
        _replay(output, "--jobs", "2")  # now all of it is known
        kept = _by_generation(output, files)
        kept &= _by_jobs(output, files, given.rounds)
    return 0 if kept else 1


def _archive(output: Path, nth: int, generation: Generation, count: int) -> Path:
    path = output / "archive" / f"{_RUN.format(nth)}.warc.gz"
    archive = Archive(path, {"run_id": _RUN.format(nth)})
    headers = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Content-Encoding", b"gzip")]
    for url, body in islice(_pages(generation), count):
        archive.add(Capture(url, datetime.now(UTC), 200, headers, gzip.compress(body, 6)))
    archive.close()
    return path


def _pages(generation: Generation) -> Iterator[tuple[str, bytes]]:
    """Articles of one page, filled up with a menu to the size, under new numbers for ever."""
    site = Site(1, 90, legacy=90, json2021=90, papers=3, now=clock.now())
    samples = []
    for record in site.truth(generation):
        address = urlsplit(record["url"])
        document = site.find(address.netloc, address.path)
        if "reject" in record or record.get("pages", 1) > 1 or document is None:
            continue
        body, menu, number = document.plain, b"", 0
        while len(body) + len(menu) < SIZE:
            number += 1
            menu += _MENU.format(number).encode("ascii", "xmlcharrefreplace")
        before, end, after = body.rpartition(b"</body>")
        samples.append((record["url"], before + b"<ul>" + menu + b"</ul>" + end + after))
    seen = set()
    for turn, (url, body) in enumerate(cycle(samples)):
        number = 8_000_000 + turn if generation == "modern" else 100 + turn // len(samples)
        fresh = _NUMBER.sub(str(number), url)
        if fresh not in seen:
            seen.add(fresh)
            yield fresh, body + b"<!-- %d -->" % turn  # no two alike: that would be a revisit


def _by_generation(output: Path, files: list[Path]) -> bool:
    print(f"{'one process':<14}{'pages':>8}{'ms of processor':>18}{'pages/s of it':>16}")
    rates = []
    for generation, path in zip(GENERATIONS, files, strict=True):
        replay, spent = _alone(output, [path], everything=True)
        pages = replay.number("pages")
        assert replay.number("unchanged") == pages, replay.stats
        rates.append(pages / spent)
        print(f"{generation:<14}{pages:>8,}{spent / pages * 1000:>18.2f}{rates[-1]:>16,.0f}")
    replay, spent = _alone(output, files, everything=False)
    skipped = replay.number("skipped")
    assert replay.number("pages") == 0, replay.stats
    fast = skipped / spent
    print(f"{'no change':<14}{skipped:>8,}{spent / skipped * 1000:>18.2f}{fast:>16,.0f}")
    print()
    kept = judge("replay, pages/s of a core, but modern ones", min(rates[:-1]), least=LEAST)
    return judge("replay after no change, pages/s of a core", fast, least=UNCHANGED) and kept


def _alone(output: Path, files: list[Path], *, everything: bool) -> tuple[Replay, float]:
    """In this process; with the seconds of processor time."""
    context = RunContext(run_id="benchmark", folder=output / "runs" / "benchmark.partial")
    plan = ReplayPlan(
        files=files,
        context=context,
        settings=get_project_settings(),
        state_url=f"sqlite:///{output / 'state.db'}",
        all=everything,
    )
    replay = Replay(plan, bool)
    gc.set_threshold(COLLECT_AFTER)  # as the command does
    begin = time.process_time()
    for _ in replay.results():
        pass
    return replay, time.process_time() - begin


def _by_jobs(output: Path, files: list[Path], rounds: int) -> bool:
    rates: dict[str, list[float]] = {"1": [], "2": []}
    peaks: dict[str, list[float]] = {"1": [], "2": []}
    machine: list[float] = []
    for _ in range(rounds):
        for jobs, done in rates.items():
            rate, peak = _replay(output, "--all", "--jobs", jobs)
            done.append(rate)
            peaks[jobs].append(peak)
        machine.append(_arithmetic())
    _, quarter = _replay(output, "--all", str(files[-1]))
    print(f"{'--jobs':<14}{'pages/s':>8}{'peak MB of a process':>24}")
    for jobs, done in rates.items():
        print(f"{jobs:<14}{statistics.median(done):>8,.0f}{max(peaks[jobs]):>24,.0f}")
    ratio = statistics.median(rates["2"]) / statistics.median(rates["1"])
    more = max(peaks["1"]) / quarter
    print(f"{'':<14}{ratio:>7.2f}×{more:>23.2f}× that of a quarter of the pages")
    possible = min(statistics.median(machine), 2.0)
    least = RATIO / 2 * possible
    print(f"{'arithmetic':<14}{possible:>7.2f}×")
    print()
    kept = judge(f"--jobs 2, times one ({RATIO} of two free cores)", ratio, least=least)
    return judge("memory of four times the pages, times", more, most=MORE) and kept


def _arithmetic() -> float:
    """How much more two processes get done than one, right now."""
    number, seconds = 10_000_000, []
    with Pool(2) as pool:
        for parts in (1, 2):
            begin = time.perf_counter()
            pool.map(_count_up, [number // parts] * parts)
            seconds.append(time.perf_counter() - begin)
    return seconds[0] / seconds[1]


def _count_up(number: int) -> int:
    return sum(one * one % 7 for one in range(number))


def _replay(output: Path, *words: str) -> tuple[float, float]:
    """(pages a second on the clock, without the start; peak MB of its largest process)"""
    line = [sys.executable, "-m", "scrapy", "replay", "-L", "WARNING", *words]
    line += ["-s", f"OUTPUT_DIR={output}"]
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    found = _RATE.search(said)
    if process.returncode or not found:
        raise SystemExit(said)
    return float(found[2].replace(",", "")), usage.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
