"""Entries waiting for their turn: each article once, with every section that lists it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import date, datetime

from crawler.items import ListingEntry
from crawler.site.urls import HOST

_WAITING, _OUTSIDE, _TAKEN = 0, 1, 2  # outside: of the window that is crawled, or known

_TABLES = """
CREATE TABLE entry (
    id TEXT PRIMARY KEY, url TEXT, title TEXT, published TEXT, source TEXT, label TEXT, pdf TEXT,
    again INTEGER, fresh INTEGER, moment TEXT, day TEXT, state INTEGER
) WITHOUT ROWID;
CREATE INDEX waiting ON entry (state, moment DESC, id DESC);
CREATE TABLE listed (
    id TEXT, slug TEXT, name TEXT, on_a_page INTEGER, PRIMARY KEY (id, slug)
) WITHOUT ROWID;
"""
_INSERT = """
INSERT OR IGNORE INTO entry
VALUES (
    :id, :url, :title, :published, :source, :label, :pdf, :again, :fresh, :moment, :day, :state
)
"""
# An SQLite database without a name lives in its page cache and spills to a temporary file beyond
# it: 4 MB hold about 10,000 entries, so memory stays flat however much is listed.
_CACHE_KIB = 4096
_BATCH = 100
# What one listing leaves out another may say, and one that says something else than before counts
# over what is remembered, as an address does that a page names; of two hosts the first choice is
# www. A time decides over the day in the address whether the article is of the window.
_COMPLETE = f"""
UPDATE entry SET
    url = CASE WHEN :url LIKE 'https://{HOST}/%' OR (:on_a_page AND NOT EXISTS (
        SELECT 1 FROM listed WHERE listed.id = entry.id AND on_a_page
    )) THEN :url ELSE url END,
    title = CASE WHEN :fresh THEN coalesce(:title, title) ELSE coalesce(title, :title) END,
    source = coalesce(source, :source),
    label = coalesce(label, :label),
    again = max(again, :again),
    fresh = max(fresh, :fresh),
    moment = CASE WHEN published IS NULL AND :published IS NOT NULL THEN :moment ELSE moment END,
    day = CASE WHEN published IS NULL AND :published IS NOT NULL THEN :day ELSE day END,
    state = CASE WHEN published IS NULL AND :published IS NOT NULL THEN :state
                 ELSE min(state, :state) END,
    published = CASE WHEN :fresh THEN coalesce(:published, published)
                     ELSE coalesce(published, :published) END
WHERE id = :id AND state != {_TAKEN}
"""  # noqa: S608 - all of it is ours


class Frontier:
    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.executescript(_TABLES)

    def add(
        self,
        entry: ListingEntry,
        moment: datetime,
        slug: str | None = None,
        name: str | None = None,
        *,
        wanted: bool = True,
        on_a_page: bool = True,
    ) -> tuple[bool, bool]:
        """Note that a section, or nobody, lists an article published at `moment` (site time).

        One that is not wanted, because it lies outside the window or is known, is remembered and
        never taken. What earlier runs owe is there before a page has named it (`on_a_page`).
        Returns (new on the section's pages, new to the crawl).
        """
        values = asdict(entry) | {
            "moment": moment.isoformat(timespec="seconds"),
            "day": moment.date().isoformat(),
            "state": _WAITING if wanted else _OUTSIDE,
            "on_a_page": on_a_page and slug is not None,
        }
        del values["sections"]
        new = self._db.execute(_INSERT, values).rowcount == 1
        if not new:
            self._db.execute(_COMPLETE, values)
        if slug is None:
            return new, new
        due_for_retry = not new and not self._sections(entry.id)
        listing = (
            "INSERT INTO listed VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET on_a_page = 1 "
            "WHERE on_a_page < excluded.on_a_page"
        )
        row = (entry.id, slug, name, on_a_page)
        return self._db.execute(listing, row).rowcount == 1, new or due_for_retry

    def take(self, since: date | None) -> Iterator[ListingEntry]:
        """The waiting articles of a day and all after it, or all, newest first, each only once."""
        first = since.isoformat() if since else ""
        select = (
            "SELECT id, url, title, published, source, label, pdf, again, fresh FROM entry "
            "WHERE state = ? AND day >= ? "
            "ORDER BY moment DESC, id DESC LIMIT ?"
        )
        taken = "UPDATE entry SET state = ? WHERE id = ? AND state = ?"
        while rows := self._db.execute(select, (_WAITING, first, _BATCH)).fetchall():
            for id_, url, title, published, source, label, pdf, again, fresh in rows:
                # One at a time: what is not asked for any more, after a limit, is not taken.
                if self._db.execute(taken, (_TAKEN, id_, _WAITING)).rowcount == 1:
                    words = (title, published, source, label, pdf, self._sections(id_))
                    yield ListingEntry(
                        url, id_, *words, bool(again), bool(fresh), self.is_listed(id_)
                    )

    def claim(self, id_: str) -> bool:
        """Take an article that no listing has named, where a redirect leads; False if one has."""
        insert = "INSERT OR IGNORE INTO entry (id, day, state) VALUES (?, '', ?)"
        return self._db.execute(insert, (id_, _TAKEN)).rowcount == 1

    def is_listed(self, id_: str) -> bool:
        select = "SELECT 1 FROM listed WHERE id = ? AND on_a_page LIMIT 1"
        return self._db.execute(select, (id_,)).fetchone() is not None

    def is_new(self, id_: str) -> bool:
        select = "SELECT 1 FROM entry WHERE id = ?"
        return self._db.execute(select, (id_,)).fetchone() is None

    def named(self, ids: Collection[str]) -> list[tuple[str, str, str | None, str | None]]:
        """(id, url, title, published) of those with these ids, which a claim has none of."""
        marks = ",".join("?" * len(ids))
        select = f"SELECT id, url, title, published FROM entry WHERE id IN ({marks})"  # noqa: S608
        return [row for row in self._db.execute(select, list(ids)) if row[1] is not None]

    def close(self) -> None:
        self._db.close()

    def _sections(self, id_: str) -> list[dict[str, str | None]]:
        select = "SELECT slug, name FROM listed WHERE id = ? ORDER BY slug"
        return [{"slug": slug, "name": name} for slug, name in self._db.execute(select, (id_,))]
