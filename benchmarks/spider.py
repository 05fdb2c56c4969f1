"""`make bench`: the whole spider against bare Scrapy, on the same pages in one run.

Bare Scrapy fetches the same addresses with the same concurrency and drops the answers. The two
take turns, so that a machine that changes its speed changes both; the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from benchmarks.figures import judge
from benchmarks.site import UNHURRIED, its_articles

KINDS = {"bare": "bare Scrapy", "whole": "whole spider", "archive": "and an archive"}
GOALS = {"whole": 0.70, "archive": 0.55}  # of bare Scrapy's pages a second


class Bare(Spider):
    """Fetches a file's addresses and drops what comes."""

    name = "bare"

    async def start(self) -> Any:
        for url in Path(self.addresses).read_text().split():  # type: ignore[attr-defined]
            yield Request(url, dont_filter=True)

    def parse(self, response: Any) -> None:
        return None


def crawl_once(kind: str, mirror: str, addresses: str) -> dict[str, float]:
    """One crawl in this process: articles, seconds of the crawl and of the processor."""
    from crawler import run_context
    from crawler.run_context import RunContext
    from crawler.runs.run import RunFolder
    from crawler.spiders.workercn import WorkercnSpider

    settings = get_project_settings()
    settings.setdict({**UNHURRIED, "MIRROR_URL": mirror}, priority="cmdline")
    if kind == "bare":
        # Scrapy as it comes, but for the mirror: nothing of ours but the download handler.
        own = ("DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES", "EXTENSIONS", "ADDONS")
        settings.setdict({name: {} for name in own}, priority="cmdline")
    else:
        # A folder a crawl: one that knew the articles would ask for none of them.
        output = tempfile.mkdtemp(dir=Path(addresses).parent)
        run = RunFolder.create(Path(output), "workercn")
        context = RunContext(run_id=run.run_id, folder=run.partial, arguments={"urls": addresses})
        here = {run_context.SETTING: context, "OUTPUT_DIR": output}
        settings.setdict({**here, "ARCHIVE_ENABLED": kind == "archive"}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    spider = Bare if kind == "bare" else WorkercnSpider
    crawler = process.create_crawler(spider)
    argument = {"addresses": addresses} if kind == "bare" else {"urls": addresses}
    process.crawl(crawler, **argument)
    begin = time.process_time()
    process.start()
    stats = crawler.stats.get_stats()
    # robots.txt is no page of either
    pages = stats["downloader/response_count"] - stats.get("robotstxt/response_count", 0)
    return {
        "pages": pages,
        "seconds": stats["elapsed_time_seconds"],
        "processor": time.process_time() - begin,
        "records": stats.get("workercn/new", 0),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--once", nargs=3, metavar=("KIND", "MIRROR", "FILE"), help="one crawl")
    given = parser.parse_args()
    if given.once:
        print(json.dumps(crawl_once(*given.once)))
        return 0

    with tempfile.TemporaryDirectory() as folder:
        runs: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
        with its_articles(Path(folder), given.articles) as (mirror, addresses):
            for _ in range(given.rounds):
                for kind, done in runs.items():
                    done.append(_in_a_process(kind, mirror, addresses))
    return _report(runs, given.articles)


def _in_a_process(kind: str, mirror: str, addresses: Path) -> dict[str, float]:
    line = [sys.executable, "-m", "benchmarks.spider", "--once", kind, mirror, str(addresses)]
    output = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, float] = json.loads(output)
    return result


def _report(runs: dict[str, list[dict[str, float]]], articles: int) -> int:
    print(f"python -m benchmarks.spider --articles {articles} --rounds {len(runs['bare'])}")
    print(f"Python {platform.python_version()}, {platform.machine()}, median of the rounds\n")
    print(f"{'':<14}{'pages':>8}{'records':>9}{'pages/s':>10}{'pages/s of processor':>23}")
    rates, costs = {}, {}
    for kind, done in runs.items():
        rates[kind] = statistics.median(one["pages"] / one["seconds"] for one in done)
        costs[kind] = statistics.median(one["pages"] / one["processor"] for one in done)
        pages, records = int(done[-1]["pages"]), int(done[-1]["records"])
        print(f"{KINDS[kind]:<14}{pages:>8}{records:>9}{rates[kind]:>10.0f}{costs[kind]:>23.0f}")
    print()
    kept = [
        judge(f"{KINDS[kind]}, of bare Scrapy's pages/s", rates[kind] / rates["bare"], least=goal)
        for kind, goal in GOALS.items()
    ]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
