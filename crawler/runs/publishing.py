"""The end of a run: what its manifest measures, and its folder under its own name."""

from __future__ import annotations

import platform
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import scrapy

from crawler import __version__, clock
from crawler.items import timestamp
from crawler.runs import counters, projection
from crawler.runs.locks import startup_lock
from crawler.runs.manifest import Manifest
from crawler.runs.run import RunFolder, started
from crawler.state import StateError

if TYPE_CHECKING:
    from crawler.state import StateWriter


def manifest(run: RunFolder, stats: dict[str, Any], **told: Any) -> dict[str, Any]:
    """A run's manifest: what its name, its files and its numbers tell, and what is `told`."""
    values: dict[str, Any] = {
        "run_id": run.run_id,
        "started_at": timestamp(started(run.run_id)),
        "finished_at": timestamp(clock.now()),
        "checks": [],
        "files": run.files(),
        "counts": counters.counts(stats),
        "sections": counters.sections(stats),
        "fields": counters.coverage(stats),
        "newest_published_at": counters.newest(stats),
        "versions": {
            "crawler": __version__,
            "scrapy": scrapy.__version__,
            "python": platform.python_version(),
        },
    }
    return Manifest.model_validate(values | told).model_dump()


def publish(
    run: RunFolder,
    manifest: dict[str, Any],
    *,
    transaction: Callable[[], AbstractContextManager[StateWriter]] | None,
    report: Callable[[], None],
) -> str | None:
    """Give the folder its manifest, its report and its name; None, or what went wrong (exit 6).

    What the run tells is learnt in `transaction`, which commits after the rename; a trial has none.
    """
    try:
        run.write_manifest(manifest)
        report()
        run.fsync()
        with transaction() if transaction else nullcontext() as writer:
            if writer is not None:
                projection.apply_run(writer, run.partial)
            run.publish()
    except (OSError, StateError) as error:
        if run.final.exists():
            return f"{error}; {run.final} is published, the state learns from it next time"
        return f"the run cannot be published: {error}; kept as {run.partial}"
    if manifest["complete"] and not run.trial:
        try:
            with startup_lock(run.output):
                run.make_latest(manifest)
        except OSError as error:
            return f"latest.json cannot be replaced: {error}; the run is {run.final}"
    return None
