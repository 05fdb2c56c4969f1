"""A new database gets the tables of tables.py; an older one is brought there by named steps, each
applied once and for ever.

To change the tables, change tables.py and add a function that makes an older database agree; those
that are here stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select

from crawler import clock
from crawler.items import timestamp
from crawler.state import StateError
from crawler.state.database import Database
from crawler.state.rows import Migration
from crawler.state.tables import GONE_INDEX, metadata, migration


def _run(connection: Connection, *statements: str) -> None:
    """Run statements in which TEXT stands for text compared by code point."""
    text = 'TEXT COLLATE "C"' if connection.dialect.name == "postgresql" else "TEXT"
    for statement in statements:
        connection.exec_driver_sql(statement.replace("TEXT", text))


def m009_gaps(connection: Connection) -> None:
    """An article that was missing has been so since the last check at the latest; an older mark
    does not know what its walk left out.
    """
    _run(
        connection,
        "ALTER TABLE article ADD COLUMN missing_since TEXT",
        "UPDATE article SET missing_since = checked_at WHERE missing > 0",
        "ALTER TABLE seen_in ADD COLUMN said JSON",
        "ALTER TABLE mark ADD COLUMN noted BOOLEAN NOT NULL DEFAULT FALSE",
        """
        CREATE TABLE left_out (
            id TEXT NOT NULL,
            slug TEXT NOT NULL,
            run_id TEXT NOT NULL,
            PRIMARY KEY (id, slug)
        )""",
        """
        CREATE TABLE gap (
            slug TEXT NOT NULL,
            start TEXT NOT NULL,
            "end" TEXT NOT NULL,
            reason TEXT NOT NULL,
            opened_at TEXT NOT NULL,
            last_night TEXT NOT NULL,
            nights INTEGER NOT NULL,
            unreachable BOOLEAN NOT NULL,
            run_id TEXT NOT NULL,
            PRIMARY KEY (slug, start)
        )""",
        """
        CREATE TABLE issue (
            day TEXT NOT NULL PRIMARY KEY,
            read_at TEXT NOT NULL,
            digest TEXT NOT NULL
        )""",
    )


def m010_rules(connection: Connection) -> None:
    """No version of older rules is equal to one that is computed since, so that none is trusted."""
    _run(
        connection,
        "ALTER TABLE article ADD COLUMN rules TEXT",
        "UPDATE article SET rules = parser",
    )


def m011_removals(connection: Connection) -> None:
    columns = ("kind", "precision", "language")
    _run(connection, *(f"ALTER TABLE article ADD COLUMN {name} TEXT" for name in columns))


# Of version 0.1.0, whose databases are the oldest that are brought up to date.
_FIRST = {"m001_articles", "m002_failures", "m003_marks", "m004_due"} | {
    *("m005_archived", "m006_listed", "m007_rendering", "m008_claims")
}
MIGRATIONS: tuple[Callable[[Connection], None], ...] = (m009_gaps, m010_rules, m011_removals)


def migrate(database: Database) -> None:
    """Make the tables, or apply what is missing, in one transaction. Raises StateError."""
    names = _FIRST | {step.__name__ for step in MIGRATIONS}
    applied = database.read(_applied)
    if newer := applied - names:
        what = f"written by a newer version of the crawler, whose {min(newer)} is not known here"
        raise StateError(f"{database.name}: {what}")
    if applied == names:
        return
    with database.transaction() as connection:
        applied = _applied(connection)  # another process may have been quicker
        if not applied:
            metadata.create_all(connection)
            _run(connection, GONE_INDEX)
        elif not applied >= _FIRST:
            what = "written before version 0.1.0; scrapy feed rebuild-state makes it again"
            raise StateError(f"{database.name}: {what}")
        for step in MIGRATIONS if applied else ():
            if step.__name__ not in applied:
                step(connection)
        for name in sorted(names - applied):
            row = Migration(name, timestamp(clock.now()))
            connection.execute(migration.insert(), row._asdict())


def _applied(connection: Connection) -> set[str]:
    if not inspect(connection).has_table(migration.name):
        return set()
    return set(connection.scalars(select(migration.c.name)))
