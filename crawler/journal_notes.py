"""Notes for the journal: what a run learns that no record tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from crawler.items import FetchMetadata, ListingKind, Outcome, PageKind


@dataclass(slots=True)
class Note:
    note: ClassVar[str]  # its name in the journal


@dataclass(slots=True)
class RecheckResult(Note):
    """A known article that was asked for again and gives no record.

    `not_modified`: answered 304. `unchanged`: the same content. `rebased`: the same bytes, read
    otherwise by newer rules. `reread`: in the archive, where its body reads as it was published.
    `missing`: 404 or 410. `removed`: missing for long enough, of which the pipelines make a record.
    """

    note: ClassVar = "checked"
    id: str
    outcome: Outcome
    checked_at: str  # ISO 8601 UTC
    facts: FetchMetadata = field(default_factory=FetchMetadata)
    content_hash: str | None = None
    next_check: str | None = None  # ISO 8601 UTC, of one that is missing


@dataclass(slots=True)
class ListingSighting(Note):
    """Known articles on one page of a section's listing."""

    note: ClassVar = "seen"
    slug: str
    name: str | None
    ids: list[str]
    seen_at: str  # ISO 8601 UTC


@dataclass(slots=True)
class ListingStatement(Note):
    """What a page of a section's listing said of articles, where it had not said so before."""

    note: ClassVar = "said"
    slug: str
    kind: ListingKind
    ids: list[str]
    said: list[list[str | None]]  # [title, time] of each


@dataclass(slots=True)
class Outside(Note):
    """Articles that the first walk of a section listed and its window left out."""

    note: ClassVar = "outside"
    slug: str
    ids: list[str]


@dataclass(slots=True)
class SectionProgress(Note):
    """A section that was walked without a gap, from its top down."""

    note: ClassVar = "walked"
    slug: str
    down_to: str  # the oldest day that was walked whole
    pages: int
    noted: bool = True  # what its window left out is in the journal


@dataclass(slots=True)
class Gaps(Note):
    """All gaps of a section after this run: rows of the state's table `gap`."""

    note: ClassVar = "gaps"
    slug: str
    gaps: list[dict[str, Any]]


@dataclass(slots=True)
class IssueSighting(Note):
    """An issue of the paper that was read before it is certain to be whole."""

    note: ClassVar = "issue"
    day: str
    read_at: str  # ISO 8601 UTC
    digest: str  # of its plates and stories


@dataclass(slots=True)
class RenderProbe(Note):
    """Pages of a section were asked for as served: whether they show nothing without scripts."""

    note: ClassVar = "tried"
    slug: str
    kind: PageKind
    needs_rendering: bool
    tried_at: str  # ISO 8601 UTC
