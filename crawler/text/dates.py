"""When an article was published, read from the words beside it.

Strict patterns first; a word that says too little or an impossible day gives None, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final, Literal, NamedTuple

from .widths import plain

CST: Final = timezone(timedelta(hours=8), "CST")  # China has had no summer time since 1991

Precision = Literal["second", "minute", "day"]


class Moment(NamedTuple):
    at: datetime  # aware, +08:00; the part the words do not give is zero
    precision: Precision


class _Context(NamedTuple):
    fetched_at: datetime  # +08:00
    near: date | None


_SLACK: Final = timedelta(days=2)  # how far the day shown may lie from the day in the URL
_EARLIEST_YEAR: Final = 1990  # no Chinese newspaper was online before

# --- patterns, over plain text ----------------------------------------------------------------

_ZEROS: Final = str.maketrans("○◯零", "〇〇〇")  # 二○二四年, 二零二四年
_DIGITS: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"两": 2}

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NUMBER = r"(?:\d{1,2}|[〇一二两三四五六七八九十]{1,3})"  # 29, 二十九

# what stands between day and clock, and the clock:
# '09:06', 'T09:06:11.000+08:00', ' (星期四) 09时06分11秒', '下午3点05分', '晚上8点半', ' 3:05 PM'
_CLOCK = re.compile(
    rf"""
    [\s,]{{0,3}}
    (?: [(\[]?(?: (?:星期|周|礼拜)[一二三四五六日天] | (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{{0,6}} )
        [)\]]?[ ,]{{0,3}} )?
    [-T|]?[ ]{{0,3}}
    (?P<period>凌晨|清晨|早晨|早上|早|上午|中午|下午|傍晚|晚上|晚间|晚|深夜|夜间)?[ ]?
    (?P<hour>{_NUMBER})[ ]?
    (?: :[ ]?(?=\d\d) | [时時点點][钟整]? )
    (?: (?P<half>半) | [ ]?(?P<minute>\d\d(?!\d)|{_NUMBER}(?=[ ]?分))
        (?: [ ]?[分:][ ]?
            (?: (?P<second>\d\d(?!\d)|{_NUMBER}(?=[ ]?秒))[ ]?秒?(?:\.\d{{1,9}})? )? )? )?
    (?: [ ]?(?P<half_day>[AaPp])\.?[Mm]\b\.? )?
    (?: [ ]?(?P<zone>Z|GMT|UTC|[+-][01]\d:?[0-5]\d)(?![A-Za-z\d]) )?
    """,
    re.VERBOSE,
)

# '2024-02-29', '2024/2/9', '2024.02.29'
_NUMERIC = re.compile(
    rf"(?<!\d){_YEAR} ?(?P<mark>[-/.]) ?(?P<month>\d{{1,2}}) ?(?P=mark) ?(?P<day>\d{{1,2}})"
)
# '2024年02月29日', '2024 年 2 月 29 日', '二〇二四年二月二十九日'
_CHINESE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d|[〇一二三四五六七八九]{4}) ?年 ?"
    rf"(?P<month>{_NUMBER}) ?月 ?(?P<day>{_NUMBER}) ?[日号號]?"
)
# '2月29日'; not the end of '去年2月29日', whose year the words give otherwise
_NO_YEAR = re.compile(
    rf"(?<![\d年十〇一二三四五六七八九])(?P<month>{_NUMBER}) ?月 ?(?P<day>{_NUMBER}) ?[日号號]"
)
_MONTH_DAY = re.compile(r"(?<![\d/.-])(?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?= )")  # '02-29 '
_SHORT_YEAR = re.compile(  # '24-02-29'
    r"(?<![\d/.-])(?P<year>\d\d)(?P<mark>[-/.])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)"
)
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_MONTH_NAME = rf"(?P<month>{'|'.join(_MONTHS)})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
# 'Feb 29, 2024', 'February 29 2024'
_MONTH_FIRST = re.compile(rf"\b{_MONTH_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}")
# '29 February 2024'
_DAY_FIRST = re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH_NAME},? {_YEAR}")
_USUAL = re.compile(r"(?:19|20)\d\d-\d\d-\d\d \d\d:\d\d(?::\d\d)?", re.ASCII)
_DAY_WORD = re.compile(r"[今昨前][天日]")
# '3小时前', '5 分钟前', '2天前', '半小时前'
_AGO = re.compile(
    rf"(?<!\d)(?P<count>\d{{1,3}}|半|{_NUMBER}) ?个?(?P<unit>秒|分|小时|钟头|天|日)钟? ?以?前"
)

# in every date; most lines of a page have none, and the patterns above take 0.1 ms on a long one
_HINT = re.compile(r"\d|[〇一二三四五六七八九十两半] ?[年月日个小钟分秒天]|[今昨前][天日]")

# these are dates only where nothing else is said
_ONLY_MONTH_DAY = re.compile(r"(?P<month>\d\d)[-/](?P<day>\d\d)")  # '02-29': could be a score
_ONLY_NOW = re.compile(r"刚刚|刚才")
_ONLY_DIGITS = re.compile(  # '20240229', '202402290906', '20240229090611'
    rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?"
)
_LABEL = re.compile(r"[^\d:]{0,8}:\s*")  # '发布时间:'

_AGE_IN_DAYS: Final = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2}


# --- reading ----------------------------------------------------------------------------------


def find(text: str) -> list[str]:
    """Every date in the text as it occurs, with the time that stands beside it, in order.

    `2024-02-29 09:06来源：中工网` -> `['2024-02-29 09:06']`. Words that are dates only on their own
    (今天, 刚刚, 02-29) are found only where they are all the text.
    """
    if _USUAL.fullmatch(text):
        return [text]
    words = _comparable(text)
    found = [text[one.start : one.end].strip() for one in _scan(words)]
    if not found and _alone(words.strip()):
        return [text.strip()]
    return found


def parse(words: str, *, fetched_at: datetime, near: date | None = None) -> Moment | None:
    """The moment that the first date in the words names, or None.

    `fetched_at` is aware; 今天 and 3小时前 count from it. `near` is the day in the page's URL: it
    gives the year to 2月29日, which is otherwise the latest that is not after the fetch. A clock
    without a day (下午3点) is no moment.
    """
    context = _Context(fetched_at.astimezone(CST), near)
    text = _comparable(words).strip()
    first = next(_scan(text), None) or _alone(text) or _alone(_LABEL.sub("", text, count=1))
    return first.read(first, context) if first else _last_resort(text)


def within(moment: Moment, *, fetched_at: datetime, near: date | None) -> str | None:
    """None if the moment is believable, else a sentence why it is not."""
    at, fetched = moment.at, fetched_at.astimezone(CST)
    shown = f"{at:%Y-%m-%d}" if moment.precision == "day" else f"{at:%Y-%m-%d %H:%M}"
    if near is not None and abs(at.date() - near) > _SLACK:
        return f"{shown} is more than {_SLACK.days} days from {near}, the day in the URL"
    late = at.date() > fetched.date() if moment.precision == "day" else at > fetched
    if late:
        return f"{shown} is after the fetch at {fetched:%Y-%m-%d %H:%M}"
    if at.year < _EARLIEST_YEAR:
        return f"{shown} is before {_EARLIEST_YEAR}"
    return None


class _Found(NamedTuple):
    """A date in a text: the words of its day, those of its clock, and who reads them."""

    day: re.Match[str]
    clock: re.Match[str] | None
    read: Callable[[_Found, _Context], Moment | None]

    @property
    def start(self) -> int:
        return self.day.start()

    @property
    def end(self) -> int:
        return (self.clock or self.day).end()


def _comparable(text: str) -> str:
    return plain(text).translate(_ZEROS)


def _scan(text: str) -> Iterator[_Found]:
    """The dates in the order they stand; of two that overlap the earlier, else the longer."""
    if not _HINT.search(text):
        return
    found = []
    for pattern, read, needs_clock, signs in _READERS:
        if signs and not any(sign in text for sign in signs):
            continue
        for day in pattern.finditer(text):
            clock = _CLOCK.match(text, day.end())
            one = _Found(day, clock, read)
            cut = text[one.end : one.end + 1].isdecimal()  # '2024-02-291' is a longer number
            if not cut and (clock or not needs_clock):
                found.append(one)
    end = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= end:
            yield one
            end = one.end


def _alone(text: str) -> _Found | None:
    for pattern, read in _READERS_ALONE:
        if match := pattern.fullmatch(text):
            return _Found(match, None, read)
    return None


def _full(found: _Found, _: _Context) -> Moment | None:
    return _moment(_year(found.day["year"]), _number(found.day["month"]), found)


def _english(found: _Found, _: _Context) -> Moment | None:
    return _moment(int(found.day["year"]), _MONTHS.index(found.day["month"]) + 1, found)


def _digits(found: _Found, _: _Context) -> Moment | None:
    clock = found.day if found.day["hour"] else None
    return _full(_Found(found.day, clock, found.read), _)


def _short_year(found: _Found, context: _Context) -> Moment | None:
    """Only if the URL's day agrees: '03-04-05' may begin with a day, a month or a year."""
    moment = _moment(2000 + int(found.day["year"]), _number(found.day["month"]), found)
    if moment is None or context.near is None or abs(moment.at.date() - context.near) > _SLACK:
        return None
    return moment


def _no_year(found: _Found, context: _Context) -> Moment | None:
    month = _number(found.day["month"])
    if context.near is not None:
        near = datetime.combine(context.near, time(12), CST)
        years = range(near.year - 1, near.year + 2)
        moments = [moment for year in years if (moment := _moment(year, month, found))]
        return min(moments, key=lambda moment: abs(moment.at - near), default=None)
    this_year = context.fetched_at.year
    for year in range(this_year, this_year - 9, -1):  # 29 February may be eight years ago
        moment = _moment(year, month, found)
        if moment and within(moment, fetched_at=context.fetched_at, near=None) is None:
            return moment
    return None


def _day_word(found: _Found, context: _Context) -> Moment | None:
    age = timedelta(days=_AGE_IN_DAYS[found.day[0]])
    return _at(context.fetched_at.date() - age, found.clock)


def _now(_: _Found, context: _Context) -> Moment | None:
    return Moment(context.fetched_at.replace(second=0, microsecond=0), "minute")


def _ago(found: _Found, context: _Context) -> Moment | None:
    unit, half = found.day["unit"], found.day["count"] == "半"
    count = 0.5 if half else _number(found.day["count"])
    if count is None or (half and unit in "天日"):
        return None
    if unit in "天日":
        return _at(context.fetched_at.date() - timedelta(days=count), None)
    length = {"秒": timedelta(seconds=1), "分": timedelta(minutes=1)}.get(unit, timedelta(hours=1))
    return Moment((context.fetched_at - length * count).replace(second=0, microsecond=0), "minute")


_Reader = Callable[[_Found, _Context], Moment | None]
# True: needs a clock. The signs, of which it has one, are looked for first: a pattern costs more.
_READERS: Final[tuple[tuple[re.Pattern[str], _Reader, bool, tuple[str, ...]], ...]] = (
    (_NUMERIC, _full, False, ("19", "20")),
    (_CHINESE, _full, False, ("年",)),
    (_NO_YEAR, _no_year, False, ("月",)),
    (_MONTH_DAY, _no_year, True, ("-", "/")),
    (_SHORT_YEAR, _short_year, False, ("-", "/", ".")),
    (_MONTH_FIRST, _english, False, _MONTHS),
    (_DAY_FIRST, _english, False, _MONTHS),
    (_DAY_WORD, _day_word, True, ("天", "日")),
    (_AGO, _ago, False, ("前",)),
)
_READERS_ALONE: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (_ONLY_MONTH_DAY, _no_year),
    (_DAY_WORD, _day_word),
    (_ONLY_NOW, _now),
    (_ONLY_DIGITS, _digits),
)


