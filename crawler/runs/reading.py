"""Reads published run folders; what cannot be read is named by file and line."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from crawler.files import FileLine, read_lines
from crawler.items import SCHEMA, Article, PaperArticle
from crawler.runs.manifest import Manifest
from crawler.runs.run import ARTICLES, JOURNAL, MANIFEST, PARTIAL, is_run_id

RUNS = "runs"
RUN_SCHEMA: str = Manifest.model_fields["schema"].default

_LONGEST = 500  # characters of what an error says
_LARGEST = 2**31 - 1  # that every reader of ours takes for a number

_SNAPSHOT = "Z-snapshot-"
_START_OF_RUN_ID = re.compile(r"\d{8}(T\d{6}Z(-\S*)?)?", re.ASCII)
# As a key only: inside a string its second quotation mark would be escaped.
_PAPER_KEY = re.compile(rb'"paper"\s*:')


class FeedError(ValueError):
    """Something of the feed that cannot be read: `path`, `line` (from 1, or None) and `what`."""

    def __init__(self, path: Path, what: str, line: int | None = None) -> None:
        self.path, self.line, self.what = path, line, what
        words = f"{path}:{line}: {what}" if line else f"{path}: {what}"
        # What stands in a bad line is anybody's: it shall not break ours, nor paint the terminal.
        shown = (char if char.isprintable() else ascii(char)[1:-1] for char in words[:_LONGEST])
        super().__init__("".join(shown))


OnError = Callable[[FeedError], object]


def refuse(error: FeedError) -> NoReturn:
    raise error


def read_runs(
    output: str | PathLike[str] = "output",
    since_run: str | None = None,
    *,
    on_error: OnError = refuse,
) -> Iterator[Article]:
    """The records of all published runs, oldest run first, each as it was written.

    since_run: a run_id, or as much of its start as matters (`20261101`): runs from there on,
    itself included. A story of the paper is a PaperArticle. Later revisions of an id come later,
    except from a run that was salvaged after they were read.

    Raises FeedError where `output` has no run folders and at the first line or manifest that
    cannot be read. With `on_error` it is handed over instead, and what can be read goes on.
    Raises ValueError where since_run is no start of a run_id.
    """
    if since_run is not None and not _START_OF_RUN_ID.fullmatch(since_run):
        raise ValueError(f"since_run={since_run!r} is no run_id, nor the start of one: 20261101")
    return (
        record
        for run in published_runs(output)
        if run.name >= (since_run or "")
        for record, _ in read_run(run, on_error=on_error)
    )


def published_runs(output: str | PathLike[str]) -> list[Path]:
    """The folders of all published runs, oldest first, without those that a snapshot replaces.

    FeedError where there can be none.
    """
    runs = Path(output) / RUNS
    try:
        there = sorted(
            run for run in runs.iterdir() if is_run_id(run.name) and (run / MANIFEST).is_file()
        )
    except OSError as error:
        raise FeedError(runs, f"{error.strerror}; looked for the crawler's run folders") from None
    gone = replaced(output)
    return [run for run in there if run.name not in gone]


def is_snapshot(run_id: str) -> bool:
    """Is this the name of a run that `scrapy feed prune` made in the place of older ones?"""
    return _SNAPSHOT in run_id


def replaced(output: str | PathLike[str]) -> set[str]:
    """The run_ids in whose place there is a snapshot, whether their folders are gone yet or not."""
    found: set[str] = set()
    for path in (Path(output) / RUNS).glob(f"[0-9]*{_SNAPSHOT}*/{MANIFEST}"):
        found.update(manifest_of(path.parent).get("replaces") or ())
    return found


def places_before(snapshot: Path) -> array[int]:
    """Of each record of a snapshot, where its line began in the run that it names: in bytes.

    FeedError where the snapshot does not say so.
    """
    path = snapshot / JOURNAL
    try:
        places = array("q", (json.loads(line.data)["place"] for line in read_lines(path)))
        if len(places) != load_object(snapshot / MANIFEST)["files"][ARTICLES]["records"]:
            raise ValueError
    except OSError as error:
        raise FeedError(path, error.strerror or str(error)) from None
    except (ValueError, LookupError, TypeError, OverflowError):
        raise FeedError(path, f"does not say where each line of {ARTICLES} stood") from None
    return places


def read_run(
    run: Path, start: int = 0, *, on_error: OnError = refuse
) -> Iterator[tuple[Article, FileLine]]:
    """The records of one run's articles.jsonl from byte `start` on, which must begin a line."""
    path = run / ARTICLES
    try:
        if run.suffix != PARTIAL:  # a run in progress has no manifest yet
            _check_size(run)
    except FeedError as error:
        on_error(error)
    try:
        for line in read_lines(path):
            if line.start < start < line.end:
                on_error(FeedError(path, f"no line begins at byte {start}: edited", line.number))
            if line.start < start:
                continue
            try:
                record = parse(line.data)
            except ValueError as error:
                on_error(FeedError(path, str(error), line.number))
            else:
                yield record, line
    except OSError as error:
        on_error(FeedError(path, error.strerror or str(error)))


