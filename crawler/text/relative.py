"""Times that count from when they were said, and a time as the site writes it."""

from __future__ import annotations

import re

from crawler.text import dates
from crawler.text.dates import Moment

# '3小时前', '5 分钟以前', '2天前', '昨天 10:20', '刚刚'
_RELATIVE = re.compile(r"(?:秒|分钟?|小时|钟头|天|日)\s?以?前|[今昨前][天日]|刚刚|刚才")


def is_relative(words: str) -> bool:
    """Does the first time in the words count from when they were said?"""
    first = next(iter(dates.find(words)), "")
    return _RELATIVE.search(first) is not None


def shown(moment: Moment) -> str:
    """As the site writes it, to its precision: 2024-02-29 09:06."""
    return moment.at.strftime(
        "%Y-%m-%d %H:%M:%S"[: {"day": 8, "minute": 14, "second": 17}[moment.precision]]
    )
