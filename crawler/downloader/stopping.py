"""Whether the crawl is being stopped: by a signal, or closed before its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.downloader.refusals import Refused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PATIENCE = 10.0  # seconds that a stop waits for what is under way
OVERDUE = object()  # the signal that they are over


def stopped() -> Refused:
    return Refused("stopped", "the crawl is being stopped")


def refuse_when_stopping(crawler: Crawler) -> None:
    """Raises Refused."""
    if is_stopping(crawler):
        raise stopped()


def is_stopping(crawler: Crawler) -> bool:
    """Then nothing more is asked for, and nothing is waited for."""
    engine = crawler.engine
    if engine is None or not engine.running:
        return True
    # Closed by an extension (CLOSESPIDER_TIMEOUT, MEMUSAGE_LIMIT_MB) or for a full disk, the engine
    # runs on until all that is under way has ended.
    return engine._slot is None or engine._slot.closing is not None
