"""The run folder's lines, each whole on disk the moment what it tells is known."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exporters import BaseItemExporter
from scrapy.utils.misc import load_object

from crawler import run_context
from crawler.files import Appender
from crawler.items import REJECT_KEYS, Article, Reject
from crawler.journal_notes import Note, RecheckResult
from crawler.run_context import RunContext
from crawler.runs import counters
from crawler.runs.run import FEED_FILES
from crawler.text import clean

logger = logging.getLogger(__name__)

ERROR_STAT = "workercn/feed/error"

Item = Article | Reject | Note


class LineExporter(BaseItemExporter):
    """One JSON line a record, written unbuffered.

    Scrapy's signal dispatcher swallows what an exporter raises and reports success. So a write
    that fails is noted under `workercn/feed/error`, which forbids publishing, the torn line is cut
    off again, and `stop` is called.
    """

    def __init__(
        self,
        file: IO[bytes],
        *,
        stats: counters.Counters,
        stop: Callable[[], object],
        first: Callable[[], bytes] = bytes,
        **kwargs: Any,
    ) -> None:
        super().__init__(dont_fail=True, **kwargs)
        self._closing: asyncio.Future[None] | None = None
        self._file = file
        self._stats, self._stop, self._first = stats, stop, first
        self._appender = Appender(file)

    @classmethod
    def from_crawler(cls, crawler: Crawler, file: IO[bytes], **kwargs: Any) -> LineExporter:
        def stop() -> None:
            closing = crawler.engine.close_spider_async(reason="feed_error")
            exporter._closing = asyncio.ensure_future(closing)  # kept: asyncio holds tasks weakly

        def first() -> bytes:
            assert crawler.spider is not None
            return begun(crawler.spider.name, run_context.required(crawler.settings))

        exporter = cls(file, stats=crawler.stats, stop=stop, first=first, **kwargs)
        return exporter

    def export_item(self, item: Item) -> None:
        if not self._stats.get_value(ERROR_STAT) and self._write(self.line(item)):
            self.count(item)

    def line(self, item: Any) -> bytes:
        return to_line(item)

    def count(self, item: Any) -> None:
        counters.count(self._stats, item)

    def _write(self, line: bytes) -> bool:
        try:
            self._appender.append(line)
        except OSError as error:
            self._stats.set_value(ERROR_STAT, f"{self._file.name}: {error.strerror}")
            logger.error("cannot write %s: %s; stopping", self._file.name, error.strerror)
            self._stop()
            return False
        return True


class JournalExporter(LineExporter):
    """A line for all that the state learns besides the records: notes, and what is behind a record.

    FEEDS has it before the records' file: what is behind a record is on disk when the record is.
    """

    def start_exporting(self) -> None:
        self._write(self._first())

    def line(self, item: Any) -> bytes:
        return to_note(item)

    def count(self, item: Any) -> None:
        if isinstance(item, RecheckResult):
            super().count(item)


class RunStorage:
    """FEEDS storage `run:<file>`: a file of the run folder, made beforehand, unbuffered."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None
    ) -> RunStorage:
        return cls(run_context.required(crawler.settings).folder / uri.removeprefix("run:"))

    def open(self, spider: Spider) -> IO[bytes]:
        return self._path.open("ab", buffering=0)

    def store(self, file: IO[bytes]) -> None:
        os.fsync(file.fileno())
        file.close()


class RunFiles:
    """A run folder's files through their exporters, where no Scrapy engine drives the run.

    Raises OSError where they cannot be opened; what cannot be written is noted as in a crawl.
    """

    def __init__(self, context: RunContext, spider: str, stats: counters.Counters) -> None:
        self._exporters: list[tuple[LineExporter, tuple[type, ...]]] = []
        with ExitStack() as stack:
            for name, kind, names in FEED_FILES:
                file = stack.enter_context((context.folder / name).open("ab", buffering=0))
                exporter = (JournalExporter if kind == "journal" else LineExporter)(
                    file, stats=stats, stop=bool, first=lambda: begun(spider, context)
                )
                exporter.start_exporting()
                self._exporters.append((exporter, tuple(map(load_object, names))))
            self.close = stack.pop_all().close

    def write(self, item: Item) -> None:
        for exporter, kinds in self._exporters:
            if isinstance(item, kinds):
                exporter.export_item(item)


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
