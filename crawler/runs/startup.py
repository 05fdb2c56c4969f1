"""What comes before a run in an output folder: the lock, what killed runs left, the state."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from crawler.runs import missing_runs, projection
from crawler.runs.claim_results import finalize_claims
from crawler.runs.locks import lock
from crawler.runs.recovery import recover
from crawler.runs.run import RunFolder
from crawler.state import Watermark, open_state

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
        state = open_state(state_url)  # first: without it nothing is touched
        try:
            if not shared:
                missing_runs.check(state, output)
            recover(output, report, partial(finalize_claims, state=state))
            for run_id in projection.catch_up(state, output):
                logger.info("the state has learnt from %s", run_id)
            before = EarlierRuns(state.history(_HISTORY), state.marks())
        finally:
            state.close()
        if before.history:
            _renew_latest(output, before.history[0])
        yield before


def _renew_latest(output: Path, manifest: dict[str, Any]) -> None:
    """Let latest.json name the newest complete run, where a death came in between."""
    run = RunFolder(output.absolute(), manifest["run_id"], trial=False)
    if run.final.is_dir():
        run.make_latest(manifest)
