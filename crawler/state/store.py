"""The state, opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Select

from crawler.state.database import Database
from crawler.state.errors import StateError
from crawler.state.migrations import migrate
from crawler.state.queries import StateReader
from crawler.state.revision_claims import RevisionClaims
from crawler.state.state_writer import StateWriter


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
