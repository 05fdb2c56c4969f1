"""The state, opened; and what is written to it, in the transaction of State.learning()."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, update

from crawler import clock
from crawler.items import timestamp
from crawler.state import StateError
from crawler.state.database import Database, insert_into
from crawler.state.migrations import migrate
from crawler.state.queries import AT_ONCE, StateReader, batched
from crawler.state.revision_claims import RevisionClaims
from crawler.state.rows import Claim, Row
from crawler.state.tables import TABLES, article, claim, failure, gap, run


class EmptyState(StateReader):
    """Of a trial: nothing is known, and nothing is touched."""

    def _rows(self, statement: Select[Any], values: dict[str, Any] | None = None) -> Sequence[Any]:
        return []


class State(StateReader):
    """Answers are of the last committed run. Whatever goes wrong is a StateError.

    A database that is away is asked again for `patience` seconds, during which the caller waits.
    """

    def __init__(self, url: str, patience: float) -> None:
        self._database = Database(url, patience)
        self.claims = RevisionClaims(self._database)  # of runs that crawl at once
        try:
            migrate(self._database)
        except BaseException:
            self.close()
            raise

    def _rows(self, statement: Select[Any], values: dict[str, Any] | None = None) -> Sequence[Any]:
        return self._database.rows(statement, values)

    def when_lost(self, call: Callable[[StateError], None]) -> None:
        """Where the database is away for longer: once, and from then on each question fails at
        once, which would wait for it again.
        """
        self._database.when_lost = call

    @contextmanager
    def learning(self) -> Iterator[StateWriter]:
        with self._database.transaction() as connection:
            yield StateWriter(connection)

    def close(self) -> None:
        self._database.close()


class StateWriter(StateReader):
    """Whole rows; it reads what it has written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _rows(self, statement: Select[Any], values: dict[str, Any] | None = None) -> Sequence[Any]:
        return self._connection.execute(statement, values).fetchall()

    def put(self, rows: Iterable[Row]) -> None:
        """Rows of one kind, each instead of the one with its key."""
        for some in batched(rows, AT_ONCE):
            table = TABLES[type(some[0])]
            self._connection.execute(self._upsert(table), [row._asdict() for row in some])

    def forget_failures(self, ids: Collection[str]) -> None:
        for some in batched(ids, AT_ONCE):
            self._connection.execute(delete(failure).where(failure.c.id.in_(some)))

    def forget_gaps(self, slug: str) -> None:
        self._connection.execute(delete(gap).where(gap.c.slug == slug))

    def put_run(self, manifest: dict[str, Any]) -> None:
        columns = ("run_id", "started_at", "finished_at", "complete", "health")
        values = {name: manifest[name] for name in columns}
        self._connection.execute(run.insert(), {**values, "manifest": manifest})

    def finalize_claims(
        self, run_id: str, written: Iterable[tuple[str, int]]
    ) -> set[tuple[str, int]]:
        """Make a run's claims final; (id, revision) of each. What it has `written` and nobody
        claims is its own: a worker that gave it up may have died before it took it, a database may
        be new.
        """
        claimed_at = timestamp(clock.now())
        for some in batched(written, AT_ONCE):
            values = [Claim(*revision, run_id, claimed_at)._asdict() for revision in some]
            statement = insert_into(claim, self._connection).on_conflict_do_nothing()
            self._connection.execute(statement, values)
        own = update(claim).where(claim.c.run_id == run_id).values(published=True)
        rows = self._connection.execute(own.returning(claim.c.id, claim.c.revision)).fetchall()
        return {(row.id, row.revision) for row in rows}

    def release(self, run_id: str, revisions: Iterable[tuple[str, int]]) -> None:
        for id_, revision in revisions:
            which = (claim.c.id == id_, claim.c.revision == revision, claim.c.run_id == run_id)
            self._connection.execute(delete(claim).where(*which))

    def clear(self) -> None:
        """Forget everything that run folders tell; the tables stay."""
        for table in TABLES.values():
            self._connection.execute(delete(table))

    def copy(self, other: StateReader) -> None:
        """Everything that run folders told another state, into this one, which is empty."""
        for table in TABLES.values():
            for some in other.pages_of(table):
                self._connection.execute(table.insert(), [row._asdict() for row in some])

    def move(self, places: Iterable[tuple[str, int, int]], run_id: str) -> None:
        """Records that stand in that run from now on: (id, revision, place) of each."""
        statement = update(article).values(run_id=run_id, place=bindparam("to"))
        which = (article.c.id == bindparam("of"), article.c.revision == bindparam("nth"))
        for some in batched(places, AT_ONCE):
            values = [{"of": id_, "nth": revision, "to": place} for id_, revision, place in some]
            self._connection.execute(statement.where(*which), values)

    def _upsert(self, table: Table) -> Any:
        statement = insert_into(table, self._connection)
        rest = {
            column.name: statement.excluded[column.name]
            for column in table.columns
            if not column.primary_key
        }
        return statement.on_conflict_do_update(index_elements=[*table.primary_key], set_=rest)
