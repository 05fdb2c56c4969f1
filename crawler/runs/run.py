"""The run folder: made before the first request, published whole by one rename.

runs/<run_id>.partial/   while the crawl runs, and for ever after a kill
runs/<run_id>/           published; never changes again
trials/<run_id>/         the same for a trial
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from crawler import clock
from crawler.files import replacing
from crawler.run_context import RunContext

ARTICLES = "articles.jsonl"
REJECTS = "rejects.jsonl"
JOURNAL = "journal.jsonl"  # what the state learns from a run besides its records
FILES = (ARTICLES, REJECTS, JOURNAL)
STATE = "state.db"  # of a snapshot: what the state had learnt from the runs that it replaces
PARTIAL = ".partial"
MANIFEST = "manifest.json"
REPORT = "report.html"  # for people; written again by `scrapy report`, so the manifest has no hash
LATEST = "latest.json"

_READ = 1 << 20  # bytes
_STAMP = "%Y%m%dT%H%M%SZ"
_RUN_ID = re.compile(r"\d{8}T\d{6}Z-[\w-]+-[0-9a-f]{4}", re.ASCII)


def stamp(moment: datetime) -> str:
    """An aware moment in UTC as the name of a run begins with it: 20240229T040000Z."""
    return moment.strftime(_STAMP)


def started(run_id: str) -> datetime:
    """When a run began, by its name. Raises ValueError where that tells no time."""
    return datetime.strptime(run_id[:16], _STAMP).replace(tzinfo=UTC)


def is_run_id(name: str) -> bool:
    return _RUN_ID.fullmatch(name) is not None


class RunFolder:
    def __init__(self, output: Path, run_id: str, *, trial: bool) -> None:
        self.output = output
        self.run_id = run_id
        self.trial = trial
        self.final = output / ("trials" if trial else "runs") / run_id
        self.partial = self.final.with_name(run_id + PARTIAL)

    @classmethod
    def of(cls, context: RunContext) -> RunFolder:
        return cls(context.output, context.run_id, trial=context.trial)

    @classmethod
    def create(cls, output: Path, spider: str, *, trial: bool = False) -> RunFolder:
        """Make a new run's folder and empty files. Raises OSError where that cannot be done."""
        run_id = f"{stamp(clock.now())}-{spider}-{secrets.token_hex(2)}"
        run = cls(output.absolute(), run_id, trial=trial)
        run.partial.parent.mkdir(parents=True, exist_ok=True)
        run.partial.mkdir()
        for name in FILES:
            (run.partial / name).touch()
        return run

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        with (self.partial / MANIFEST).open("wb") as file:
            file.write(_json(manifest))

    def fsync(self) -> None:
        """Let everything be on disk; OSError where it cannot be."""
        for path in self.partial.iterdir():
            _sync(path)
        _sync(self.partial)

    def publish(self) -> None:
        """Give a sealed folder its name; OSError leaves it as `.partial`.

        After a power cut the folder is there whole or under its partial name.
        """
        self.partial.rename(self.final)
        _sync(self.final.parent)

    def make_latest(self, manifest: dict[str, Any]) -> None:
        """Let latest.json name this run, at once or, with an OSError, not at all.

        One that names a newer run stays: workers of a crawl end in any order.
        """
        if self._latest() > self.run_id:
            return
        with replacing(self.output / LATEST) as file:
            file.write(_json(manifest | {"run": str(self.final.relative_to(self.output))}))
        _sync(self.output)

    def _latest(self) -> str:
        """The run that latest.json names, where its folder is there."""
        try:
            named = json.loads((self.output / LATEST).read_text("utf-8"))
            return str(named["run_id"]) if (self.output / named["run"]).is_dir() else ""
        except (OSError, ValueError, LookupError, TypeError):
            return ""

    def discard(self) -> None:
        """Take a run away that has nothing to publish, and what it archived."""
        shutil.rmtree(self.partial)
        self.archive.unlink(missing_ok=True)

    @property
    def archive(self) -> Path:
        return self.output / "archive" / f"{self.run_id}.warc.gz"

    @property
    def is_empty(self) -> bool:
        return not any((self.partial / name).stat().st_size for name in (ARTICLES, REJECTS))

    def files(self) -> dict[str, dict[str, int | str]]:
        """Records, bytes and hash of each file, read back from disk."""
        there = (name for name in (*FILES, STATE) if (self.partial / name).exists())
        return {name: measured(self.partial / name)._asdict() for name in there}


class Measured(NamedTuple):
    """A file as the manifest has it."""

    records: int  # whole lines
    bytes: int
    sha256: str


class Measure:
    """Takes a file piece by piece, as whoever reads it comes by."""

    def __init__(self) -> None:
        self._digest, self._size, self._lines = hashlib.sha256(), 0, 0

    def add(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._size += len(piece)
        self._lines += piece.count(b"\n")

    def result(self) -> Measured:
        return Measured(self._lines, self._size, self._digest.hexdigest())


def measured(path: Path) -> Measured:
    measure = Measure()
    with path.open("rb") as file:
        while chunk := file.read(_READ):
            measure.add(chunk)
    return measure.result()


def _json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
