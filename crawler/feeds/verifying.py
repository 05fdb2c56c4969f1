"""Is the feed what it promises to be? Files, lines, and revisions over all runs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

from pydantic import ValidationError

from crawler import clock
from crawler.files import FileLine, read_lines
from crawler.items import REJECT_KEYS, Article
from crawler.runs.manifest import Manifest
from crawler.runs.reading import (
    RUN_SCHEMA,
    RUNS,
    FeedError,
    OnError,
    in_words,
    is_snapshot,
    load_object,
    manifest_of,
    parse,
    published_runs,
    read_run,
)
from crawler.runs.run import (
    ARTICLES,
    FILES,
    LATEST,
    MANIFEST,
    PARTIAL,
    REJECTS,
    REPORT,
    STATE,
    Measure,
    is_run_id,
)
from crawler.runs.scratch import scratch

_PATIENCE = 24  # hours without a write, after which nobody is writing any more

_END = b"</html>"  # of a report that is whole
_LINK = "a symbolic link: what it names may change, and is not published by one rename"

_REVISIONS = "revisions (id TEXT, revision INTEGER, change TEXT, run INTEGER, line INTEGER)"
# Each beside the one before it of the same article.
_WRONG = """
    SELECT id, revision, change, run, line, last_revision, last_run, last_line FROM (
        SELECT *,
            lag(revision, 1, 0) OVER one AS last_revision, lag(change) OVER one AS last_change,
            lag(run) OVER one AS last_run, lag(line) OVER one AS last_line
        FROM revisions WINDOW one AS (PARTITION BY id ORDER BY revision, run, line)
    ) WHERE revision != last_revision + 1 OR (change = 'removed' AND last_change = 'removed')
    ORDER BY run, line"""

Revision = tuple[str, int, str, int, int]  # a row of the table


@dataclass
class VerificationCounts:
    runs: int = 0
    records: int = 0
    rejects: int = 0
    bytes: int = 0
    problems: int = 0
    groups: Counter[str] = field(default_factory=Counter)  # runs of each shared crawl
    grouped: Counter[str] = field(default_factory=Counter)  # … and their records


def verify(
    output: Path,
    only: Collection[str] = (),
    *,
    deleted: Collection[str] = (),
    on_error: OnError,
) -> VerificationCounts:
    """Check all runs, or the run_ids in `only`; what is wrong goes to `on_error`.

    Of runs that are not asked for only the revisions are read, beside which the others must fit;
    latest.json and what else lies in the folder is looked at where all are asked for. `deleted`:
    runs that the state knows and whose folders are gone.

    FeedError where there are no run folders or none of a name in `only`; OSError where the
    temporary index cannot be written.
    """
    runs = published_runs(output)
    if missing := set(only) - {run.name for run in runs}:
        raise FeedError(output / RUNS / min(missing), "no published run")
    counts = VerificationCounts()

    def say(problem: FeedError) -> None:
        counts.problems += 1
        on_error(problem)

    for run_id in sorted(deleted):
        say(FeedError(output / RUNS / run_id, "deleted: the state knows this run"))
    asked = [not only or run.name in only for run in runs]
    with scratch(_REVISIONS) as index:
        for number, run in enumerate(runs):
            rows = _revisions(run, number)
            if asked[number]:
                folder = _RunVerification(run, counts, say)
                folder.contents()
                rows = folder.files(number)
            index.executemany("INSERT INTO revisions VALUES (?, ?, ?, ?, ?)", rows)
        for problem in _out_of_sequence(index, runs, asked):
            say(problem)
    if not only:
        for problem in (*_latest(output), *_strangers(output / RUNS)):
            say(problem)
    return counts


def first_problem(run: Path) -> FeedError | None:
    """What is wrong with one run's files, whatever other runs there are."""
    found: list[FeedError] = []
    for _ in _RunVerification(run, VerificationCounts(), found.append).files(0):
        pass
    return found[0] if found else None


