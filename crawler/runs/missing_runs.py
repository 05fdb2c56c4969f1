"""Run folders that the state knows and that are gone: deleted on purpose, or lost."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crawler.runs.reading import replaced
from crawler.runs.run import PARTIAL
from crawler.state import StateError

if TYPE_CHECKING:
    from crawler.state import State

logger = logging.getLogger(__name__)


class MissingRuns(NamedTuple):
    """Runs that the state knows and whose folders are gone, oldest first."""

    known: int  # runs, gone or not
    gone: list[str]
    oldest: str  # run that is there; empty where none is

    @property
    def made_room(self) -> bool:
        """Whether all are older than what is there: deleted on purpose, and what is known stays."""
        return bool(self.oldest) and (not self.gone or self.gone[-1] < self.oldest)


def missing(state: State, output: Path) -> MissingRuns:
    """Compare the folders of `output`/runs with the runs that the state has learnt from.

    Those that a snapshot replaces are not missed. Runs of a shared crawl do not count: each worker
    may have an output folder of its own.
    """
    known = state.run_ids()
    try:
        names = {path.name.removesuffix(PARTIAL) for path in (output / "runs").iterdir()}
    except FileNotFoundError:
        names = set()
    gone = sorted(
        run_id for run_id in known - names - replaced(output) if not state.group_of(run_id)
    )
    return MissingRuns(len(known), gone, min(known & names, default=""))


def check(state: State, output: Path) -> None:
    """Let the oldest run folders be gone. Raises StateError where one is gone between others, or
    the newest, or all: the wrong folder, disk or database is in use, or a backup was restored in
    part.
    """
    runs = missing(state, output)
    if not runs.gone:
        return
    if runs.made_room:
        logger.info(
            "%d run folders before %s are gone: the state keeps what they told",
            len(runs.gone),
            runs.oldest,
        )
        return
    what = f"{len(runs.gone)} of {runs.known}" if runs.oldest else "all"
    raise StateError(
        f"{what} run folders that the state knows are gone from {output / 'runs'}, such as "
        f"{runs.gone[-1]}: put them back, or forget them with `scrapy feed rebuild-state --force`"
    )
