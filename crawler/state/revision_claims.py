"""Who has a revision: of several runs that crawl at once, one writes its line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from crawler import clock
from crawler.items import timestamp
from crawler.state.database import Database, insert_into
from crawler.state.queries import AT_ONCE, batched
from crawler.state.rows import Claim
from crawler.state.tables import article, claim

# A run that died between its last look at its claims and the rename of its folder, on a machine
# that never came back: after so long what it had is fetched again.
_FORGOTTEN = timedelta(days=1)


class Holder(NamedTuple):
    run_id: str
    final: bool  # its folder is published, or is about to be: nobody else may have it


class RevisionClaims:
    """Each step is a transaction of its own, beside the one that writes. Raises StateError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own: set[tuple[str, int, str]] = set()  # taken by this process

    def take(self, id_: str, revision: int, run_id: str) -> Holder | None:
        """None where the run has it now, and had not before; else who has."""
        which = (claim.c.id == id_, claim.c.revision == revision)

        def ask(connection: Any) -> Any:
            values = Claim(id_, revision, run_id, timestamp(clock.now()))._asdict()
            connection.execute(insert_into(claim, connection).on_conflict_do_nothing(), values)
            known = select(article.c.revision).where(article.c.id == id_).scalar_subquery()
            return connection.execute(select(claim, known.label("known")).where(*which)).one()

        row = self._database.read(ask)
        # Its own, of a request that was given back and came again, or whose answer was lost.
        if row.run_id == run_id and (id_, revision, run_id) not in self._own:
            self._own.add((id_, revision, run_id))
            return None
        learnt = row.known is not None and row.known >= revision
        forgotten = row.claimed_at < timestamp(clock.now() - _FORGOTTEN)
        final = row.run_id == run_id or (row.published and (learnt or not forgotten))
        return Holder(row.run_id, final)

    def give_up(self, id_: str, revision: int, run_id: str) -> None:
        """Free what a run has that is presumed dead; nothing where it is no more that run's."""
        which = (claim.c.id == id_, claim.c.revision == revision, claim.c.run_id == run_id)
        old = claim.c.claimed_at < timestamp(clock.now() - _FORGOTTEN)
        free = delete(claim).where(*which, ~claim.c.published | old)
        self._database.read(lambda connection: connection.execute(free))

    def unpublished(self, ids: Iterable[str]) -> dict[str, str]:
        """id → the run that has a revision of it which is not published."""
        found: dict[str, str] = {}
        for some in batched(ids, AT_ONCE):
            asked = select(claim.c.id, claim.c.run_id).where(
                claim.c.id.in_(some), ~claim.c.published
            )
            found |= {row.id: row.run_id for row in self._database.rows(asked)}
        return found
