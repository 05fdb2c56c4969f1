"""Notes for the journal: what a run learns that no record tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crawler.items import Facts, ListingKind, Outcome, PageKind


@dataclass(slots=True)
class Checked:
    """A known article that was asked for again and gives no record.

    `not_modified`: answered 304. `unchanged`: the same content. `rebased`: the same bytes, read
    otherwise by newer rules. `reread`: in the archive, where its body reads as it was published.
    `missing`: 404 or 410. `removed`: missing for long enough, of which the pipelines make a record.
    """

    id: str
    outcome: Outcome
    checked_at: str  # ISO 8601 UTC
    facts: Facts = field(default_factory=Facts)
    content_hash: str | None = None
    next_check: str | None = None  # ISO 8601 UTC, of one that is missing


@dataclass(slots=True)
class Seen:
    """Known articles on one page of a section's listing."""

    slug: str
    name: str | None
    ids: list[str]
    seen_at: str  # ISO 8601 UTC


@dataclass(slots=True)
class Said:
    """What a page of a section's listing said of articles, where it had not said so before."""

    slug: str
    kind: ListingKind
    ids: list[str]
    said: list[list[str | None]]  # [title, time] of each


@dataclass(slots=True)
class Outside:
    """Articles that the first walk of a section listed and its window left out."""

    slug: str
    ids: list[str]


@dataclass(slots=True)
class Walked:
    """A section that was walked without a gap, from its top down."""

    slug: str
    down_to: str  # the oldest day that was walked whole
    pages: int
    noted: bool = True  # what its window left out is in the journal


@dataclass(slots=True)
class Gaps:
    """All gaps of a section after this run: rows of the state's table `gap`."""

    slug: str
    gaps: list[dict[str, Any]]


@dataclass(slots=True)
class Issue:
    """An issue of the paper that was read before it is certain to be whole."""

    day: str
    read_at: str  # ISO 8601 UTC
    digest: str  # of its plates and stories


@dataclass(slots=True)
class Tried:
    """Pages of a section were asked for as served: whether they show nothing without scripts."""

    slug: str
    kind: PageKind
    needs_rendering: bool
    tried_at: str  # ISO 8601 UTC


Note = Seen | Said | Outside | Walked | Gaps | Issue | Tried  # besides Checked
