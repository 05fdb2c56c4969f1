"""What does a night cost the site? Requests and bytes of one after the first, against two others.

`python -m benchmarks.night`: the embedded site's sections, in four nights: the first, one on which
nothing has changed, one with new articles, one on which articles of the last days are asked for
again. A plain CrawlSpider keeps an HTTP cache that revalidates (RFC 9110); fetching all again is
what a crawler without a memory does. All look at the first page of each listing only.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule
from scrapy.utils.project import get_project_settings

from benchmarks.figures import judge
from benchmarks.site import UNHURRIED
from crawler import clock
from crawler.samplesite import Server, Site, serve
from crawler.samplesite.articles import SECTIONS

SLUGS = ",".join(SECTIONS)
HELD = 12  # articles that the third night brings
RECHECK_DAYS = 2
MOST_BYTES = 0.05  # of the first night's, on an unchanged one


class Plain(CrawlSpider):
    """Follows what looks like an article on each section's page, and keeps its title."""

    name = "plain"
    start_urls = [f"https://www.workercn.cn/{slug}/" for slug in SECTIONS]
    rules = [
        Rule(LinkExtractor(allow=r"/c/\d{4}-\d\d-\d\d/\d+\.shtml"), callback="parse_article"),
    ]

    def parse_article(self, response: Response) -> dict[str, str | None]:
        return {"url": response.url, "title": response.css("h1::text").get()}


class Cost(NamedTuple):
    requests: int
    bytes: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--once", nargs=3, metavar=("CACHE", "MIRROR", "FOLDER"))
    given = parser.parse_args()
    if given.once:
        _plain(*given.once)
        return 0

    print(f"python -m benchmarks.night --articles {given.articles}\n")
    nights = ("first", "unchanged", f"{HELD} new", "re-checks")
    print(f"{'requests, kB':<22}" + "".join(f"{name:>16}" for name in nights))
    crawlers: dict[str, Callable[[str, str, bool], None]] = {
        "workercn": _ours,
        "CrawlSpider, HTTP cache": lambda *args: _other("1", *args),
        "all again": lambda *args: _other("0", *args),
    }
    found = {name: _nights(crawl, given.articles) for name, crawl in crawlers.items()}
    for name, (row, _) in found.items():
        shown = [f"{cost.requests:,}, {cost.bytes / 1000:,.0f}" for cost in row]
        print(f"{name:<22}" + "".join(f"{words:>16}" for words in shown))
    return 0 if _kept(*found["workercn"]) else 1


def _kept(ours: list[Cost], due: int) -> bool:
    """Against the least that a night can do with; `due`: how many articles are to be re-checked."""
    first, unchanged, fresh, again = ours
    sections = len(SECTIONS)
    # robots.txt, one page a section; what is new stands on the first page of some of them
    limits = [
        ("unchanged", unchanged.requests, 1 + sections),
        (f"{HELD} new", fresh.requests, HELD + 1 + 2 * sections),
        (f"{due} re-checks", again.requests, due + 1 + sections),
    ]
    print()
    kept = [judge(f"requests of a night, {name}", is_, most=most) for name, is_, most in limits]
    share = unchanged.bytes / first.bytes
    kept.append(judge("bytes of an unchanged night, of the first's", share, most=MOST_BYTES))
    return all(kept)


def _nights(crawl: Callable[[str, str, bool], None], articles: int) -> tuple[list[Cost], int]:
    """The four nights, and how many articles are published within the days of the last one's
    re-checks, which are counted back from the moment that it begins.
    """
    site = Site(articles=articles, held=HELD, now=clock.now())
    with tempfile.TemporaryDirectory() as folder, serve(site) as server:
        costs = [_cost(server, crawl, folder), _cost(server, crawl, folder)]
        site.release()
        costs.append(_cost(server, crawl, folder))
        since = clock.now() - timedelta(days=RECHECK_DAYS)
        due = sum(datetime.fromisoformat(one["published_at"]) >= since for one in site.truth())
        return [*costs, _cost(server, crawl, folder, recheck=True)], due


def _cost(
    server: Server, crawl: Callable[[str, str, bool], None], folder: str, *, recheck: bool = False
) -> Cost:
    requests, sent = len(server.requests), server.sent
    crawl(server.url, folder, recheck)
    return Cost(len(server.requests) - requests, server.sent - sent)


def _ours(mirror: str, folder: str, recheck: bool) -> None:
    line = [sys.executable, "-m", "scrapy", "crawl", "workercn", "-a", f"sections={SLUGS}"]
    line += ["-a", "pages=1"]
    if recheck:
        line += ["-a", f"recheck_days={RECHECK_DAYS}"]
    settings = {**UNHURRIED, "OUTPUT_DIR": folder, "MIRROR_URL": mirror, "LOG_LEVEL": "ERROR"}
    for name, value in settings.items():
        line += ["-s", f"{name}={value}"]
    subprocess.run(line, check=True, stderr=subprocess.DEVNULL)


def _other(cache: str, mirror: str, folder: str, recheck: bool) -> None:
    line = [sys.executable, "-m", "benchmarks.night", "--once", cache, mirror, folder]
    subprocess.run(line, check=True)


def _plain(cache: str, mirror: str, folder: str) -> None:
    settings = get_project_settings()
    own = ("DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES", "EXTENSIONS", "ADDONS")
    bare = {name: {} for name in own}
    settings.setdict({**UNHURRIED, **bare, "MIRROR_URL": mirror}, priority="cmdline")
    keeping = {
        "HTTPCACHE_ENABLED": cache == "1",
        "HTTPCACHE_DIR": str(Path(folder) / "cache"),
        "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
        # Ask whether it is still so: else a page counts as fresh for a tenth of its age, unseen.
        "DEFAULT_REQUEST_HEADERS": {"Cache-Control": "max-age=0"},
    }
    settings.setdict(keeping, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(Plain)
    process.start()


if __name__ == "__main__":
    sys.exit(main())
