"""What a report tells, read from run folders. A torn or older file costs only what it lacks."""

from __future__ import annotations

import heapq
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from crawler.files import read_lines
from crawler.runs.reading import is_snapshot, replaced
from crawler.runs.run import ARTICLES, MANIFEST, REPORT, is_run_id, started
from crawler.site import sections as section_table
from crawler.text.clocks import CST

NEWEST = 20  # articles shown
EXAMPLES = 3  # of each reason to reject
_NAMED_BY = 5  # runs looked through for the names of sections
_UPDATES = 20  # shown
_REASONS = 50  # shown apart; a file that somebody else wrote may have as many as lines

_EXTRA = re.compile(rb'<script type="application/json" id="extra">([^<]*)</script>')


def _in_china(moment: datetime) -> datetime:
    try:
        return moment.astimezone(CST)
    except OverflowError as error:
        raise ValueError("no moment of our calendar") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_china)]
Count = Annotated[int, Field(ge=0, le=10**15)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Lenient(BaseModel):
    """Any JSON object: a key that is missing or cannot be meant has its default."""

    model_config = ConfigDict(frozen=True)

    @field_validator("*", mode="wrap")
    @classmethod
    def _default_for_what_is_wrong(
        cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        try:
            return handler(value)
        except ValidationError:
            assert info.field_name is not None
            return cls.model_fields[info.field_name].get_default(call_default_factory=True)


class ReportedCounts(_Lenient):
    listed: Count | None = None
    new: Count | None = None
    updated: Count | None = None
    removed: Count | None = None
    rejected: Count | None = None
    rendered: Count | None = None
    requests: Count | None = None
    bytes: Count | None = None


class ReportedSection(_Lenient):
    listed: Count | None = None
    new: Count | None = None
    newest_published_at: Moment | None = None


class ReportedCheck(_Lenient):
    name: str = "?"
    ok: bool = False
    detail: str = ""
    code: str = ""
    data: dict[str, Any] = Field(default_factory=dict)


class ReportedFile(_Lenient):
    records: Count | None = None
    bytes: Count | None = None
    sha256: str = ""


class ReportedManifest(_Lenient):
    """What is there of a manifest, whose strict form is in `crawler.runs.manifest`."""

    group: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict)
    started_at: Moment | None = None
    finished_at: Moment | None = None
    finish_reason: str | None = None
    complete: bool = False
    health: Literal["ok", "degraded", "failed"] | None = None
    exit_code: int | None = None
    salvaged: bool = False
    files: dict[str, ReportedFile] = Field(default_factory=dict)
    counts: ReportedCounts = ReportedCounts()
    sections: dict[str, ReportedSection] = Field(default_factory=dict)
    fields: dict[str, Share] = Field(default_factory=dict)
    checks: list[ReportedCheck] = Field(default_factory=list)
    versions: dict[str, Any] = Field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Run:
    id: str
    readable: bool  # has a manifest
    reported: bool  # has a report.html
    manifest: ReportedManifest

    @property
    def started(self) -> datetime | None:
        """As the manifest says, else as the run's name does."""
        return self.manifest.started_at or begun(self.id)

    def listed(self, slug: str) -> int | None:
        section = self.manifest.sections.get(slug)
        return section.listed if section else None

    @property
    def seconds(self) -> float | None:
        start, end = self.manifest.started_at, self.manifest.finished_at
        return max(0.0, (end - start).total_seconds()) if start and end else None


# --- runs -----------------------------------------------------------------------------------


def begun(run_id: str) -> datetime | None:
    """As its name says."""
    try:
        return _in_china(started(run_id))
    except ValueError:
        return None


def run_ids(output: Path) -> list[str]:
    """Published runs, newest first; a snapshot of older ones is none."""
    try:
        with os.scandir(output / "runs") as entries:
            names = [entry.name for entry in entries if is_run_id(entry.name) and entry.is_dir()]
    except FileNotFoundError:
        return []
    gone = replaced(output)
    return sorted(
        (name for name in names if name not in gone and not is_snapshot(name)), reverse=True
    )


def read_run(folder: Path, manifest: Mapping[str, Any] | None = None) -> Run:
    """`manifest`: of a run that may have published none."""
    try:
        found = manifest or json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        found = None
    return Run(
        id=folder.name.removesuffix(".partial"),
        readable=isinstance(found, Mapping),
        reported=(folder / REPORT).is_file(),
        manifest=ReportedManifest.model_validate(dict(found) if isinstance(found, Mapping) else {}),
    )


def read_runs(output: Path, names: Iterable[str]) -> list[Run]:
    return [read_run(output / "runs" / name) for name in names]


# --- its articles and rejects ---------------------------------------------------------------


class ArticleLine(_Lenient):
    title: str = ""
    url: str = ""
    source: str | None = None
    sections: list[dict[str, Any]] = Field(default_factory=list)
    language: Literal["zh-Hans", "zh-Hant", "en"] = "zh-Hans"
    published_at: Moment | None = None
    published_precision: str | None = None
    change: str = "new"


@dataclass(slots=True)
class Articles:
    records: int = 0
    unreadable: int = 0  # lines
    newest: list[ArticleLine] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # section slug -> as the site shows it


def read_articles(path: Path) -> Articles:
    """One pass; no more than the newest records are held at a time."""
    found = Articles()

    def counted() -> Iterator[dict[str, Any]]:
        for record in records(path):
            if record is None:
                found.unreadable += 1
                continue
            found.records += 1
            _note_names(record, found.names)
            yield record

    newest = heapq.nlargest(NEWEST, counted(), lambda one: str(one.get("published_at") or ""))
    found.newest = [ArticleLine.model_validate(one) for one in newest]
    return found


def _note_names(record: dict[str, Any], names: dict[str, str]) -> None:
    for section in record.get("sections") or ():
        match section:
            case {"slug": str(slug), "name": str(name)}:
                names.setdefault(slug, name)


def section_names(run: Run, names: dict[str, str], earlier: list[Path]) -> dict[str, str]:
    """`names` and, of sections without an article in this run, those that the runs before knew or
    that stand in the table.

    earlier: folders of the runs before, newest first.
    """
    names = dict(names)
    for folder in earlier[:_NAMED_BY]:
        if run.manifest.sections.keys() <= names.keys():
            break
        for record in records(folder / ARTICLES):
            _note_names(record or {}, names)
    return section_table.names() | names


class RejectLine(_Lenient):
    url: str = ""
    stage: str = "unknown"
    reason: str = "unknown"
    error: str | None = None


@dataclass(slots=True)
class ReportedGroup:
    stage: str
    reason: str
    number: int = 0
    examples: list[RejectLine] = field(default_factory=list)


@dataclass(slots=True)
class Rejects:
    number: int = 0
    unreadable: int = 0
    groups: list[ReportedGroup] = field(default_factory=list)  # largest first


def read_rejects(path: Path) -> Rejects:
    found = Rejects()
    groups: dict[tuple[str, str], ReportedGroup] = {}
    for record in records(path):
        if record is None:
            found.unreadable += 1
            continue
        found.number += 1
        reject = RejectLine.model_validate(record)
        key = (reject.stage, reject.reason)
        if key not in groups and len(groups) >= _REASONS:
            key = ("any", "other reasons")
        group = groups.setdefault(key, ReportedGroup(*key))
        group.number += 1
        if len(group.examples) < EXAMPLES:
            group.examples.append(reject)
    found.groups = sorted(groups.values(), key=lambda group: -group.number)
    return found


def records(path: Path) -> Iterator[dict[str, Any] | None]:
    """The object of each line, None where a line holds none; nothing where there is no file."""
    with suppress(FileNotFoundError):
        for line in read_lines(path):
            yield line.object


# --- what has changed in its updated articles --------------------------------------------------


@dataclass(slots=True)
class Update:
    url: str
    title: str
    change: str  # updated or removed
    fields: list[str]
    revision: int
    old_title: str | None = None  # where it was another


@dataclass(slots=True, frozen=True)
class Updates:
    number: int  # of all updated and removed articles of the run
    shown: list[Update]


def read_updates(run: Path, earlier: Iterable[Path]) -> Updates:
    """`earlier`: folders of the runs before, newest first. Lines that cannot be read are left out:
    the report counts them elsewhere.
    """
    number = 0
    found: dict[str, Update] = {}
    for record in records(run / ARTICLES):
        if record is None or record.get("change") not in ("updated", "removed"):
            continue
        number += 1
        if len(found) < _UPDATES:
            fields = [str(one) for one in record.get("changed_fields") or ()]
            url, title, change = (str(record.get(name, "")) for name in ("url", "title", "change"))
            update = Update(url, title, change, fields, _revision(record))
            found[str(record.get("id"))] = update
    wanted = {id_: update for id_, update in found.items() if "title" in update.fields}
    for folder in earlier:
        if not wanted:
            break
        for record in records(folder / ARTICLES):
            id_ = str(record.get("id")) if record else ""
            if record and id_ in wanted and _revision(record) == wanted[id_].revision - 1:
                wanted.pop(id_).old_title = str(record.get("title", ""))
    return Updates(number, [*found.values()])


def _revision(record: dict[str, Any]) -> int:
    revision = record.get("revision")
    return revision if isinstance(revision, int) else 0


# --- what only the crawl knew ---------------------------------------------------------------


class SlowRequest(_Lenient):
    url: str = ""
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0


class Failing(_Lenient):
    url: str = ""
    tries: Count | None = None
    error: str | None = None
    next_try: Annotated[Moment | str | None, Field(union_mode="left_to_right")] = None


class Extra(_Lenient):
    slowest: list[SlowRequest] = Field(default_factory=list)
    failing: list[Failing] = Field(default_factory=list)


def kept(report: Path) -> Extra | None:
    try:
        found = _EXTRA.search(report.read_bytes())
        return Extra.model_validate(json.loads(found[1])) if found else None
    except (OSError, ValueError, RecursionError):
        return None
