"""Gives another program each record of the feed once, over as many calls as it makes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator, Iterator
from os import PathLike
from pathlib import Path

from crawler.items import Article
from crawler.runs.reading import (
    RUNS,
    FeedError,
    OnError,
    is_snapshot,
    places_before,
    published_runs,
    read_run,
    refuse,
    replaced,
)

_APPLICATION = 0x776B636E  # "wkcn", in the file's header
_VERSION = 1
_SYNC_EVERY = 1.0  # seconds


def follow(
    checkpoint_file: str | PathLike[str],
    output: str | PathLike[str] = "output",
    *,
    on_error: OnError = refuse,
) -> Follower:
    """Iterates over the records that no earlier call with this checkpoint file gave; then ends.

        with follow("consumer.checkpoint") as records:
            for record in records:
                store(record)

    Asking for the next record says that the last one is dealt with; so does leaving the `with`
    block without an exception, by `break` too. What that means:

    * A stop in order (the end, or a `break` out of the block): no record twice, none missed.
    * An exception in the consumer, or its death (kill -9): the one record in hand comes again.
    * A power cut: those of the last second come again.

    (id, revision) is unique in the feed: a consumer that stores by it never has a record twice.

    Runs come oldest first. What is not published yet is not seen; a run that was salvaged, or
    copied here, after newer ones were read is given at the next call, so keep an id's highest
    revision rather than its last.

    Raises FeedError, before the record in question, where the checkpoint file is another's, is in
    use or belongs to another feed, and where a run cannot be read or is gone half read. With
    `on_error` bad lines and torn files are handed over instead: a bad line is left out for good, a
    torn file is read as far as it goes and its rest by a later call.
    """
    return Follower(Path(checkpoint_file), Path(output), on_error)


class Follower(Iterator[Article]):
    """Made by `follow`. The checkpoint file is open, and locked, from the first record on."""

    def __init__(self, checkpoint: Path, output: Path, on_error: OnError) -> None:
        self._checkpoint = _Checkpoint(checkpoint)
        # No method: a cycle would keep the file locked after `for record in follow(…): break`.
        self._records = _walk(self._checkpoint, output, on_error)

    def __next__(self) -> Article:
        return next(self._records)

    def __enter__(self) -> Follower:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._checkpoint.advance()
        self._records.close()


def _walk(
    checkpoint: _Checkpoint, output: Path, on_error: OnError
) -> Generator[Article, None, None]:
    checkpoint.open()
    tried: set[str] = set()
    try:
        while runs := [run for run in _outstanding(checkpoint, output) if run.name not in tried]:
            for run in runs:
                if not run.is_dir():
                    break  # a snapshot took its place meanwhile
                tried.add(run.name)
                yield from _walk_run(checkpoint, run, on_error)
    finally:
        checkpoint.close()


def _walk_run(
    checkpoint: _Checkpoint, run: Path, on_error: OnError
) -> Generator[Article, None, None]:
    """What the checkpoint has not read yet. How far a snapshot is read is noted of the runs in
    whose place it stands: they may have been read before, and a later one may take its place.
    """
    whole = True

    def note(error: FeedError) -> None:
        nonlocal whole
        whole = whole and error.line is not None
        on_error(error)

    places = places_before(run) if is_snapshot(run.name) else None
    start = checkpoint.runs.get(run.name) or 0
    for record, line in read_run(run, start, on_error=note):
        source, place = run.name, line.start
        if places is not None:
            source, place = record.run_id, places[line.number - 1]
        read = checkpoint.runs.get(source, 0)
        if read is None or place < read:
            continue
        checkpoint.in_hand = source, place + len(line.data)
        yield record
        checkpoint.advance()
    if whole:  # else its copy may still be under way: the rest is for a later call
        checkpoint.write(run.name, None)


def _outstanding(checkpoint: _Checkpoint, output: Path) -> list[Path]:
    published, known = published_runs(output), checkpoint.runs
    here = {run.name for run in published} | replaced(output)
    if known and not known.keys() & here:
        what = f"none of its {len(known)} runs is in {output}: another feed?"
        raise FeedError(checkpoint.path, what)
    for run_id, read in known.items():
        if read is not None and run_id not in here:
            raise FeedError(output / RUNS / run_id, f"gone, of which {read} bytes were read")
    return [run for run in published if known.get(run.name, 0) is not None]


class _Checkpoint:
    """`runs`: run_id -> bytes read of it, None when it is done.

    SQLite, because it writes each step in microseconds and survives a death at any of them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runs: dict[str, int | None] = {}
        self.in_hand: tuple[str, int] | None = None  # run_id, where the record given last ends
        self._synced = time.monotonic()

    def open(self) -> None:
        try:
            self._database = sqlite3.connect(self.path, timeout=0, isolation_level=None)
            try:
                self._open()
                rows = self._database.execute("SELECT run_id, read FROM runs")
                self.runs.update(rows.fetchall())
            except BaseException:
                self._database.close()
                raise
        except sqlite3.Error as error:
            raise self._error(error) from None

    def advance(self) -> None:
        """The record in hand is dealt with."""
        if self.in_hand:
            self.write(*self.in_hand)
            self.in_hand = None

    def write(self, run_id: str, read: int | None) -> None:
        """Note how far a run was read; kept from now on if this process dies."""
        try:
            self._database.execute("INSERT OR REPLACE INTO runs VALUES (?, ?)", (run_id, read))
            if time.monotonic() - self._synced > _SYNC_EVERY:
                self._database.execute("PRAGMA wal_checkpoint")  # kept after a power cut, too
                self._synced = time.monotonic()
        except sqlite3.Error as error:
            raise self._error(error) from None
        self.runs[run_id] = read

    def close(self) -> None:
        self._database.close()

    def _open(self) -> None:
        execute = self._database.execute
        execute("PRAGMA locking_mode=EXCLUSIVE")
        execute("BEGIN EXCLUSIVE")
        execute("COMMIT")  # the lock stays
        (tables,) = execute("SELECT count(*) FROM sqlite_master").fetchone()
        (application,) = execute("PRAGMA application_id").fetchone()
        (version,) = execute("PRAGMA user_version").fetchone()
        if tables and application != _APPLICATION:
            raise FeedError(self.path, "no checkpoint but another program's database")
        if version > _VERSION:
            raise FeedError(self.path, "a checkpoint that a newer crawler wrote")
        execute("PRAGMA journal_mode=WAL")
        execute("PRAGMA synchronous=NORMAL")  # no fsync a record; see _SYNC_EVERY
        if not tables:
            execute("BEGIN")
            execute("CREATE TABLE runs (run_id TEXT PRIMARY KEY, read INTEGER) WITHOUT ROWID")
            execute(f"PRAGMA application_id={_APPLICATION}")
            execute(f"PRAGMA user_version={_VERSION}")
            execute("COMMIT")

    def _error(self, error: sqlite3.Error) -> FeedError:
        known = {
            "SQLITE_BUSY": "in use by another consumer",
            "SQLITE_NOTADB": "no checkpoint, nor any database",
        }
        return FeedError(self.path, known.get(error.sqlite_errorname, str(error)))
