"""What stands in a worker's folder and has become another's is cut out before it is published."""

from __future__ import annotations

import json
import logging

from crawler.files import read_lines, replacing
from crawler.runs import counters
from crawler.runs.reading import parse
from crawler.runs.run import ARTICLES, RunFolder
from crawler.state.queries import batched
from crawler.state.store import State

_AT_ONCE = 500  # revisions that are looked up together

logger = logging.getLogger(__name__)


def finalize_claims(run: RunFolder, state: State, stats: counters.Stats | None = None) -> int:
    """Leave those lines of articles.jsonl whose revisions are claimed by the run, for ever from
    now on, and not published by another; how many were cut. They are no longer counted in `stats`.

    Of the others a worker thought, when this one was not heard of, that it was dead; or a run
    alone, which claims nothing, has found them meanwhile. Raises StateError, OSError.
    """
    path = run.partial / ARTICLES
    there = {_revision(line.data) for line in read_lines(path)}
    with state.learning() as writer:
        own = writer.finalize_claims(run.run_id, there)
        writer.release(run.run_id, own - there)
        for some in batched(there, _AT_ONCE):
            known = writer.known(id_ for id_, _ in some)
            own -= {one for one in some if one[0] in known and known[one[0]].revision >= one[1]}
    if there <= own:
        return 0
    cut = 0
    with replacing(path) as kept:
        for line in read_lines(path):
            if _revision(line.data) in own:
                kept.write(line.data)
            else:
                cut += 1
                if stats is not None:
                    counters.count(stats, parse(line.data), by=-1)
    logger.warning("%s: %d records are in the folders of other workers, cut", path, cut)
    return cut


def _revision(line: bytes) -> tuple[str, int]:
    record = json.loads(line)
    return record["id"], record["revision"]
