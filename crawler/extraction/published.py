"""When the article was published, in the page's words: the time beside its label or its source
under the heading, else a labelled one after the text, else a meta tag's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from crawler.extraction.document import Document, Line, squeeze
from crawler.extraction.heading import Heading
from crawler.extraction.surroundings import Surroundings
from crawler.items import Extractor
from crawler.text import clocks, dates, sources
from crawler.text.dates import Moment

_LONGEST = 160  # characters of a line that tells about the article
# what stands before the time: '发布时间：', '发表于', '日期:', 'Published on'; not '活动时间：'
_TIME_LABEL = (
    r"(?:(?:发布|發布|發佈|发表|發表|发稿|發稿|首发|首發|刊发|刊發|刊登|上传|上傳|见报|見報|出版|发文|發文|成文"
    r"|推送|录入|錄入|添加|创建|創建|入库|入庫|报道|報道|播出|稿件|文章|新闻|新聞|信息|[采採][编編]|撰稿)"
    r"|(?<![\u3400-\u9fff]))(?:[时時][间間]|日期)"
)
# '活动时间：', '截止日期 ': of something else
_OTHER_TIME = re.compile(
    r"[\u3400-\u9fff](?<!北京)(?<![网網报報社台端])(?:[时時][间間]|日期)\s?[：:]?\s?$"
)
_PUBLISHED = re.compile(
    rf"(?: {_TIME_LABEL} | (?:发布|發布|發佈|发表|發表|刊登)[于於在]?"
    r"  | (?:Published|Posted|Date|Time)(?:\ on|\ at)? )\s?[：:]?\s?$",
    re.IGNORECASE | re.VERBOSE,
)
# … and behind the text, where '发表于' is a comment's
_PUBLISHED_BELOW = re.compile(
    rf"(?:{_TIME_LABEL}|(?:发布|發布|發佈)[于於]?|Published(?: on| at)?)\s?[：:]?\s?$",
    re.IGNORECASE,
)
# '最后更新: ', '修改时间：', 'Updated at '
_UPDATED = re.compile(
    r"(?:更新|修改|编辑|編輯|截至|Updated|Modified)\w{0,4}(?: on| at)?\s?[：:]?\s?$", re.IGNORECASE
)
# of an element: class="updated", itemprop="dateModified"
_CHANGED = re.compile(r"(?<![a-z])updated|modified", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}|[〇一二三四五六七八九零○]{4}|民[国國]|(?<!\d)\d\d\s?年")
_YEAR_BEFORE = re.compile(r"(20\d\d)\s?[-/]?\s?$")  # '2019 11/25 16:04:30': year and day apart
_HAS_DATE = re.compile(
    r"\d|[〇一二三四五六七八九]年|半小[时時]前|[今昨前][天日]|[刚剛][刚剛才]|just now"
)
# behind the time: '2024-02-29 10:06更新'
_BEHIND = re.compile(
    r"\s?(?:(?P<updated>(?:最[后後新近])?(?:更新|修改))"
    r"|(?:首次)?(?:发布|發布|發佈|发表|發表|首发|首發|刊发|刊發))(?=[\s)\]）】|｜丨/,，;；]|$)"
)
# '阅读 12:30', '更新：10:05': whose the clock is
_ANOTHERS_CLOCK = re.compile(
    r"更新|修改|[阅閱][读讀]|[浏瀏][览覽]|评论|評論|播放|[时時][长長]|点击|點擊|参与|分享|[热熱][线線]"
    r"|电话|電話|直播|截[至止]|Updated|Modified|views?\b",
    re.IGNORECASE,
)
_BARE_LABEL = re.compile(r"\s*(?:[时時][间間]|日期)")  # begins an element: glued to the one before
_LABELLED = re.compile(rf"^(?:{_TIME_LABEL}|Time) ?:? ?")
_OFFSET = re.compile(r"[+-]00:?00$")  # of a zone
_LONGEST_SOURCE = 40  # characters of a line that names a source, and a clock
_MOST_SIGNED = 24  # characters besides the date of a line that signs or heads the text
_BETWEEN = 24  # characters: the name of a source between day and clock
_DAY_IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?([01]\d)[-/_]?([0-3]\d)")
_YEAR_IN_ADDRESS = re.compile(r"/(20\d\d)(?=[-/])")
_SHORT_YEAR = re.compile(r"(\d\d)[-/.](\d\d)[-/.](\d\d)", re.ASCII)
_LEAP_YEAR = date(2024, 1, 1)  # has every day that a year may have

_METAS = (
    "article:published_time", "og:published_time", "published_time", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "publishtime", "publish_time", "publish-time",
    "weibo:article:create_at", "article:create_at", "apub:time", "og:time", "og:release_date",
    "bytedance:published_time", "dc.date.issued", "dcterms.created", "firstpublishedtime",
    "pub_date", "pubtime", "date",
)  # fmt: skip
_RELIED_ON = ("article:published_time", "time[datetime]")  # said where the page shows another time
_JSON_LD = re.compile(r'"(?:datePublished|pubDate)"\s*:\s*"([^"]{8,40})"')


@dataclass(slots=True, eq=False)
class Published:
    words: str | None = None
    by: Extractor | None = None
    line: Line | None = None  # the one that shows the time
    warning: str | None = None
    year_of: date | None = None  # gives words without a year theirs
    updated: bool = False  # the words say when it was changed
    labelled: bool = False  # they stand beside a label or a source
    signed: str | None = None  # the date that the text itself is signed with, or begins with


def find(document: Document, heading: Heading, around: Surroundings) -> Published:
    """The time that the page shows, in its words, as long as it shows one."""
    found = _candidates(around.head, heading, _PUBLISHED, most_else=40)
    best = max(found, key=found.__getitem__, default=None)
    if best is None or best.updated:
        below = _candidates(around.foot, heading, _PUBLISHED_BELOW, most_else=4)
        found |= {one: score for one, score in below.items() if one.labelled}
        best = max(found, key=found.__getitem__, default=None)
    if best is None:
        timed = next(_timed(around.head), None)
        return Published(
            timed and timed[1], "meta" if timed else None, signed=_signature(around.edges)
        )
    others = {one.words or "" for one in found if one is best or (one.labelled and not one.updated)}
    if best.labelled and len(others) > 1:
        best.warning = f"published_at: {' and '.join(sorted(others))} stand beside labels"
    return best


def complete(document: Document, found: Published, url: str, day: date | None) -> Published:
    """What the page shows, with what its head and `<time datetime>` say of the same time.

    They count where they agree and say more, or where the page shows nothing that is a time
    without them. `day` is the one in the address.
    """
    if found.by == "url":
        return found
    shown = dates.parse(found.words, fetched_at=None, near=day) if found.words else None
    whole = shown is not None and shown.precision == "second" and not found.updated
    declared = list(
        _declared(document, None if whole else found.line, _RELIED_ON if whole else _METAS)
    )
    if found.words is None or (found.updated and declared):
        return _not_shown(document, found, declared, url, day)
    if shown is None and (year_of := _year_of(document, found, url, declared)):
        found.year_of = year_of
        shown = dates.parse(found.words, fetched_at=None, near=year_of)
    if shown is None:  # 3小时前, 2024-02-30
        timeless = not dates.has_clock(found.words)
        best = next((one for one in declared if one.has_clock or timeless), None)
        return Published(best.words, "meta", found.line, found.warning) if best else found
    for one in declared:
        if not _agree(shown, one.moment):
            if one.name in _RELIED_ON and not found.warning:
                what = f"the page shows {found.words}, its {one.name} says {one.words}"
                found.warning = f"published_at: {what}"
        elif _says_more(one, shown):
            if shown.unread and not found.warning:
                found.warning = f"published_at: {shown.unread} is no clock, {one.name} has one"
            return Published(one.words, "meta", found.line, found.warning)
    return found


def _not_shown(
    document: Document, found: Published, declared: list[_Declared], url: str, day: date | None
) -> Published:
    """What the markup declares, else the date that the text itself is signed with."""
    if declared:
        return Published(declared[0].words, "meta", found.line)
    if found.signed is None:
        return found
    return complete(document, Published(found.signed, "generic"), url, day)


def _signature(lines: list[Line]) -> str | None:
    """The date in a line of the text that says nothing else: under a notice, say."""
    for line in lines:
        text = "" if line.text.endswith("。") else line.text
        shown = dates.find(text) if _HAS_DATE.search(text) else []
        if len(shown) == 1 and len(line.text) - len(shown[0]) <= _MOST_SIGNED:
            return shown[0]
    return None


def _candidates(
    lines: list[Line], heading: Heading, label: re.Pattern[str], *, most_else: int
) -> dict[Published, float]:
    """The dates in lines that hold a label, a source or at most so many characters else, each with
    what speaks for it."""
    found: dict[Published, float] = {}
    for order, line in enumerate(lines):
        text = line.text
        if len(text) > _LONGEST or not _HAS_DATE.search(text):
            continue
        shown = dates.find(text)
        if len(line.parts) > 1 and (not shown or any(map(_is_unread, shown))):
            # glued by the page: '11-25' + '16:04' + '新京报', '09:06:11' + '1286' + '次阅读'
            apart = squeeze(" ".join(part[0] for part in line.parts))
            text, shown = (
                (apart, found_apart) if (found_apart := dates.find(apart)) else (text, shown)
            )
        source = sources.find(text)
        if not shown and source:  # '刚刚 来源：中工网': a date where nothing else is said
            shown = dates.find(text.replace(source, "").strip(" |·"))
        beside = bool(shown) and source is not None
        much_else = len(text) - sum(map(len, shown)) > (2 if line.is_link else most_else)
        elements = [part[0] for part in line.parts[1:]]
        changed = _changed(line) if len(shown) > 1 else ()
        for words, before, rest, behind in _in_order(shown, text):
            said = label.search(before) is not None
            named = not said and _OTHER_TIME.search(before) is not None
            updated = behind == "updated" or (not behind and _UPDATED.search(before) is not None)
            updated = updated or words in changed
            other = named and not updated and not any(map(_BARE_LABEL.match, elements))
            labelled = not other and (said or named or beside)
            above = heading.first > line.index
            if not labelled and (much_else or (above and not dates.has_clock(words))):
                continue  # a date in a sentence; above the heading, today's
            near = [*lines[order + 1 : order + 3], *lines[max(0, order - 1) : order]]
            near = [one for one in near if abs(one.index - line.index) <= 2]
            whole, warning = _whole(words, before, rest, near)
            if other:
                warning = f"published_at: {words} is perhaps the time of something else"
            score = 5.0 * labelled + 3 * dates.has_clock(whole) - 8 * updated - 4 * other
            score += -4 if above else 2 * (line.index - heading.last <= 4)
            one = Published(whole, "label", line, warning, updated=updated, labelled=labelled)
            found[one] = score - order / 20
    return found


def _in_order(shown: list[str], text: str) -> Iterator[tuple[str, str, str, str]]:
    """Each date of a line, the words before it and behind it, and what its label behind it says.

    Labels stand behind the dates where one stands behind the last: `10:06 更新 09:06 发布`.
    """
    ends = [0]
    for words in shown:
        ends.append(text.find(words, ends[-1]) + len(words))
    starts = [end - len(words) for end, words in zip(ends[1:], shown, strict=True)]
    trailing = _BEHIND.match(text, ends[-1]) is not None
    for words, begin, start, end, stop in zip(
        shown, ends, starts, ends[1:], [*starts[1:], len(text)], strict=False
    ):
        rest = text[end:stop]
        label = _BEHIND.match(rest) if trailing else None
        behind = "" if label is None else "updated" if label["updated"] else "published"
        yield words, text[begin:start], rest, behind


def _changed(line: Line) -> list[str]:
    """The dates in elements whose markup says that the article was changed then."""
    found: list[str] = []
    for text, node, _ in line.parts:
        said = f"{node.attributes.get('class')} {node.attributes.get('itemprop')}"
        if _CHANGED.search(said) and "publish" not in said:
            found += dates.find(text)
    return found


def _is_unread(words: str) -> bool:
    moment = dates.parse(words, fetched_at=None, near=_LEAP_YEAR)
    return moment is not None and moment.unread is not None


def _whole(words: str, before: str, rest: str, near: list[Line]) -> tuple[str, str | None]:
    """The date with its year and clock where they stand apart from it, and a doubt."""
    if not _YEAR.search(words) and (year := _YEAR_BEFORE.search(before)):
        words = f"{year[1]}/{words}"
    if dates.has_clock(words):
        return words, None
    # '2024-02-29 来源：中工网 09:06', '下午2:05 来源：中工网 2024-02-29'
    for text, behind in ((rest, True), (before, False)):
        plain_text = clocks.comparable(text)
        for clock in clocks.apart(plain_text):
            shown = text[clock.start : clock.end].strip()
            between = text[: clock.start] if behind else text[clock.end :]
            if _ANOTHERS_CLOCK.search(text, 0, clock.start) or _ANOTHERS_CLOCK.search(between):
                break
            if len(between) <= _BETWEEN and not any(map(str.isdecimal, between)):
                return f"{words} {shown}", None
            return words, f"published_at: {shown} stands in the line of {words}, and is not read"
    return _with_clock_near(words, near), None


def _with_clock_near(words: str, near: list[Line]) -> str:
    """The date with the clock that is a line of its own, or stands beside the source in one."""
    for other in near:
        text = clocks.comparable(other.text)
        clock = _LABELLED.sub("", text).strip(" |,[]()")  # '时间：09:06'
        if clocks.alone(clock):
            return f"{words} {clock}"
        if len(text) <= _LONGEST_SOURCE and sources.find(other.text) and not dates.find(other.text):
            apart = next(clocks.apart(text), None)
            if apart is not None and not _ANOTHERS_CLOCK.search(text):
                return f"{words} {text[apart.start : apart.end].strip()}"
    return words


class _Declared(NamedTuple):
    """A time at which the page's markup says that it was published."""

    name: str
    words: str
    moment: Moment

    @property
    def has_clock(self) -> bool:
        """`2024-02-29T00:00:00+08:00` says no more than its day."""
        return self.moment.precision != "day" and "00:00" not in _OFFSET.sub("", self.words)


