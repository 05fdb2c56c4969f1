"""How a database came to have the tables it has: named steps, each applied once and for ever.

To change the tables, change tables.py and add a function that makes an older database agree; those
that are here stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select

from crawler import clock
from crawler.state.database import Database
from crawler.state.errors import StateError
from crawler.state.tables import migration


def _run(connection: Connection, *statements: str) -> None:
    """Run statements in which TEXT stands for text compared by code point."""
    text = 'TEXT COLLATE "C"' if connection.dialect.name == "postgresql" else "TEXT"
    for statement in statements:
        connection.exec_driver_sql(statement.replace("TEXT", text))


def m001_articles(connection: Connection) -> None:
    _run(
        connection,
        """
        CREATE TABLE run (
            run_id TEXT NOT NULL PRIMARY KEY,
            started_at TEXT NOT NULL,
            finished_at TEXT NOT NULL,
            complete BOOLEAN NOT NULL,
            health TEXT NOT NULL,
            manifest JSON NOT NULL
        )""",
        """
        CREATE TABLE article (
            id TEXT NOT NULL PRIMARY KEY,
            url TEXT NOT NULL,
            generation TEXT NOT NULL,
            title TEXT NOT NULL,
            published TEXT NOT NULL,
            revision INTEGER NOT NULL,
            change TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            raw_hash TEXT,
            parser TEXT,
            etag TEXT,
            modified TEXT,
            run_id TEXT NOT NULL,
            place BIGINT NOT NULL,
            first_seen TEXT NOT NULL,
            last_seen TEXT NOT NULL,
            checked_at TEXT NOT NULL,
            next_check TEXT NOT NULL,
            missing INTEGER NOT NULL
        )""",
        """
        CREATE TABLE seen_in (
            id TEXT NOT NULL,
            slug TEXT NOT NULL,
            name TEXT,
            run_id TEXT NOT NULL,
            PRIMARY KEY (id, slug)
        )""",
    )


def m002_failures(connection: Connection) -> None:
    _run(
        connection,
        """
        CREATE TABLE failure (
            id TEXT NOT NULL PRIMARY KEY,
            url TEXT NOT NULL,
            tries INTEGER NOT NULL,
            reason TEXT NOT NULL,
            error TEXT,
            first_failed TEXT NOT NULL,
            last_failed TEXT NOT NULL,
            next_try TEXT,
            entry JSON NOT NULL
        )""",
    )


def m003_marks(connection: Connection) -> None:
    _run(
        connection,
        """
        CREATE TABLE mark (
            slug TEXT NOT NULL PRIMARY KEY,
            run_id TEXT NOT NULL,
            down_to TEXT NOT NULL,
            pages INTEGER NOT NULL
        )""",
    )


def m004_due(connection: Connection) -> None:
    _run(
        connection,
        "CREATE INDEX article_published ON article (published, id)",
        """
        CREATE INDEX article_gone ON article (published, id)
        WHERE missing > 0 AND change != 'removed'""",
    )


def m005_archived(connection: Connection) -> None:
    _run(
        connection,
        "ALTER TABLE article ADD COLUMN payload TEXT",
        "ALTER TABLE article ADD COLUMN archived_at TEXT",
    )


def m006_listed(connection: Connection) -> None:
    _run(connection, "ALTER TABLE article ADD COLUMN entry JSON")


def m007_rendering(connection: Connection) -> None:
    _run(
        connection,
        """
        CREATE TABLE rendering (
            slug TEXT NOT NULL,
            kind TEXT NOT NULL,
            needed BOOLEAN NOT NULL,
            tried_at TEXT NOT NULL,
            PRIMARY KEY (slug, kind)
        )""",
    )


def m008_claims(connection: Connection) -> None:
    _run(
        connection,
        """
        CREATE TABLE claim (
            id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            run_id TEXT NOT NULL,
            claimed_at TEXT NOT NULL,
            published BOOLEAN NOT NULL,
            PRIMARY KEY (id, revision)
        )""",
        "CREATE INDEX claim_run ON claim (run_id)",
    )


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


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    m001_articles,
    m002_failures,
    m003_marks,
    m004_due,
    m005_archived,
    m006_listed,
    m007_rendering,
    m008_claims,
    m009_gaps,
    m010_rules,
    m011_removals,
)


def migrate(database: Database) -> None:
    """Apply what is missing, each step in a transaction with its name. Raises StateError."""
    names = [step.__name__ for step in MIGRATIONS]
    applied = database.read(_applied)
    if newer := applied - set(names):
        what = f"written by a newer version of the crawler, whose {min(newer)} is not known here"
        raise StateError(f"{database.name}: {what}")
    for step in MIGRATIONS:
        if step.__name__ not in applied:
            _apply(database, step)


def _applied(connection: Connection) -> set[str]:
    if not inspect(connection).has_table(migration.name):
        return set()
    return set(connection.scalars(select(migration.c.name)))


def _apply(database: Database, step: Callable[[Connection], None]) -> None:
    with database.transaction() as connection:
        migration.create(connection, checkfirst=True)
        if step.__name__ in _applied(connection):
            return  # another process was quicker
        step(connection)
        applied_at = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        connection.execute(migration.insert(), {"name": step.__name__, "applied_at": applied_at})
