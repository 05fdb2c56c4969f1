"""What time it is: the only place that asks the system.

`CLOCK_OFFSET` (seconds, from the environment) moves the clock of the whole process. Tests use it to
run a command on another day; a number that cannot be read is an error, not today. What the system
itself has timed (a file, a log record) is read through `at`, so that it moves along.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta, timezone

CST = timezone(timedelta(hours=8), "CST")  # the site has had no summer time since 1991


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC) + _offset()


def at(timestamp: float) -> datetime:
    """The moment that this clock showed at a timestamp of the system's, aware, in UTC."""
    return datetime.fromtimestamp(timestamp, UTC) + _offset()


def now_in_cst() -> datetime:
    """The current moment, aware, in the site's zone."""
    return now().astimezone(CST)


def today() -> date:
    """The current day in China, where the site dates its articles."""
    return now_in_cst().date()


def _offset() -> timedelta:
    return timedelta(seconds=float(os.environ.get("CLOCK_OFFSET") or 0))
