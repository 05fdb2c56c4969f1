"""Dates as Chinese news pages write them.

All pages are fetched on Thursday 29 February 2024 at 12:30:15 in Beijing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.text.clocks import CST
from crawler.text.dates import Moment, find, is_relative, parse, within

FETCHED = datetime(2024, 2, 29, 4, 30, 15, tzinfo=UTC)

# (as it occurs, in China Standard Time, what is given)
WITH_A_YEAR = [
    ("2024-02-29 09:06", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29 09:06:11", "2024-02-29 09:06:11", "second"),
    ("2024-02-29T09:06:11+08:00", "2024-02-29 09:06:11", "second"),
    ("2024-02-29T09:06:11+0800", "2024-02-29 09:06:11", "second"),
    ("2024-02-29T01:06:11Z", "2024-02-29 09:06:11", "second"),
    ("2024-02-29T06:36:11+05:30", "2024-02-29 09:06:11", "second"),
    ("2024-02-29T01:06:11.000Z", "2024-02-29 09:06:11", "second"),
    ("2024-02-28T20:00:00Z", "2024-02-29 04:00:00", "second"),
    ("2024-02-29T09:06", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29", "2024-02-29 00:00:00", "day"),
    ("2024-2-9 9:06", "2024-02-09 09:06:00", "minute"),
    ("2024/02/29", "2024-02-29 00:00:00", "day"),
    ("2024/2/29 09:06:11", "2024-02-29 09:06:11", "second"),
    ("2024.02.29", "2024-02-29 00:00:00", "day"),
    ("2024.2.29 09:06", "2024-02-29 09:06:00", "minute"),
    ("2024-02-2909:06", "2024-02-29 09:06:00", "minute"),
    ("2024-02-2909:06:11", "2024-02-29 09:06:11", "second"),
    ("2007-08-20-23:59:59", "2007-08-20 23:59:59", "second"),
    ("2024年02月29日 09:06", "2024-02-29 09:06:00", "minute"),
    ("2024年02月29日09:06", "2024-02-29 09:06:00", "minute"),
    ("2024年2月29日", "2024-02-29 00:00:00", "day"),
    ("2024年2月29号 09:06", "2024-02-29 09:06:00", "minute"),
    ("2024 年 2 月 29 日 09 : 06", "2024-02-29 09:06:00", "minute"),
    ("2024 年 2 月 29 日", "2024-02-29 00:00:00", "day"),
    ("2024年2月29日09时06分", "2024-02-29 09:06:00", "minute"),
    ("2024年2月29日09时06分11秒", "2024-02-29 09:06:11", "second"),
    ("2024年2月29日9时", "2024-02-29 09:00:00", "minute"),
    ("2024年02月29日 星期四 09:06", "2024-02-29 09:06:00", "minute"),
    ("2024年02月29日 周四 09:06", "2024-02-29 09:06:00", "minute"),
    ("2024年02月29日（星期四）09:06", "2024-02-29 09:06:00", "minute"),
    ("2024年2月29日 下午3点", "2024-02-29 15:00:00", "minute"),
    ("2024年2月29日下午3点05分", "2024-02-29 15:05:00", "minute"),
    ("2024年2月29日 上午9时", "2024-02-29 09:00:00", "minute"),
    ("2024年2月29日晚上8点半", "2024-02-29 20:30:00", "minute"),
    ("2024年2月29日凌晨2时10分", "2024-02-29 02:10:00", "minute"),
    ("2024年2月29日中午12点", "2024-02-29 12:00:00", "minute"),
    ("2024年2月29日中午1点", "2024-02-29 13:00:00", "minute"),
    ("2024年2月29日下午15时", "2024-02-29 15:00:00", "minute"),
    ("2024年2月29日下午三点二十分", "2024-02-29 15:20:00", "minute"),
    ("2024年2月28日晚12点", "2024-02-29 00:00:00", "minute"),
    ("2024年2月29日0时", "2024-02-29 00:00:00", "minute"),
    ("2024年2月29日零时", "2024-02-29 00:00:00", "minute"),
    ("二〇二四年二月二十九日", "2024-02-29 00:00:00", "day"),
    ("二零二四年二月二十九日", "2024-02-29 00:00:00", "day"),
    ("二○二四年十二月十日", "2024-12-10 00:00:00", "day"),
    ("二〇二四年一月三十一日", "2024-01-31 00:00:00", "day"),
    ("２０２４－０２－２９", "2024-02-29 00:00:00", "day"),
    ("２０２４－０２－２９　０９：０６", "2024-02-29 09:06:00", "minute"),
    ("２０２４年２月２９日０９：０６", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29\u00a0\u300009:06", "2024-02-29 09:06:00", "minute"),
    ("2024-02-29\n09:06", "2024-02-29 09:06:00", "minute"),
    ("发布时间：2024-02-29 09:06", "2024-02-29 09:06:00", "minute"),
    ("时间：2024年02月29日 09:06:11 来源：中工网", "2024-02-29 09:06:11", "second"),
    ("2024-02-29 09:06来源：中工网", "2024-02-29 09:06:00", "minute"),
    ("中工网 2024-02-29 09:06 责任编辑：于小淑", "2024-02-29 09:06:00", "minute"),
    ("2024-02-28 24:00", "2024-02-29 00:00:00", "minute"),
    ("2023-12-31 24:00:00", "2024-01-01 00:00:00", "second"),
    ("20240229", "2024-02-29 00:00:00", "day"),
    ("20240229090611", "2024-02-29 09:06:11", "second"),
    ("Feb 29, 2024", "2024-02-29 00:00:00", "day"),
    ("February 29, 2024 09:06", "2024-02-29 09:06:00", "minute"),
    ("29 February 2024", "2024-02-29 00:00:00", "day"),
    ("Thu, 29 Feb 2024 01:06:11 GMT", "2024-02-29 09:06:11", "second"),
    ("2024-02-29 3:05 PM", "2024-02-29 15:05:00", "minute"),
    ("2024-02-29 12:05 am", "2024-02-29 00:05:00", "minute"),
]

COUNTED_FROM_THE_FETCH = [
    ("今天 08:00", "2024-02-29 08:00:00", "minute"),
    ("今天08:00", "2024-02-29 08:00:00", "minute"),
    ("昨天 21:15", "2024-02-28 21:15:00", "minute"),
    ("昨天", "2024-02-28 00:00:00", "day"),
    ("前天", "2024-02-27 00:00:00", "day"),
    ("3小时前", "2024-02-29 09:30:00", "minute"),
    ("3 小时前", "2024-02-29 09:30:00", "minute"),
    ("13个小时前", "2024-02-28 23:30:00", "minute"),
    ("半小时前", "2024-02-29 12:00:00", "minute"),
    ("5分钟前", "2024-02-29 12:25:00", "minute"),
    ("30秒前", "2024-02-29 12:29:00", "minute"),
    ("刚刚", "2024-02-29 12:30:00", "minute"),
    ("2天前", "2024-02-27 00:00:00", "day"),
    ("两天前", "2024-02-27 00:00:00", "day"),
    ("发布时间：昨天", "2024-02-28 00:00:00", "day"),
    ("大前天", "2024-02-26 00:00:00", "day"),
    ("昨天下午", "2024-02-28 00:00:00", "day"),
    ("今早8点", "2024-02-29 08:00:00", "minute"),
    ("前晚8点", "2024-02-27 20:00:00", "minute"),
    ("1小时20分钟前", "2024-02-29 11:10:00", "minute"),
    ("2小時零5分鐘之前", "2024-02-29 10:25:00", "minute"),
    ("1天3小时前", "2024-02-28 09:30:00", "minute"),
    ("一个半小时前", "2024-02-29 11:00:00", "minute"),
    ("1.5小时前", "2024-02-29 11:00:00", "minute"),
    ("1小时半前", "2024-02-29 11:00:00", "minute"),
    ("half an hour ago", "2024-02-29 12:00:00", "minute"),
    ("1 hour, 20 minutes ago", "2024-02-29 11:10:00", "minute"),
    ("1.5 hours ago", "2024-02-29 11:00:00", "minute"),
    ("1 day and 3 hours ago", "2024-02-28 09:30:00", "minute"),
]

# without a year: the latest that is not after the fetch
WITHOUT_A_YEAR = [
    ("2月29日 09:06", "2024-02-29 09:06:00", "minute"),
    ("2月29日", "2024-02-29 00:00:00", "day"),
    ("2月29日 12:46", "2020-02-29 12:46:00", "minute"),
    ("3月1日", "2023-03-01 00:00:00", "day"),
    ("02-29 09:06", "2024-02-29 09:06:00", "minute"),
    ("02-29", "2024-02-29 00:00:00", "day"),
    ("4月20日 18:10", "2023-04-20 18:10:00", "minute"),
    ("12月31日 上午9时", "2023-12-31 09:00:00", "minute"),
    ("二月二十八日", "2024-02-28 00:00:00", "day"),
]


@pytest.mark.parametrize(
    ("words", "at", "precision"), WITH_A_YEAR + COUNTED_FROM_THE_FETCH + WITHOUT_A_YEAR
)
def test_date_is_read(words: str, at: str, precision: str) -> None:
    moment = parse(words, fetched_at=FETCHED)
    assert moment is not None, "no pattern, or one that _HINT or its own group's hint excludes"
    assert (f"{moment.at:%Y-%m-%d %H:%M:%S}", moment.precision) == (at, precision)
    assert moment.at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("words", [words for words, _, _ in COUNTED_FROM_THE_FETCH])
def test_what_counts_from_the_fetch_is_known_to(words: str) -> None:
    assert is_relative(words), "its reader is not in _COUNTED_FROM_THE_FETCH"


@pytest.mark.parametrize("words", [words for words, _, _ in WITH_A_YEAR + WITHOUT_A_YEAR])
def test_and_nothing_else(words: str) -> None:
    assert not is_relative(words)


# (as it occurs, the day in the URL, the day it means)
NEAR_THE_DAY_IN_THE_URL = [
    ("2月29日 09:06", date(2020, 3, 1), "2020-02-29"),
    ("02-29 09:06", date(2020, 2, 29), "2020-02-29"),
    ("12月31日 23:50", date(2022, 1, 1), "2021-12-31"),
    ("1月1日 00:10", date(2021, 12, 31), "2022-01-01"),
    ("10月1日", date(2019, 10, 2), "2019-10-01"),
    ("24-02-29 09:06", date(2024, 2, 29), "2024-02-29"),
    ("24-02-28", date(2024, 2, 29), "2024-02-28"),
]


@pytest.mark.parametrize(("words", "near", "day"), NEAR_THE_DAY_IN_THE_URL)
def test_day_in_the_url_gives_the_year(words: str, near: date, day: str) -> None:
    moment = parse(words, fetched_at=FETCHED, near=near)
    assert moment is not None
    assert f"{moment.at:%Y-%m-%d}" == day


NO_DATE = [
    "2024-02-30",
    "2023-02-29",
    "2024-13-01",
    "2024年2月30日 09:06",
    "2024-02-291",
    "12024-02-29 09:06",
    "二〇二四年二月三十日",
    "二〇二四年十十月一日",
    "20240230",
    "24-02-29",
    "03-04-05 09:06",
    "下午3点",
    "09:06",
    "去年11月25日",
    "2个月前",
    "半天前",
    "一天半前",
    "两三天前",
    "三五分钟前",
    "几十分钟前",
    "十几小时前",
    "一百二十分钟前",
    "大大前天 08:00",
    "03/01/2024",  # January in America, March in Britain
    "2024",
    "2024年度",
    "第2024期",
    "13800138000",
    "版权所有 1998-2024",
    "来源：中工网",
    "不详",
    "",
]


@pytest.mark.parametrize("words", NO_DATE)
def test_no_date_and_never_a_guess(words: str) -> None:
    assert parse(words, fetched_at=FETCHED) is None


def test_two_digit_year_is_not_believed_against_the_url() -> None:
    assert parse("24-02-29", fetched_at=FETCHED, near=date(2024, 3, 29)) is None


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("29/02/2024 09:06", "2024-02-29 09:06"),
        ("Thursday 29th of February 2024 at 9:06am", "2024-02-29 09:06"),
    ],
)
def test_unforeseen_forms_are_read_where_only_one_reading_is_possible(words: str, at: str) -> None:
    moment = parse(words, fetched_at=FETCHED)
    assert moment is not None
    assert f"{moment.at:%Y-%m-%d %H:%M}" == at


# (text, the dates in it as they occur)
IN_A_TEXT = [
    ("2024-02-29 09:06来源：中工网", ["2024-02-29 09:06"]),
    ("来源：中工网2024-02-29 09:06", ["2024-02-29 09:06"]),
    ("发布时间：2024年02月29日 星期四 09:06  更新：", ["2024年02月29日 星期四 09:06"]),
    ("２０２４－０２－２９　０９：０６　来源", ["２０２４－０２－２９　０９：０６"]),
    ("2024-02-2909:06作者：张三", ["2024-02-2909:06"]),
    ("2024-02-29 09:06 最后更新: 2024-03-01 10:00", ["2024-02-29 09:06", "2024-03-01 10:00"]),
    ("2024年2月29日至3月2日在京举行", ["2024年2月29日", "3月2日"]),
    ("2024年2月29日2024年3月2日", ["2024年2月29日", "2024年3月2日"]),
    ("2024年2月29日1286次阅读", ["2024年2月29日"]),
    ("新京报讯（记者陆一夫）11月25日，新京报记者", ["11月25日"]),
    ("02-29 09:06 | 工人日报", ["02-29 09:06"]),
    ("今天 08:00 中工网", ["今天 08:00"]),
    ("中工网 3小时前 评论", ["3小时前"]),
    ("今天", ["今天"]),
    (" 刚刚 ", ["刚刚"]),
    ("20240229", ["20240229"]),
    ("今天上午召开的会议上", []),
    ("客场以 02-29 告负", []),
    ("2024-02-29T09:06:11+08:00", ["2024-02-29T09:06:11+08:00"]),
    ("2024-02-30 09:06", ["2024-02-30 09:06"]),  # it is one, and parse says that it cannot be
    ("（2024年2月29日）", ["2024年2月29日"]),
    ("热线：010-84151598", []),
    ("版本 1.2.3", []),
    ("Copyright © 2008-2024 by www.workercn.cn", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), IN_A_TEXT)
def test_dates_are_found_as_they_occur(text: str, expected: list[str]) -> None:
    assert find(text) == expected


def moment(at: str, precision: str = "minute") -> Moment:
    return Moment(datetime.fromisoformat(at).replace(tzinfo=CST), precision)  # type: ignore[arg-type]


BELIEVABLE = [
    (moment("2024-02-29 09:06"), date(2024, 2, 29)),
    (moment("2024-02-27 09:06"), date(2024, 2, 29)),
    (moment("2024-02-29 09:06"), date(2024, 2, 27)),
    (moment("2024-02-29 12:30"), None),
    (moment("2024-02-29 12:45"), None),  # our clock may be behind by a quarter of an hour
    (moment("2024-02-29", "day"), None),
    (moment("1999-01-01", "day"), None),
]
UNBELIEVABLE = [
    (moment("2024-02-26 23:59"), date(2024, 2, 29), "the day in the URL"),
    (moment("2002-11-29", "day"), date(2024, 2, 29), "the day in the URL"),
    (moment("2024-02-29 12:46"), date(2024, 2, 29), "after the fetch"),
    (moment("2024-03-01", "day"), None, "after the fetch"),
    (moment("1970-01-01 08:00"), None, "before 1990"),
]


@pytest.mark.parametrize(("moment", "near"), BELIEVABLE)
def test_believable(moment: Moment, near: date | None) -> None:
    assert within(moment, fetched_at=FETCHED, near=near) is None


@pytest.mark.parametrize(("moment", "near", "why"), UNBELIEVABLE)
def test_unbelievable(moment: Moment, near: date | None, why: str) -> None:
    doubt = within(moment, fetched_at=FETCHED, near=near)
    assert doubt is not None
    assert why in doubt
