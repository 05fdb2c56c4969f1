"""Times that count from when they were said, and a time as the site writes it."""

from __future__ import annotations

from crawler.text.dates import Moment


def shown(moment: Moment) -> str:
    """As the site writes it, to its precision: 2024-02-29 09:06."""
    return moment.at.strftime(
        "%Y-%m-%d %H:%M:%S"[: {"day": 8, "minute": 14, "second": 17}[moment.precision]]
    )
