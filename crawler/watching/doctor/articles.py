"""Does an article look as its parser expects: who spoke for each field, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from scrapy.http import Response, TextResponse

from crawler import clock
from crawler.items import Article, Entry, Page, Reject
from crawler.pipelines import validation
from crawler.pipelines.stage import Stage
from crawler.site import pages, urls
from crawler.site.articles.modern import CMS_METAS
from crawler.site.markup import parse
from crawler.spiders import reading, renders
from crawler.text import clean, dates, encoding, names
from crawler.watching.doctor.answers import bug, unusable
from crawler.watching.doctor.findings import ArticleRow, FieldsRow, Problem, Severity

_SHORT = 60  # characters: a line with a label in it is no longer
_QUOTED = 40
_LINES = 2
_PARAGRAPH = 20  # characters
_LONGEST_CMS = 120  # characters
# <!-- App=ZCMS(…) 2.4.1,CostTime=31,PublishDate=2024-02-29 09:34:55 -->
_CMS = {
    "comment": re.compile(r"<!--\s{0,9}(App=ZCMS[^<>]{0,300}?)\s{0,9}-->"),
    "statistics": re.compile(r"_zcms_stat\(\s{0,9}[\"']([^\"']{1,300})"),
}

# Shares of articles that have a field, below which its reader does not find it; a page without
# title, time or text is said at its row.
_FLOORS = {"source": 0.8, "editors": 0.5, "authors": 0.3}
_MANY = 20  # articles: a share of fewer tells little
_SOME = 6  # articles: not one of so many does


class _Field(NamedTuple):
    """What a reader of the page looks for, and which words may be it where nothing was found."""

    expected: str
    look_at: str
    hint: re.Pattern[str] | None = None


_FIELDS = {
    "title": _Field(
        "a heading that says what the title tag says, less its suffix",
        "crawler/site/articles/heading.py: find",
    ),
    "published_at": _Field(
        "a time beside the heading, such as 2024-02-29 09:06",
        "crawler/site/articles/published.py: find; crawler/text/dates.py: parse",
    ),
    "source": _Field(
        "来源：… beside the time",
        "crawler/site/articles/attribution.py: source",
        re.compile(r"来源|来自|源自|摘自|出处|稿源|转自|\bsource\b", re.IGNORECASE),
    ),
    "editors": _Field(
        "责任编辑：… under the text",
        "crawler/site/articles/attribution.py: editors; crawler/text/bylines.py: editors",
        re.compile(r"编辑|责\s?编|校对|监制|\beditor", re.IGNORECASE),
    ),
    "authors": _Field(
        "a byline over or under the text, such as 记者 张三 or （张三）",
        "crawler/site/articles/attribution.py: authors; crawler/text/bylines.py: authors",
        re.compile(r"记者|通讯员|作者|撰文|\bby\b", re.IGNORECASE),
    ),
    "body": _Field(
        "paragraphs beneath the heading",
        "crawler/site/articles/body.py: find",
    ),
}


_ORDER = list(Article.model_fields)


class Look(NamedTuple):
    row: ArticleRow
    page: Page | None  # None: nothing to read


def look(answer: Response | Exception, entry: Entry, section: str, stages: Iterable[Stage]) -> Look:
    """One article; of one of several pages, only the first is looked at."""
    row = ArticleRow(name=entry.id, section=section, url=entry.url, seen="not to be had")
    if (problem := unusable(answer) or _no_article(answer, entry)) is not None:
        row.problems.append(problem)
        return Look(row, None)
    assert isinstance(answer, Response)
    try:
        page = pages.parse(answer.body, answer.url, charset=reading.charset(answer))
        page.entry, page.fetched_at, page.run_id = entry, clock.now(), "doctor"
        item: Any = reading.no_article(page, entry) or page
        for stage in stages:
            item = stage.process_item(item)
    except Exception as error:
        row.seen = "the parser failed"
        row.problems.append(bug(error))
        return Look(row, None)
    row.warnings = [clean.line(words) for words in page.warnings]
    row.extracted_by = page.extracted_by
    row.missing = missing(page)
    row.cms = cms(answer)
    row.seen = _spoken(page, row.cms)
    row.problems += _problems(page, item, answer)
    return Look(row, page)


def missing(page: Page) -> list[str]:
    """The fields that an article should have and this one, through the pipelines, has not.

    Who wrote and edited an article of several pages may stand on its last.
    """
    may_lack: set[str] = set() if page.kind == "article" else {"body"}
    if page.further or page.probe:
        may_lack |= {"editors", "authors"}
    return [name for name in _FIELDS if name not in may_lack and not page.record.get(name)]


def coverage(looked: list[Page]) -> FieldsRow:
    """How many of all the articles have each field."""
    have = {name: [name not in missing(page) for page in looked] for name in _FIELDS}
    number = len(looked)
    row = FieldsRow(
        name="all fields",
        seen=", ".join(f"{name} {sum(one)}/{number}" for name, one in have.items()),
        coverage={name: round(sum(one) / number, 4) for name, one in have.items()},
    )
    for name, floor in _FLOORS.items():
        found = sum(have[name])
        if number < _SOME or found >= floor * number or (found and number < _MANY):
            continue
        row.problems.append(
            Problem(
                expected=f"{name} in {floor:.0%} of the articles: {_FIELDS[name].expected}",
                found=f"{found} of {number}",
                look_at=_FIELDS[name].look_at,
            )
        )
    return row


def _no_article(answer: Response | Exception, entry: Entry) -> Problem | None:
    """Why an answer is no page of this article; None if it may be."""
    assert isinstance(answer, Response)
    if not isinstance(answer, TextResponse):
        kind = (answer.headers.get("Content-Type") or b"no type").decode("latin-1")
        return Problem(expected="a page", found=f"{answer.url} is {clean.line(kind)}")
    if not answer.body.strip():
        return Problem(expected="a page", found=f"{answer.url} has no body")
    there = urls.identify(answer.url)
    if there.id != entry.id:
        look_at = "crawler/site/urls.py: identify" if there.generation == "generic" else None
        return Problem(expected=entry.url, found=f"leads to {answer.url}", look_at=look_at)
    return None


def cms(answer: Response) -> dict[str, str]:
    """What ZCMS wrote into a page for itself, which tells no field: metas, its comment (when the
    page was made), and what its statistics count the page as."""
    markup, _ = encoding.decode(answer.body, reading.charset(answer))
    found: dict[str, str] = {}
    for meta in parse(markup).css("meta[name]"):
        name = (meta.attributes.get("name") or "").lower()
        if name in CMS_METAS and (value := clean.line(meta.attributes.get("content") or "")):
            found.setdefault(name, value[:_QUOTED])
    for name, pattern in _CMS.items():
        if match := pattern.search(markup):
            found[name] = clean.line(match[1])[:_LONGEST_CMS]
    return found


def _spoken(page: Page, written: dict[str, str]) -> str:
    """`label: title, source, editors; generic: body; none: authors`."""
    by: dict[str, list[str]] = {}
    for field in sorted(page.extracted_by, key=_ORDER.index):
        by.setdefault(page.extracted_by[field], []).append(field)
    words = [f"{reader}: {', '.join(fields)}" for reader, fields in by.items()]
    if nothing := missing(page):
        words.append(f"none: {', '.join(nothing)}")
    if page.further or page.probe:
        words.append("page 1 of several, the others were not asked for")
    if page.kind != "article":
        words.append(f"a {page.kind}")
    if written:
        words.append(
            f"ZCMS wrote {', '.join(f'{name} {value}' for name, value in written.items())}"
        )
    return "; ".join(words)


def _problems(page: Page, item: Article | Reject, answer: Response) -> list[Problem]:
    text = _Text(answer)
    problems = []
    required = validation.missing_fields(validation.complete(page))
    if renders.shows_nothing(page) and renders.is_built_by_script(answer):
        found, at = f"built by scripts: {renders.HOW}", "the setting RENDERER"
        return [Problem(expected="an article", found=found, look_at=at)]
    if isinstance(item, Reject) and item.reason == "block_page":
        found = f"{item.reason}: {item.error}"
        at = "crawler/site/block_pages.toml"
        return [Problem(expected="an article", found=found, look_at=at)]
    if isinstance(item, Reject) and not required:
        found = f"{item.reason}: {item.error}"
        at = "crawler/pipelines/validation.py: Validation"
        problems.append(Problem(expected="a record", found=found, look_at=at))
    if page.missed and page.generation != "modern":  # whose labels tell as much as its template
        problems.append(
            Problem(
                expected=f"the template {page.missed}",
                found=f"its title, time or text are not where they were; {text.size()}",
                look_at=f"crawler/site/articles/{page.generation}.py: parse",
            )
        )
    if "title" in required and "body" in required:
        problems.append(
            Problem(
                expected="an article: a heading, and paragraphs beneath it",
                found=text.size(),
                look_at=f"crawler/site/articles/{page.generation}.py: parse",
            )
        )
        return problems
    problems += [_silent(name, text.hint(name)) for name in required]
    if "source" not in required and not page.source:
        problems.append(_silent("source", text.hint("source"), "doubt"))
    if "published_at" not in required and not page.published:
        problems.append(_silent("published_at", text.hint("published_at"), "doubt"))
    if (
        "editors" in missing(page)
        and not page.editors
        and any(map(_names_somebody, text.lines_like("editors")))
    ):
        problems.append(_silent("editors", text.hint("editors"), "doubt"))
    problems += [
        Problem(expected="page and listing agree", found=words, severity="doubt")
        for words in page.warnings
        if ": the page says " in words
    ]
    return problems


def _names_somebody(line: str) -> bool:
    """An article without an editor shows `责任编辑：` or `责任编辑：系统管理员`."""
    hint = _FIELDS["editors"].hint
    assert hint is not None
    words = re.findall(r"\w+", hint.split(line, maxsplit=1)[-1])
    return bool(words) and names.is_labelled_name(words[0])


def _silent(name: str, hint: str, severity: Severity = "fails") -> Problem:
    field = _FIELDS[name]
    return Problem(
        expected=f"{name}: {field.expected}", found=hint, look_at=field.look_at, severity=severity
    )


class _Text:
    """What a page shows, to say what is there in place of what was looked for."""

    def __init__(self, answer: Response) -> None:
        self._size = len(answer.body)
        markup, _ = encoding.decode(answer.body, reading.charset(answer))
        self._tree = parse(markup)
        self._scripts = len(self._tree.css("script"))
        title = self._tree.css_first("title")
        self._title = clean.line(title.text()) if title else ""
        self._headings = [clean.line(node.text()) for node in self._tree.css("h1, h2")]
        self._tree.strip_tags(["script", "style", "title"])
        body = self._tree.body
        self._lines = clean.lines(body.text(separator="\n")).splitlines() if body else []

    def size(self) -> str:
        size = f"a page of {self._size:,} bytes with {self._scripts} scripts"
        return f"{size}, titled {self._title!r}"

    def hint(self, name: str) -> str:
        if name == "title":
            shown = ", ".join(words[:_QUOTED] for words in self._headings[:_LINES] if words)
            return f"{self.size()}; headings: {shown or 'none'}"
        if name == "body":
            paragraphs = [line for line in self._lines if len(line) >= _PARAGRAPH]
            longest = max(map(len, self._lines), default=0)
            return (
                f"{self.size()}; {len(paragraphs)} lines of {_PARAGRAPH} characters or more, "
                f"the longest of {longest}"
            )
        near = self.lines_like(name)
        return f"nearest: {'; '.join(near)}" if near else "nothing like it on the page"

    def lines_like(self, name: str) -> list[str]:
        """The first short lines that may be the field."""
        hint = _FIELDS[name].hint
        lines = [line for line in self._lines if len(line) <= _SHORT]
        like = [line for line in lines if (hint.search(line) if hint else dates.find(line))]
        return [line[:_QUOTED] for line in like[:_LINES]]
