"""What a killed run left, published by the next one."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crawler import clock
from crawler.exit_codes import ExitCode
from crawler.files import FileLine, drop_fresh, read_lines, replacing
from crawler.items import Reject, article_of, timestamp
from crawler.runs import counters
from crawler.runs.locks import run_lock
from crawler.runs.run import (
    ARTICLES,
    FILES,
    JOURNAL,
    PARTIAL,
    REJECTS,
    RunFolder,
    is_run_id,
)

logger = logging.getLogger(__name__)


def recover(
    output: Path,
    report: Callable[[Path], None] | None = None,
    finalize_claims: Callable[[RunFolder], object] | None = None,
) -> list[RunFolder]:
    """Publish every `.partial` folder's whole lines; the runs it made of them, oldest first.

    The caller holds the lock: whoever wrote them is dead, but for workers that share the folder,
    each of which holds its own. A folder without a whole line is deleted. `report` is called with
    each folder before it is published, `finalize_claims` before that with those of a shared crawl.
    Raises OSError where that cannot be done, and leaves the rest as it is.
    """
    saved = []
    for partial in sorted((output / "runs").glob(f"*{PARTIAL}")):
        run_id = partial.name.removesuffix(PARTIAL)
        if not (partial.is_dir() and is_run_id(run_id)):
            continue  # somebody else's
        with run_lock(output, run_id) as mine:
            run = RunFolder(output.absolute(), run_id, trial=False)
            if mine and partial.is_dir() and _salvage(run, report, finalize_claims):
                saved.append(run)
    return saved


def _salvage(
    run: RunFolder,
    report: Callable[[Path], None] | None,
    finalize_claims: Callable[[RunFolder], object] | None,
) -> bool:
    drop_fresh(run.partial)
    for name in FILES:
        cut_torn_tail(run.partial / name)
    _repair(run.archive)
    if finalize_claims and _group(begun(run.partial)):
        finalize_claims(run)
    if run.is_empty:
        run.discard()
        logger.info("%s: nothing in it, deleted", run.partial)
        return False
    run.write_manifest(_manifest(run))
    if report:
        report(run.partial)
    run.fsync()
    run.publish()
    logger.warning("salvaged %s, which a killed run left", run.final)
    return True


def _repair(archive: Path) -> None:
    """Cut the torn tail off a killed run's archive; one that cannot be mended costs no record."""
    from crawler.archive import ArchiveError, repair

    try:
        if archive.exists() and (cut := repair(archive)):
            logger.warning("%s: cut a torn tail of %d bytes", archive, cut)
    except (ArchiveError, OSError) as error:
        logger.warning("%s cannot be repaired: %s", archive, error)


def cut_torn_tail(path: Path) -> None:
    """Leave whole lines only, each as it is; a file that is not there becomes an empty one.

    A line is whole where it ends and is a JSON object: a power cut may leave blocks of zeros, in
    the middle too, where what was written later reached the disk earlier.
    """
    path.touch()
    size = end = whole = 0
    for line in read_lines(path):
        size = line.end
        if _is_whole(line):
            end = line.end
            whole += len(line.data)
    if end < size:
        logger.warning("%s: cut a torn tail of %d bytes", path, size - end)
        os.truncate(path, end)
    if whole < end:
        logger.warning("%s: left out %d bytes that are no lines", path, end - whole)
        with replacing(path) as kept:
            kept.writelines(line.data for line in read_lines(path) if _is_whole(line))


def _is_whole(line: FileLine) -> bool:
    return line.data.endswith(b"\n") and line.object is not None


def _manifest(run: RunFolder) -> dict[str, Any]:
    stats: counters.Stats = {}
    for line in _lines(run.partial / REJECTS):
        counters.count(
            stats,
            Reject(line.get("url", ""), line.get("stage", "fetch"), line.get("reason", "unknown")),
        )
    for line in _lines(run.partial / ARTICLES):
        try:
            article = article_of(line)
        except ValidationError:  # of another version; `files` counts its line
            continue
        counters.count(stats, article)
    told = begun(run.partial)
    changed = max((run.partial / name).stat().st_mtime for name in FILES)
    return counters.manifest(
        run,
        stats,
        spider=told.get("spider") or run.run_id.split("-")[1],
        group=_group(told),
        arguments=told.get("arguments", {}),
        command=told.get("command"),
        mirror=told.get("mirror"),
        finished_at=timestamp(clock.at(changed)),
        finish_reason="killed",
        complete=False,
        health="failed",
        exit_code=ExitCode.INTERRUPTED,  # the nearest: what was complete is published
        salvaged=True,
    )


def begun(partial: Path) -> dict[str, Any]:
    """The note with which a run's journal begins; empty where it is not there."""
    notes = _lines(partial / JOURNAL)
    with suppress(OSError):
        return next((line for line in notes if line.get("note") == "begun"), {})
    return {}


def _group(told: dict[str, Any]) -> str | None:
    """The crawl that the run shared, by its arguments."""
    group: str | None = told.get("arguments", {}).get("crawl_id")
    return group


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return (line.object for line in read_lines(path) if line.object is not None)
