"""Lets a spider close while an item that `start()` gave is in the pipelines.

Scrapy 2.19 counts such an item when it asks whether the scraper is idle, but asks only when a
response is done: a run that is stopped while the last thing under way is such an item never ends
(scrapy issue 7029 is its other side). A crawl of ours gives notes for the journal that way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def ask_again_after_items(crawler: Crawler) -> None:
    """Once the spider is open: have the scraper asked after each item, too."""
    scraper = crawler.engine.scraper
    process = scraper.start_itemproc_async

    async def process_and_ask(item: Any, **keywords: Any) -> None:
        try:
            await process(item, **keywords)
        finally:
            slot = scraper.slot
            if slot is not None and slot.closing is not None and not slot.closing.called:
                scraper._check_if_closing()

    scraper.start_itemproc_async = process_and_ask  # type: ignore[method-assign]
