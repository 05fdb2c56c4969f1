"""How long ago something was, in words: `3小时前`, `1小时20分钟前`, `大前天`, `an hour ago`.

Texts are plain (`widths.plain`), with 〇 for every zero.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final, NamedTuple

from crawler.text import clocks

# '今天', '大前天'; '昨' of '昨晚8点', whose evening is the clock's. '大大前天' is none.
DAY_WORD: Final = (
    r"(?:(?<!大)大?前|[今昨])[天日]|[今昨](?=[早晨晚夜])|(?<![大目提])大?前(?=晚)"
    r"|(?i:today|yesterday)(?![a-z])"
)
_DAYS_AGO: Final = {"今": 0, "昨": 1, "前": 2, "大": 3, "t": 0, "y": 1}

# '二十', '十五', '廿三'; '两三天前' and '几十分钟前' are vague
_NUMERAL = r"[一二三四五六七八九]?[十廿卅][一二三四五六七八九]?|[一二两兩三四五六七八九]"
_COUNT = rf"〇?(?:\d{{1,3}}(?:\.\d)?|半|{_NUMERAL}) ?[个個]?半? ?"
_UNITS = ("(?:周|週|星期)", "[天日]", "(?:小[时時]|[钟鐘][头頭])", "分[钟鐘]?", "秒[钟鐘]?")
# '3小时前', '1天3小时前', '1个半小时前', '1.5小时前', '1小时半前': the larger unit first, since
# in '5分 2天前' the first is a clock
AGO: Final = (
    r"(?<![\d.几幾数數百千一二两兩三四五六七八九十])(?=[\d〇半十廿卅一二两兩三四五六七八九])"
    rf"{''.join(f'(?:{_COUNT}{unit}半? ?)?' for unit in _UNITS)}[以之]?前(?![天日晚])"
)
_ENGLISH_SPAN = r"(?:\d{1,3}(?:\.\d)?|half an?|an?|one) ?(?:sec|min|hour|hr|day|week)[a-z]{0,4}"
ENGLISH_AGO: Final = rf"(?<![\d.A-Za-z])(?i:(?:{_ENGLISH_SPAN}(?:,| and)? ){{1,3}}ago)"

_PART = re.compile(
    r"(?P<count>\d{1,3}(?:\.\d)?|half an?|an?|one|半|[十廿卅一二两兩三四五六七八九]{1,3}) ?[个個]?"
    r"(?P<half>半?) ?(?P<unit>[秒分小钟鐘天日周週星]|sec|min|h|day|week)[时時头頭期钟鐘]*"
    r"(?P<and_half>半?)"
)
_DAYS: Final = {"天": 1, "日": 1, "day": 1, "周": 7, "週": 7, "星": 7, "week": 7}
_SECONDS: Final = {"秒": 1, "sec": 1, "分": 60, "min": 60}
_HOUR: Final = 3600


class Age(NamedTuple):
    length: timedelta
    in_days: bool  # it names a day, not a time of it


def of_day(word: str) -> int:
    """How many days ago the day was that a DAY_WORD names."""
    return _DAYS_AGO[word[0].lower()]


def read(words: str) -> Age | None:
    """The age that AGO or ENGLISH_AGO found; None for half a day, which is no time."""
    length, in_days = timedelta(), True
    for part in _PART.finditer(words.lower()):
        count = _count(part["count"]) + (0.5 if part["half"] or part["and_half"] else 0)
        days = _DAYS.get(part["unit"])
        if days and count % 1:
            return None
        in_days = in_days and days is not None
        seconds = _SECONDS.get(part["unit"], _HOUR)
        length += timedelta(days=days * count) if days else timedelta(seconds=seconds * count)
    return Age(length, in_days)


def _count(words: str) -> float:
    if words == "半" or words.startswith("half"):
        return 0.5
    if words in ("a", "an", "one"):
        return 1
    return float(words) if "." in words else clocks.number(words) or 0