# --- values -----------------------------------------------------------------------------------


def _moment(year: int | None, month: int | None, found: _Found) -> Moment | None:
    day = _number(found.day["day"])
    if not (year and month and day):
        return None
    try:
        on = date(year, month, day)
    except ValueError:
        return None
    return _at(on, found.clock)


def _at(day: date, clock: re.Match[str] | None) -> Moment | None:
    """The day at the time that the groups of `clock` spell; None for 25:61."""
    midnight = datetime.combine(day, time(), CST)
    if clock is None:
        return Moment(midnight, "day")
    said = {name: words for name, words in clock.groupdict().items() if words}
    hour = _hour(said["hour"], said.get("period", ""), said.get("half_day", "").lower())
    minute = 30 if "half" in said else _number(said.get("minute", "0"))
    second = _number(said.get("second", "0"))
    if hour is None or minute is None or second is None or minute > 59 or second > 59:
        return None
    if hour == 24 and (minute or second):
        return None
    at = midnight.replace(tzinfo=_zone(said.get("zone")))
    at += timedelta(hours=hour, minutes=minute, seconds=second)
    return Moment(at.astimezone(CST), "second" if "second" in said else "minute")


def _hour(words: str, period: str, half_day: str) -> int | None:
    """0 to 24; None where the part of the day contradicts the number (凌晨15点, 晚上2点)."""
    hour = _number(words)
    if hour is None or hour > 24:
        return None
    if half_day:
        return None if not 1 <= hour <= 12 else hour % 12 + (12 if half_day == "p" else 0)
    if period in ("凌晨", "清晨", "早晨", "早上", "早", "上午"):
        if period == "凌晨" and hour == 12:
            return 0
        return hour if hour <= 12 else None
    if period == "中午":
        return hour + 12 if hour <= 2 else hour if hour <= 14 else None
    if period in ("下午", "傍晚"):
        return hour + 12 if 1 <= hour <= 11 else hour if 12 <= hour <= 23 else None
    if period:  # 晚上, 深夜
        return hour + 12 if 5 <= hour <= 12 else hour if hour >= 17 else None
    return hour


