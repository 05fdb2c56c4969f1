"""Is the feed what it promises to be? Files, lines, and revisions over all runs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any

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
    verification = _Verification(output, runs, set(only), on_error)
    for run_id in sorted(deleted):
        verification.say(output / RUNS / run_id, "deleted: the state knows this run")
    return verification.verify()


def first_problem(run: Path) -> FeedError | None:
    """What is wrong with one run's files, whatever other runs there are."""
    found: list[FeedError] = []
    verification = _Verification(run.parent.parent, [run], {run.name}, found.append)
    verification.files_of(run)
    return found[0] if found else None


class _Verification:
    def __init__(self, output: Path, runs: list[Path], only: set[str], on_error: OnError) -> None:
        self._output, self._runs, self._on_error = output, runs, on_error
        self._asked = [not only or run.name in only for run in runs]
        self._all = not only
        self._numbers = VerificationCounts()

    def verify(self) -> VerificationCounts:
        with scratch(_REVISIONS) as index:
            for number, (run, asked) in enumerate(zip(self._runs, self._asked, strict=True)):
                manifest = self._manifest(run) if asked else None
                if asked:
                    self._contents(run, manifest)
                revisions = self._run(run, manifest, number) if asked else _revisions(run, number)
                index.executemany("INSERT INTO revisions VALUES (?, ?, ?, ?, ?)", revisions)
            self._sequence(index)
        if self._all:
            self._latest()
            self._folders()
        return self._numbers

    def files_of(self, run: Path) -> None:
        for _ in self._run(run, self._manifest(run), 0):
            pass

    def say(self, path: Path, what: str, line: int | None = None) -> None:
        self._numbers.problems += 1
        self._on_error(FeedError(path, what, line))

    def _manifest(self, run: Path) -> Manifest | None:
        path = run / MANIFEST
        try:
            manifest = Manifest.model_validate_json(path.read_bytes(), strict=True)
        except OSError as error:
            self.say(path, error.strerror or str(error))
        except ValidationError as error:
            self.say(path, in_words(error, RUN_SCHEMA))
        else:
            if manifest.run_id != run.name.lstrip("."):  # hidden: a snapshot in the making
                self.say(path, f"run_id is {manifest.run_id}")
            return manifest
        return None

    def _run(self, run: Path, manifest: Manifest | None, number: int) -> Iterator[Revision]:
        """Check a run's files; the revisions in it."""
        self._numbers.runs += 1
        changes: Counter[str] = Counter()
        names = set(manifest.replaces if manifest else ()) or {run.name}
        for line in self._lines(run / ARTICLES, manifest):
            self._numbers.records += 1
            if record := self._record(run, line, names):
                changes[record.change] += 1
                yield record.id, record.revision, record.change, number, line.number
        rejects = self._rejects(run, manifest)
        if not manifest:
            return
        if manifest.group:
            self._numbers.groups[manifest.group] += 1
            self._numbers.grouped[manifest.group] += changes.total()
        self._other_files(run, manifest)
        changes["rejected"] = rejects
        for name in ("new", "updated", "removed", "rejected"):
            count = changes[name]
            if (said := getattr(manifest.counts, name)) != count:
                self.say(run / MANIFEST, f"counts.{name} is {said}, the files have {count}")

    def _rejects(self, run: Path, manifest: Manifest | None) -> int:
        """Check a run's rejects; how many there are."""
        rejects = 0
        for line in self._lines(run / REJECTS, manifest):
            rejects += 1
            if what := _wrong_with_reject(line.data):
                self.say(run / REJECTS, what, line.number)
        self._numbers.rejects += rejects
        return rejects

    def _other_files(self, run: Path, manifest: Manifest) -> None:
        """Are the files there that the manifest names beside articles and rejects?"""
        for name in manifest.files.keys() - {ARTICLES, REJECTS}:
            if Path(name).name != name:
                self.say(run / MANIFEST, f"files names {name!r}, which is outside the run")
            else:
                for _ in self._lines(run / name, manifest):
                    pass

    def _contents(self, run: Path, manifest: Manifest | None) -> None:
        """Is each entry of a run folder a file of its own, and one that belongs there?"""
        known = {*FILES, MANIFEST, REPORT, *(manifest.files if manifest else ())}
        if is_snapshot(run.name):
            known.add(STATE)
        for path in sorted(run.iterdir()):
            if path.is_symlink():
                self.say(path, _LINK)
            elif path.name not in known or not path.is_file():
                self.say(path, "unknown: no file of a run")
        if is_snapshot(run.name):
            return  # it has none: reports are of runs
        report = run / REPORT
        again = f"`scrapy report {run.name}` writes it again"
        try:
            if not report.read_bytes().rstrip().endswith(_END):
                self.say(report, f"torn: it does not end with {_END.decode()}; {again}")
        except OSError as error:
            self.say(report, f"{error.strerror or error}; {again}")

    def _lines(self, path: Path, manifest: Manifest | None) -> Iterator[FileLine]:
        """A file's lines; at its end, whether it is what the manifest says."""
        digest, size, whole = hashlib.sha256(), 0, 0
        try:
            for line in read_lines(path):
                digest.update(line.data)
                size += len(line.data)
                whole += line.data.endswith(b"\n")
                yield line
        except OSError as error:
            self.say(path, error.strerror or str(error))
            return
        self._numbers.bytes += size
        if not manifest:
            return
        if not (said := manifest.files.get(path.name)):
            self.say(path.with_name(MANIFEST), f"files lacks {path.name}")
            return
        for what, seen, wanted in (
            ("records", whole, said.records),
            ("bytes", size, said.bytes),
            ("sha256", digest.hexdigest(), said.sha256),
        ):
            if seen != wanted:
                self.say(path, f"{what}: {seen}, the manifest says {wanted}")

    def _record(self, run: Path, line: FileLine, names: set[str]) -> Article | None:
        path = run / ARTICLES
        try:
            record = parse(line.data)
        except ValueError as error:
            self.say(path, str(error), line.number)
            return None
        if record.run_id not in names:
            self.say(path, f"run_id is {record.run_id}", line.number)
        if (record.revision == 1) != (record.change == "new"):
            what = f"{record.id} revision {record.revision} is called {record.change}"
            self.say(path, what, line.number)
        return record

    def _sequence(self, index: Connection) -> None:
        """Do the revisions of each id count 1, 2, 3 over all runs?"""
        for id_, revision, change, run, line, last, last_run, last_line in index.execute(_WRONG):
            if not (self._asked[run] or (last and self._asked[last_run])):
                continue
            if revision > last + 1 and is_snapshot(self._runs[run].name):
                continue  # it has the newest alone
            before = f"{self._articles(last_run)}:{last_line}" if last else ""
            if revision == last:
                what = f"{id_} revision {revision} stands also at {before}"
            elif revision == last + 1:
                what = f"{id_} revision {revision} is {change} again, as at {before}"
            else:
                missing = f"{last + 1}" + (f" to {revision - 1}" if revision > last + 2 else "")
                what = f"{id_} revision {revision}, and revision {missing} is nowhere"
            self.say(self._articles(run), what, line)

    def _articles(self, run: int) -> Path:
        return self._runs[run] / ARTICLES

    def _latest(self) -> None:
        """Is latest.json a copy of the newest complete run's manifest?"""
        path = self._output / LATEST
        newest = self._newest_complete()
        if not newest:
            if path.exists():
                self.say(path, "there, though no run is complete")
            return
        try:
            latest = load_object(path)
        except FeedError as error:
            self.say(path, error.what)
            return
        if latest.get("run") != newest["run"]:
            what = f"names {latest.get('run')}, the newest complete run is {newest['run']}"
            self.say(path, what)
        elif latest != newest:
            self.say(path, f"no copy of {newest['run']}/{MANIFEST}")

    def _newest_complete(self) -> dict[str, Any] | None:
        """Its manifest as latest.json should have it."""
        # Asked anew: a run may have been published since.
        for run in reversed(published_runs(self._output)):
            if (manifest := manifest_of(run)).get("complete") is True:
                return manifest | {"run": f"{RUNS}/{run.name}"}
        return None

    def _folders(self) -> None:
        """What lies among the runs and is none."""
        for path in sorted((self._output / RUNS).iterdir()):
            if path.is_symlink():
                self.say(path, _LINK)
            elif not path.is_dir():
                self.say(path, "unknown: only run folders belong here")
            elif path.name.endswith(PARTIAL):
                with suppress(FileNotFoundError):  # published just now
                    hours = (clock.now() - _last_written(path)) / timedelta(hours=1)
                    if hours > _PATIENCE:
                        what = f"last written {hours:.0f} hours ago: killed, never salvaged"
                        self.say(path, what)
            elif is_run_id(path.name.removeprefix(".")) and path.name.startswith("."):
                continue  # a snapshot in the making, or what the next pruning deletes
            elif not is_run_id(path.name):
                self.say(path, "no run folder: the name is no run_id")
            elif not (path / MANIFEST).is_file():
                self.say(path, f"no {MANIFEST} in it")


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