def parse(line: bytes) -> Article:
    """The record of a whole line. ValueError says in one line what is wrong with it."""
    if not line.endswith(b"\n"):
        raise ValueError("torn: the line has no end")
    model = PaperArticle if _PAPER_KEY.search(line) else Article
    try:
        # Strict: "1" is no revision, though pydantic could make one of it.
        record = model.model_validate_json(line, strict=True)
    except ValidationError as error:
        raise ValueError(in_words(error, SCHEMA)) from None
    _check_values(record)
    return record


def _check_values(record: Article) -> None:
    """What the schema's patterns let through: the 30th of February, a revision of 30 digits."""
    for name, moment in (
        ("published_at", record.published_at),
        ("fetched_at", record.fetched_at),
    ):
        try:
            datetime.fromisoformat(moment)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    numbers = {"revision": record.revision}
    if isinstance(record, PaperArticle):
        numbers |= {"paper.plate": record.paper.plate, "paper.story": record.paper.story}
    for name, number in numbers.items():
        if number > _LARGEST:
            raise ValueError(f"{name}: over {_LARGEST}")


def in_words(error: ValidationError, schema: str) -> str:
    """What a validation found, in one line; a schema that is not ours explains the rest."""
    found = error.errors(include_url=False)
    for wrong in found:
        if wrong["loc"] == ("schema",) and wrong["type"] == "literal_error":
            return other_schema(wrong["input"], schema)
    first = found[0]
    where = ".".join(map(str, first["loc"]))
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"{where}: {first['msg']}{more}" if where else f"{first['msg']}{more}"


def other_schema(seen: object, ours: str) -> str:
    return f"schema is {str(seen)[:40]!r}, this crawler reads {ours!r}: a newer one wrote it"


def load_object(path: Path) -> dict[str, Any]:
    """A JSON object. FeedError where the file holds none, or cannot be read."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise FeedError(path, error.strerror or str(error)) from None
    except ValueError as error:  # not JSON, not UTF-8
        raise FeedError(path, f"no JSON: {error}") from None
    except RecursionError:
        raise FeedError(path, "no JSON that can be read: nested too deep") from None
    if not isinstance(data, dict):
        raise FeedError(path, "no JSON object")
    return data


def manifest_of(run: Path) -> dict[str, Any]:
    """Empty where it cannot be read: that is said where the run's records are read."""
    with suppress(FeedError):
        return load_object(run / MANIFEST)
    return {}


def _check_size(run: Path) -> None:
    """Cheap, and tells of a copy still under way or a torn one; hashes are for verify."""
    manifest = load_object(run / MANIFEST)
    if (schema := manifest.get("schema")) != RUN_SCHEMA:
        raise FeedError(run / MANIFEST, other_schema(schema, RUN_SCHEMA))
    try:
        wanted = manifest["files"][ARTICLES]["bytes"]
    except (KeyError, TypeError):
        raise FeedError(run / MANIFEST, f"does not say how long {ARTICLES} is") from None
    path = run / ARTICLES
    try:
        size = path.stat().st_size
    except OSError as error:
        raise FeedError(path, error.strerror or str(error)) from None
    if size != wanted:
        raise FeedError(path, f"{size} bytes, the manifest says {wanted}: torn or edited")
