"""The forms in which dates, sources, bylines and editor lines occur in Chinese news, each with what
an ideal reader takes from it. Every form stands in one list, so that articles dealt from the lists
in turn show all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawler.samplesite.words import Writer

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


# --- sources --------------------------------------------------------------------------------

# (the page's words, the organisation, or None where the page names none)
SOURCES: list[tuple[str, str | None]] = [
    ("来源：中工网", "中工网"),
    ("来源：中工网-工人日报", "中工网-工人日报"),
    ("来源: 新华社", "新华社"),
    ("来源：工人日报客户端", "工人日报客户端"),
    ("来源：中工网", "中工网"),
    ("来源：央广网", "央广网"),
    ("来源：工人日报", "工人日报"),
    ("来源：", None),
    ("来源：光明日报", "光明日报"),
    ("来源: 中国青年报", "中国青年报"),
    ("来源：新华网", "新华网"),
]

# --- bylines and editors --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Credit:
    """A line that names people: `pattern` holds one {} a person."""

    pattern: str
    roles: tuple[str, ...] = ()  # a role for each {}
    place: Place = "own"  # bylines only: over the text, in its first or last paragraph, after it
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


BYLINES: list[Credit | None] = [
    Credit("（{} {}）", ("author", "author")),
    Credit("本报记者 {}", ("reporter",), "head"),
    Credit("（{} {}）", ("author", "author"), "tail"),
    Credit("中工网记者 {} 通讯员 {} {}", ("reporter", "correspondent", "correspondent")),
    None,
    Credit("作者：{}", ("author",), "head"),
    Credit("工人日报—中工网记者 {}", ("reporter",), "head"),
    Credit("（记者 {} {} 通讯员 {}）", ("reporter", "reporter", "correspondent")),
    Credit("文/{} 图/{}", ("author", "photographer")),
    Credit("{} 摄", ("photographer",)),
    Credit("本报记者 {} 实习生 {}", ("reporter", "intern"), "head"),
    Credit("本报评论员", place="head"),
    Credit("（{}、{}）", ("author", "author"), "tail", names="dotted"),
    Credit("作者：网络整理", place="head"),
    Credit("本报记者 {} {}", ("reporter", "reporter"), "head", names="padded"),
    Credit("（记者 {} {}）", ("reporter", "reporter"), "inline"),
    Credit("作者：{}，{}", ("author", "author"), "head"),
    Credit("（记者 {}、{}）", ("reporter", "reporter"), "tail"),
    Credit("作者：{},{}", ("author", "author"), "head"),
    Credit("（{} {}）", ("author", "author"), names="padded"),
    Credit("作者：{};{}", ("author", "author"), "head"),
    Credit("（{}/{}）", ("author", "author")),
    Credit("本报记者 {}", ("reporter",), names="dotted"),
]

PHOTO_BYLINE = Credit("{} 摄", ("photographer",))

EDITORS: list[Credit | None] = [
    Credit("责任编辑：{}", ("editor",)),
    Credit("责编：{} {}", ("editor", "editor")),
    Credit("(责编：{}、{})", ("editor", "editor")),
    Credit("责任编辑：{}", ("editor",)),
    Credit("编辑：{}", ("editor",)),
    Credit("[责任编辑:{}]", ("editor",)),
    Credit("责任编辑："),
    Credit("责任编辑：{} 审核：{}", ("editor", "reviewer")),
    None,
    Credit("编辑：{} 校对：{} 监制：{}", ("editor", "proofreader", "producer")),
    Credit("责任编辑：HN666"),
    Credit("责任编辑：{}", ("editor",), names="dotted"),
    Credit("责任编辑：系统管理员"),
]
