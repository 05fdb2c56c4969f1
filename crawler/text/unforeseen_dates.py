"""Dates of forms that no pattern knows, by dateparser."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from crawler.text.clocks import CST

_HAS_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HAS_SECONDS = re.compile(r"\d:\d\d:\d\d")
_LONGEST = 60  # dateparser's time grows with the text; a date with its label is shorter


def read(text: str) -> tuple[datetime, Literal["second", "minute", "day"]] | None:
    """A date that names its year and reads the same day first and month first, or None."""
    year = _HAS_YEAR.search(text)
    if year is None or len(text) > _LONGEST:
        return None
    from dateparser import DateDataParser  # 0.25 s

    readings = set()
    for order in ("DMY", "MDY"):
        data = DateDataParser(
            languages=["zh", "en"],
            settings={
                "DATE_ORDER": order,
                "PREFER_LOCALE_DATE_ORDER": False,
                "PARSERS": ["absolute-time"],  # not what counts from today
                "REQUIRE_PARTS": ["year", "month", "day"],
                "RETURN_TIME_AS_PERIOD": True,
                "TIMEZONE": "+0800",
                "TO_TIMEZONE": "+0800",
                "RETURN_AS_TIMEZONE_AWARE": True,
            },
        ).get_date_data(text.strip())
        readings.add((data.date_obj, data.period))
    if len(readings) != 1:
        return None
    at, period = readings.pop()
    if at is None or str(at.year) != year[0]:
        return None
    at = at.astimezone(CST).replace(microsecond=0)
    if period != "time":
        return at.replace(hour=0, minute=0, second=0), "day"
    return at, "second" if _HAS_SECONDS.search(text) else "minute"
