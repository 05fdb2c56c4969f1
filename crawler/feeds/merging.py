"""All runs as one file: the newest revision of each article, in the order of publication."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from sqlite3 import Connection
from typing import IO

from crawler.feeds.formats import Format
from crawler.items import Article
from crawler.runs.reading import (
    RUNS,
    OnError,
    manifest_of,
    published_runs,
    read_run,
    refuse,
)
from crawler.runs.run import ARTICLES
from crawler.runs.scratch import scratch

_OPEN_FILES = 100  # at once: a year of nights is more than a process may have

# Where each article's newest revision stands: the records themselves would not fit in memory.
_NEWEST = """newest (
    id TEXT PRIMARY KEY, revision INTEGER, wanted INTEGER, published_at TEXT,
    run INTEGER, start INTEGER, length INTEGER
) WITHOUT ROWID"""
_NOTE = """
    INSERT INTO newest VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
        revision = excluded.revision, wanted = excluded.wanted,
        published_at = excluded.published_at,
        run = excluded.run, start = excluded.start, length = excluded.length
    WHERE excluded.revision > revision"""
_IN_ORDER = "SELECT run, start, length FROM newest WHERE wanted ORDER BY published_at, id"


def merge(
    output: Path,
    file: IO[bytes],
    write: Format,
    *,
    since: date | None = None,
    until: date | None = None,
    sections: Collection[str] = (),
    group: str | None = None,
    removed: bool = False,
    on_error: OnError = refuse,
) -> int:
    """Write the current view of the feed to an open file; the number of its records.

    What is asked for is asked of an article's newest revision: days of publication in China, both
    inclusive; sections by slug, `legacy:all` for all of a kind, none for any; `group`: of the runs
    of a shared crawl alone. Articles that the site has removed are left out unless `removed`.
    Sorted by published_at, then id.

    Lines that cannot be read go to `on_error` and are left out. OSError where a file, or the
    temporary index, cannot be written.
    """

    first, last = (day.isoformat() if day else "" for day in (since, until))

    def wanted(record: Article) -> bool:
        day = record.published_at[:10]
        return (
            (removed or record.change != "removed")
            and first <= day
            and (not last or day <= last)
            and (not sections or any(_is_in(section.slug, sections) for section in record.sections))
        )

    runs = [
        run for run in published_runs(output) if not group or manifest_of(run).get("group") == group
    ]
    with view(runs, wanted, on_error) as lines:
        return write_counted(lines(), file, write)


@contextmanager
def view(
    runs: list[Path],
    wanted: Callable[[Article], bool] = lambda record: record.change != "removed",
    on_error: OnError = refuse,
) -> Iterator[Callable[[], Iterator[bytes]]]:
    """A function that gives the lines of the newest revisions in order, as often as it is called.

    `runs`: their folders, perhaps with one that is in progress.
    """
    with scratch(_NEWEST) as index:
        index.executemany(_NOTE, _positions(runs, wanted, on_error))
        yield lambda: _in_order(index, runs)


def write_counted(lines: Iterable[bytes], file: IO[bytes], write: Format) -> int:
    """Write lines in a format; their number."""
    numbers = count()
    write((line for line, _ in zip(lines, numbers, strict=False)), file)
    return next(numbers)


def target(output: Path, name: str) -> Path:
    """The path of a file to write a view to. ValueError says why it cannot be one."""
    path = Path(name)
    if path.is_dir():
        raise ValueError("a folder; allowed: a file")
    if (output / RUNS).resolve() in path.resolve().parents:
        raise ValueError("the feed never changes; allowed: a file in any other folder")
    return path


def _is_in(slug: str, sections: Collection[str]) -> bool:
    return slug in sections or f"{slug.partition(':')[0]}:all" in sections


def _positions(
    runs: list[Path], wanted: Callable[[Article], bool], on_error: OnError
) -> Iterator[tuple[str | int, ...]]:
    for number, run in enumerate(runs):
        for record, line in read_run(run, on_error=on_error):
            yield (
                record.id, record.revision, wanted(record), record.published_at,
                number, line.start, len(line.data),
            )  # fmt: skip


def _in_order(index: Connection, runs: list[Path]) -> Iterator[bytes]:
    with ExitStack() as stack:
        files: dict[int, IO[bytes]] = {}
        for run, start, length in index.execute(_IN_ORDER):
            if run not in files:
                if len(files) == _OPEN_FILES:
                    stack.close()
                    files.clear()
                files[run] = stack.enter_context((runs[run] / ARTICLES).open("rb"))
            files[run].seek(start)
            yield files[run].read(length)
