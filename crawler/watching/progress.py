"""A progress bar for a person at a terminal; nothing where standard error is a file or a pipe."""

from __future__ import annotations

import logging
import sys

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

_INTERVAL = 0.5  # seconds between drawings


class Progress:
    def __init__(self, crawler: Crawler) -> None:
        if not sys.stderr.isatty() or not crawler.settings.getbool("LOG_ENABLED"):
            raise NotConfigured
        self._crawler = crawler
        crawler.signals.connect(self._open, signals.spider_opened)
        crawler.signals.connect(self._close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        return cls(crawler)

    def _open(self) -> None:
        from scrapy.utils.asyncio import create_looping_call
        from tqdm import tqdm
        from tqdm.contrib.logging import logging_redirect_tqdm

        self._bar = tqdm(unit=" pages", dynamic_ncols=True, leave=True)
        # Log lines go above the bar instead of through it.
        self._redirect = logging_redirect_tqdm(loggers=[logging.root])
        self._redirect.__enter__()
        self._loop = create_looping_call(self._draw)
        self._loop.start(_INTERVAL)

    def _draw(self) -> None:
        stats = self._crawler.stats.get_stats()
        sections = sum(
            key.startswith("workercn/section/") and key.endswith("/pages") for key in stats
        )
        new, rejected = stats.get("workercn/new", 0), stats.get("workercn/rejected", 0)
        self._bar.total = max(stats.get("workercn/listed", 0), new + rejected) or None
        self._bar.n = new + rejected
        self._bar.set_postfix_str(f"{sections} sections, {new} articles, {rejected} rejects")

    def _close(self) -> None:
        self._loop.stop()
        self._draw()
        self._redirect.__exit__(None, None, None)
        self._bar.close()
