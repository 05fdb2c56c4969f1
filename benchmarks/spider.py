"""`make bench`: what an article costs a crawl, ours beside what else there is for the same pages.

Each kind crawls the same addresses of the embedded site in a process of its own; the kinds take
turns, and the medians of the rounds are compared. The cost is CPU time of that process between the
first fifth of the pages and the last tenth: start and end, which do not grow with a crawl, stand
apart. Where valgrind is installed, so do instructions: those of a crawl of N pages less those of
one of M, which no other work on the machine changes.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.utils.project import get_project_settings

from benchmarks.figures import beside, judge
from benchmarks.site import UNHURRIED, its_articles

KINDS = {
    "bare": "bare Scrapy, drops them",
    "whole": "workercn, no archive",
    "archive": "workercn",
    "gne": "Scrapy + GNE",
    "trafilatura": "Scrapy + trafilatura",
}
LEAST = {"whole": 0.40, "archive": 0.36}  # of bare Scrapy's pages a CPU second
BESIDE_GNE = 4.0  # times its articles a CPU second
LIBRARIES = {"gne", "trafilatura"}
PEERS = Path(os.environ.get("PEERS", Path(sys.prefix) / "peers"))  # where make bench puts them
FIRST, LAST = 0.2, 0.9  # of the pages: between them a crawl is in steady state
_SHARE = "{}, of bare Scrapy's pages a CPU second"
FEWER, MORE = 60, 180  # pages of the crawls whose instructions are counted


class Cost(NamedTuple):
    pages: int
    records: int
    ms: float  # of CPU a page, in steady state
    start: float  # seconds of CPU before, interpreter and imports included
    end: float  # after it
    seconds: float  # of the crawl, on the clock


class Bare(Spider):
    """Fetches a file's addresses and drops what comes."""

    name = "bare"

    async def start(self) -> Any:
        for url in Path(self.addresses).read_text().split():  # type: ignore[attr-defined]
            yield Request(url, dont_filter=True)

    def parse(self, response: Any) -> Any:
        return None


class Gne(Bare):
    """The first lines of GNE's README."""

    def parse(self, response: Any) -> Any:
        from gne import GeneralNewsExtractor

        return {"url": response.url, **GeneralNewsExtractor().extract(response.text)}


class Trafilatura(Bare):
    def parse(self, response: Any) -> Any:
        from trafilatura import extract

        words = extract(response.text, url=response.url, output_format="json", with_metadata=True)
        return {"url": response.url, **json.loads(words)} if words else None


SPIDERS = {"bare": Bare, "gne": Gne, "trafilatura": Trafilatura}


class Meter:
    """CPU time of this process at two moments of a crawl."""

    def __init__(self, crawler: Crawler, pages: int) -> None:
        self._first, self._last = int(pages * FIRST), int(pages * LAST)
        self._seen = self._records = 0
        self._from = self._to = 0.0
        self._crawler = crawler
        crawler.signals.connect(self._note, signals.response_received)
        crawler.signals.connect(self._count, signals.item_scraped)

    def _note(self) -> None:
        self._seen += 1
        if self._seen == self._first:
            self._from = time.process_time()
        elif self._seen == self._last:
            self._to = time.process_time()

    def _count(self) -> None:
        self._records += 1

    def cost(self) -> Cost:
        stats = self._crawler.stats.get_stats()
        between = max(self._last - self._first, 1)
        return Cost(
            pages=self._seen,
            records=stats.get("workercn/new", self._records),
            ms=(self._to - self._from) / between * 1000,
            start=self._from,
            end=time.process_time() - self._to,
            seconds=stats["elapsed_time_seconds"],
        )


def crawl_once(kind: str, mirror: str, addresses: str) -> Cost:
    """One crawl in this process."""
    settings = get_project_settings()
    settings.setdict({**UNHURRIED, "MIRROR_URL": mirror}, priority="cmdline")
    with tempfile.TemporaryDirectory() as output:
        if kind in SPIDERS:
            crawler, argument = _plain(settings, kind, output), "addresses"
        else:
            crawler, argument = _ours(settings, kind, output, addresses), "urls"
        process, crawler = crawler
        meter = Meter(crawler, len(Path(addresses).read_text().split()))
        process.crawl(crawler, **{argument: addresses})
        process.start()
        return meter.cost()


