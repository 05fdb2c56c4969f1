"""SQLite or PostgreSQL behind one address: connections, transactions, errors in one line."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Select, Table, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError

from crawler.state import StateError, StateUrlError
from crawler.state.tables import to_json

_T = TypeVar("_T")

_LOCK_SECONDS = 60  # that a transaction waits for others to end: workers that all publish at once
_PAUSE = 0.25  # seconds between two attempts to reach a database that is away
_ADVISORY_LOCK = 0x776F726B  # any number that no other program takes for its lock
_SQLITE_OPTIONS = {"timeout", "isolation_level", "cached_statements", "uri", "mode", "cache", "vfs"}
_ALLOWED = "allowed: sqlite:///path/of/file or postgresql://user:password@host/database"


class Database:
    def __init__(self, url: str, patience: float) -> None:
        self._patience = patience  # seconds
        self.when_lost: Callable[[StateError], None] | None = None
        self._lost: StateError | None = None
        parsed = _parse(url)
        self.name = f"state {parsed.set(query={}).render_as_string(hide_password=True)}"
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"timeout": _LOCK_SECONDS}
        if self._is_sqlite:
            assert parsed.database
            _make_folder(Path(parsed.database).parent)
        else:
            # What was sent and is not acknowledged for so long, in ms, will not be.
            options = {"connect_timeout": 5, "tcp_user_timeout": 15_000} | dict(parsed.query)
            parsed = parsed.set(query={})
        self._engine = create_engine(parsed, connect_args=options, json_serializer=to_json)
        if self._is_sqlite:
            event.listen(self._engine, "connect", _set_up_sqlite)
        self._reading: Connection | None = None

    def read(self, query: Callable[[Connection], _T]) -> _T:
        """What a query gives. Where the database is away it is asked again, for some seconds; in
        vain, `when_lost` is called, and every further query fails at once.
        """
        if self._lost:
            raise self._lost
        deadline = time.monotonic() + self._patience
        while True:
            try:
                with self.errors():
                    return query(self._reading or self._connect())
            except StateError as error:
                if self._reading:
                    self._reading.invalidate()
                self.close()
                if not _may_pass(error) or time.monotonic() >= deadline:
                    if self.when_lost:
                        self._lost = error
                        self.when_lost(error)
                    raise
            time.sleep(_PAUSE)

    def rows(self, statement: Select[Any], values: dict[str, Any] | None = None) -> Sequence[Any]:
        return self.read(lambda connection: connection.execute(statement, values).fetchall())

    def _connect(self) -> Connection:
        # Without transactions: each query sees what is there when it is asked, and none is left
        # open between them.
        connection = self._engine.connect()
        self._reading = connection.execution_options(isolation_level="AUTOCOMMIT")
        return self._reading

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The only one that writes, at any time. What is raised inside rolls it back."""
        self.read(lambda connection: connection.exec_driver_sql("SELECT 1").close())  # it is there
        with self.errors(), self._engine.connect() as connection:
            if self._is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
            yield connection
            connection.commit()

    @contextmanager
    def errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise StateError(f"{self.name}: {_first_line(cause)}") from error

    def close(self) -> None:
        if self._reading:
            self._reading.close()
            self._reading = None
        self._engine.dispose()


def insert_into(table: Table, connection: Connection) -> Any:
    """An INSERT that can say what becomes of rows that are there: each dialect has its own, and
    that of PostgreSQL takes .06 s to import.
    """
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    return dialect.insert(table)


def check_url(url: str) -> None:
    """Raises StateUrlError for what is no address of a database that can be had here."""
    parsed = _parse(url)
    wrong: object = None
    try:
        if parsed.get_backend_name() == "postgresql":
            from psycopg.conninfo import make_conninfo

            make_conninfo(**{name: str(value) for name, value in parsed.query.items()})
        else:
            wrong = ", ".join(parsed.query.keys() - _SQLITE_OPTIONS)
            if not wrong:
                parsed.get_dialect()().create_connect_args(parsed)
    except Exception as error:  # psycopg's own, which is not imported where it is not used
        wrong = _first_line(error)
    if wrong:
        words = parsed.set(query={}).render_as_string(hide_password=True)
        raise StateUrlError(f"STATE_URL={words}?…: no such option: {wrong}; {_ALLOWED}")


def _parse(url: str) -> URL:
    shown = re.sub(r"://(?:([^:/@]*:).*|[^/]*)@", r"://\1***@", url)
    shown = shown.partition("?")[0]  # it may hold a password too
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if parsed.drivername in ("postgresql", "postgresql+psycopg"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        elif parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
            raise ArgumentError(backend)
        elif not parsed.database or parsed.database == ":memory:":
            raise ArgumentError("no file")
        parsed.get_dialect().import_dbapi()
    except ImportError as error:
        what = "its driver is not here: pip install psycopg[binary]"
        raise StateUrlError(f"STATE_URL={shown}: {what}") from error
    except (SQLAlchemyError, ValueError):
        raise StateUrlError(f"STATE_URL={shown}: no database of ours; {_ALLOWED}") from None
    return parsed


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}") from error


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")  # reading goes on while a run is learnt
    connection.execute("PRAGMA synchronous = FULL")  # what is committed outlives a power cut


def _may_pass(error: StateError) -> bool:
    return isinstance(error.__cause__, OperationalError)


def _first_line(error: BaseException | None) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
