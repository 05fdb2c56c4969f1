"""Whether the crawl is being stopped: by a signal, or closed before its end; and what Scrapy 2.19
leaves out when it closes a spider whose `start()` goes on giving requests.

* It counts an item of `start()` when it asks whether the scraper is idle, but asks only when a
  response is done: a run that is stopped while the last thing under way is such an item never ends
  (scrapy issue 7029 is its other side). A crawl of ours gives notes for the journal that way.
* Only a signal ends `start()`. Closed for another reason (CLOSESPIDER_TIMEOUT, MEMUSAGE_LIMIT_MB, a
  full disk), it goes on asking for listing pages, for which the end of the run then waits, and
  after that it meets what is closed.
* It waits for all that is under way, for a server that says nothing for DOWNLOAD_TIMEOUT.
"""

from __future__ import annotations

import asyncio
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from crawler.downloader.failures import Refused

if TYPE_CHECKING:
    from scrapy.core.engine import ExecutionEngine
    from scrapy.core.scraper import Scraper
    from scrapy.crawler import Crawler

TICK = 0.25  # seconds between looks at whether the crawl is being stopped
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


async def sleep(crawler: Crawler, seconds: float) -> None:
    """Sleep, but not longer than the crawl runs: Ctrl-C shall not wait for a retry."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0 and not is_stopping(crawler):
        await asyncio.sleep(min(left, TICK))


def close_in_order(crawler: Crawler) -> None:
    """Once the spider is open."""
    assert crawler.engine is not None
    _ask_again_after_items(crawler.engine.scraper)
    _end_start_when_closing(crawler.engine)


def _ask_again_after_items(scraper: Scraper) -> None:
    process = scraper.start_itemproc_async

    async def process_and_ask(item: Any, **keywords: Any) -> None:
        try:
            await process(item, **keywords)
        finally:
            slot = scraper.slot
            if slot is not None and slot.closing is not None and not slot.closing.called:
                scraper._check_if_closing()

    scraper.start_itemproc_async = process_and_ask  # type: ignore[method-assign]


def _end_start_when_closing(engine: ExecutionEngine) -> None:
    """As `ExecutionEngine.stop_async` does it."""
    close = engine.close_spider_async

    async def end_start_and_close(*, reason: str = "cancelled") -> None:
        engine._start = None  # where it has not begun yet, it does not begin
        starting = engine._start_request_processing_awaitable
        if isinstance(starting, asyncio.Future) and starting is not asyncio.current_task():
            engine._start_request_processing_awaitable = None
            starting.cancel()
        overdue = partial(engine.signals.send_catch_log, OVERDUE)
        asyncio.get_running_loop().call_later(PATIENCE, overdue)
        await close(reason=reason)

    engine.close_spider_async = end_start_and_close  # type: ignore[method-assign]
