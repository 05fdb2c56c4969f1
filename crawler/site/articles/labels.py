"""Time, source, authors and editors: the words beside their labels around the article's text.

Three places say them, in this order of trust: the lines between heading and text, labelled lines
inside and right after the text, the page's meta tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.items import Page
from crawler.text import bylines, dates, names, sources

from . import furniture
from .body import Body
from .document import Document, Line, squeeze
from .heading import Heading

_OVER = 8  # lines before the heading that may hold its time
_UNDER = 60  # lines after it, at most
_AFTER = 40  # lines after the text in which an editor may be named

_CLOCK = re.compile(r"\d\s?[:：]\s?\d\d|\d\s?[时点]|前$|刚刚")
_PUBLISHED = re.compile(
    r"(?:发布|发表|发稿|刊发|刊登|上传|见报)?(?:时间|日期)\s?[：:]?\s?$|(?:发布|发表|刊登)(?:于|在)?\s?[：:]?\s?$|"
    r"(?:Published|Posted|Date|Time)(?: on| at)?\s?[：:]?\s?$",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"(?:更新|修改|编辑|截至|Updated|Modified)\w{0,4}\s?[：:]?\s?$", re.IGNORECASE)
_RELATIVE = re.compile(r"前$|刚刚|今天|昨天|前天|今日|昨日")
_YEAR = re.compile(r"\d{4}|[〇一二三四五六七八九零]{4}")
_YEAR_BEFORE = re.compile(r"(20\d\d)\s?[-/]?\s?$")  # '2019 11/25 16:04:30', year and day apart
_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")
_META_TIMES = (
    "article:published_time", "og:published_time", "published_time", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "publishtime", "publish_time", "publish-time",
    "weibo:article:create_at", "article:create_at", "apub:time", "og:time", "og:release_date",
    "bytedance:published_time", "dc.date.issued", "dcterms.created", "firstpublishedtime",
    "pub_date", "pubtime", "date",
)  # fmt: skip
_META_SOURCES = ("source", "mediaid", "og:article:source", "article:source", "contentsource")
_JSON_LD_TIME = re.compile(r'"(?:datePublished|pubDate)"\s*:\s*"([^"]{8,40})"')

_SOURCE_WORD = re.compile(r"来源|出处|稿源|转自|转载自|source", re.IGNORECASE)
_SOURCE_LABEL_ALONE = re.compile(r"(?:来源于?|出处|稿源|转自|source)\s?[：:]?$", re.IGNORECASE)
_SOURCE_HINT = re.compile(r"source|media|copyfrom|laiyuan|origin|publisher|(?<![a-z])(?:sour|from)(?![a-z])", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"[^\s]{2}(?:网|报|社|台|新闻|日报|客户端|频道|在线|杂志|周刊|周报|公众号|发布|财经|广播|电视|传媒|观察|News|Daily|Times|Network)$"
)
_AUTHOR_WORD = re.compile(r"作\s?者|记者|撰文|采写|文\s?[/／丨|：:]|通讯员|编译|评论员|\bBy\b|Author|Reporter", re.IGNORECASE)
_EDITOR_WORD = re.compile(r"编\s?辑|责\s?编|编\s?[：:|丨]|校对|审核|监制|审校|Editor", re.IGNORECASE)
_NAMES_APART = re.compile(r"[/|｜丨·\n]|(?<=[\u3400-\u9fff\d])\s+|\s+(?=[\u3400-\u9fff])|\s{2,}")
# Where one labelled thing ends and the next begins in a line: '出处：快科技 作者：宪瑞 编辑：宪瑞'
_FIELD = re.compile(
    r"(?:(?<=[\s|丨｜\d)）\]】])|^)(?=(?:责任编辑|责编|编辑|作者|记者|来源|稿源|出处|校对|审核|监制|摄影|"
    r"发布时间|时间|日期|字号|字体|分享|评论|阅读|浏览|点击|人气|标签|关键词)\s?[：:|丨／/ ])"
    r"|(?<=\s)(?=[\u4e00-\u9fff]{2,6}\s?[：:])"
)


@dataclass(slots=True)
class _Candidate:
    words: str
    score: float
    line: Line
    labelled: bool
    updated: bool = False


@dataclass(slots=True)
class Zones:
    head: list[Line] = field(default_factory=list)  # between heading and text, and just above
    foot: list[Line] = field(default_factory=list)  # in and right after the text


def zones(document: Document, heading: Heading, body: Body) -> Zones:
    lines = document.lines
    known = {line.index for line in body.lines}
    text_from = body.first if body.lines else len(lines)
    title_at = heading.first if 0 <= heading.first < max(text_from, 1) else None
    begin = max(0, (text_from - _UNDER // 2) if title_at is None else title_at - _OVER)
    end = min(text_from, (heading.last if title_at is not None else begin) + _UNDER)
    head = [
        line
        for line in lines[begin:end]
        if not (heading.first <= line.index <= heading.last) and line.text
    ]
    foot = [line for line in body.labels if line.index >= text_from]
    if body.lines:
        for line in lines[body.last + 1 : body.last + 1 + _AFTER]:
            text = line.text
            if furniture.opens_comments(text) or furniture.opens_related(text):
                break
            if line.index not in known and text and line not in foot:
                foot.append(line)
    return Zones(head, foot)


# --- time ---------------------------------------------------------------------------------------


def read_published(
    page: Page, document: Document, heading: Heading, zones: Zones
) -> Line | None:
    """Returns the line that shows the time, if one does."""
    found = _times(zones.head, heading, at_head=True)
    best = max(found, key=lambda one: one.score, default=None)
    if best is None:
        found = [one for one in _times(zones.foot, heading, at_head=False) if one.labelled]
        best = max(found, key=lambda one: one.score, default=None)
    meta = _meta_time(document)
    page.published = best.words if best else meta
    if page.published:
        page.extracted_by["published_at"] = "label" if best else "meta"
    if best and meta and _says_more(meta, best):
        page.published = meta
        page.extracted_by["published_at"] = "meta"
    others = {one.words for one in found if one.labelled and not one.updated}
    if best and best.labelled and others - {best.words}:
        both = " and ".join(sorted(others))
        page.warnings.append(f"published_at: {both} both stand beside labels")
    return best.line if best else None


def _says_more(meta: str, shown: _Candidate) -> bool:
    """Is the meta tag to be believed more: does the page show only a day, 3小时前, or an update?"""
    words = shown.words
    if shown.updated:
        return True
    if not _CLOCK.search(meta) or "00:00:00" in meta:
        return False
    if _RELATIVE.search(words) or not _YEAR.search(words):
        return True
    return not _CLOCK.search(words) and _one_day(words, meta)


def _times(lines: list[Line], heading: Heading, *, at_head: bool) -> list[_Candidate]:
    found: list[_Candidate] = []
    for order, line in enumerate(lines):
        text = line.text
        if line.is_link or not any(map(str.isdigit, text)) and "前" not in text and "〇" not in text:
            continue
        if len(text) > 160:
            continue
        words_of = dates.find(text)
        position = 0
        for shown in words_of:
            words = shown
            at = text.find(words, position)
            before = text[max(0, at - 12) : at]
            position = at + len(words)
            labelled = _PUBLISHED.search(before) is not None
            updated = _UPDATED.search(before) is not None
            beside = sources.find(text) is not None
            rest = len(text) - sum(map(len, words_of))
            if not (labelled or beside) and rest > (40 if at_head else 4):
                continue
            score = 5.0 * labelled + 4 * beside + 3 * bool(_CLOCK.search(words)) - 8 * updated
            score -= order / 20
            if heading.first > line.index:  # above the heading stands today's date as well
                score -= 4
            elif line.index - heading.last <= 4:
                score += 2
            if (year := _YEAR_BEFORE.search(before)) and not _YEAR.search(words):
                words = f"{year[1]}/{words}"
            whole = words if _CLOCK.search(words) else _with_clock(words, line, lines, order)
            score += 3 * (whole is not words)
            found.append(_Candidate(whole, score, line, labelled or beside, updated))
    return found


_ONLY_CLOCK = re.compile(r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?")


def _with_clock(words: str, line: Line, lines: list[Line], order: int) -> str:
    """The day with the clock that stands alone in the next line or two."""
    for other in lines[order + 1 : order + 3]:
        if other.index - line.index <= 2 and _ONLY_CLOCK.fullmatch(other.text):
            return f"{words} {other.text}"
    return words


def _meta_time(document: Document) -> str | None:
    for name in _META_TIMES:
        value = document.metas.get(name)
        if value and dates.find(value):
            return value
    for text in document.json_ld:
        if match := _JSON_LD_TIME.search(text):
            return match[1]
    return None


def _one_day(a: str, b: str) -> bool:
    one, other = _DAY.search(a), _DAY.search(b)
    return bool(one and other and list(map(int, one.groups())) == list(map(int, other.groups())))


# --- source -------------------------------------------------------------------------------------


def read_source(page: Page, document: Document, zones: Zones, time: Line | None) -> None:
    """`time`: the line that shows the time; a name without a label stands beside it."""
    for lines in (zones.head, zones.foot):
        for order, line in enumerate(lines):
            if len(line.text) > 200 or not _SOURCE_WORD.search(line.text):
                continue
            words = sources.find(cells(line)) or _label_and_next(line, lines[order + 1 :])
            if words and sources.name(words):
                page.source = words
                page.extracted_by["source"] = "label"
                return
    if time and (words := _beside(time, document, zones.head)):
        page.source = words
        page.extracted_by["source"] = "generic"
        return
    for name in _META_SOURCES:
        if (value := document.metas.get(name)) and sources.name(value) and len(value) <= 40:
            page.source = value
            page.extracted_by["source"] = "meta"
            return


def cells(line: Line) -> str:
    """The line with a bar between neighbouring elements: `来源： 证券市场红周刊 | 举报`."""
    groups: list[tuple[int, str]] = []
    for text, node, _ in line.parts:
        number = node.mem_id
        if groups and (groups[-1][0] == number or text.isspace()):
            groups[-1] = groups[-1][0], groups[-1][1] + text
        else:
            groups.append((number, text))
    texts = [text for _, group in groups if (text := squeeze(group))]
    joined = ""
    for text in texts:
        if joined and not joined.endswith(("：", ":", "|", "丨", "/")) and not _ends_in_label(joined):
            joined += " |"
        joined += f" {text}" if joined else text
    return joined


def _ends_in_label(text: str) -> bool:
    return text.endswith(("来源", "作者", "编辑", "责编", "出处"))


def _label_and_next(line: Line, after: list[Line]) -> str | None:
    if not _SOURCE_LABEL_ALONE.search(line.text):
        return None
    for other in after[:2]:
        if other.index - line.index <= 2 and 2 <= len(other.text) <= 30:
            if furniture.is_tool(other.text) or dates.find(other.text):
                return None
            return f"{line.text} {other.text}"
    return None


def _beside(time: Line, document: Document, head: list[Line]) -> str | None:
    """An organisation's name that stands beside the time without a label."""
    known = [document.metas.get(name, "") for name in (*_META_SOURCES, "article:author")]
    best: tuple[float, str] | None = None
    for line in head:
        distance = abs(line.index - time.index)
        if distance > 2 or _SOURCE_WORD.search(line.text):
            continue
        shown = set(dates.find(line.text))
        for text, node, _ in line.parts:
            hint = any(
                _SOURCE_HINT.search(element.attributes.get("class") or "")
                for element in (node, line.box.node)
            )
            for word in _NAMES_APART.split(text):
                if not _may_be_source(word) or any(word in words for words in shown):
                    continue
                score = 2.0 * (word in known) + 1.5 * bool(_ORGANISATION.search(word)) + hint
                if score and (best is None or score - distance / 10 > best[0]):
                    best = score - distance / 10, word
    return best[1] if best else None


