"""A progress bar for a person at a terminal; nothing where standard error is a file or a pipe."""

from __future__ import annotations

import logging
import shutil
import sys

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.monitoring import log
from crawler.runs.counters import SECTIONS

_INTERVAL = 0.5  # seconds between drawings


class Progress:
    def __init__(self, crawler: Crawler) -> None:
        if sys.stderr is None or not sys.stderr.isatty():
            raise NotConfigured
        self._crawler = crawler
        crawler.signals.connect(self._open, signals.spider_opened)
        crawler.signals.connect(self._close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        return cls(crawler)

    def _open(self) -> None:
        from tqdm import tqdm

        # Not tqdm's own look at the size: it draws nothing where a terminal says 0 by 0.
        size = shutil.get_terminal_size()
        self._bar = tqdm(unit=" pages", ncols=size.columns, nrows=size.lines)
        handler = log.handler()
        self._log = handler if isinstance(handler, logging.StreamHandler) else None
        if self._log is not None and self._log.stream is sys.stderr:
            self._log.setStream(_AboveTheBar())
        self._loop = create_looping_call(self._draw)
        self._loop.start(_INTERVAL)

    def _draw(self) -> None:
        stats = self._crawler.stats.get_stats()
        sections = sum(one.pages > 0 for one in stats.get(SECTIONS, {}).values())
        new, rejected = stats.get("workercn/new", 0), stats.get("workercn/rejected", 0)
        known = ("updated", "removed", "unchanged", "missing")
        done = new + rejected + sum(stats.get(f"workercn/{kind}", 0) for kind in known)
        to_do = stats.get("workercn/listed", 0) - stats.get("workercn/known", 0)
        self._bar.total = max(to_do, done)
        self._bar.n = done
        self._bar.set_postfix_str(f"{sections} sections, {new} articles, {rejected} rejects")

    def _close(self) -> None:
        self._loop.stop()
        self._draw()
        self._bar.close()
        if self._log is not None and isinstance(self._log.stream, _AboveTheBar):
            self._log.setStream(sys.stderr)


class _AboveTheBar:
    """A stream whose lines go above the bar instead of through it."""

    def write(self, text: str) -> None:
        from tqdm import tqdm

        tqdm.write(text, file=sys.stderr, end="")

    def flush(self) -> None:
        sys.stderr.flush()
