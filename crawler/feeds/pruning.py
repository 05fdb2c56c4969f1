"""`scrapy feed prune`: old run folders make room for a snapshot of them."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from crawler.clock import CST
from crawler.exit_codes import ExitCode
from crawler.feeds.verifying import first_problem
from crawler.files import FileLine, read_lines
from crawler.items import Article
from crawler.runs import counters, projection
from crawler.runs.reading import (
    RUNS,
    FeedError,
    is_snapshot,
    load_object,
    manifest_of,
    parse,
    places_before,
    published_runs,
    replaced,
)
from crawler.runs.run import ARTICLES, JOURNAL, MANIFEST, REJECTS, RunFolder, is_run_id, started
from crawler.runs.startup import opened
from crawler.state import StateError, default_url, open_state
from crawler.state.queries import batched
from crawler.state.store import StateWriter

_AT_ONCE = 500  # lines


class Pruned(NamedTuple):
    folders: int  # that are gone
    records: int | None  # in the snapshot; None: none was made
    unreadable: FeedError | None  # of the first run that is kept for that


def prune(
    output: Path, state_url: str, before: date, report: Callable[[Path], None] | None = None
) -> Pruned:
    """Put a snapshot in the place of the runs that began before that day in China, and delete
    their folders. The newest complete run stays, and so does one that cannot be read, each with
    all that came after it.

    From its rename on the snapshot counts and what it replaces does not: what a death leaves of
    that is deleted by the next call. `report` is called with each folder that is salvaged before.

    Raises LockedError, FeedError (there are no run folders), StateError or OSError.
    """
    published_runs(output)  # raises, before anything is made
    with opened(output, state_url, report):
        for path in (output / RUNS).glob(".*"):
            if is_run_id(path.name[1:]):
                shutil.rmtree(path)  # half made, or half deleted
        folders, records = _delete_replaced(output), None
        chosen, unreadable = _readable(_before(before, output))
        if any(not is_snapshot(folder.name) for folder in chosen):
            records = _replace(chosen, output, state_url, before)
            folders += _delete_replaced(output)
    return Pruned(folders, records, unreadable)


def _before(day: date, output: Path) -> list[Path]:
    """The folders that may go, oldest first, a snapshot before all."""
    gone = replaced(output)
    folders = [path for path in (output / RUNS).iterdir() if is_run_id(path.name)]
    folders = sorted(path for path in folders if path.name not in gone)
    complete = [path for path in folders if manifest_of(path).get("complete") is True]
    stays = max(complete or folders, default=None)
    old = (path for path in folders if started(path.name).astimezone(CST).date() < day)
    chosen = [path for path in old if stays and path < stays]
    return sorted(chosen, key=lambda path: not is_snapshot(path.name))


def _readable(folders: list[Path]) -> tuple[list[Path], FeedError | None]:
    """Those before the first that is not what its manifest says, and what is wrong with it."""
    for number, folder in enumerate(folders):
        if problem := first_problem(folder):
            return folders[:number], problem
    return folders, None


def _replace(folders: list[Path], output: Path, state_url: str, before: date) -> int:
    """Make and publish the snapshot; how many records it has."""
    # Behind the runs that it replaces by its name, before those that stay. Hidden while it is
    # made: nobody shall take it for a killed run.
    run_id = f"{max(folders).name[:16]}-snapshot-{secrets.token_hex(2)}"
    run = RunFolder(output.absolute(), run_id, trial=False)
    run.partial = run.final.with_name(f".{run_id}")
    try:
        return _make(run, folders, state_url, before)
    except BaseException:
        shutil.rmtree(run.partial, ignore_errors=True)  # a full disk is less full then
        raise


def _make(run: RunFolder, folders: list[Path], state_url: str, before: date) -> int:
    run.partial.mkdir()
    stats: counters.Stats = {}
    with closing(open_state(default_url(run.partial))) as state:
        for folder in folders:
            with state.learning() as writer:
                projection.apply_run(writer, folder)
        with state.learning() as writer:
            _write(run, folders, writer, stats)
        known = state.articles()
    (run.partial / REJECTS).touch()
    run.write_manifest(_manifest(run, folders, stats, before))
    if problem := first_problem(run.partial):
        raise StateError(f"the snapshot is not as it should be, nothing is pruned: {problem}")
    if (records := counters.articles(stats)) != known:
        raise StateError(f"{records} records of {known} articles, nothing is pruned")
    run.fsync()
    with closing(open_state(state_url)) as state, state.learning() as writer:
        projection.apply_run(writer, run.partial)
        run.publish()
    return records


def _write(run: RunFolder, folders: list[Path], writer: StateWriter, stats: counters.Stats) -> None:
    """The newest record of each article, as it stands, and where it stood."""
    with (
        (run.partial / ARTICLES).open("wb") as articles,
        (run.partial / JOURNAL).open("wb") as journal,
    ):
        for folder in folders:
            for some in batched(_records(folder), _AT_ONCE):
                newest = writer.known(record.id for record, _, _ in some)
                places = []
                for record, line, place in some:
                    known = newest[record.id]
                    if (known.run_id, known.place) != (folder.name, line.start):
                        continue
                    places.append((record.id, record.revision, articles.tell()))
                    articles.write(line.data)
                    note = {"note": "kept", "id": record.id, "place": place}
                    journal.write(json.dumps(note).encode() + b"\n")
                    counters.count(stats, record)
                writer.move(places, run.run_id)


def _records(folder: Path) -> Iterator[tuple[Article, FileLine, int]]:
    """Each record with its line, and where that began in the run that the record names."""
    places = places_before(folder) if is_snapshot(folder.name) else None
    for line in read_lines(folder / ARTICLES):
        place = line.start if places is None else places[line.number - 1]
        yield parse(line.data), line, place


def _manifest(
    run: RunFolder, folders: list[Path], stats: dict[str, Any], before: date
) -> dict[str, Any]:
    replaces: set[str] = set()
    newest: dict[str, Any] = {}
    for folder in folders:
        manifest = load_object(folder / MANIFEST)
        replaces.update(manifest.get("replaces") or (), [folder.name])
        if manifest.get("command"):
            newest = manifest
    return counters.manifest(
        run,
        stats,
        spider="snapshot",
        arguments={"before": before.isoformat()},
        finish_reason="finished",
        complete=True,
        health="ok",
        exit_code=ExitCode.OK,
        command=(newest and "prune") or None,
        mirror=newest.get("mirror"),
        replaces=sorted(replaces),
    )


def _delete_replaced(output: Path) -> int:
    """How many folders were there of runs in whose place there is a snapshot."""
    folders = [output / RUNS / run_id for run_id in sorted(replaced(output))]
    folders = [folder for folder in folders if folder.is_dir()]
    for folder in folders:
        shutil.rmtree(folder.rename(folder.with_name(f".{folder.name}")))
    return len(folders)
