"""What is too much for memory, for as long as a command runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_CACHE = 16  # MB of memory before the file grows; sorting takes as much again


@contextmanager
def scratch(*tables: str, path: str | Path = "") -> Iterator[sqlite3.Connection]:
    """A database with these tables (name and columns), in `path`, or in a temporary file that
    nobody else sees, in SQLITE_TMPDIR or /var/tmp. A full disk there is an OSError.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            for setting in (f"cache_size=-{_CACHE * 1024}", "temp_store=FILE", "journal_mode=OFF"):
                database.execute(f"PRAGMA {setting}")
            for table in tables:
                database.execute(f"CREATE TABLE {table}")
            database.execute("BEGIN")  # one for all: a transaction a row costs more than the row
            yield database
    except sqlite3.Error as error:
        raise OSError(f"temporary index: {error}") from None
