"""What goes wrong with the pages of the site."""

from __future__ import annotations


class ListingError(ValueError):
    """What was served is no listing. `reason` is a word to count by."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
