"""Clocks beside days: every form of one with every form of the other, in both orders.

What is expected is computed from the parts of which the words are made.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from crawler.text.clocks import CST
from crawler.text.dates import find, parse

FETCHED = datetime(2025, 6, 1, tzinfo=UTC)
DAY = datetime(2024, 2, 9, tzinfo=CST)

DAYS = [
    *("2024-02-09", "2024-2-9", "2024/02/09", "2024/2/9", "2024.02.09", "2024·2·9"),
    *("2024年02月09日", "2024年2月9日", "2024 年 2 月 9 日", "2024年2月9号", "2024年2月9號"),
    *("2024年02-09", "2024-02-09日", "二〇二四年二月九日", "二零二四年二月九日", "24年2月9日"),
    *("民國113年2月9日", "Feb 9, 2024", "February 9th, 2024", "FEB. 9, 2024", "9 February 2024"),
    *("9-Feb-2024", "2024-Feb-09", "２０２４－０２－０９", "20240209"),
]


def digital(hour: int, minute: int, second: int | None) -> list[str]:
    two = f"{hour:02}:{minute:02}" + ("" if second is None else f":{second:02}")
    one = f"{hour}:{minute}" + ("" if second is None else f":{second}")
    return [two, one, two.replace(":", "："), two.replace(":", " : "), two.replace(":", "∶")]


def spoken(hour: int, minute: int, second: int | None) -> list[str]:
    last = "" if second is None else f"{second}秒"
    found = [
        f"{hour}时{minute}分{last}",
        f"{hour:02}時{minute:02}分{last}",
        f"{hour} 点 {minute} 分 {last}".strip(),
        f"{hour}點{minute}分{last}",
    ]
    if second is None and minute == 30:
        found += [f"{hour}点半", f"{hour}點半"]
    if second is None and minute == 45:
        found += [f"{hour}点三刻"]
    if second is None and minute == 0:
        found += [f"{hour}时", f"{hour}点整", f"{hour}點鐘", f"{hour}点"]
    return found


# (part of the day, the hours that it may stand beside)
PARTS = [
    ("凌晨", range(6)),
    *[(word, range(5)) for word in ("半夜", "午夜", "深夜", "夜间", "夜里")],
    *[(word, range(5, 12)) for word in ("早上", "清晨", "上午", "早", "早晨")],
    *[(word, (11, 12, 13)) for word in ("中午", "正午")],
    *[(word, range(13, 24)) for word in ("下午", "午后", "午後", "傍晚")],
    *[(word, range(18, 24)) for word in ("晚上", "晚", "晚间", "晚間", "夜间", "深夜")],
    *[(word, range(12)) for word in ("AM", "am", "a.m.")],
    *[(word, range(12, 24)) for word in ("PM", "pm", "p.m.")],
]
TIMES = [
    *[(0, 5, None), (2, 5, 9), (5, 0, None), (6, 30, None), (9, 6, None), (9, 6, 11), (11, 59, 59)],
    *[(12, 5, None), (13, 0, None), (14, 45, None), (15, 6, 7), (18, 30, None), (20, 5, None)],
    *[(23, 59, 59), (22, 0, None)],
]


def half(hour: int) -> int:
    return (hour - 1) % 12 + 1


def clocks() -> list[tuple[str, int, int, int | None]]:
    """Words and what they say: as they are, and with a part of the day on either side."""
    found = []
    for hour, minute, second in TIMES:
        at = hour, minute, second
        found += [(words, *at) for form in (digital, spoken) for words in form(*at)]
        for part, hours in PARTS:
            if hour not in hours:
                continue
            latin = part.isascii()
            shown = half(hour) if hour >= 12 or (latin and hour == 0) else hour
            for words in digital(shown, minute, second)[:3]:
                found += [(f"{part} {words}", *at), (f"{words} {part}", *at)]
                if not latin:
                    found += [(f"{part}{words}", *at), (f"{words}{part}", *at)]
            if not latin:
                found += [(f"{part}{words}", *at) for words in spoken(shown, minute, second)]
    return found


CLOCKS = clocks()
BEHIND = [
    *(
        " ",
        "\u3000",
        "  ",
        " | ",
        "T",
        " （星期五） ",
        " 周五 ",
        "（星期五）",
        " Friday ",
        ", ",
        " 时间：",
        " 發布時間：",
    ),
    *(" (", " at ", " / ", " - "),
]
BEFORE = [" ", "\u3000", ", ", "，", " | ", " 星期五 ", " on ", "  "]
FOLLOWED_BY = [
    *(
        "",
        " 来源：中工网",
        "来源：中工网",
        " 1286次阅读",
        " 责任编辑：于小淑",
        "　點擊 12",
        " | 中工网",
        "）",
        " GMT+8",
    ),
    *(" (CST)", "（北京时间）", "\n评论 3"),
]


def check(text: str, hour: int, minute: int, second: int | None) -> str | None:
    moment = parse(text, fetched_at=FETCHED)
    at = DAY + timedelta(hours=hour, minutes=minute, seconds=second or 0)
    precision = "minute" if second is None else "second"
    if moment is None or (moment.at, moment.precision, moment.unread) != (at, precision, None):
        return f"{text!r}: {moment} instead of {at}"
    return None


PAIRS = [*product(CLOCKS, BEHIND)], [*product(CLOCKS, BEFORE)]
ONE_IN = 1 if os.environ.get("WHOLE_CROSS_PRODUCT") else 17  # pairs, others for each day


@pytest.mark.parametrize("day", DAYS)
def test_clock_behind_a_day(day):
    wrong = []
    pairs = PAIRS[0][DAYS.index(day) % ONE_IN :: ONE_IN]
    for number, ((words, *at), gap) in enumerate(pairs):
        if (gap == "T" and not words[0].isdecimal()) or (gap == " (" and ")" in words):
            continue
        wrong.append(check(f"时间：{day}{gap}{words}{FOLLOWED_BY[number % len(FOLLOWED_BY)]}", *at))
    assert not list(filter(None, wrong))[:5]


@pytest.mark.parametrize("day", DAYS)
def test_clock_before_a_day(day):
    wrong = []
    pairs = PAIRS[1][DAYS.index(day) % ONE_IN :: ONE_IN]
    for number, ((words, *at), gap) in enumerate(pairs):
        wrong.append(check(f"时间：{words}{gap}{day}{FOLLOWED_BY[number % len(FOLLOWED_BY)]}", *at))
    assert not list(filter(None, wrong))[:5]


def test_the_cross_product_is_large():
    assert len(DAYS) * (len(PAIRS[0]) + len(PAIRS[1])) > 200_000


# (as it occurs, in China Standard Time, what is given)
OTHER_FORMS = [
    ("时间：09:06:11 2024-02-29 来源：中工网", "2024-02-29 09:06:11", "second"),
    ("09:06，2024年2月29日", "2024-02-29 09:06:00", "minute"),
    ("上午9时06分 二〇二四年二月廿九日", "2024-02-29 09:06:00", "minute"),
    ("二〇二四年元月卅日 9时", "2024-01-30 09:00:00", "minute"),
    ("日期：2024-02-29 时间：09:06", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29 [09:06:11]", "2024-02-29 09:06:11", "second"),
    ("2024-02-29（09:06）", "2024-02-29 09:06:00", "minute"),
    ("（2024-02-29 09:06）", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29 PM 2:05", "2024-02-29 14:05:00", "minute"),
    ("2024-02-29 2:05PM来源：中工网", "2024-02-29 14:05:00", "minute"),
    ("2024-02-29 下午 2:05 PM", "2024-02-29 14:05:00", "minute"),
    ("2024-02-29 下午3点一刻", "2024-02-29 15:15:00", "minute"),
    ("2024年2月29日上午9时许", "2024-02-29 09:00:00", "minute"),
    ("2024-02-29 09:06 +0800", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29 01:06 UTC", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29 09:06 GMT+8", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29 09:06 (GMT+08:00)", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29 10:06 JST", "2024-02-29 09:06:00", "minute"),
    ("2024-02-28 20:06 EST", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29T09:06:11+08", "2024-02-29 09:06:11", "second"),
    ("20240229T090611", "2024-02-29 09:06:11", "second"),
    ("20240229T010611Z", "2024-02-29 09:06:11", "second"),
    ("20240229 09:06", "2024-02-29 09:06:00", "minute"),
    ("09:06 02-29", "2025-02-28 09:06:00", None),
    ("2024.02.29. 09:06", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29_09:06", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29 09:06:11,123", "2024-02-29 09:06:11", "second"),
    ("9:06am, 29th of February 2024", "2024-02-29 09:06:00", "minute"),
    ("Thursday, February 29, 2024, 9:06 a.m.", "2024-02-29 09:06:00", "minute"),
    # until when, and what is no zone
    ("2024-02-29 09:00-10:30", "2024-02-29 09:00:00", "minute"),
    ("2024-02-29 09:00 — 10:30", "2024-02-29 09:00:00", "minute"),
    ("2024-02-29 09:06 +10次", "2024-02-29 09:06:00", "minute"),
    # a clock of the next date is not this one's
    ("2024-02-28 2024-02-29 09:06", "2024-02-28 00:00:00", "day"),
]


@pytest.mark.parametrize(("words", "at", "precision"), OTHER_FORMS)
def test_other_forms(words, at, precision):
    moment = parse(words, fetched_at=FETCHED)
    if precision is None:  # 29 February 2025 there is not
        assert moment is not None
        assert f"{moment.at:%m-%d %H:%M}" == "02-29 09:06"
        return
    assert moment is not None
    assert (f"{moment.at:%Y-%m-%d %H:%M:%S}", moment.precision) == (at, precision)
    assert moment.unread is None


# (beside 2024-02-29, what it means): 12, 0 and 24 with each part of the day
NOON_AND_MIDNIGHT = [
    ("00:00", "29 00:00"),
    ("24:00", "01 00:00"),
    ("0时", "29 00:00"),
    ("24时", "01 00:00"),
    ("零点", "29 00:00"),
    ("12:00", "29 12:00"),
    ("12:05 AM", "29 00:05"),
    ("0:05 AM", "29 00:05"),
    ("12:05 PM", "29 12:05"),
    ("0:05 PM", "29 12:05"),
    ("14:05 PM", "29 14:05"),
    ("凌晨12点", "29 00:00"),
    ("凌晨0点05分", "29 00:05"),
    ("上午12点", "29 12:00"),
    ("早上12点", "29 12:00"),
    ("中午12点", "29 12:00"),
    ("中午12:30", "29 12:30"),
    ("中午1点", "29 13:00"),
    ("正午12时", "29 12:00"),
    ("下午12点", "29 12:00"),
    ("下午0:30", "29 12:30"),
    ("午后12:30", "29 12:30"),
    ("晚上12点", "01 00:00"),
    ("晚12时", "01 00:00"),
    ("晚上12:30", "01 00:30"),
    ("午夜12点", "01 00:00"),
    ("半夜12点", "01 00:00"),
    ("午夜0点", "29 00:00"),
    ("半夜2点", "29 02:00"),
    ("深夜11点", "29 23:00"),
    ("夜间23:05", "29 23:05"),
    ("夜里1:05", "29 01:05"),
    ("晚上8点", "29 20:00"),
    ("傍晚6点", "29 18:00"),
    ("黎明5:05", "29 05:05"),
    ("入夜8:05", "29 20:05"),
    ("子夜0点", "29 00:00"),
    ("晌午12:05", "29 12:05"),
]


@pytest.mark.parametrize("day", ["2024-02-29", "2024年2月29日"])
@pytest.mark.parametrize(("clock", "expected"), NOON_AND_MIDNIGHT)
def test_noon_and_midnight(day, clock, expected):
    for words in (f"{day} {clock}", f"{clock} {day}"):
        moment = parse(words, fetched_at=FETCHED)
        assert moment is not None
        assert (f"{moment.at:%d %H:%M}", moment.unread) == (expected, None), words


# like a clock, beside a day, and none: said, and never a time
UNREAD = [
    *("25:70", "25:00", "24:01", "24:00:01", "09:61", "09:60", "9:6:99", "09:06:75", "23:59:60"),
    *("09:06:111", "09:061286", "9:123", "123:45", "09:06:11:00", "1:2:3:4", "09.06", "09.06.11"),
    *("09-06-11", "25时", "24时30分", "凌晨15点", "上午15:06", "晚上2点", "中午5点", "傍晚24时"),
    *("15:06 AM", "24:00 PM", "上午 2:05 PM", "07h25", "7H25"),
    *("09;06", "09；06", "09'06", "9′06", "0906", "090611", "143005"),
]


@pytest.mark.parametrize("clock", UNREAD)
def test_what_looks_like_a_clock_and_is_none(clock):
    texts = [f"2024-02-29 {clock}", f"2024年2月29日 {clock} 来源：中工网"]
    texts += [f"{clock} 2024-02-29"] if ":" in clock else []
    for words in texts:
        moment = parse(words, fetched_at=FETCHED)
        assert moment is not None
        assert (f"{moment.at:%Y-%m-%d %H:%M}", moment.precision) == ("2024-02-29 00:00", "day"), (
            words
        )
        assert moment.unread, words
        (shown, *_) = find(words)
        assert parse(shown, fetched_at=FETCHED) == moment


# beside a day, and nothing like a clock: neither read nor said
NO_CLOCK = [
    *(
        "1286次阅读",
        "12点击",
        "3 点赞",
        "9 时事",
        "3点建议",
        "12评论",
        "阅读 1286",
        "12 时评",
        "A3版",
        "08版",
    ),
    *("第3期", "3.5万", "25.6%", "共3页", "晚报", "早报网", "上午好", "下午茶", "1/3", "3分钟"),
    *(
        "24h热榜",
        "24h",
        "点击：12",
        "字号：大 中 小",
        "[1]",
        "2",
        "PM2.5",
        "am",
        "三点思考",
        "一点一滴",
    ),
    *("1286", "1430", "128600", "0571-88880000", "0906次", "09060611", "0906,3", "09'6"),
]


@pytest.mark.parametrize("rest", NO_CLOCK)
def test_what_is_no_clock(rest):
    for words in (f"2024-02-29 {rest}", f"2024年2月29日 {rest}"):
        moment = parse(words, fetched_at=FETCHED)
        assert moment is not None
        assert (moment.precision, moment.unread) == ("day", None), words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2024-02-29 09:06分11秒", "2024-02-29 09:06:11"),
        ("2024-02-29 09：06分 来源：中工网", "2024-02-29 09:06:00"),
        ("编号 20240229090611 来源：中工网", "2024-02-29 09:06:11"),
        ("202402290906来源：中工网", "2024-02-29 09:06:00"),
    ],
)
def test_seconds_and_digits_without_signs(words, expected):
    (shown,) = find(words)
    moment = parse(shown, fetched_at=FETCHED)
    assert moment is not None
    assert f"{moment.at:%Y-%m-%d %H:%M:%S}" == expected


@pytest.mark.parametrize(
    "words",
    ["20240229256111", "202402290906111", "190118124637372", "2024022909061"],
)
def test_a_number_that_is_no_time(words):
    assert find(f"编号 {words} 来源：中工网") == []


# the clock of something else
@pytest.mark.parametrize(
    "words", ["时长 03:25 2024-02-29", "播放：12:30 2024-02-29", "阅读 12:30 2024-02-29"]
)
def test_the_clock_of_something_else(words):
    assert find(words) == ["2024-02-29"]


RELATIVE = [
    *(
        "今天 08:00",
        "昨晚 8:05",
        "今早 7点",
        "昨夜11点",
        "今晨6:30",
        "前天",
        "today 08:00",
        "yesterday",
        "3小时前",
    ),
    *(
        "3小時前",
        "5分鐘前",
        "半小時前",
        "兩小時前",
        "2天前",
        "1周前",
        "刚刚",
        "剛剛",
        "3 hours ago",
        "an hour ago",
        "5 mins ago",
    ),
    *("just now", "2 days ago"),
]


@pytest.mark.parametrize("words", RELATIVE)
def test_relative_words_need_the_time_of_the_fetch(words):
    assert parse(words, fetched_at=FETCHED) is not None
    assert parse(words, fetched_at=None) is None
    assert parse(words, fetched_at=None, near=DAY.date()) is None


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("昨晚 8:05", "2025-05-31 20:05"),
        ("今早7点", "2025-06-01 07:00"),
        ("昨夜11点", "2025-05-31 23:00"),
        ("yesterday 09:06", "2025-05-31 09:06"),
        ("3 hours ago", "2025-06-01 05:00"),
        ("an hour ago", "2025-06-01 07:00"),
        ("兩小時前", "2025-06-01 06:00"),
        ("1周前", "2025-05-25 00:00"),
    ],
)
def test_relative_words(words, at):
    moment = parse(words, fetched_at=FETCHED)  # 8 in the morning at the site
    assert moment is not None
    assert f"{moment.at:%Y-%m-%d %H:%M}" == at


def test_a_date_without_a_year_needs_a_day_to_stand_by():
    assert parse("2月9日 09:06", fetched_at=None) is None
    moment = parse("2月9日 09:06", fetched_at=None, near=DAY.date())
    assert moment is not None
    assert moment.at == DAY + timedelta(hours=9, minutes=6)