class _RunVerification:
    """One run's folder by itself: what is in it is counted, what is wrong with it goes to `say`."""

    def __init__(self, run: Path, counts: VerificationCounts, say: OnError) -> None:
        self._run, self._counts, self._on_error = run, counts, say
        self._manifest = self._read_manifest()

    def _say(self, name: str, what: str, line: int | None = None) -> None:
        self._on_error(FeedError(self._run / name, what, line))

    def _read_manifest(self) -> Manifest | None:
        try:
            text = (self._run / MANIFEST).read_bytes()
            manifest = Manifest.model_validate_json(text, strict=True)
        except OSError as error:
            self._say(MANIFEST, error.strerror or str(error))
        except ValidationError as error:
            self._say(MANIFEST, in_words(error, RUN_SCHEMA))
        else:
            if manifest.run_id != self._run.name.lstrip("."):  # hidden: a snapshot in the making
                self._say(MANIFEST, f"run_id is {manifest.run_id}")
            return manifest
        return None

    def contents(self) -> None:
        """Is each entry of the folder a file of its own, and one that belongs there?"""
        known = {*FILES, MANIFEST, REPORT, *(self._manifest.files if self._manifest else ())}
        if is_snapshot(self._run.name):
            known.add(STATE)
        for path in sorted(self._run.iterdir()):
            if path.is_symlink():
                self._say(path.name, _LINK)
            elif path.name not in known or not path.is_file():
                self._say(path.name, "unknown: no file of a run")
        if is_snapshot(self._run.name):
            return  # it has none: reports are of runs
        again = f"`scrapy report {self._run.name}` writes it again"
        try:
            if not (self._run / REPORT).read_bytes().rstrip().endswith(_END):
                self._say(REPORT, f"torn: it does not end with {_END.decode()}; {again}")
        except OSError as error:
            self._say(REPORT, f"{error.strerror or error}; {again}")

    def files(self, number: int) -> Iterator[Revision]:
        """Check the files; the revisions in them, of the run of that number."""
        changes: Counter[str] = Counter()
        for line in self._lines(ARTICLES):
            self._counts.records += 1
            if record := self._record(line):
                changes[record.change] += 1
                yield record.id, record.revision, record.change, number, line.number
        for line in self._lines(REJECTS):
            changes["rejected"] += 1
            if what := _wrong_with_reject(line.data):
                self._say(REJECTS, what, line.number)
        self._counts.runs += 1
        self._counts.rejects += changes["rejected"]
        if self._manifest:
            self._compare(self._manifest, changes)

    def _compare(self, manifest: Manifest, changes: Counter[str]) -> None:
        """Are the files that the manifest names, and as many lines as it says?"""
        for name in manifest.files.keys() - {ARTICLES, REJECTS}:
            if Path(name).name != name:
                self._say(MANIFEST, f"files names {name!r}, which is outside the run")
            else:
                for _ in self._lines(name):
                    pass
        for name in ("new", "updated", "removed", "rejected"):
            if (said := getattr(manifest.counts, name)) != changes[name]:
                self._say(MANIFEST, f"counts.{name} is {said}, the files have {changes[name]}")
        if manifest.group:
            self._counts.groups[manifest.group] += 1
            self._counts.grouped[manifest.group] += changes.total() - changes["rejected"]

    def _lines(self, name: str) -> Iterator[FileLine]:
        """A file's lines; at its end, whether it is what the manifest says."""
        measure = Measure()
        try:
            for line in read_lines(self._run / name):
                measure.add(line.data)
                yield line
        except OSError as error:
            self._say(name, error.strerror or str(error))
            return
        seen = measure.result()
        self._counts.bytes += seen.bytes
        if not self._manifest:
            return
        if not (said := self._manifest.files.get(name)):
            self._say(MANIFEST, f"files lacks {name}")
            return
        for what, number in seen._asdict().items():
            if number != (wanted := getattr(said, what)):
                self._say(name, f"{what}: {number}, the manifest says {wanted}")

    def _record(self, line: FileLine) -> Article | None:
        try:
            record = parse(line.data)
        except ValueError as error:
            self._say(ARTICLES, str(error), line.number)
            return None
        replaces = self._manifest.replaces if self._manifest else []
        if record.run_id not in (replaces or [self._run.name]):
            self._say(ARTICLES, f"run_id is {record.run_id}", line.number)
        if (record.revision == 1) != (record.change == "new"):
            what = f"{record.id} revision {record.revision} is called {record.change}"
            self._say(ARTICLES, what, line.number)
        return record


