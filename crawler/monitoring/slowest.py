"""The pages that took longest to come, for the report."""

from __future__ import annotations

import heapq

from scrapy import Request, signals
from scrapy.crawler import Crawler

_KEPT = 20


class Slowest:
    def __init__(self, crawler: Crawler) -> None:
        self._heap: list[tuple[float, str]] = []  # seconds, address
        crawler.signals.connect(self._came, signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Slowest:
        return cls(crawler)

    def _came(self, request: Request) -> None:
        seconds = request.meta.get("download_latency")
        if seconds is None:
            return
        keep = heapq.heappush if len(self._heap) < _KEPT else heapq.heappushpop
        keep(self._heap, (seconds, request.url))

    def listed(self) -> list[dict[str, str | float]]:
        """The slowest first, seconds from the request to its answer's head."""
        slowest = sorted(self._heap, reverse=True)
        return [{"url": url, "seconds": round(seconds, 3)} for seconds, url in slowest]
