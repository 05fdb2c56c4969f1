"""Which hosts the crawl asked, and which of them could be used.

A host is used where it answered a request, or robots.txt otherwise than with 5xx.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from crawler.downloader import server_time

STAT = "workercn/hosts"  # host -> HostUse


@dataclass(slots=True)
class HostUse:
    asked: int = 0
    answered: int = 0
    why: str | None = None  # it could not be used: `dns`, `timeout`, `robots_503`, …


class Hosts:
    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        crawler.signals.connect(self._asked, signals.request_reached_downloader)
        crawler.signals.connect(self._answered, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Hosts:
        return cls(crawler)

    def _asked(self, request: Request) -> None:
        of(self._stats, request).asked += 1

    def _answered(self, request: Request, response: Response) -> None:
        if moment := server_time.said_by(response):
            self._stats.max_value(server_time.STAT, moment)
        use = of(self._stats, request)
        if urlsplit(request.url).path != "/robots.txt" or response.status < 500:
            use.answered += 1
        else:
            use.why = f"robots_{response.status}"


def of(stats: StatsCollector, request: Request) -> HostUse:
    """What is counted of a request's host."""
    uses: dict[str, HostUse] = stats.get_stats().setdefault(STAT, {})
    return uses.setdefault(urlsplit(request.url).netloc, HostUse())


def unusable(stats: Mapping[str, Any]) -> tuple[dict[str, str | None], list[str]]:
    """(hosts that could not be used and why, all hosts asked), of a finished crawl's stats."""
    asked = {host: use for host, use in sorted(stats.get(STAT, {}).items()) if use.asked}
    return {host: use.why for host, use in asked.items() if not use.answered}, list(asked)
