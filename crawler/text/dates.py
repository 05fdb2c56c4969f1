"""When an article was published, read from the words beside it.

Strict patterns first; a word that says too little or an impossible day gives None, never a guess.
A clock beside a day that cannot be (25:70) leaves the day, and is named as unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from crawler.text import ages, clocks, unforeseen_dates
from crawler.text.clocks import CST, NUMBER, Clock, number

Precision = Literal["second", "minute", "day"]


class Moment(NamedTuple):
    at: datetime  # aware, +08:00; the part the words do not give is zero
    precision: Precision
    unread: str | None = None  # beside the day, like a clock, and none: '25:70'


class _Context(NamedTuple):
    fetched_at: datetime | None  # +08:00
    near: date | None


SLACK: Final = timedelta(days=2)  # how far the day shown may lie from the day in the URL
CLOCKS_DIFFER: Final = timedelta(minutes=15)  # ours may be behind the site's
_EARLIEST_YEAR: Final = 1990  # no Chinese newspaper was online before

# --- patterns, over plain text ----------------------------------------------------------------

_YEAR = r"(?P<year>(?:19|20)\d\d)"

# '2024-02-29', '2024/2/9', '2024.02.29', '2024·2·29'
_NUMERIC = re.compile(
    rf"(?<!\d){_YEAR} ?(?P<mark>[-/.·]) ?(?P<month>\d{{1,2}}) ?(?P=mark) ?(?P<day>\d{{1,2}})"
    r"(?:[日号號](?![报報刊]))?"
)
# '2024年02月29日', '2024 年 2 月 29 日', '二〇二四年二月廿九日', '2024年02-29'
_CHINESE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d|[〇一二三四五六七八九]{4}) ?年 ?"
    rf"(?P<month>{NUMBER}|元) ?[月/.-] ?(?P<day>{NUMBER})(?: ?[日号號])?"
)
# '民國113年2月29日': years since 1911
_REPUBLIC = re.compile(
    rf"民[国國] ?(?P<year>\d{{2,3}}|{NUMBER}) ?年 ?(?P<month>{NUMBER}) ?月"
    rf" ?(?P<day>{NUMBER}) ?[日号號]"
)
# '24年2月29日'
_SHORT_CHINESE = re.compile(
    r"(?<!\d)(?P<year>\d\d) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号號]"
)
# '2月29日'; not the end of '去年2月29日', whose year the words give otherwise
_NO_YEAR = re.compile(
    rf"(?<![\d年{clocks.NUMERALS}])(?P<month>{NUMBER}|元) ?月 ?(?P<day>{NUMBER}) ?[日号號]"
)
# '02-29 ', '2/29 ', '02 / 29 '; '02.29 ' might be a number
_MONTH_DAY = re.compile(
    r"(?<![\d/.-])(?P<month>\d{1,2})(?P<mark>[-/]|(?<=\d\d)(?:\.| / )(?=\d\d))(?P<day>\d{1,2})"
    r"(?![\d/.-])"
)
_ONE_DIGIT = re.compile(r": ?\d(?!\d)")
_SHORT_YEAR = re.compile(  # '24-02-29'
    r"(?<![\d/.-])(?P<year>\d\d)(?P<mark>[-/.])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?![-/.]\d)"
)
_COMPACT = re.compile(  # '20240229 09:06', '202402290906', '20240229090611'
    rf"(?<!\d){_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)(?=(?:\d{{4}}|\d{{6}})?(?!\d))"
)
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTH_NAME = (
    rf"(?P<month>(?i:{'|'.join(_MONTHS)}))"
    r"(?i:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
)
# 'Feb 29, 2024', 'February 29th 2024', 'Feb-29-2024', 'Feb 29 09:06:11 CST 2024'
_MONTH_FIRST = re.compile(
    rf"(?<![A-Za-z]){_MONTH_NAME}[ -](?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[ -]"
    rf"(?:(?P<clock>\d\d:\d\d(?::\d\d)?(?: [A-Z]{{3,4}}| [+-]\d{{4}})?) )?{_YEAR}"
)
# '29 February 2024', '29th of Feb, 2024', '29-Feb-2024'
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?{_MONTH_NAME},?[ -]{_YEAR}"
)
# '2024 Feb 29', '2024-Feb-29'
_YEAR_FIRST = re.compile(rf"(?<!\d){_YEAR},?[ -]{_MONTH_NAME}[ -](?P<day>\d{{1,2}})(?!\d)")
_USUAL = re.compile(r"(?:19|20)\d\d-\d\d-\d\d \d\d:\d\d(?::\d\d)?", re.ASCII)
_DAY_WORD = re.compile(ages.DAY_WORD)
_AGO = re.compile(f"{ages.AGO}|{ages.ENGLISH_AGO}")

# in every date; most lines of a page have none, and the patterns above take 0.1 ms on a long one
_HINT = re.compile(
    r"\d|[〇一二三四五六七八九十廿卅两兩元半] ?[年月日个個小钟鐘分秒天周週星]"
    r"|[今昨前][天日早晨晚夜]|(?i:today|yesterday| ago)"
)

# these are dates only where nothing else is said
_ONLY_MONTH_DAY = re.compile(r"(?P<month>\d\d)[-/](?P<day>\d\d)")  # '02-29': could be a score
_ONLY_DAY_WORD = re.compile(rf"(?:{ages.DAY_WORD}) ?(?:{clocks.PERIOD})?")  # '昨天下午'

_ONLY_NOW = re.compile(r"刚[刚才]|剛[剛才]|(?i:just now)")
_ONLY_DIGITS = re.compile(rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)")  # '20240229'
_LABEL = re.compile(r"[^\d:]{0,8}:\s*")  # '发布时间:'


# --- reading ----------------------------------------------------------------------------------


def find(text: str) -> list[str]:
    """Every date in the text as it occurs, with the clock that stands beside it, in order.

    `2024-02-29 09:06来源：中工网` -> `['2024-02-29 09:06']`. Words that are dates only on their own
    (今天, 刚刚, 02-29) are found only where they are all the text.
    """
    if _USUAL.fullmatch(text):
        return [text]
    words = clocks.comparable(text)
    found = [text[one.start : one.end].strip() for one in _scan(words)]
    if not found and _alone(words.strip()):
        return [text.strip()]
    return found


def parse(words: str, *, fetched_at: datetime | None, near: date | None = None) -> Moment | None:
    """The moment that the first date in the words names, or None.

    `fetched_at` is aware, None where it is not known; 今天 and 3小时前 count from it. `near` is the
    day in the page's URL: it gives the year to 2月29日, which is otherwise the latest that is not
    after the fetch. A clock without a day (下午3点) is no moment.
    """
    if usual := _usual(words):
        return usual
    context = _Context(fetched_at and fetched_at.astimezone(CST), near)
    text = clocks.comparable(words).strip()
    if first := _first(text):
        return first.read(first, context)
    found = unforeseen_dates.read(text)
    return Moment(*found) if found else None


def is_relative(words: str) -> bool:
    """Does the first date in the words count from when they were said?"""
    first = _first(clocks.comparable(words).strip())
    return first is not None and first.read in _COUNTED_FROM_THE_FETCH


def shown(moment: Moment) -> str:
    """As the site writes it, to its precision: 2024-02-29 09:06."""
    return moment.at.strftime(
        "%Y-%m-%d %H:%M:%S"[: {"day": 8, "minute": 14, "second": 17}[moment.precision]]
    )


def within(moment: Moment, *, fetched_at: datetime, near: date | None) -> str | None:
    """None if the moment is believable, else a sentence why it is not."""
    at, latest = moment.at, fetched_at.astimezone(CST) + CLOCKS_DIFFER
    shown = f"{at:%Y-%m-%d}" if moment.precision == "day" else f"{at:%Y-%m-%d %H:%M}"
    if near is not None and abs(at.date() - near) > SLACK:
        return f"{shown} is more than {SLACK.days} days from {near}, the day in the URL"
    if at > latest:
        return f"{shown} is after the fetch at {fetched_at.astimezone(CST):%Y-%m-%d %H:%M}"
    if at.year < _EARLIEST_YEAR:
        return f"{shown} is before {_EARLIEST_YEAR}"
    return None


def has_clock(words: str) -> bool:
    """Does the first date in the words say more than its day?"""
    if _USUAL.fullmatch(words):
        return True
    first = _first(clocks.comparable(words).strip())
    if first is None or first.clock is not None:
        return first is not None
    age = ages.read(first.day[0]) if first.read is _ago else None
    return first.read is _now or (age is not None and not age.in_days)


def _usual(words: str) -> Moment | None:
    """Most there are: `2024-02-29 09:06:11`."""
    if _USUAL.fullmatch(words):
        with suppress(ValueError):  # 25:70
            at = datetime.fromisoformat(words).replace(tzinfo=CST)
            return Moment(at, "second" if len(words) > len("2024-02-29 09:06") else "minute")
    return None


class _Found(NamedTuple):
    """A date in a text: the words of its day, the clock beside it, and who reads them."""

    day: re.Match[str]
    clock: Clock | None
    read: Callable[[_Found, _Context], Moment | None]

    @property
    def start(self) -> int:
        return min(self.day.start(), self.clock.start) if self.clock else self.day.start()

    @property
    def end(self) -> int:
        return max(self.day.end(), self.clock.end) if self.clock else self.day.end()


def _first(text: str) -> _Found | None:
    return next(iter(_scan(text)), None) or _alone(text) or _alone(_LABEL.sub("", text, count=1))


@lru_cache(maxsize=64)  # a page's rules ask about the same few lines
def _scan(text: str) -> tuple[_Found, ...]:
    """The dates in the order they stand; of two that overlap the earlier, else the longer."""
    if not _HINT.search(text):
        return ()
    found = []
    for hint, readers in _READERS:
        if hint.search(text):
            for pattern, read in readers:
                for day in pattern.finditer(text):
                    found.append(_Found(day, _clock_of(day), read))
    end = 0
    dates = []
    for one in sorted(found, key=lambda one: (one.day.start(), -one.end)):
        if one.day.start() >= end and (whole := _with_clock_before(one, text, end)):
            dates.append(whole)
            end = whole.end
    return tuple(dates)


def _clock_of(day: re.Match[str]) -> Clock | None:
    if day.re is _MONTH_FIRST and day["clock"]:
        return clocks.behind(day.string[: day.end("clock")], day.start("clock"))
    if day.re is _COMPACT and (compact := clocks.compact(day.string, day.end())):
        return compact
    return clocks.behind(day.string, day.end())


def _with_clock_before(found: _Found, text: str, floor: int) -> _Found | None:
    """The date with the clock that stands before it where none follows; None if it is no date."""
    if found.clock is None or found.clock.since_midnight is None:
        earlier = clocks.before(text, found.day.start(), floor)
        if earlier and (found.clock is None or earlier.since_midnight is not None):
            found = found._replace(clock=earlier)
    after = found.day.end()
    ended = text[after - 1] in "日号號"
    if (
        text[after : after + 1].isdecimal()
        and not ended
        and (found.clock is None or found.clock.start != after)
    ):
        return None  # '2024-02-291' is a longer number
    return found if found.day.re not in _NEED_A_CLOCK or _is_beside_a_clock(found) else None


def _is_beside_a_clock(found: _Found) -> bool:
    clock = found.clock
    if clock is None or clock.since_midnight is None:
        return False
    shown = found.day.string[clock.start : clock.end]
    return found.day.re is not _MONTH_DAY or _ONE_DIGIT.search(shown) is None  # '1/2 3:1'


def _alone(text: str) -> _Found | None:
    matches = ((pattern.fullmatch(text), read) for pattern, read in _READERS_ALONE)
    return next((_Found(match, None, read) for match, read in matches if match), None)


def _full(found: _Found, _: _Context) -> Moment | None:
    return _moment(_year(found.day["year"]), _month(found.day["month"]), found)


def _of_the_republic(found: _Found, _: _Context) -> Moment | None:
    years = number(found.day["year"])
    return _moment(years + 1911 if years else None, _month(found.day["month"]), found)


def _english(found: _Found, _: _Context) -> Moment | None:
    month = _MONTHS.index(found.day["month"].lower()) + 1
    return _moment(int(found.day["year"]), month, found)


def _short_year(found: _Found, context: _Context) -> Moment | None:
    """Only if the URL's day agrees: '03-04-05' may begin with a day, a month or a year."""
    moment = _full(found, context)
    if moment is None or context.near is None or abs(moment.at.date() - context.near) > SLACK:
        return None
    return moment