def _may_be_source(word: str) -> bool:
    if not 2 <= len(word) <= 24 or word[0].isdigit() or furniture.is_tool(word):
        return False
    return not (_AUTHOR_WORD.search(word) or _EDITOR_WORD.search(word) or _PUBLISHED.search(word))


# --- people -------------------------------------------------------------------------------------


def read_people(page: Page, body: Body, zones: Zones) -> None:
    """Bylines and editors' lines; takes the bylines out of the body's lines."""
    for line in zones.head:
        text = line.text
        if len(text) > 160:
            continue
        if _AUTHOR_WORD.search(text):
            _add(page.authors, _authors_in(line))
        elif line.index > 0 and (words := _beside_source(page, text)):
            _add(page.authors, words)
        if _EDITOR_WORD.search(text):
            _add(page.editors, _editors_in(line))
    for line in body.labels:
        if _EDITOR_WORD.search(line.text):
            _add(page.editors, _editors_in(line))
        if _AUTHOR_WORD.search(line.text):
            _add(page.authors, _authors_in(line))
    for line in zones.foot:
        if _EDITOR_WORD.search(line.text) and len(line.text) <= 160:
            _add(page.editors, _editors_in(line))
    if page.authors:
        page.extracted_by["authors"] = "label"
    if page.editors:
        page.extracted_by["editors"] = "label"


