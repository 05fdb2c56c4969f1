"""What can be walked: each kind of section finds its own entries (paged.py, paper.py, search)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from crawler.journal_notes import SectionProgress
from crawler.spiders.gaps import GapsAfter

if TYPE_CHECKING:
    from crawler.journal_notes import IssueSighting
    from crawler.spiders.discovery import Discovery


class ListingSource:
    """One listing and how far it has been walked.

    `slug` is as in the argument `sections`; the search has none, its results are of no section.
    """

    def __init__(self, slug: str | None, name: str | None = None) -> None:
        self.slug = slug
        self.name = name
        self.ended = False
        self.is_judged = True  # False: where it lists nothing, that is no fault

    def is_done(self, walk: Discovery) -> bool:
        return self.ended

    async def down_to(self, walk: Discovery, day: date | None) -> None:
        """Walk on until everything from `day` on has been listed, or to the end."""
        raise NotImplementedError

    async def look_again(self, walk: Discovery) -> None:
        """At the run's end: ask once more for what something known contradicts."""

    def gaps(self, walk: Discovery) -> GapsAfter:
        """What of the section was not seen, in this run and in those before."""
        return GapsAfter([], [])

    def walked(self, walk: Discovery) -> list[SectionProgress | IssueSighting]:
        """How far the section was walked without a gap: where the next run may stop."""
        return []
