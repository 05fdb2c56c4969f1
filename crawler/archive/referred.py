"""Finds the record that a revisit refers to."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from crawler.archive.records import Record, read_record, records

logger = logging.getLogger(__name__)

_IDENTICAL = "identical-payload-digest"


class Referred:
    """An index of files, each indexed when the first revisit needs it, on disk: a folder of years
    holds more records than memory.
    """

    def __init__(self, files: Sequence[Path], folder: Path | None) -> None:
        others = sorted(folder.glob("*.warc.gz")) if folder is not None else []
        self._waiting = sorted({*files, *others}, key=lambda path: path.name)
        self._index: sqlite3.Connection | None = None

    def body(self, revisit: Record) -> bytes | None:
        """The payload, unpacked; None where the record that has it is not there."""
        key, when = _reference(revisit)
        record = self._find(key, when) if key else None
        if record is not None and record.kind == "revisit":
            record = self._find(_reference(record)[0], when)
        return record.body() if record is not None and record.kind == "response" else None

    def close(self) -> None:
        if self._index is not None:
            self._index.close()

    def _find(self, key: str | None, when: str) -> Record | None:
        index = self._index = self._index or _open()
        while (place := _place(index, key)) is None:
            if not self._waiting:
                return None
            with index:
                index.execute("BEGIN")
                rows = _rows(self._next(when))
                index.executemany("INSERT OR IGNORE INTO place VALUES (?, ?, ?)", rows)
        path, offset = place
        with Path(path).open("rb") as file:
            file.seek(offset)
            return read_record(file)

    def _next(self, when: str) -> Path:
        """The file that was begun last before `when`, by its name; then the rest."""
        before = [path for path in self._waiting if path.name[: len(when)] <= when]
        path = before[-1] if before and when else self._waiting[-1]
        self._waiting.remove(path)
        return path


def _open() -> sqlite3.Connection:
    index = sqlite3.connect("", isolation_level=None)  # a temporary file
    index.execute("PRAGMA synchronous = OFF")
    index.execute("PRAGMA journal_mode = OFF")
    index.execute("CREATE TABLE place (key TEXT PRIMARY KEY, path TEXT, offset INT) WITHOUT ROWID")
    return index


def _rows(path: Path) -> Iterator[tuple[str, str, int]]:
    for record in records(path, partial(logger.warning, "%s")):
        if record.is_answer:
            key = _key(record.field("WARC-Target-URI"), record.field("WARC-Date"))
            yield key, str(path), record.offset
            digest = record.field("WARC-Payload-Digest")
            if digest and record.kind == "response":
                yield digest, str(path), record.offset


def _place(index: sqlite3.Connection, key: str | None) -> tuple[str, int] | None:
    row: tuple[str, int] | None = index.execute(
        "SELECT path, offset FROM place WHERE key = ?", (key,)
    ).fetchone()
    return row


def _reference(revisit: Record) -> tuple[str | None, str]:
    """(key in the index, when that was: `20261122T040000`) of the record that has the payload."""
    date = revisit.field("WARC-Refers-To-Date") or ""
    when = date.partition(".")[0].rstrip("Z").replace("-", "").replace(":", "")
    if (revisit.field("WARC-Profile") or "").endswith(_IDENTICAL):
        return revisit.field("WARC-Payload-Digest"), when
    url = revisit.field("WARC-Refers-To-Target-URI")
    return (_key(url, date) if url and date else None), when


def _key(url: str | None, date: str | None) -> str:
    return f"{date} {url}"