def _add(words: list[str], more: str | None) -> None:
    if more and more not in words:
        words.append(more)


def _fields(line: Line) -> list[str]:
    return [
        field.strip(" |丨｜")
        for chunk in cells(line).split(" |")
        for field in _FIELD.split(chunk)
        if field.strip(" |丨｜")
    ]


def _authors_in(line: Line) -> str | None:
    return _words_of(line, _AUTHOR_WORD, bylines.split_byline, bylines.authors)


def _editors_in(line: Line) -> str | None:
    return _words_of(line, _EDITOR_WORD, bylines.split_editors, bylines.editors)


def _words_of(
    line: Line,
    label: re.Pattern[str],
    split: Callable[[str], tuple[str, str | None]],
    people: Callable[[str], list[bylines.Person]],
) -> str | None:
    """The labelled fields of the line that name people; the whole line where no field does."""
    found: list[str] = []
    for text in _fields(line):
        words = split(text)[1] if label.search(text) else None
        if words is not None and people(words):
            found.append(words)
    if found:
        return " ".join(found)
    words = split(line.text)[1]
    return words if words is not None and people(words) else None


def _beside_source(page: Page, text: str) -> str | None:
    """`石佳/中国青年报`: a name beside the organisation."""
    person, bar, organisation = text.partition("/")
    if bar and names.is_name(person.strip()) and _ORGANISATION.search(organisation.strip()):
        return person.strip()
    return None