def _out_of_sequence(index: Connection, runs: list[Path], asked: list[bool]) -> Iterator[FeedError]:
    """Do the revisions of each id count 1, 2, 3 over all runs?"""
    for id_, revision, change, run, line, last, last_run, last_line in index.execute(_WRONG):
        if not (asked[run] or (last and asked[last_run])):
            continue
        if revision > last + 1 and is_snapshot(runs[run].name):
            continue  # it has the newest alone
        before = f"{runs[last_run] / ARTICLES}:{last_line}" if last else ""
        if revision == last:
            what = f"{id_} revision {revision} stands also at {before}"
        elif revision == last + 1:
            what = f"{id_} revision {revision} is {change} again, as at {before}"
        else:
            missing = f"{last + 1}" + (f" to {revision - 1}" if revision > last + 2 else "")
            what = f"{id_} revision {revision}, and revision {missing} is nowhere"
        yield FeedError(runs[run] / ARTICLES, what, line)


def _latest(output: Path) -> Iterator[FeedError]:
    """Is latest.json a copy of the newest complete run's manifest?"""
    path = output / LATEST
    # Asked anew: a run may have been published since.
    manifests = ((run.name, manifest_of(run)) for run in reversed(published_runs(output)))
    complete = (run for run in manifests if run[1].get("complete") is True)
    if not (newest := next(complete, None)):
        if path.exists():
            yield FeedError(path, "there, though no run is complete")
        return
    name, manifest = f"{RUNS}/{newest[0]}", newest[1]
    try:
        latest = load_object(path)
    except FeedError as error:
        yield error
        return
    if latest.get("run") != name:
        what = f"names {latest.get('run')}, the newest complete run is {name}"
        yield FeedError(path, what)
    elif latest != manifest | {"run": name}:
        yield FeedError(path, f"no copy of {name}/{MANIFEST}")


def _strangers(runs: Path) -> Iterator[FeedError]:
    """What lies among the runs and is none."""
    for path in sorted(runs.iterdir()):
        if path.is_symlink():
            yield FeedError(path, _LINK)
        elif not path.is_dir():
            yield FeedError(path, "unknown: only run folders belong here")
        elif path.name.endswith(PARTIAL):
            with suppress(FileNotFoundError):  # published just now
                hours = (clock.now() - _last_written(path)) / timedelta(hours=1)
                if hours > _PATIENCE:
                    what = f"last written {hours:.0f} hours ago: killed, never salvaged"
                    yield FeedError(path, what)
        elif path.name.startswith(".") and is_run_id(path.name[1:]):
            continue  # a snapshot in the making, or what the next pruning deletes
        elif not is_run_id(path.name):
            yield FeedError(path, "no run folder: the name is no run_id")
        elif not (path / MANIFEST).is_file():
            yield FeedError(path, f"no {MANIFEST} in it")


def _revisions(run: Path, number: int) -> Iterator[Revision]:
    # What cannot be read of a run that was not asked for is for those who ask for it.
    for record, line in read_run(run, on_error=lambda _: None):
        yield record.id, record.revision, record.change, number, line.number


def _wrong_with_reject(line: bytes) -> str | None:
    if not line.endswith(b"\n"):
        return "torn: the line has no end"
    try:
        reject = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"no JSON: {error}"
    names = list(REJECT_KEYS)
    if not isinstance(reject, dict) or list(reject) != names:
        return f"no reject: its keys are {', '.join(names)}"
    for name in ("url", "stage", "reason"):
        if not (isinstance(reject[name], str) and reject[name]):
            return f"{name}: no words"
    return None


def _last_written(folder: Path) -> datetime:
    return clock.at(max(path.stat().st_mtime for path in (folder, *folder.iterdir())))
