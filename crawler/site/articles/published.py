"""When the article was published, in the page's words: the time beside its label or its source
under the heading, else a labelled one after the text, else a meta tag's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.items import Extractor
from crawler.text import dates, sources

from .document import Document, Line, squeeze
from .heading import Heading
from .surroundings import Surroundings

_LONGEST = 160  # characters of a line that tells about the article
_CLOCK = re.compile(r"\d\s?[:：]\s?\d\d|\d\s?[时点]|前$|刚刚")
_ONLY_CLOCK = re.compile(r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?")
# what stands before the time: '发布时间：', '发表于', '日期:', 'Published on'
_PUBLISHED = re.compile(
    r"(?: (?:发布|发表|发稿|刊发|刊登|上传|见报)?(?:时间|日期) | (?:发布|发表|刊登)[于在]?"
    r"  | (?:Published|Posted|Date|Time)(?:\ on|\ at)? )\s?[：:]?\s?$",
    re.IGNORECASE | re.VERBOSE,
)
# '最后更新: ', '修改时间：', 'Updated at '
_UPDATED = re.compile(
    r"(?:更新|修改|编辑|截至|Updated|Modified)\w{0,4}(?: on| at)?\s?[：:]?\s?$", re.IGNORECASE
)
_RELATIVE = re.compile(r"前$|刚刚|今天|昨天|前天|今日|昨日")
_YEAR = re.compile(r"\d{4}|[〇一二三四五六七八九零]{4}")
_YEAR_BEFORE = re.compile(r"(20\d\d)\s?[-/]?\s?$")  # '2019 11/25 16:04:30': year and day apart
_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")
_HAS_DATE = re.compile(r"\d|[〇一二三四五六七八九]年|半小时前|刚刚")

_METAS = (
    "article:published_time", "og:published_time", "published_time", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "publishtime", "publish_time", "publish-time",
    "weibo:article:create_at", "article:create_at", "apub:time", "og:time", "og:release_date",
    "bytedance:published_time", "dc.date.issued", "dcterms.created", "firstpublishedtime",
    "pub_date", "pubtime", "date",
)  # fmt: skip
_JSON_LD = re.compile(r'"(?:datePublished|pubDate)"\s*:\s*"([^"]{8,40})"')


@dataclass(slots=True)
class Published:
    words: str | None = None
    by: Extractor | None = None
    line: Line | None = None  # the one that shows the time
    warning: str | None = None


@dataclass(slots=True)
class _Candidate:
    words: str
    score: float
    line: Line
    labelled: bool
    updated: bool


def find(document: Document, heading: Heading, around: Surroundings) -> Published:
    found = _candidates(around.head, heading, most_else=40)
    best = max(found, key=lambda one: one.score, default=None)
    if best is None or best.updated:
        found += [one for one in _candidates(around.foot, heading, most_else=4) if one.labelled]
        best = max(found, key=lambda one: one.score, default=None)
    meta = _meta(document)
    if best is None:
        return Published(meta, "meta" if meta else None)
    if meta and _says_more(meta, best):
        return Published(meta, "meta", best.line)
    others = {one.words for one in found if one.labelled and not one.updated} | {best.words}
    warning = None
    if best.labelled and len(others) > 1:
        warning = f"published_at: {' and '.join(sorted(others))} stand beside labels"
    return Published(best.words, "label", best.line, warning)


def _candidates(lines: list[Line], heading: Heading, *, most_else: int) -> list[_Candidate]:
    """The dates in lines that hold a label, a source or at most so many characters else."""
    found: list[_Candidate] = []
    for order, line in enumerate(lines):
        text = line.text
        if len(text) > _LONGEST or not _HAS_DATE.search(text):
            continue
        shown = dates.find(text)
        if not shown and len(line.parts) > 1:  # glued by the page: '11-25' + '16:04' + '新京报'
            text = squeeze(" ".join(part[0] for part in line.parts))
            shown = dates.find(text)
        beside = bool(shown) and sources.find(text) is not None
        much_else = len(text) - sum(map(len, shown)) > (2 if line.is_link else most_else)
        at = 0
        for words in shown:
            before = text[at : (at := text.find(words, at))][-12:]
            labelled = _PUBLISHED.search(before) is not None or beside
            above = heading.first > line.index
            has_clock = _CLOCK.search(words) is not None
            if not labelled and (much_else or (above and not has_clock)):
                continue  # a date in a sentence; above the heading, today's
            whole = _whole(words, before, line, lines[order + 1 : order + 3])
            updated = _UPDATED.search(before) is not None
            score = 5.0 * labelled + 3 * (_CLOCK.search(whole) is not None) - 8 * updated
            score += -4 if above else 2 * (line.index - heading.last <= 4)
            found.append(_Candidate(whole, score - order / 20, line, labelled, updated))
    return found


def _whole(words: str, before: str, line: Line, after: list[Line]) -> str:
    """The date with its year and clock where they stand apart from it."""
    if not _YEAR.search(words) and (year := _YEAR_BEFORE.search(before)):
        words = f"{year[1]}/{words}"
    if not _CLOCK.search(words):
        for other in after:
            if other.index - line.index <= 2 and _ONLY_CLOCK.fullmatch(other.text):
                return f"{words} {other.text}"
    return words


def _meta(document: Document) -> str | None:
    for name in _METAS:
        value = document.metas.get(name)
        if value is None and name == "datepublished":
            value = document.date_published
        if value and dates.find(value):
            return value
    matches = map(_JSON_LD.search, document.json_ld)
    return next((match[1] for match in matches if match), None)


def _says_more(meta: str, shown: _Candidate) -> bool:
    """Is the meta tag to be believed more: does the page show only a day, 3小时前, or an update?"""
    if shown.updated:
        return True
    if not _CLOCK.search(meta) or "00:00:00" in meta:
        return False
    words = shown.words
    if _RELATIVE.search(words) or not _YEAR.search(words):
        return True
    one, other = _DAY.search(words), _DAY.search(meta)
    same_day = one and other and list(map(int, one.groups())) == list(map(int, other.groups()))
    return bool(same_day and not _CLOCK.search(words))
