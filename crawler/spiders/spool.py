"""Entries waiting for their turn: each article once, with every section that lists it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime

from crawler.items import Entry
from crawler.site.urls import HOST

_TABLES = """
CREATE TABLE entry (
    id TEXT PRIMARY KEY, url TEXT, title TEXT, published TEXT, source TEXT, label TEXT,
    moment TEXT, day TEXT, taken INTEGER DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX waiting ON entry (taken, moment DESC, id DESC);
CREATE TABLE listed (id TEXT, slug TEXT, name TEXT, PRIMARY KEY (id, slug)) WITHOUT ROWID;
"""
# An SQLite database without a name lives in its page cache and spills to a temporary file beyond
# it: 4 MB hold about 10,000 entries, so memory stays flat however much is listed.
_CACHE_KIB = 4096
_BATCH = 100
# What one listing leaves out another may say; of two hosts the first choice is www.
_COMPLETE = f"""
UPDATE entry SET
    url = CASE WHEN ?2 LIKE 'https://{HOST}/%' THEN ?2 ELSE url END,
    title = coalesce(title, ?3), source = coalesce(source, ?5), label = coalesce(label, ?6),
    moment = CASE WHEN published IS NULL AND ?4 IS NOT NULL THEN ?7 ELSE moment END,
    published = coalesce(published, ?4)
WHERE id = ?1 AND taken = 0
"""  # noqa: S608 - the host is ours


class Spool:
    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.executescript(_TABLES)

    def add(
        self,
        entry: Entry,
        moment: datetime,
        slug: str | None = None,
        name: str | None = None,
        *,
        wanted: bool = True,
    ) -> tuple[bool, bool]:
        """Note that a section, or nobody, lists an article published at `moment` (site time).

        One that is not wanted, because it lies outside the window, is remembered and never taken.
        Returns (new to this section, new to the crawl).
        """
        insert = "INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        words = (entry.id, entry.url, entry.title, entry.published, entry.source, entry.label)
        when = (moment.isoformat(timespec="seconds"), moment.date().isoformat())
        new = self._db.execute(insert, (*words, *when, not wanted)).rowcount == 1
        if not new:
            self._db.execute(_COMPLETE, (*words, when[0]))
        if slug is None:
            return new, new
        listing = "INSERT OR IGNORE INTO listed VALUES (?, ?, ?)"
        return self._db.execute(listing, (entry.id, slug, name)).rowcount == 1, new

    def take(self, since: date | None, until: date | None) -> Iterator[Entry]:
        """The waiting articles of a span of days, both inclusive, newest first, each only once."""
        bounds = (since.isoformat() if since else "", until.isoformat() if until else "9999")
        select = (
            "SELECT id, url, title, published, source, label FROM entry "
            "WHERE taken = 0 AND day BETWEEN ? AND ? ORDER BY moment DESC, id DESC LIMIT ?"
        )
        while rows := self._db.execute(select, (*bounds, _BATCH)).fetchall():
            for id_, url, title, published, source, label in rows:
                # One at a time: what is not asked for any more, after a limit, is not taken.
                if self.claim(id_):
                    yield Entry(url, id_, title, published, source, label, self._sections(id_))

    def claim(self, id_: str) -> bool:
        """Take one article out of turn; False where it has been taken already."""
        update = "UPDATE entry SET taken = 1 WHERE id = ? AND taken = 0"
        if self._db.execute(update, (id_,)).rowcount == 1:
            return True
        insert = "INSERT OR IGNORE INTO entry (id, day, taken) VALUES (?, '', 1)"
        return self._db.execute(insert, (id_,)).rowcount == 1

    def newest_waiting(self) -> date | None:
        select = "SELECT day FROM entry WHERE taken = 0 ORDER BY moment DESC LIMIT 1"
        row = self._db.execute(select).fetchone()
        return date.fromisoformat(row[0]) if row else None

    def close(self) -> None:
        self._db.close()

    def _sections(self, id_: str) -> list[dict[str, str | None]]:
        select = "SELECT slug, name FROM listed WHERE id = ? ORDER BY slug"
        return [{"slug": slug, "name": name} for slug, name in self._db.execute(select, (id_,))]
