"""Articles whose listing names no time are fetched on the day in their address: the page decides
whether they are of the window that was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.items import Page
from crawler.text import dates


class WindowPipeline:
    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        arguments = getattr(crawler.spider, "arguments", None)
        self._holds: Callable[[date], bool] | None = getattr(arguments, "holds", None)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WindowPipeline:
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Page) or item.entry is None or self._holds is None:
            return item
        if item.entry.again or (item.entry.published and not self._is_doubtful(item)):
            return item
        published = item.record.get("published_at")
        if published and not self._holds(date.fromisoformat(published[:10])):
            self._stats.inc_value("workercn/outside_window")
            raise DropItem(f"{item.url} is of {published}", log_level="DEBUG")
        return item

    def _is_doubtful(self, page: Page) -> bool:
        """Does the address contradict the listing's time, which let the article in?"""
        assert page.entry is not None
        words, at = page.entry.published, page.fetched_at
        moment = dates.parse(words, fetched_at=at, near=page.day) if words and at else None
        return bool(moment and at and dates.within(moment, fetched_at=at, near=page.day))
