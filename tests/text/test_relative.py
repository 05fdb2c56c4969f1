"""Times that count from when they were said: which do, and each with every form of clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.text.clocks import CST
from crawler.text.dates import is_relative, parse
from tests.text.test_clocks import BEFORE, BEHIND, CLOCKS, FOLLOWED_BY

FETCHED = datetime(2024, 3, 12, 15, 59, 30, tzinfo=UTC)  # the last minute of the day in China
DAYS_AGO = {
    **dict.fromkeys(("今天", "今日", "Today"), 0),
    **dict.fromkeys(("昨天", "昨日", "yesterday", "1天之前", "a day ago"), 1),
    **dict.fromkeys(("前天", "前日", "2天前", "兩天前", "2天以前", "2 days ago"), 2),
    **dict.fromkeys(("大前天", "大前日", "3 天前"), 3),
    "一周前": 7,
}


@pytest.mark.parametrize("word", DAYS_AGO)
def test_a_clock_beside_it(word):
    wrong = []
    begin = list(DAYS_AGO).index(word)
    midnight = datetime(2024, 3, 12, tzinfo=CST) - timedelta(days=DAYS_AGO[word])
    pairs = [(gap, "") for gap in BEHIND] + [("", gap) for gap in BEFORE]
    for number, (behind, before) in enumerate(pairs):
        for clock, hour, minute, second in CLOCKS[(begin + number) % 23 :: 23]:
            if (behind == "T" and not clock[0].isdecimal()) or (behind == " (" and ")" in clock):
                continue
            tail = FOLLOWED_BY[number % len(FOLLOWED_BY)] if behind else ""
            text = f"{word}{behind}{clock}{tail}" if behind else f"{clock}{before}{word}"
            at = midnight + timedelta(hours=hour, minutes=minute, seconds=second or 0)
            moment = parse(text, fetched_at=FETCHED)
            if moment is None or moment.at != at or moment.precision == "day" or moment.unread:
                wrong.append(f"{text!r}: {moment} instead of {at}")
            elif not is_relative(text):
                wrong.append(f"{text!r} is not known to be relative")
    assert not wrong[:5]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("3小时前", True),
        ("半小时前", True),
        ("2小時30分鐘前", True),
        ("5 分钟前", True),
        ("2天以前", True),
        ("5 minutes ago", True),
        ("昨天 10:20", True),
        ("昨晚20:15", True),
        ("今天", True),
        ("刚刚", True),
        ("2026-11-28 11:20 (3小时前)", False),
        ("2026-11-28", False),
        ("11月28日 08:00", False),
        ("滚动", False),
        ("", False),
    ],
)
def test_is_relative(words, expected):
    assert is_relative(words) is expected
