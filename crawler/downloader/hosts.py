"""Which hosts the crawl asked, and which of them could be used.

A host is used where it answered a request, or robots.txt otherwise than with 5xx.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from crawler.downloader import server_time


class Hosts:
    """Counts under `workercn/host/<host>/asked` and `…/answered`."""

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        crawler.signals.connect(self._asked, signals.request_reached_downloader)
        crawler.signals.connect(self._answered, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Hosts:
        return cls(crawler)

    def _asked(self, request: Request) -> None:
        self._stats.inc_value(f"workercn/host/{urlsplit(request.url).netloc}/asked")

    def _answered(self, request: Request, response: Response) -> None:
        if moment := server_time.said_by(response):
            self._stats.max_value(server_time.STAT, moment)
        parts = urlsplit(request.url)
        if parts.path != "/robots.txt" or response.status < 500:
            self._stats.inc_value(f"workercn/host/{parts.netloc}/answered")
        else:
            note(self._stats, request, f"robots_{response.status}")


def note(stats: StatsCollector, request: Request, reason: str) -> None:
    """Why a host could not be used: `dns`, `timeout`, `robots_503`, …"""
    stats.set_value(f"workercn/host/{urlsplit(request.url).netloc}/why", reason)


def reasons(stats: dict[str, Any], hosts: list[str]) -> dict[str, str]:
    """host -> why it could not be used, where that is known."""
    known = ((host, stats.get(f"workercn/host/{host}/why")) for host in hosts)
    return {host: reason for host, reason in known if reason}


def unusable(stats: dict[str, object]) -> tuple[list[str], list[str]]:
    """(hosts that could not be used, all hosts asked), of a finished crawl's stats."""
    asked = sorted(key.split("/")[2] for key in stats if _is(key, "asked"))
    return [host for host in asked if f"workercn/host/{host}/answered" not in stats], asked


def _is(key: str, what: str) -> bool:
    return key.startswith("workercn/host/") and key.endswith("/" + what)
