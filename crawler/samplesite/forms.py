"""The forms in which dates, sources, bylines and editor lines occur in Chinese news, each with what
an ideal reader takes from it. Every form stands in one list, so that articles dealt from the lists
in turn show all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawler.samplesite.words import Writer, material

Precision = Literal["second", "minute", "day"]
Place = Literal["head", "inline", "tail", "own"]
Person = tuple[str, str]  # (name, role)

# --- dates ----------------------------------------------------------------------------------

DIGITS = "〇一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1 to 99 as in dates: 九, 十, 二十九."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones else "")


def chinese_date(at: datetime) -> str:
    """E.g. 二〇二四年二月二十九日."""
    year = "".join(DIGITS[int(digit)] for digit in str(at.year))
    return f"{year}年{chinese_number(at.month)}月{chinese_number(at.day)}日"


def part_of_day(at: datetime) -> str:
    """E.g. 下午3点."""
    part = "凌晨" if at.hour < 6 else "上午" if at.hour < 12 else "下午" if at.hour < 18 else "晚上"
    return f"{part}{at.hour % 12 or 12}点"


@dataclass(frozen=True, slots=True)
class DateForm:
    write: Callable[[datetime], str]
    precision: Precision
    whole_hour: bool = False  # says no minutes: for articles published on the hour


PLAIN = DateForm(lambda at: f"{at:%Y-%m-%d %H:%M}", "minute")
DATES = [
    DateForm(lambda at: f"{at:%Y-%m-%d %H:%M:%S}", "second"),
    PLAIN,
    DateForm(lambda at: f"{at:%Y年%m月%d日 %H:%M}", "minute"),
    PLAIN,
    DateForm(lambda at: f"{at.year}年{at.month}月{at.day}日{at:%H时%M分}", "minute"),
    PLAIN,
    DateForm(lambda at: f"{at:%Y/%m/%d}", "day"),
    PLAIN,
    DateForm(lambda at: f"{at.month}月{at.day}日 {at:%H:%M}", "minute"),
    PLAIN,
    DateForm(lambda at: f"{at:%Y.%m.%d}", "day"),
    PLAIN,
    DateForm(lambda at: f"发布时间：{at:%Y-%m-%d %H:%M}", "minute"),
    PLAIN,
    DateForm(chinese_date, "day"),
    PLAIN,
    DateForm(
        lambda at: f"{at.year}年{at.month}月{at.day}日 {part_of_day(at)}",
        "minute",
        whole_hour=True,
    ),
    PLAIN,
    DateForm(lambda at: f"发布时间：{at:%Y-%m-%d %H:%M:%S}", "second"),
]


def today(at: datetime) -> str:
    """Only for a reader on the same day."""
    return f"今天 {at:%H:%M}"


def hours_ago(at: datetime, now: datetime) -> str:
    return f"{(now - at) // timedelta(hours=1)}小时前"


# --- sources, bylines and editors (words.toml) -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Credit:
    """A line that names people, as words.toml describes it."""

    pattern: str
    roles: Sequence[str] = ()
    place: Place = "own"
    names: Literal["plain", "dotted", "padded"] = "plain"

    def fill(self, writer: Writer) -> tuple[str, tuple[Person, ...]]:
        """The line as it stands on the page, and the persons in it."""
        if self.names == "padded":  # two characters set apart: 王 伟 is 王伟
            people: list[str] = []
            while len(people) < len(self.roles):
                person = writer.two_character_person()
                if person not in people:
                    people.append(person)
            shown = [f"{person[0]} {person[1]}" for person in people]
        else:
            people = writer.people(len(self.roles))
            if self.names == "dotted":
                people[0] = writer.dotted_person()
            shown = people
        return self.pattern.format(*shown), tuple(zip(people, self.roles, strict=True))


def credits_of(name: str) -> list[Credit | None]:
    return [Credit(**one) if one else None for one in material()[name]]


# (the page's words, the organisation in them, or None where they name none)
SOURCES: list[tuple[str, str | None]] = [
    (words, named[0] if named else None) for words, *named in material()["sources"]
]
BYLINES = credits_of("bylines")
EDITORS = credits_of("editors")
PHOTO_BYLINE = Credit(**material()["photo_byline"])
