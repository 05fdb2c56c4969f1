"""manifest.json (`workercn.run/1`): what a run was, in numbers."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from crawler.items import hidden_schema_key

Health = Literal["ok", "degraded", "failed"]


DAYS_LEFT_OUT = "days_left_out"  # of the failed check that says so: marks begin anew above them
# Codes of failed checks that keep the marks of the sections in their data as they were.
HOLD_BACK = ("listed_nothing", "shrunk", "redirected")


def held_back(manifest: dict[str, Any]) -> set[str]:
    """Sections that a failed check is about: what they listed is no reason to stop there."""
    return {
        slug
        for check in manifest.get("checks") or ()
        if not check["ok"] and check.get("code") in HOLD_BACK
        for slug in check["data"].get("sections", ())
    }


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class File(_Part):
    records: int
    bytes: int
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Counts(_Part):
    listed: int = Field(description="Articles found on the listing pages read, each once.")
    new: int
    updated: int
    removed: int
    unchanged: int = Field(description="Known articles asked for again that are as they were.")
    missing: int = Field(0, description="Known articles that answered 404 or 410 the first time.")
    rebased: int = Field(0, description="Of these, those that newer rules read otherwise.")
    left_out: int = Field(0, description="Articles outside the window of a section's first walk.")
    rejected: int = Field(description="Lines of rejects.jsonl.")
    failed: int = Field(description="Of these, articles that could not be fetched.")
    rendered: int = Field(0, description="Pages had from a renderer (RENDERER).")
    requests: int
    not_modified: int
    bytes: int = Field(description="Received, headers included.")


class SectionCounts(_Part):
    listed: int = Field(description="Articles on the listing pages read, also outside the window.")
    pages: int
    new: int
    newest_published_at: str | None = Field(description="As the listing says.")


class Check(_Part):
    name: str
    ok: bool
    detail: str
    code: str = Field("", description="ok, not_judged, cannot_be_made, or what is wrong.")
    data: dict[str, Any] = Field({}, description="The numbers and names of the detail.")


class Window(_Part):
    since: str | None = Field(None, description="The first day of publication, inclusive.")
    until: str | None = None


class Gap(_Part):
    """What may stand in a section and was not seen."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    section: str
    from_: str | None = Field(alias="from")
    to: str | None
    reason: str


class Versions(_Part):
    crawler: str
    scrapy: str
    python: str


with hidden_schema_key():

    class Manifest(_Part):
        schema: Literal["workercn.run/1"] = "workercn.run/1"  # type: ignore[assignment]
        run_id: str
        spider: str
        group: str | None = Field(None, description="The crawl that several workers shared.")
        arguments: dict[str, str]
        started_at: str
        finished_at: str
        finish_reason: str
        complete: bool
        health: Health
        exit_code: int
        command: str | None = Field(None, description="crawl, nightly, replay or prune.")
        replaces: list[str] = Field([], description="Runs in whose place this snapshot stands.")
        mirror: str | None = Field(None, description="Its address; null: the live site.")
        window: Window = Window(since=None, until=None)
        gaps: list[Gap] = Field([], description="What the next runs still look for.")
        salvaged: bool = False
        files: dict[str, File]
        counts: Counts
        sections: dict[str, SectionCounts]
        fields: dict[str, float] = Field(description="Share of records that have each field.")
        newest_published_at: str | None
        checks: list[Check]
        versions: Versions