def _zone(words: str | None) -> timezone:
    if words is None:
        return CST
    if words in ("Z", "GMT", "UTC"):
        return UTC
    sign = -1 if words[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(words[1:3]), minutes=int(words[-2:])))


def _year(words: str) -> int | None:
    """`2024` or `二〇二四`."""
    year = _number(words)
    return year if year and 1900 <= year < 2100 else None


def _number(words: str) -> int | None:
    """`29`, `二十九`, `〇九`; None for what is no number, such as `十十`."""
    if words.isdecimal():
        return int(words)
    tens, ten, units = words.partition("十")
    if ten:
        words = (tens or "一") + (units or "〇")
        if len(words) != 2:
            return None
    if not _DIGITS.keys() >= set(words):
        return None
    return int("".join(str(_DIGITS[sign]) for sign in words))


# --- the last resort --------------------------------------------------------------------------

_HAS_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HAS_SECONDS = re.compile(r"\d:\d\d:\d\d")
_LONGEST = 60  # dateparser's time grows with the text; a date with its label is shorter


def _last_resort(text: str) -> Moment | None:
    """dateparser, for a date that names its year and reads the same day first and month first."""
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
        return Moment(at.replace(hour=0, minute=0, second=0), "day")
    return Moment(at, "second" if _HAS_SECONDS.search(text) else "minute")
