"""What a doctor finds: rows with their problems, and the whole diagnosis (`workercn.doctor/1`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from crawler.exit_codes import ExitCode
from crawler.items import Extractor, hidden_schema_key

# `fails` is what a crawl would suffer from, `doubt` what somebody should look at.
Severity = Literal["doubt", "fails"]
Verdict = Literal["ok", "doubt", "fails", "skipped"]
Kind = Literal["machine", "site", "listing", "older", "article", "fields"]

_NAMED = 3  # failing rows that the sentence names


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(_Part):
    expected: str
    found: str
    look_at: str | None = Field(
        default=None, description="Where to mend it: `crawler/site/listings.py: read_page`."
    )
    severity: Severity = "fails"


class Row(_Part):
    """One thing that was looked at."""

    kind: Kind
    name: str
    seen: str
    problems: list[Problem] = []
    skipped: bool = False
    saved: str | None = Field(default=None, description="The file that --save made of the page.")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def verdict(self) -> Verdict:
        if self.skipped:
            return "skipped"
        if not self.problems:
            return "ok"
        severe = any(problem.severity == "fails" for problem in self.problems)
        return "fails" if severe else "doubt"


class PlainRow(Row):
    """Of this machine, or of the site as a whole."""

    kind: Literal["machine", "site"]


class ListingRow(Row):
    """The first page of a section, or (`older`) the page after it."""

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
    cms: dict[str, str] = Field(
        default={}, description="What the CMS wrote into the page for itself; it tells no field."
    )


class FieldsRow(Row):
    kind: Literal["fields"] = "fields"
    coverage: dict[str, float] = Field(description="Share of the articles read that have it.")


AnyRow = Annotated[PlainRow | ListingRow | ArticleRow | FieldsRow, Field(discriminator="kind")]

with hidden_schema_key():

    class Diagnosis(_Part):
        schema: Literal["workercn.doctor/1"] = "workercn.doctor/1"  # type: ignore[assignment]
        checked_at: str = Field(description="ISO 8601 UTC.")
        mirror: str | None = Field(description="MIRROR_URL: the site itself was not asked.")
        requests: int = Field(description="All of them, robots.txt and retries included.")
        exit_code: ExitCode
        sentence: str
        rows: list[AnyRow]


def conclude(rows: Sequence[Row], *, reached: bool, requests: int) -> tuple[ExitCode, str]:
    """Exit code, and the sentence for it."""
    cost = f"{requests} request{'' if requests == 1 else 's'}"
    failing = [row for row in rows if row.verdict == "fails"]
    saved = sum(row.saved is not None for row in rows)
    kept = f"; {_pages(saved)} saved, a .json beside each says what to do with it" if saved else ""
    if not reached:
        words = next((row.problems[0].found for row in failing if row.kind == "site"), "no answer")
        return ExitCode.UNREACHED, f"not one page of the site could be had: {words} ({cost})"
    if failing:
        names = ", ".join(row.name.strip() for row in failing[:_NAMED])
        more = f" and {len(failing) - _NAMED} more" if len(failing) > _NAMED else ""
        verb = "fails" if len(failing) == 1 else "fail"
        places = (p.look_at for row in failing for p in row.problems if p.severity == "fails")
        place = next(filter(None, places), None)
        begin = f"; begin with {place.partition(';')[0]}" if place else ""
        words = f"{len(failing)} of {len(rows)} rows {verb}: {names}{more}{begin} ({cost}){kept}"
        return ExitCode.DEGRADED, words
    doubts = sum(row.verdict == "doubt" for row in rows)
    doubtful = f", {doubts} with a doubt" if doubts else ""
    sections = sum(row.kind == "listing" for row in rows)
    articles = sum(row.kind == "article" for row in rows)
    return ExitCode.OK, (
        f"healthy: {sections} section{'' if sections == 1 else 's'} and {articles} articles look "
        f"as the parsers expect{doubtful} ({cost}){kept}"
    )


def _pages(number: int) -> str:
    return f"{number} page{'' if number == 1 else 's'}"
