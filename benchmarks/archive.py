"""What does the archive cost? The same crawl with and without it, by turns in one run.

`python -m benchmarks.archive`: pages a second, processor time and peak memory of each, and how
long the reader takes for a page. The ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings
from warcio.archiveiterator import ArchiveIterator

from benchmarks.figures import judge
from benchmarks.site import UNHURRIED, its_articles
from crawler.archive import Archive, Capture

DEARER = 1.15  # times the CPU time without an archive
MOST = 20  # MB more
SLOWEST = 1.5  # ms to read a page of 40 kB

PAGE = 40_000  # bytes, unpacked


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", nargs=4, metavar=("ARCHIVE", "MIRROR", "FILE", "OUTPUT"))
    given = parser.parse_args()
    if given.once:
        print(json.dumps(_crawl(*given.once)))
        return 0

    runs: dict[str, list[dict[str, float]]] = {"0": [], "1": []}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        with its_articles(output, given.articles) as (mirror, addresses):
            for _ in range(given.rounds):
                for archive, done in runs.items():
                    # A folder a crawl: one that knew the articles would ask for none of them.
                    crawled = tempfile.mkdtemp(dir=output)
                    line = [sys.executable, "-m", "benchmarks.archive", "--once", archive, mirror]
                    line += [str(addresses), crawled]
                    done.append(json.loads(subprocess.check_output(line, text=True)))
        size = sum(path.stat().st_size for path in output.glob("*/archive/*")) / given.rounds
        print(f"python -m benchmarks.archive --articles {given.articles} --rounds {given.rounds}")
        print(f"Python {platform.python_version()}, {platform.machine()}, median of the rounds\n")
        kept = _costs(runs, size)
        kept &= _reading(output)
    return 0 if kept else 1


def _crawl(archive: str, mirror: str, addresses: str, output: str) -> dict[str, float]:
    """One crawl in this process."""
    from crawler import run_context
    from crawler.run_context import RunContext
    from crawler.runs.run import RunFolder
    from crawler.spiders.workercn import WorkercnSpider

    run = RunFolder.create(Path(output), "workercn")
    settings = get_project_settings()
    context = RunContext(run_id=run.run_id, folder=run.partial, arguments={"urls": addresses})
    own = {run_context.SETTING: context, "OUTPUT_DIR": output, "ARCHIVE_ENABLED": archive}
    settings.setdict({**UNHURRIED, **own, "MIRROR_URL": mirror}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(WorkercnSpider)
    process.crawl(crawler, urls=addresses)
    begin = time.process_time()
    process.start()
    stats = crawler.stats.get_stats()
    assert bool(stats.get("workercn/archive/captures")) == (archive == "1")
    return {
        "pages": stats["downloader/response_count"],
        "seconds": stats["elapsed_time_seconds"],
        "processor": time.process_time() - begin,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _costs(runs: dict[str, list[dict[str, float]]], size: float) -> bool:
    print(f"{'':<14}{'pages':>8}{'pages/s':>10}{'ms of processor':>18}{'peak MB':>10}")
    rates, costs, peaks = {}, {}, {}
    for archive, done in runs.items():
        rates[archive] = statistics.median(one["pages"] / one["seconds"] for one in done)
        costs[archive] = statistics.median(one["processor"] / one["pages"] * 1000 for one in done)
        peaks[archive] = statistics.median(one["peak"] for one in done)
        name = "archive" if archive == "1" else "no archive"
        print(f"{name:<14}{int(done[-1]['pages']):>8}{rates[archive]:>10.0f}", end="")
        print(f"{costs[archive]:>18.2f}{peaks[archive]:>10.0f}")
    ratio, more = rates["1"] / rates["0"], peaks["1"] - peaks["0"]
    print(f"{'':<22}{ratio:>9.2f}×{costs['1'] / costs['0']:>17.2f}×{more:>+10.0f}")
    print(f"{size / 1e6:.1f} MB written\n")
    what = "CPU time of a page with an archive, times without"
    kept = judge(what, costs["1"] / costs["0"], most=DEARER)
    return judge("MB more with an archive", more, most=MOST) and kept


def _reading(folder: Path) -> bool:
    """Archives of pages of 40 kB read again, packed as served and not; warcio reads them too."""
    from crawler.archive import read

    print(f"\nreading pages of {PAGE / 1000:.0f} kB, processor time")
    print(f"{'':<14}{'pages/s':>10}{'ms a page':>12}{'warcio alone':>15}")
    slowest = 0.0
    for name, packed in (("packed", True), ("as it is", False)):
        path = _pages(folder / f"{name}.warc.gz", 1000, packed=packed)
        # By turns: best of three.
        turns = [(_cost(read([path])), _cost(_by_warcio(path))) for _ in range(3)]
        ours, theirs = (min(cost) for cost in zip(*turns, strict=True))
        print(f"{name:<14}{1000 / ours:>10.0f}{ours:>12.2f}{theirs:>15.2f}")
        slowest = max(slowest, ours)
    print()
    return judge("ms to read a page of the archive", slowest, most=SLOWEST)


def _pages(path: Path, number: int, *, packed: bool) -> Path:
    # Chinese text packs to a third, as articles do.
    text = "".join(chr(random.randrange(0x4E00, 0x5600)) for _ in range(PAGE // 3))  # noqa: S311
    headers = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Server", b"nginx")]
    archive = Archive(path, {"run_id": "benchmark"})
    for n in range(number):
        body = f"{n} {text}".encode()
        url = f"https://www.workercn.cn/c/2026-10-02/{n}.shtml"
        if packed:
            body = gzip.compress(body, 6)
        encoding = [(b"Content-Encoding", b"gzip")] if packed else []
        archive.add(Capture(url, datetime.now(UTC), 200, headers + encoding, body))
    archive.close()
    return path


def _cost(pages: Iterable[object]) -> float:
    """Milliseconds of processor time a page."""
    begin = time.process_time()
    number = sum(1 for _ in pages)
    return (time.process_time() - begin) / number * 1000


def _by_warcio(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                yield record.content_stream().read()


if __name__ == "__main__":
    sys.exit(main())
