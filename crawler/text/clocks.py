"""The time of day that stands beside a day: its forms, and what they mean.

`09:06`, `9:6:11`, `09时06分11秒`, `下午3点一刻`, `PM 2:05`, `2:05 下午`, `T01:06:11Z`. Texts are
`comparable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from typing import Final, NamedTuple

from crawler.text.widths import plain

CST: Final = timezone(timedelta(hours=8), "CST")  # China has had no summer time since 1991


class Clock(NamedTuple):
    """A clock in a text. `since_midnight` is None for one that cannot be, such as 25:70."""

    start: int
    end: int
    since_midnight: timedelta | None
    seconds: bool = False  # are they given?
    zone: timezone = CST


# --- forms ------------------------------------------------------------------------------------

NUMERALS: Final = "〇一二两兩三四五六七八九十廿卅"
NUMBER: Final = rf"(?:\d\d|〇?\d|[{NUMERALS}]{{1,3}})"  # 29, 二十九, 廿九, 零6

_DIGITS: Final = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {
    "两": "2",
    "兩": "2",
}

_ZERO = re.compile("[○◯零]")  # 二○二四年, 二零二四年

_SMALL_HOURS = ("凌晨",)
_MORNING = (
    *("清晨", "清早", "早晨", "早上", "早间", "早間", "上午", "午前", "拂晓", "拂曉", "黎明"),
    *("早", "晨"),
)
_NOON = ("中午", "正午", "午间", "午間", "晌午")
_AFTERNOON = ("下午", "午后", "午後", "傍晚", "黄昏", "黃昏")
_EVENING = ("晚上", "晚间", "晚間", "入夜", "晚")
_NIGHT = ("深夜", "夜间", "夜間", "夜里", "夜裡", "半夜", "午夜", "子夜", "夜")
PERIOD = "|".join((*_SMALL_HOURS, *_MORNING, *_NOON, *_AFTERNOON, *_EVENING, *_NIGHT))
_HALF_DAY = r"[AaPp]\.?[Mm](?![A-Za-z])\.?"

_ZONES: Final = (
    dict.fromkeys(("Z", "GMT", "UTC"), 0)
    | dict.fromkeys(("CST", "HKT", "BJT", "北京时间", "北京時間"), 8)
    | {"JST": 9, "KST": 9, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7}
)
_ZONE = (
    r"(?:GMT|UTC)[ ]?[+-]\d{1,2}(?::?[0-5]\d)?(?![\d:])|[+-][01]\d:?[0-5]\d(?![\d:])"
    r"|(?<=\d)\+0\d(?![\w:])"
    rf"|(?:{'|'.join(_ZONES)})(?![A-Za-z\d])"
)
_WEEKDAY = (
    r"[(\[]? ?(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?) ?[)\]]?[ ,]{0,3}"
)
# What may follow a word without a blank: '2:05下午来源：中工网', '上午9时许'; not '3点建议'.
_ENDS = r"(?=$|\W|\d|[来來作记記责責編编字阅閱浏瀏许許左前])"

_CLOCK = re.compile(
    rf"""
    (?: (?P<period>{PERIOD})[ ]? (?:(?P<half_day>{_HALF_DAY})[ ]?)?
      | (?P<before>{_HALF_DAY})[ ]? )?
    (?:
        (?P<hour>\d{{1,2}})[ ]?:[ ]?(?P<minute>\d{{1,2}})
        (?: [ ]?:[ ]?(?P<second>\d{{1,2}})(?:[.,]\d{{1,9}})? )?
        (?! \d | [ ]?:[ ]?\d ) (?: 分[ ]?(?P<last_second>\d\d)秒 | [分秒] )?
      | (?P<the_hour>{NUMBER})[ ]? [时時点點]
        (?: [整正钟鐘]
          | (?P<half>半)
          | [ ]?(?P<quarter>[一三13])刻
          | [ ]?(?P<the_minute>{NUMBER})[ ]?[分:](?![享钟鐘类類])
            (?: [ ]?(?P<the_second>{NUMBER})[ ]?秒 | (?P<bare_second>\d\d)(?!\d) )?
          | (?P<bare_minute>\d\d)(?![\d次人条條])
          | {_ENDS}
        )
      | (?<=[Tt])(?P<hh>\d\d)(?P<mm>\d\d)(?P<ss>\d\d)?(?!\d)
    )
    (?: [ ]?[(]? (?P<after>{_HALF_DAY}|(?:{PERIOD}){_ENDS}) [)]?
        (?![ ]?\d{{1,2}}[ ]?[:时時点點]) )?
    (?: [ ]?[(\[]? (?P<zone>{_ZONE}) [)\]]? )?
    """,
    re.VERBOSE,
)
_COMPACT = re.compile(r"(?P<hh>\d\d)(?P<mm>\d\d)(?P<ss>\d\d)?(?!\d)")
# Most there are, '09:06' or '09:06:11' at the end or before 来源: what _CLOCK makes of them,
# in a fifth of its time.
_USUAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?= {0,3}(?:\Z|[来來]))", re.ASCII)
# What looks like a clock: '25:70:1', '9:6:99', '09.06', '09-06-11', '07h25', '09;06', '0906': a
# count does not begin with 0
_LOOSE = re.compile(
    rf"(?:(?:{PERIOD}|{_HALF_DAY}) ?)?"
    rf"(?:\d{{1,9}}(?: ?: ?\d{{1,9}}){{1,5}}|{NUMBER} ?[时時点點]{_ENDS}"
    r"|\d{1,2}[hH]\d\d(?![\dA-Za-z])|\d\d([.-])\d\d\1\d\d(?![\d.-])|\d\d\.\d\d(?![\d.%元万亿])"
    r"|\d{1,2} ?[;'′’] ?\d\d(?!\d)"
    r"|(?:0\d|[01]\d[0-5]\d|2[0-3][0-5]\d)[0-5]\d(?![\dA-Za-z,.%万亿次人条-]))"
)

# between a day and its clock: ' ', 'T', ' | ', '（星期四）', ' 时间：', ' at '
_GAP = re.compile(
    rf"[\s,;]{{0,3}}(?:{_WEEKDAY})?[-Tt|/·_.]?\s{{0,3}}"
    r"(?:(?:发布|發布|發佈)?(?:[时時][间間]|[Tt]ime) ?:? ?|(?:at|于|於) ?)?"
    r"[(\[]?(?:北京[时時][间間])? ?"
)
_GAP_BEFORE = re.compile(rf"[)\]]?[\s,;|/·-]{{0,4}}(?:on |of )?(?:{_WEEKDAY})?[(\[]?")
# the rest of a longer number; '时长 03:25 2024-02-29', which is no time of day
_NOT_ITS_BEGINNING = re.compile(
    rf"(?:\d[:.-]?|[{NUMERALS}]|(?:[时時][长長]|片[长長]|播放|[阅閱][读讀]|用[时時]|比分|[Dd]uration)"
    r"\S{0,2} ?:? ?)$"
)
_FURTHEST: Final = 60  # characters before a day in which its clock begins


# --- reading ----------------------------------------------------------------------------------


def comparable(text: str) -> str:
    """The text as days and clocks are looked for in it; of the same length."""
    return _ZERO.sub("〇", plain(text))


def behind(text: str, day_end: int) -> Clock | None:
    """The clock that follows a day, or what looks like one."""
    gap = _GAP.match(text, day_end)
    at = gap.end() if gap else day_end
    if match := _USUAL.match(text, at):
        hours, minutes, seconds = (int(words or 0) for words in match.groups())
        since_midnight = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return Clock(at, match.end(), since_midnight, match[3] is not None)
    if match := _CLOCK.match(text, at):
        return _clock(match)
    if match := _LOOSE.match(text, at):
        return Clock(match.start(), match.end(), None)
    return None


def before(text: str, day_start: int, floor: int) -> Clock | None:
    """The clock, or what looks like one, that stands right before a day and not before `floor`."""
    low = max(floor, day_start - _FURTHEST)
    for pattern in (_CLOCK, _LOOSE):
        for match in pattern.finditer(text, low, day_start):
            if not _GAP_BEFORE.fullmatch(text, match.end(), day_start):
                continue
            if _NOT_ITS_BEGINNING.search(text, max(low, match.start() - 12), match.start()):
                continue
            return _clock(match) if pattern is _CLOCK else Clock(match.start(), match.end(), None)
    return None


def compact(text: str, start: int) -> Clock | None:
    """The clock in the digits that follow those of a day: `20240229` + `090611`."""
    match = _COMPACT.match(text, start)
    return _clock(match) if match else None


def apart(text: str) -> Iterator[Clock]:
    """The clocks in a text without a day, `来源：中工网 下午2:05`.

    `8点` alone is none: 八点健闻 is a publisher.
    """
    for match in _CLOCK.finditer(text):
        said = match.groupdict()
        sure = said["period"] or said["the_minute"] or len(said["minute"] or "") == 2
        if sure and not _NOT_ITS_BEGINNING.search(text, max(0, match.start() - 12), match.start()):
            yield _clock(match)


def alone(text: str) -> bool:
    """Is the text a clock and nothing else?"""
    return _CLOCK.fullmatch(text) is not None


def number(words: str) -> int | None:
    """`29`, `二十九`, `廿九`, `〇九`; None for what is no number, such as `十十`."""
    if words.isdecimal() or words[1:].isdecimal():
        return int(words.replace("〇", "0"))
    words = words.replace("廿", "二十").replace("卅", "三十")
    tens, ten, units = words.partition("十")
    if ten:
        words = (tens or "一") + (units or "〇")
        if len(words) != 2:
            return None
    if not _DIGITS.keys() >= set(words):
        return None
    return int("".join(map(_DIGITS.__getitem__, words)))


def _clock(match: re.Match[str]) -> Clock:
    said = {name: words for name, words in match.groupdict().items() if words}

    def first(*names: str) -> str:
        return next((said[name] for name in names if name in said), "")

    minutes = first("minute", "bare_minute", "the_minute", "mm") or "0"
    if "half" in said:
        minutes = "30"
    elif "quarter" in said:
        minutes = "15" if said["quarter"] in "一1" else "45"
    seconds = first("second", "the_second", "bare_second", "last_second", "ss")
    shown = first("hour", "the_hour", "hh")
    hour = number(shown)
    if hour is not None:
        parts = [said[name] for name in ("period", "half_day", "before", "after") if name in said]
        hours = {_hour(hour, part) for part in parts} or {hour}
        hour = hours.pop() if len(hours) == 1 else None  # '上午 2:05 PM'
    end = match.end()
    zone = CST
    if "zone" in said:
        in_iso = match.string[max(0, match.start() - 1) : match.start()] in ("T", "t")
        if said["zone"][0] == "-" and not in_iso:
            end = match.start("zone")  # '09:00-10:30': until when
        else:
            zone = _zone(said["zone"])
    since = _since_midnight(hour, number(minutes), number(seconds or "0"))
    if shown == "24" and since != timedelta(days=1):
        since = None
    return Clock(match.start(), end, since, bool(seconds), zone)


def _since_midnight(hour: int | None, minute: int | None, second: int | None) -> timedelta | None:
    if hour is None or minute is None or second is None:
        return None
    if hour > 24 or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _hour(hour: int, said: str) -> int | None:
    """0 to 24 by the part of the day; None where that contradicts the number (凌晨15点).

    12 is midnight at the day's beginning with AM and 凌晨, noon with 上午 and 下午, and midnight at
    the day's end with 晚上 and 午夜. 午夜2点 is of the day that is named; 晚上2点 is nobody knows
    which night's.
    """
    if said[0] in "Aa":
        return hour % 12 if hour <= 12 else None
    if said[0] in "Pp" or said in _AFTERNOON:
        return hour % 12 + 12 if hour <= 12 else hour if hour < 24 else None
    if said in _SMALL_HOURS:
        return hour % 12 if hour <= 12 else None
    if said in _MORNING:
        return hour if hour <= 12 else None
    if said in _NOON:
        return hour + 12 if hour <= 2 else hour if 10 <= hour <= 14 else None
    if said in _NIGHT and hour <= 4:
        return hour
    return hour + 12 if 5 + (said in _NIGHT) <= hour <= 12 else hour if hour >= 17 else None


def _zone(words: str) -> timezone:
    if words in _ZONES:
        hours = _ZONES[words]
        return UTC if not hours else CST if hours == 8 else timezone(timedelta(hours=hours))
    sign = -1 if "-" in words else 1
    digits = re.sub(r"\D", "", words)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14:
        return CST
    return timezone(sign * timedelta(hours=hours, minutes=minutes))
