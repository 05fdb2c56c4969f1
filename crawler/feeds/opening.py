"""What comes before a run in an output folder: the lock, what killed runs left, the state."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.feeds import learning
from crawler.feeds.lock import lock
from crawler.feeds.salvage import salvage
from crawler.state import open_state

logger = logging.getLogger(__name__)


@contextmanager
def opened(output: Path, state_url: str) -> Iterator[None]:
    """Hold the output folder, with all that earlier runs have to tell in the state.

    Raises LockedError, StateError (the state is not to be had), or OSError (the folder is not).
    """
    with lock(output):
        state = open_state(state_url)  # first: without it nothing is touched
        try:
            salvage(output)
            for run_id in learning.catch_up(state, output):
                logger.info("the state has learnt from %s", run_id)
        finally:
            state.close()
        yield
