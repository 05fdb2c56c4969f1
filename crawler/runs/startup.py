"""What comes before a run in an output folder: the lock, what killed runs left, the state, and
whether the folder is the right one for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from crawler.runs import projection
from crawler.runs.claim_results import finalize_claims
from crawler.runs.locks import lock
from crawler.runs.reading import manifest_of, replaced
from crawler.runs.recovery import begun, recover
from crawler.runs.run import PARTIAL, RunFolder
from crawler.state import StateError, Watermark, open_state
from crawler.state.store import State

logger = logging.getLogger(__name__)


_HISTORY = 60  # runs


class EarlierRuns(NamedTuple):
    history: list[dict[str, Any]]  # manifests of the last complete runs, newest first
    marks: dict[str, Watermark]  # slug -> how far down the section was walked, and by which run


@contextmanager
def opened(
    output: Path,
    state_url: str,
    report: Callable[[Path], None] | None = None,
    *,
    shared: bool = False,
) -> Iterator[EarlierRuns]:
    """Hold the output folder, `shared` with other workers or alone, with all that earlier runs
    have to tell in the state. `report` is for the folders that are salvaged.

    Raises LockedError, StateError (the state is not to be had, or contradicts the run folders), or
    OSError (the folder is not).
    """
    with lock(output, shared=shared):
        with closing(open_state(state_url)) as state:  # first: without it nothing is touched
            if not shared:
                _refuse_lost_runs(state, output)
            recover(output, report, partial(finalize_claims, state=state))
            for run_id in projection.catch_up(state, output):
                logger.info("the state has learnt from %s", run_id)
            before = EarlierRuns(state.history(_HISTORY), state.marks())
        if before.history:
            _renew_latest(output, before.history[0])
        yield before


def lost_runs(state: State, output: Path) -> list[str]:
    """Runs that the state knows and whose folders are gone from `output`/runs, oldest first; none
    where all are older than what is there: deleted on purpose, and what is known stays.

    Those that a snapshot replaces are not missed. Runs of a shared crawl do not count: each worker
    may have an output folder of its own.
    """
    known = state.run_ids()
    names = {path.name.removesuffix(PARTIAL) for path in (output / "runs").glob("*")}
    gone = sorted(
        run_id for run_id in known - names - replaced(output) if not state.group_of(run_id)
    )
    oldest = min(known & names, default="")
    if gone and gone[-1] < oldest:
        words = "%d run folders before %s are gone: the state keeps what they told"
        logger.info(words, len(gone), oldest)
        return []
    return gone


def _refuse_lost_runs(state: State, output: Path) -> None:
    """Raises StateError: the wrong folder, disk or database is in use, or a backup was restored in
    part.
    """
    if gone := lost_runs(state, output):
        raise StateError(
            f"{len(gone)} of {len(state.run_ids())} run folders that the state knows are gone from "
            f"{output / 'runs'}, such as {gone[-1]}: put them back, or forget them with "
            "`scrapy feed rebuild-state --force`"
        )


def _renew_latest(output: Path, manifest: dict[str, Any]) -> None:
    """Let latest.json name the newest complete run, where a death came in between."""
    run = RunFolder(output.absolute(), manifest["run_id"], trial=False)
    if run.final.is_dir():
        run.make_latest(manifest)


class Origin(NamedTuple):
    run_id: str
    mirror: str | None  # its address; None: the live site


def origin(output: Path) -> Origin | None:
    """Of the newest run that asked a site and tells which, published or killed: runs of the live
    site and of a mirror never mix. None where no run tells: an older version's do not.
    """
    for folder in sorted((output / "runs").glob("*Z-*"), reverse=True):
        told = begun(folder) if folder.suffix == PARTIAL else manifest_of(folder)
        if told.get("command") not in (None, "replay"):
            return Origin(folder.name.removesuffix(PARTIAL), told.get("mirror"))
    return None