def _declared(document: Document, line: Line | None, names: tuple[str, ...]) -> Iterator[_Declared]:
    found = list(_timed([line])) if line is not None else []
    for name in names:
        value = document.metas.get(name)
        if value is None and name == "datepublished":
            value = document.date_published
        if value:
            found.append((name, value))
    if names is _METAS:
        scripts = (_JSON_LD.search(one) for one in document.json_ld)
        found += [("JSON-LD", match[1]) for match in scripts if match]
    for name, words in found:
        moment = dates.parse(words, fetched_at=None) if dates.find(words) else None
        if moment is not None:
            yield _Declared(name, words, moment)


def _timed(lines: list[Line]) -> Iterator[tuple[str, str]]:
    """The `datetime` of each `<time>` in these lines that a reader sees."""
    for node in (part[1] for line in lines for part in line.parts):
        time = next((one for one in (node, node.parent) if one and one.tag == "time"), None)
        value = squeeze(time.attributes.get("datetime") or "") if time else ""
        if value and dates.find(value):
            yield "time[datetime]", value


def _year_of(
    document: Document, found: Published, url: str, declared: list[_Declared]
) -> date | None:
    """A day that gives its year to words without one: the address's, else another on the page; to
    `24-02-29` their own, which a Chinese label says stands first."""
    shown = dates.parse(found.words or "", fetched_at=None, near=_LEAP_YEAR)
    if shown is None:  # 3小时前
        own = _SHORT_YEAR.match(found.words or "") if found.labelled else None
        with suppress(ValueError):
            return date.fromisoformat(f"20{own[1]}-{own[2]}-{own[3]}") if own else None
        return None
    month, day = shown.at.month, shown.at.day
    for pattern in (_DAY_IN_ADDRESS, _YEAR_IN_ADDRESS):
        if match := pattern.search(url):
            with suppress(ValueError):  # of a longer number
                return date(
                    *map(int, match.groups() if match.lastindex == 3 else (match[1], month, day))
                )
    elsewhere = (
        dates.parse(one, fetched_at=None)
        for line in document.lines
        for one in dates.find(line.text)
    )
    moments = [*(one.moment for one in declared), *filter(None, elsewhere)]
    days = (one.at.date() for one in moments)
    return next((one for one in days if (one.month, one.day) == (month, day)), None)


def _agree(one: Moment, other: Moment) -> bool:
    if "day" in (one.precision, other.precision):
        return one.at.date() == other.at.date()
    return one.at.replace(second=0) == other.at.replace(second=0)


def _says_more(one: _Declared, shown: Moment) -> bool:
    if shown.precision == "day":
        return one.has_clock
    return (one.moment.precision, shown.precision) == ("second", "minute")
