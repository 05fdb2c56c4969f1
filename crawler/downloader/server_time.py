"""What time it is where an answer comes from, and the times and seconds in its headers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.http import Response

STAT = "workercn/server_time"  # the newest of a run, an aware datetime


def said_by(response: Response) -> datetime | None:
    """`Date`, and `Age`: how long a cache on the way has kept the answer with its Date."""
    said = http_date(response, "Date")
    return said and said + timedelta(seconds=seconds(response, "Age") or 0)


def http_date(response: Response, header: str) -> datetime | None:
    """The time in a header, in UTC; None where it has none."""
    try:
        moment = parsedate_to_datetime((response.headers.get(header) or b"").decode("latin-1"))
        if moment.tzinfo is None:  # '-0000': UTC without saying so
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def seconds(response: Response, header: str) -> int | None:
    """The whole number in a header; None where it has none."""
    value = (response.headers.get(header) or b"").decode("latin-1").strip()
    return int(value[:9]) if value.isascii() and value.isdigit() else None
