"""What the doctor finds: rows with their problems, and the diagnosis (`workercn.doctor/1`)."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

import crawler
from crawler import clock
from crawler.exit_codes import ExitCode
from crawler.items import Extractor, Reject, hidden_schema_key, timestamp

# A crawl suffers from what `fails`; a `doubt` is worth a look.
Severity = Literal["doubt", "fails"]
Verdict = Literal["ok", "doubt", "fails", "skipped"]
PlainKind = Literal["machine", "alert", "site", "check"]
Kind = Literal[PlainKind, "listing", "older", "article", "fields"]

HOME = Path(crawler.__file__).parents[1]  # of the project
TRY_LATER = "nothing to change here: try again later"

_NAMED = 3  # failing rows that the sentence names
_PASSING = ("http_429", "http_500", "http_502", "http_503", "http_504")


class _RowPart(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(_RowPart):
    expected: str
    found: str
    look_at: str | None = Field(
        default=None, description="Where to mend it: `crawler/site/listings/parsers.py: read_page`."
    )
    severity: Severity = "fails"
    try_later: bool = Field(default=False, description="The site is busy; it passes by itself.")


class Row(_RowPart):
    """One thing that was looked at."""

    kind: Kind
    name: str
    seen: str = ""
    problems: list[Problem] = []
    skipped: bool = False
    saved: str | None = Field(default=None, description="The file that --save made of the page.")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def verdict(self) -> Verdict:
        if self.skipped:
            return "skipped"
        severities: set[Verdict] = {problem.severity for problem in self.problems}
        return "fails" if "fails" in severities else severities.pop() if severities else "ok"


class PlainRow(Row):
    """Of this machine, of the site as a whole, or a check of the trial crawl that failed."""

    kind: PlainKind


class ListingRow(Row):
    """The first page of a section, or (`older`) a page after it."""

    kind: Literal["listing", "older"]
    section: str
    url: str
    entries: int = 0
    newest: str | None = Field(default=None, description="Site time: 2026-10-02 15:41:16.")


class ArticleRow(Row):
    kind: Literal["article"] = "article"
    section: str
    url: str
    extracted_by: dict[str, Extractor] = {}
    missing: list[str] = Field(default=[], description="Fields that an article should have.")
    warnings: list[str] = []


class FieldsRow(Row):
    kind: Literal["fields"] = "fields"
    coverage: dict[str, float] = Field(description="Share of the articles read that have it.")


AnyRow = Annotated[PlainRow | ListingRow | ArticleRow | FieldsRow, Field(discriminator="kind")]

with hidden_schema_key():

    class Diagnosis(_RowPart):
        schema: Literal["workercn.doctor/1"] = "workercn.doctor/1"  # type: ignore[assignment]
        checked_at: str = Field(description="ISO 8601 UTC.")
        mirror: str | None = Field(description="MIRROR_URL: the site itself was not asked.")
        requests: int = Field(description="All of them, robots.txt and retries included.")
        exit_code: ExitCode
        sentence: str
        rows: list[AnyRow]


def plain_row(
    kind: PlainKind, name: str, seen: str, *problems: Problem, skipped: bool = False
) -> Row:
    return PlainRow(kind=kind, name=name, seen=seen, problems=list(problems), skipped=skipped)


# --- problems -----------------------------------------------------------------------------------


def fails(expected: str, found: str, look_at: str | None = None) -> Problem:
    return Problem(expected=expected, found=found, look_at=look_at)


def doubt(expected: str, found: str, look_at: str | None = None) -> Problem:
    return Problem(expected=expected, found=found, look_at=look_at, severity="doubt")


def busy(expected: str, found: str) -> Problem:
    return Problem(expected=expected, found=found, look_at=TRY_LATER, try_later=True)


def refused(reject: Reject, expected: str, look_at: str | None = None) -> Problem:
    """What the crawl says of a page that it could not use."""
    if reject.cause is not None:
        return bug(reject.cause)
    found = f"{reject.reason}: {reject.error}"
    return busy(expected, found) if reject.reason in _PASSING else fails(expected, found, look_at)


def bug(error: BaseException) -> Problem:
    """An exception of ours, and the last place in this project that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if Path(one.filename).is_relative_to(HOME / "crawler")]
    place = f"{Path(ours[-1].filename).relative_to(HOME)}: {ours[-1].name}" if ours else None
    return fails("no exception", f"{type(error).__name__}: {error}", place)


def at(*functions: Callable[..., Any] | type) -> str:
    """Where to mend something: `crawler/site/listings/parsers.py: read_page and read_json`."""
    file = Path(inspect.getfile(inspect.unwrap(functions[0]))).relative_to(HOME)
    return f"{file}: {' and '.join(one.__qualname__ for one in functions)}"


# --- the whole ----------------------------------------------------------------------------------


def diagnose(
    rows: Sequence[Row], *, reached: bool = True, requests: int = 0, mirror: str | None = None
) -> Diagnosis:
    """`reached`: a page of the site answered, whatever it said."""
    exit_code, sentence = _conclude(rows, reached)
    if all(row.kind == "alert" for row in rows):
        took = sum(row.verdict == "ok" for row in rows)
        sentence = f"{took} of {_many(len(rows), 'channel')} took the test alert"
    if saved := sum(row.saved is not None for row in rows):
        sentence += f"; {_many(saved, 'page')} saved, a .json beside each says what to do with it"
    return Diagnosis(
        checked_at=timestamp(clock.now()),
        mirror=mirror or None,
        requests=requests,
        exit_code=exit_code,
        sentence=f"{sentence} ({_many(requests, 'request')})",
        rows=[*rows],  # type: ignore[list-item]
    )


def _conclude(rows: Sequence[Row], reached: bool) -> tuple[ExitCode, str]:
    failing = [row for row in rows if row.verdict == "fails"]
    problems = [one for row in failing for one in row.problems if one.severity == "fails"]
    if not reached:
        root = next((row for row in failing if row.kind == "site"), None)
        why = root.problems[0].found if root else "no answer"
        name = f"{root.name}: " if root and not why.startswith(root.name) else ""
        later = "; try again later" if root and root.problems[0].try_later else ""
        return ExitCode.UNREACHED, f"not one page of the site could be read. {name}{why}{later}"
    names = ", ".join(row.name for row in failing[:_NAMED])
    more = f" and {len(failing) - _NAMED} more" if len(failing) > _NAMED else ""
    verb = "fails" if len(failing) == 1 else "fail"
    words = f"{len(failing)} of {len(rows)} rows {verb}: {names}{more}"
    if problems and all(one.try_later for one in problems):
        return ExitCode.DEGRADED, f"the site is busy, try again later. {words}"
    if failing:
        place = next((one.look_at for one in problems if one.look_at and not one.try_later), None)
        begin = f"; begin with {place.partition(';')[0]}" if place else ""
        return ExitCode.DEGRADED, words + begin
    doubts = sum(row.verdict == "doubt" for row in rows)
    doubtful = f", {doubts} with a doubt" if doubts else ""
    sections, articles = (sum(row.kind == kind for row in rows) for kind in ("listing", "article"))
    number = f"{_many(sections, 'section')} and {_many(articles, 'article')}"
    return ExitCode.OK, f"healthy: {number} look as the parsers expect{doubtful}"


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
