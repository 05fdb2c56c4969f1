"""The run folder's lines, each whole on disk the moment what it tells is known."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler import run_context
from crawler.files import Appender
from crawler.items import REJECT_KEYS, Article, Reject
from crawler.journal_notes import Note, RecheckResult
from crawler.run_context import RunContext
from crawler.runs import counters
from crawler.runs.run import ARTICLES, FILES, JOURNAL, REJECTS
from crawler.text import clean

logger = logging.getLogger(__name__)

ERROR_STAT = "workercn/feed/error"

Item = Article | Reject | Note


class RunFiles:
    """A run folder's files, to which each line is written whole the moment it exists.

    One that cannot be written is noted under `workercn/feed/error`, which forbids publishing, and
    cut off again; `stop` is called, and nothing more is written. A file that cannot be opened is
    noted so as well.
    """

    def __init__(
        self,
        context: RunContext,
        spider: str,
        stats: counters.Stats,
        stop: Callable[[], object] = bool,
    ) -> None:
        self._folder, self._stats, self._stop = context.folder, stats, stop
        self._files: dict[str, Appender] = {}
        with ExitStack() as stack:
            for name in FILES:
                try:
                    file = stack.enter_context((self._folder / name).open("ab", buffering=0))
                except OSError as error:
                    self._give_up(name, error)
                else:
                    self._files[name] = Appender(file)
            self.close = stack.pop_all().close
        self._append(JOURNAL, begun(spider, context))

    def write(self, item: Item) -> None:
        # The journal first: what is behind a record is worth nothing without it, and is missed
        # where it is not there.
        lines = [(JOURNAL, to_note(item))]
        if isinstance(item, Article | Reject):
            lines.append((ARTICLES if isinstance(item, Article) else REJECTS, to_line(item)))
        written = all(self._append(name, line) for name, line in lines)
        if written and isinstance(item, Article | Reject | RecheckResult):
            counters.count(self._stats, item)

    def _append(self, name: str, line: bytes) -> bool:
        if ERROR_STAT in self._stats:
            return False
        try:
            self._files[name].append(line)
        except OSError as error:
            self._give_up(name, error)
            return False
        return True

    def _give_up(self, name: str, error: OSError) -> None:
        words = f"{self._folder / name}: {error.strerror}"
        self._stats[ERROR_STAT] = words
        logger.error("cannot write %s; stopping", words)
        self._stop()


class RunWriter:
    """The extension that writes what a crawl makes to its run folder, whatever -o asks for."""

    _files: RunFiles

    def __init__(self, crawler: Crawler) -> None:
        context = run_context.of(crawler.settings)
        if context is None:
            raise NotConfigured
        self._crawler, self._context = crawler, context
        crawler.signals.connect(self._open, signals.spider_opened)
        crawler.signals.connect(self._write, signals.item_scraped)
        crawler.signals.connect(self._close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunWriter:
        return cls(crawler)

    def _open(self, spider: Spider) -> None:
        stats = self._crawler.stats.get_stats()
        self._files = RunFiles(self._context, spider.name, stats, self._stop)

    def _write(self, item: Any) -> None:
        if isinstance(item, Item):
            self._files.write(item)

    def _close(self) -> None:
        self._files.close()

    def _stop(self) -> None:
        closing = self._crawler.engine.close_spider_async(reason="feed_error")
        self._closing = asyncio.ensure_future(closing)  # kept: asyncio holds tasks weakly


def to_line(item: Article | Reject) -> bytes:
    """A record or a reject as one line of UTF-8, keys in the schema's order."""
    if isinstance(item, Article):
        return _line(item.model_dump_json())
    return _json({key: getattr(item, key) for key in REJECT_KEYS})


def begun(spider: str, run: RunContext) -> bytes:
    """The first line of a journal: what a salvaged run was."""
    what = {"arguments": run.arguments, "command": run.command, "mirror": run.mirror}
    return _json({"note": "begun", "spider": spider, **what})


def to_note(item: Item) -> bytes:
    """An item's line in the journal (docs/state.md); a reject without an entry has none: it stands
    on a listing that is read again anyway.
    """
    if isinstance(item, Article):
        behind = asdict(item.facts)
        return _json({"note": "record", "id": item.id, "revision": item.revision, **behind})
    if not isinstance(item, Reject):
        values = asdict(item)
        return _json({"note": item.note, **values.pop("facts", {}), **values})
    if (entry := item.entry) is None:
        return b""
    listed = {**entry.listed(), "sections": entry.sections}
    failed = {"id": entry.id, "url": item.url, "reason": item.reason, "error": item.error}
    return _json({"note": "failed", **failed, "failed_at": item.fetched_at, "entry": listed})


def _json(values: dict[str, Any]) -> bytes:
    return _line(json.dumps(_clean(values), ensure_ascii=False, separators=(",", ":")))


def _clean(value: Any) -> Any:
    """The site's words in it as they may be stored; a record's are already."""
    if isinstance(value, str):
        return clean.markup(value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _line(text: str) -> bytes:
    """U+2028, U+2029 and U+0085 are escaped: some readers take them for the end of a line."""
    for character in ("\u2028", "\u2029", "\x85"):
        if character in text:
            text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "backslashreplace") + b"\n"