def _no_year(found: _Found, context: _Context) -> Moment | None:
    month = _month(found.day["month"])
    if context.near is not None:
        near = datetime.combine(context.near, time(12), CST)
        years = range(near.year - 1, near.year + 2)
        moments = [moment for year in years if (moment := _moment(year, month, found))]
        return min(moments, key=lambda moment: abs(moment.at - near), default=None)
    if context.fetched_at is None:
        return None
    this_year = context.fetched_at.year
    for year in range(this_year + 1, this_year - 9, -1):  # 29 February may be eight years ago
        moment = _moment(year, month, found)
        if moment and within(moment, fetched_at=context.fetched_at, near=None) is None:
            return moment
    return None


def _day_word(found: _Found, context: _Context) -> Moment | None:
    if context.fetched_at is None:
        return None
    return _at(context.fetched_at.date() - timedelta(ages.of_day(found.day[0])), found)


def _now(_: _Found, context: _Context) -> Moment | None:
    return _to_the_minute(context.fetched_at) if context.fetched_at else None


def _ago(found: _Found, context: _Context) -> Moment | None:
    age = ages.read(found.day[0])
    if age is None or context.fetched_at is None:
        return None
    if age.in_days:
        return _at(context.fetched_at.date() - age.length, found)
    return _to_the_minute(context.fetched_at - age.length)


