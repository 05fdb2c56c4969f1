"""Run folders that the state knows and that are gone: deleted on purpose, or lost."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.feeds.reading import replaced
from crawler.feeds.run import PARTIAL
from crawler.state import StateError

if TYPE_CHECKING:
    from crawler.state import State

logger = logging.getLogger(__name__)


def check(state: State, output: Path) -> None:
    """Compare the folders of `output`/runs with the runs that the state has learnt from.

    Those that a snapshot replaces may be, and the oldest: somebody has made room, and what is known
    stays known. Raises StateError
    where one is gone between others, or the newest, or all: the wrong folder, disk or database is
    in use, or a backup was restored in part. Runs of a shared crawl do not count: each worker may
    have an output folder of its own.
    """
    known = state.run_ids()
    try:
        names = {path.name.removesuffix(PARTIAL) for path in (output / "runs").iterdir()}
    except FileNotFoundError:
        names = set()
    gone = sorted(
        run_id for run_id in known - names - replaced(output) if not state.group_of(run_id)
    )
    if not gone:
        return
    oldest = min(known & names, default="")
    if oldest and gone[-1] < oldest:
        logger.info(
            "%d run folders before %s are gone: the state keeps what they told", len(gone), oldest
        )
        return
    what = "all" if not oldest else f"{len(gone)} of {len(known)}"
    raise StateError(
        f"{what} run folders that the state knows are gone from {output / 'runs'}, such as "
        f"{gone[-1]}: put them back, or forget them with `scrapy feed rebuild-state --force`"
    )