def _plain(settings: Any, kind: str, output: str) -> tuple[AsyncCrawlerProcess, Crawler]:
    """Scrapy as it comes, but for the mirror: nothing of ours but the download handler."""
    own = ("DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES", "EXTENSIONS", "ADDONS", "FEED_EXPORTERS")
    settings.setdict({name: {} for name in own}, priority="cmdline")
    settings.set("STATS_CLASS", "scrapy.statscollectors.MemoryStatsCollector", priority="cmdline")
    if kind != "bare":
        feeds = {f"{output}/items.jsonl": {"format": "jsonlines"}}
        settings.set("FEEDS", feeds, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    return process, process.create_crawler(SPIDERS[kind])


def _ours(
    settings: Any, kind: str, output: str, addresses: str
) -> tuple[AsyncCrawlerProcess, Crawler]:
    from crawler import run_context
    from crawler.commands.project_command import COLLECT_AFTER
    from crawler.run_context import RunContext
    from crawler.runs.run import RunFolder
    from crawler.spiders.workercn import WorkercnSpider

    gc.set_threshold(COLLECT_AFTER)  # as the command does
    run = RunFolder.create(Path(output), "workercn")
    context = RunContext(run_id=run.run_id, folder=run.partial, arguments={"urls": addresses})
    here = {run_context.SETTING: context, "OUTPUT_DIR": output}
    settings.setdict({**here, "ARCHIVE_ENABLED": kind == "archive"}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    return process, process.create_crawler(WorkercnSpider)


# --- rounds -------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--no-instructions", action="store_true")
    parser.add_argument("--once", nargs=3, metavar=("KIND", "MIRROR", "FILE"), help="one crawl")
    given = parser.parse_args()
    if given.once:
        print(json.dumps(crawl_once(*given.once)))
        return 0
    kinds = [kind for kind in given.kinds if kind not in LIBRARIES or (PEERS / kind).is_dir()]
    runs: dict[str, list[Cost]] = {kind: [] for kind in kinds}
    instructions: dict[str, float] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        its_articles(Path(folder), given.articles) as (mirror, addresses),
    ):
        for _ in range(given.rounds):
            for kind, done in runs.items():
                done.append(_in_a_process(kind, mirror, addresses))
        if shutil.which("valgrind") and not given.no_instructions:
            for kind in kinds:
                instructions[kind] = _instructions(kind, mirror, addresses)
    return _report(runs, instructions, given.articles)


def _line(kind: str, mirror: str, addresses: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.spider", "--once", kind, mirror, str(addresses)]


def _environment(kind: str) -> dict[str, str]:
    """Their libraries are for them alone: the crawler runs on what it is tested with."""
    own = {"PYTHONPATH": str(PEERS)} if kind in LIBRARIES else {}
    return {**os.environ, "PYTHONHASHSEED": "0", **own}


def _in_a_process(kind: str, mirror: str, addresses: Path) -> Cost:
    line, environment = _line(kind, mirror, addresses), _environment(kind)
    output = subprocess.run(
        line, check=True, stdout=subprocess.PIPE, text=True, env=environment
    ).stdout
    return Cost(*json.loads(output.splitlines()[-1]))


def _instructions(kind: str, mirror: str, addresses: Path) -> float:
    """Millions a page."""
    every = addresses.read_text().split()
    # What came first is fetched, whatever its size: spread over all of the file.
    counted = [
        _counted(kind, mirror, addresses, every[:: max(len(every) // MORE, 1)][:number])
        for number in (FEWER, MORE)
    ]
    return (counted[1] - counted[0]) / (MORE - FEWER) / 1e6


def _counted(kind: str, mirror: str, beside: Path, chosen: list[str]) -> int:
    file = beside.with_name("chosen.txt")
    file.write_text("\n".join(chosen))
    tool = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    environment = _environment(kind)
    line = [*tool, *_line(kind, mirror, file)]
    done = subprocess.run(line, check=True, capture_output=True, text=True, env=environment)
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    assert found, done.stderr
    return int(found[1].replace(",", ""))


def _report(runs: dict[str, list[Cost]], instructions: dict[str, float], articles: int) -> int:
    rounds = len(next(iter(runs.values())))
    print(f"python -m benchmarks.spider --articles {articles} --rounds {rounds}")
    print(f"Python {platform.python_version()}, {platform.machine()}, median of the rounds; CPU:\n")
    print(f"{'':<26}{'records':>8}{'ms a page':>11}{'pages/s':>9}", end="")
    print(f"{'start s':>9}{'end s':>7}{'M instructions a page':>23}{'on the clock/s':>16}")
    rates = {}
    for kind, done in runs.items():
        ms, start, end = (
            statistics.median(getattr(one, name) for one in done) for name in ("ms", "start", "end")
        )
        rates[kind] = 1000 / ms
        clock = statistics.median(one.pages / one.seconds for one in done)
        counted = f"{instructions[kind]:.1f}" if kind in instructions else "–"
        print(f"{KINDS[kind]:<26}{done[-1].records:>8}{ms:>11.2f}{rates[kind]:>9.0f}", end="")
        print(f"{start:>9.2f}{end:>7.2f}{counted:>23}{clock:>16.0f}")
    print()
    if "archive" not in rates:
        return 0
    for kind in LIBRARIES & rates.keys():
        what = "its articles a CPU second, with all fields"
        beside(KINDS[kind], rates["archive"] / rates[kind], what)
    kept = [
        judge(
            f"{KINDS[kind]}, of bare Scrapy's pages a CPU second",
            rates[kind] / rates["bare"],
            least=least,
        )
        for kind, least in LEAST.items()
        if {kind, "bare"} <= rates.keys()
    ]
    if {"whole", "gne"} <= rates.keys():
        what = "times the articles a CPU second of Scrapy + GNE"
        kept.append(judge(what, rates["whole"] / rates["gne"], least=BESIDE_GNE))
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
