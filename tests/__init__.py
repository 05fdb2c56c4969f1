"""The tests run on a day of their own, whatever day it is: a Wednesday afternoon in China.

Processes that a test starts inherit it. `CLOCK_OFFSET` in pytest's own environment means another
day or hour (crawler/clock.py).
"""

import os
from datetime import UTC, datetime

START = datetime(2026, 10, 14, 7, 0, tzinfo=UTC)


def offset_to(moment: datetime) -> str:
    """CLOCK_OFFSET for a process that shall believe it is that (aware) moment now."""
    return str((moment - datetime.now(UTC)).total_seconds())


os.environ.setdefault("CLOCK_OFFSET", offset_to(START))

# Whatever the locale of whoever runs the tests.
os.environ["REPORT_LANGUAGE"] = "en"
