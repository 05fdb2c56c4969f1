"""What can be walked: each kind of listing finds its own entries."""

from __future__ import annotations

from datetime import date

from crawler.journal_notes import IssueSighting, SectionProgress
from crawler.spiders.gaps import GapsAfter
from crawler.spiders.listing_reader import ListingReader


class ListingSource:
    """One listing and how far it has been walked.

    `slug` is as in the argument `sections`; the search has none, its results are of no section.
    """

    def __init__(self, walk: ListingReader, slug: str | None, name: str | None = None) -> None:
        self.walk = walk
        self.slug = slug
        self.name = name
        self.ended = False
        self.is_judged = True  # False: where it lists nothing, that is no fault
        self.is_double = False  # it leads to a section that is walked already

    def is_done(self) -> bool:
        return self.ended

    async def down_to(self, day: date | None) -> None:
        """Walk on until everything from `day` on has been listed, or to the end."""
        raise NotImplementedError

    async def look_again(self) -> None:
        """At the run's end: ask once more for what something known contradicts."""

    def gaps(self) -> GapsAfter:
        """What of the section was not seen, in this run and in those before."""
        return GapsAfter([], [])

    def walked(self) -> list[SectionProgress | IssueSighting]:
        """How far the section was walked without a gap: where the next run may stop."""
        return []
