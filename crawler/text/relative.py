"""Times that count from when they were said, and a time as the site writes it."""

from __future__ import annotations

from crawler.text import dates
from crawler.text.dates import Moment


def is_relative(words: str) -> bool:
    """Does the first time in the words count from when they were said?"""
    return dates.is_relative(words)


def shown(moment: Moment) -> str:
    """As the site writes it, to its precision: 2024-02-29 09:06."""
    return moment.at.strftime(
        "%Y-%m-%d %H:%M:%S"[: {"day": 8, "minute": 14, "second": 17}[moment.precision]]
    )
