"""What time it is where an answer comes from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.http import Response

STAT = "workercn/server_time"  # the newest of a run, an aware datetime


def said_by(response: Response) -> datetime | None:
    """`Date`, and `Age`: how long a cache on the way has kept the answer with its Date."""
    said = (response.headers.get("Date") or b"").decode("latin-1")
    age = (response.headers.get("Age") or b"").decode("latin-1").strip()
    held = int(age[:9]) if age.isascii() and age.isdigit() else 0
    try:
        moment = parsedate_to_datetime(said)
        if moment.tzinfo is None:  # '-0000': UTC without saying so
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) + timedelta(seconds=held)
    except (ValueError, OverflowError):
        return None
