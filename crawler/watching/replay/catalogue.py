"""What the archives hold, in an index on disk: where the pages of each article are, and what the
listings said of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from crawler.archive import ArchiveError
from crawler.archive.records import Record, records
from crawler.feeds.scratch import scratch
from crawler.items import Entry
from crawler.site import listing_pages, urls
from crawler.watching.replay.sources import SPIDER, spider_of

_PLACES = """
place (
    id TEXT, page INTEGER, at TEXT, file INTEGER, offset INTEGER, url TEXT, status INTEGER,
    digest TEXT, ours INTEGER, PRIMARY KEY (id, page, at, file, offset)
) WITHOUT ROWID
"""
_OTHERS = """
CREATE TABLE listing (file INTEGER, offset INTEGER, at TEXT, url TEXT);
CREATE TABLE entry (
    id TEXT, file INTEGER, url TEXT, title TEXT, published TEXT, source TEXT, label TEXT, pdf TEXT,
    PRIMARY KEY (id, file)
) WITHOUT ROWID;
CREATE TABLE listed (
    id TEXT, file INTEGER, slug TEXT, PRIMARY KEY (id, file, slug)
) WITHOUT ROWID;
"""
# What one listing leaves out another of the same run may say.
_ADD_ENTRY = """
INSERT INTO entry VALUES (:id, :file, :url, :title, :published, :source, :label, :pdf)
ON CONFLICT DO UPDATE SET
    title = coalesce(title, :title), published = coalesce(published, :published),
    source = coalesce(source, :source), label = coalesce(label, :label), pdf = coalesce(pdf, :pdf)
