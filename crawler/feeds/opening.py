"""What comes before a run in an output folder: the lock, what killed runs left, the state."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crawler.feeds import learning
from crawler.feeds.lock import lock
from crawler.feeds.salvage import salvage
from crawler.state import open_state

logger = logging.getLogger(__name__)


_HISTORY = 60  # runs


@contextmanager
def opened(
    output: Path, state_url: str, report: Callable[[Path], None] | None = None
) -> Iterator[list[dict[str, Any]]]:
    """Hold the output folder, with all that earlier runs have to tell in the state; the manifests
    of the last complete ones, newest first. `report` is for the folders that are salvaged.

    Raises LockedError, StateError (the state is not to be had), or OSError (the folder is not).
    """
    with lock(output):
        state = open_state(state_url)  # first: without it nothing is touched
        try:
            salvage(output, report)
            for run_id in learning.catch_up(state, output):
                logger.info("the state has learnt from %s", run_id)
            history = state.history(_HISTORY)
        finally:
            state.close()
        yield history
