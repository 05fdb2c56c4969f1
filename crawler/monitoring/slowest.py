"""The pages that took longest to come, for the report."""

from __future__ import annotations

import heapq

from scrapy import Request

_KEPT = 20


class Slowest:
    def __init__(self) -> None:
        self._heap: list[tuple[float, str]] = []  # seconds, address

    def add(self, request: Request) -> None:
        """One that was answered."""
        seconds = request.meta.get("download_latency")
        if seconds is None:
            return
        keep = heapq.heappush if len(self._heap) < _KEPT else heapq.heappushpop
        keep(self._heap, (seconds, request.url))

    def listed(self) -> list[dict[str, str | float]]:
        """The slowest first, seconds from the request to its answer's head."""
        slowest = sorted(self._heap, reverse=True)
        return [{"url": url, "seconds": round(seconds, 3)} for seconds, url in slowest]
