"""What the archives hold, in an index on disk: where the pages of each article are, and what the
listings said of it.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from crawler.archive import ArchiveError
from crawler.archive.records import Record, records
from crawler.items import LISTED, ListingEntry
from crawler.replay.archive_files import SPIDER, spider_of
from crawler.runs.scratch import scratch
from crawler.site import urls
from crawler.site.listings import listing_pages

_TABLES = (
    """page (
        id TEXT, number INTEGER, at TEXT, file INTEGER, offset INTEGER, url TEXT, status INTEGER,
        digest TEXT, is_article INTEGER, PRIMARY KEY (id, number, at, file, offset)
    ) WITHOUT ROWID""",
    "wanted (id TEXT PRIMARY KEY) WITHOUT ROWID",
    "listing (file INTEGER, offset INTEGER, at TEXT, url TEXT)",
    "section (slug TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID",
    "listed (id TEXT, file INTEGER, number INTEGER, slug TEXT, entry TEXT, "
    "PRIMARY KEY (id, file DESC, number)) WITHOUT ROWID",
)
_NOT_MODIFIED = 304

Count = Callable[[str, int], None]

logger = logging.getLogger(__name__)


class ArchivePlace(NamedTuple):
    """Where an archived answer is."""

    file: int
    offset: int
    at: str  # when it was fetched: ISO 8601 UTC, to the microsecond
    url: str
    page: int = 1  # of an article of several
    status: int = 200
    digest: str | None = None  # of the body as received, sha1:…


class Archived(NamedTuple):
    """An article: its first pages, newest first, and its further pages."""

    id: str
    places: list[ArchivePlace]
    further: list[ArchivePlace]


class ListedArticle(NamedTuple):
    """What one page of a listing said."""

    file: int
    slug: str | None
    name: str | None
    entries: list[ListingEntry]


class Index:
    """Filled by `add`, `note` and `want`; memory stays flat however much is archived."""

    def __init__(
        self, database: sqlite3.Connection, assigned: dict[str, str], count: Count | None = None
    ) -> None:
        """`assigned`: where an article is -> its id, where the address does not tell it.

        Counted are exchanges; torn: files that end inside a record, as a kill leaves them; damaged:
        places where nothing can be read, though something follows; foreign: files that hold no
        record, or another spider's run.
        """
        self._database, self._assigned = database, assigned
        self._entries = 0
        self._count = count or (lambda name, number: None)

    def add(self, number: int, path: Path) -> None:
        """Index a file. What cannot be read is logged and counted; all else is indexed."""
        errors: list[ArchiveError] = []  # behind the last whole record
        found = 0

        def note(problem: ArchiveError) -> None:
            errors.append(problem)
            logger.warning("%s", problem)

        for record in records(path, note):
            found += 1
            self._count("damaged", len(errors))
            errors.clear()
            if record.kind == "warcinfo":
                run_id = record.run_id()
                if run_id and spider_of(run_id) not in (None, SPIDER):
                    logger.warning("%s: the archive of %s, another spider; left out", path, run_id)
                    self._count("foreign", 1)
                    return
            elif record.is_answer:
                try:
                    self._place(number, record)
                except ValueError as problem:
                    words = "%s: byte %d: the record cannot be used: %s"
                    logger.warning(words, path, record.offset, problem)
                    self._count("damaged", 1)
        if not found:
            logger.warning("%s: no WARC file of one gzip member a record; left out", path)
            self._count("foreign", 1)
        elif errors:
            self._count("damaged", len(errors) - 1)
            self._count("torn", 1)

    def _place(self, file: int, record: Record) -> None:
        url = record.field("WARC-Target-URI") or ""
        at = record.date.isoformat(timespec="microseconds")
        status = int(record.warc.http_headers.get_statuscode())
        self._count("exchanges", 1)
        address = urls.identify(url)
        is_article = address.generation != "generic"
        page = urls.page_number(url) if is_article else 1
        if status == 200 and not is_article and listing_pages.identify(url):
            row = (file, record.offset, at, url)
            self._database.execute("INSERT INTO listing VALUES (?, ?, ?, ?)", row)
        elif status == 200 or (page > 1 and status != _NOT_MODIFIED):
            digest = record.field("WARC-Payload-Digest")
            id_ = self._id(address.url, address.id)
            values = (id_, page, at, file, record.offset, url, status, digest, is_article)
            self._database.execute(
                "INSERT OR IGNORE INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values
            )

    def _id(self, url: str, plain: str) -> str:
        return self._assigned.get(urls.place(url), plain) if self._assigned else plain

    # --- what is to be read -------------------------------------------------------------------

    def ids(self) -> Iterator[tuple[str, bool, str]]:
        """By id: is it an article by its address, or may the state alone know it as one; and the
        digests of its first page, with blanks between.
        """
        return self._database.execute(
            "SELECT id, max(is_article), coalesce(group_concat(digest, ' '), '') FROM page "
            "WHERE number = 1 GROUP BY id"
        )

    def want(self, ids: Iterable[str]) -> None:
        self._database.executemany("INSERT INTO wanted VALUES (?)", ((id_,) for id_ in ids))

    def articles(self) -> Iterator[Archived]:
        """Those that are wanted, by id."""
        select = (
            "SELECT id, file, offset, at, url, number, status, digest FROM wanted "
            "JOIN page USING (id) ORDER BY id, number, at DESC, file DESC, offset DESC"
        )
        for id_, rows in groupby(self._database.execute(select), key=lambda row: row[0]):
            places = [ArchivePlace._make(values) for _, *values in rows]
            first = [place for place in places if place.page == 1]
            yield Archived(id_, first, places[len(first) :])

    # --- listings -----------------------------------------------------------------------------

    def listings(self) -> Iterator[ArchivePlace]:
        select = "SELECT file, offset, at, url FROM listing ORDER BY file, offset"
        return (ArchivePlace(*row) for row in self._database.execute(select))

    def note(self, listed: ListedArticle) -> None:
        if listed.slug and listed.name:
            values = (listed.slug, listed.name)
            self._database.execute("INSERT OR IGNORE INTO section VALUES (?, ?)", values)
        for entry in listed.entries:
            self._entries += 1
            id_ = self._id(entry.url, entry.id)
            said = json.dumps({"url": entry.url} | entry.listed())
            row = (id_, listed.file, self._entries, listed.slug, said)
            self._database.execute("INSERT INTO listed VALUES (?, ?, ?, ?, ?)", row)

    def entries(self, id_: str) -> dict[int, ListingEntry]:
        """What the listings of each run said of an article, the newest file first.

        What one listing leaves out another of the same run may say.
        """
        found: dict[int, ListingEntry] = {}
        select = (
            "SELECT file, entry, slug, name FROM listed LEFT JOIN section USING (slug) "
            "WHERE id = ? ORDER BY file DESC, number"
        )
        for file, said, slug, name in self._database.execute(select, (id_,)):
            other = ListingEntry(id=id_, **json.loads(said))
            entry = found.setdefault(file, other)
            for key in LISTED:
                if getattr(entry, key) is None:
                    setattr(entry, key, getattr(other, key))
            section = {"slug": slug, "name": name}
            if slug and section not in entry.sections:
                entry.sections.append(section)
                entry.sections.sort(key=lambda one: one["slug"] or "")
        return found

    def flush(self) -> None:
        """Let other processes see what is in it."""
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")


@contextmanager
def created(path: Path, assigned: dict[str, str], count: Count) -> Iterator[Index]:
    """An empty one. A full disk is an OSError."""
    with scratch(*_TABLES, path=path) as database:
        yield Index(database, assigned, count)


@contextmanager
def opened(path: Path) -> Iterator[Index]:
    """One that is whole, for reading."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        yield Index(database, {})


def nearest(place: ArchivePlace, others: Iterable[ArchivePlace]) -> list[ArchivePlace]:
    """Of each further page the answer that came with `place`: in page order."""
    pages: dict[int, ArchivePlace] = {}
    for other in sorted(others, key=lambda other: _distance(place, other)):
        pages.setdefault(other.page, other)
    return [pages[number] for number in sorted(pages)]


def _distance(place: ArchivePlace, other: ArchivePlace) -> tuple[bool, bool, str]:
    """The same run's first, then the first one after it."""
    return other.file != place.file, other.at < place.at, other.at