def _to_the_minute(at: datetime) -> Moment:
    return Moment(at.replace(second=0, microsecond=0), "minute")


_COUNTED_FROM_THE_FETCH: Final = (_day_word, _now, _ago)

_Reader = Callable[[_Found, _Context], Moment | None]
# What a text must hold for its patterns to be tried: each of them costs more.
_READERS: Final[tuple[tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], _Reader], ...]], ...]] = (
    (re.compile("19|20"), ((_NUMERIC, _full), (_COMPACT, _full))),
    (
        re.compile("[年月]"),
        (
            (_CHINESE, _full),
            (_REPUBLIC, _of_the_republic),
            (_SHORT_CHINESE, _full),
            (_NO_YEAR, _no_year),
        ),
    ),
    (re.compile(r"\d(?:[-/.]| / )\d"), ((_MONTH_DAY, _no_year), (_SHORT_YEAR, _short_year))),
    (
        re.compile("|".join(form for one in _MONTHS for form in (one, one.title(), one.upper()))),
        ((_MONTH_FIRST, _english), (_DAY_FIRST, _english), (_YEAR_FIRST, _english)),
    ),
    (
        re.compile("[今昨前]|day|DAY|ago|AGO"),
        ((_DAY_WORD, _day_word), (_AGO, _ago)),
    ),
)
_NEED_A_CLOCK: Final = (_MONTH_DAY, _COMPACT, _DAY_WORD)
_READERS_ALONE: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (_ONLY_MONTH_DAY, _no_year),
    (_ONLY_DAY_WORD, _day_word),
    (_ONLY_NOW, _now),
    (_ONLY_DIGITS, _full),
)


# --- values -----------------------------------------------------------------------------------


def _moment(year: int | None, month: int | None, found: _Found) -> Moment | None:
    day = number(found.day["day"])
    if not (year and month and day):
        return None
    with suppress(ValueError):  # the 30th of February
        return _at(date(year, month, day), found)
    return None


def _at(day: date, found: _Found) -> Moment:
    midnight = datetime.combine(day, time(), CST)
    clock = found.clock
    if clock is None:
        return Moment(midnight, "day")
    if clock.since_midnight is None:
        return Moment(midnight, "day", found.day.string[clock.start : clock.end].strip())
    at = midnight.replace(tzinfo=clock.zone) + clock.since_midnight
    return Moment(at.astimezone(CST), "second" if clock.seconds else "minute")


def _year(words: str) -> int | None:
    """`2024`, `24` or `二〇二四`."""
    year = 2000 + int(words) if len(words) == 2 else number(words)
    return year if year and 1900 <= year < 2100 else None


def _month(words: str) -> int | None:
    return 1 if words == "元" else number(words)