"""
_NOT_MODIFIED = 304


class Place(NamedTuple):
    """Where an archived answer is."""

    file: int
    offset: int
    at: str  # when it was fetched: ISO 8601 UTC, to the microsecond
    url: str
    page: int = 1  # of an article of several
    status: int = 200
    digest: str | None = None  # of the body as received, sha1:…
    is_article: bool = True  # by its address; else a page that only the state can know as one


class Archived(NamedTuple):
    """An article: its first pages, newest first, its further pages, and by file what the listings
    of that run said of it.
    """

    id: str
    places: list[Place]
    further: list[Place]
    entries: dict[int, Entry]


class Listed(NamedTuple):
    """What one page of a listing said."""

    file: int
    slug: str | None
    name: str | None
    entries: list[Entry]


class Catalogue:
    """Filled by `add`, then by `note`; memory stays flat however much is archived."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.assigned: dict[str, str] = {}  # where an article is -> its id, where that is not plain
        self._names: dict[str, str] = {}  # of sections
        self.exchanges = 0
        self.not_modified = 0
        self.torn = 0  # files that end inside a record, as a kill leaves them
        self.damaged = 0  # places where nothing can be read, though something follows
        self.foreign = 0  # files that hold no record, or another spider's run

    def add(self, number: int, path: Path, tell: Callable[[str], None]) -> None:
        """Index a file. What cannot be read is told and counted; all else is indexed."""
        error: ArchiveError | None = None
        found = 0

        def note(problem: ArchiveError) -> None:
            nonlocal error
            self.damaged += error is not None
            error = problem
            tell(str(problem))

        for record in records(path, note):
            found += 1
            if error is not None:  # and yet a whole record follows
                self.damaged, error = self.damaged + 1, None
            if record.kind == "warcinfo":
                run_id = record.run_id()
                if run_id and spider_of(run_id) not in (None, SPIDER):
                    tell(f"{path}: the archive of {run_id}, another spider; left out")
                    self.foreign += 1
                    return
            elif record.is_answer:
                try:
                    self._note(number, record)
                except ValueError as problem:
                    tell(f"{path}: byte {record.offset}: the record cannot be used: {problem}")
                    self.damaged += 1
        if not found:
            tell(f"{path}: no WARC file of one gzip member a record; left out")
            self.foreign += 1
        elif error is not None:
            self.torn += 1

    def _note(self, number: int, record: Record) -> None:
        url = record.field("WARC-Target-URI") or ""
        at = record.date.isoformat(timespec="microseconds")
        status = int(record.warc.http_headers.get_statuscode())
        self.exchanges += 1
        address = urls.identify(url)
        is_article = address.generation != "generic"
        if status == _NOT_MODIFIED:
            self.not_modified += is_article
            return
        page = urls.page_number(url) if is_article else 1
        if status == 200 and not is_article and listing_pages.identify(url):
            row = (number, record.offset, at, url)
            self._database.execute("INSERT INTO listing VALUES (?, ?, ?, ?)", row)
        elif status == 200 or page > 1:
            place = (
                self._id(address.url, address.id),
                page,
                at,
                number,
                record.offset,
                url,
                status,
            )
            values = (*place, record.field("WARC-Payload-Digest"), is_article)
            self._database.execute(
                "INSERT OR IGNORE INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values
            )

    def _id(self, url: str, plain: str) -> str:
        return self.assigned.get(urls.place(url), plain) if self.assigned else plain

    def listings(self) -> Iterator[Place]:
        select = "SELECT file, offset, at, url FROM listing ORDER BY file, offset"
        return (Place(*row) for row in self._database.execute(select))

    def note(self, listed: Listed) -> None:
        """What a listing said."""
        if listed.slug and listed.name:
            self._names.setdefault(listed.slug, listed.name)
        for entry in listed.entries:
            entry.id = self._id(entry.url, entry.id)
            where = {"id": entry.id, "url": entry.url, "file": listed.file}
            values = where | entry.listed()
            self._database.execute(_ADD_ENTRY, values)
            if listed.slug:
                row = (entry.id, listed.file, listed.slug)
                self._database.execute("INSERT OR IGNORE INTO listed VALUES (?, ?, ?)", row)

    def articles(self) -> Iterator[Archived]:
        """Each article whose first page is there, by id."""
        select = (
            "SELECT id, file, offset, at, url, page, status, digest, ours FROM place "
            "ORDER BY id, page, at DESC, file DESC, offset DESC"
        )
        rows = self._database.execute(select)
        for id_, several in groupby(rows, key=lambda row: row[0]):
            places = [Place._make(values) for _, *values in several]
            first = [place for place in places if place.page == 1]
            if first:
                further = [place for place in places if place.page > 1]
                yield Archived(id_, first, further, self._entries(id_))

    def _entries(self, id_: str) -> dict[int, Entry]:
        """By file, the newest first."""
        found = {}
        select = (
            "SELECT file, url, id, title, published, source, label, pdf FROM entry WHERE id = ? "
            "ORDER BY file DESC"
        )
        for file, *words in self._database.execute(select, (id_,)):
            entry = Entry(*words)
            slugs = self._database.execute(
                "SELECT slug FROM listed WHERE id = ? AND file = ? ORDER BY slug", (id_, file)
            )
            entry.sections = [{"slug": slug, "name": self._names.get(slug)} for (slug,) in slugs]
            found[file] = entry
        return found


@contextmanager
def catalogue() -> Iterator[Catalogue]:
    """An empty one, for as long as a command runs. A full disk is an OSError."""
    with scratch(_PLACES) as database:
        for statement in filter(str.strip, _OTHERS.split(";")):
            database.execute(statement)
        yield Catalogue(database)


def nearest(place: Place, others: Iterable[Place]) -> list[Place]:
    """Of each further page the answer that came with `place`: in page order."""
    pages: dict[int, Place] = {}
    for other in sorted(others, key=lambda other: _distance(place, other)):
        pages.setdefault(other.page, other)
    return [pages[number] for number in sorted(pages)]


def _distance(place: Place, other: Place) -> tuple[bool, bool, str]:
    """The same run's first, then the first one after it."""
    return other.file != place.file, other.at < place.at, other.at
