"""What is written to the state: whole rows, in the transaction of State.learning()."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, update

from crawler.state import revision_claims
from crawler.state.database import insert_into
from crawler.state.queries import AT_ONCE, StateReader, batched
from crawler.state.rows import (
    Failure,
    IssueRead,
    KnownArticle,
    LeftOut,
    OpenGap,
    RenderHint,
    Row,
    Sighting,
    Watermark,
)
from crawler.state.tables import (
    article,
    claim,
    failure,
    gap,
    issue,
    left_out,
    mark,
    metadata,
    migration,
    rendering,
    run,
    seen_in,
)

_TABLES: dict[type[Row], Table] = {
    KnownArticle: article,
    Sighting: seen_in,
    LeftOut: left_out,
    Failure: failure,
    Watermark: mark,
    OpenGap: gap,
    IssueRead: issue,
    RenderHint: rendering,
}


def _told() -> list[Table]:
    """The tables of what run folders tell."""
    return [table for table in metadata.sorted_tables if table not in (migration, claim)]


class StateWriter(StateReader):
    """Reads what it has written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _rows(self, statement: Select[Any], values: dict[str, Any]) -> Sequence[Any]:
        return self._connection.execute(statement, values).fetchall()

    def put(self, rows: Iterable[Row]) -> None:
        """Rows of one kind, each instead of the one with its key."""
        for some in batched(rows, AT_ONCE):
            table = _TABLES[type(some[0])]
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
        """Make what a run has claimed, or written and nobody claims, its own for ever; (id,
        revision) of each.
        """
        return revision_claims.finalize_claims(self._connection, run_id, written)

    def release(self, run_id: str, revisions: Iterable[tuple[str, int]]) -> None:
        """Free what a run has claimed and not written."""
        revision_claims.release(self._connection, run_id, revisions)

    def clear(self) -> None:
        """Forget everything that run folders tell; the tables stay."""
        for table in _told():
            self._connection.execute(delete(table))

    def copy(self, other: StateReader) -> None:
        """Everything that run folders told another state, into this one, which is empty."""
        for table in _told():
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
        key = [column.name for column in table.primary_key]
        rest = {
            column.name: statement.excluded[column.name]
            for column in table.columns
            if not column.primary_key
        }
        return statement.on_conflict_do_update(index_elements=key, set_=rest)
