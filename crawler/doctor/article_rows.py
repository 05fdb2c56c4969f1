"""Does an article look as its parser expects: who spoke for each field, and what is missing."""

from __future__ import annotations

import re

from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.doctor.listing_rows import NOT_ASKED, RENDERER
from crawler.doctor.page_shape import Shape
from crawler.doctor.result_rows import (
    ArticleRow,
    FieldsRow,
    Problem,
    at,
    busy,
    doubt,
    fails,
    refused,
)
from crawler.doctor.trial import TrialArticle
from crawler.extraction import attribution, body, heading, published
from crawler.items import Article, Page, Reject
from crawler.pipelines import validation
from crawler.pipelines.stage import LISTING_DIFFERS, FieldWarning
from crawler.site import block_pages, page_table, urls
from crawler.spiders.responses import charset
from crawler.text import bylines, clean, dates, names

_SOME = 6  # articles: where not one of so many has a field, its reader does not find it
_LABELS = {
    "source": re.compile(r"来源|来自|源自|摘自|出处|稿源|转自|\bsource\b", re.IGNORECASE),
    "editors": re.compile(r"编辑|责\s?编|校对|监制|\beditor", re.IGNORECASE),
}


# What a reader of the page looks for, and where the parser does.
_FIELDS = {
    "title": ("a heading that says what the title tag says, less its suffix", at(heading.find)),
    "published_at": (
        "a time beside the heading, such as 2024-02-29 09:06",
        f"{at(published.find)}; {at(dates.parse)}",
    ),
    "source": ("来源：… beside the time", at(attribution.source)),
    "editors": ("责任编辑：… under the text", f"{at(attribution.people)}; {at(bylines.editors)}"),
    "authors": (
        "a byline over or under the text, such as 记者 张三 or （张三）",
        f"{at(attribution.people)}; {at(bylines.authors)}",
    ),
    "body": ("paragraphs beneath the heading", at(body.find)),
}
_ORDER = list(Article.model_fields)
_LOOK_AT = {
    "block_page": "crawler/site/block_pages.toml",
    "redirected": at(urls.identify),
    "needs_rendering": RENDERER,
    "not_rendered": RENDERER,
}


def row(seen: TrialArticle, answer: Response | None) -> ArticleRow:
    page, item = seen.page, seen.item
    found = ArticleRow(
        name=seen.entry.id, section=seen.section, url=seen.entry.url, seen="not read"
    )
    if page is not None:
        found.missing = missing(page)
        found.warnings = [clean.line(words) for words in page.warnings]
        found.extracted_by = page.extracted_by
        found.seen = _spoken(page, found.missing)
    if isinstance(item, Reject) and item.reason in NOT_ASKED:
        found.seen, found.skipped = f"not asked for: {item.error}", True
    elif isinstance(item, Reject):
        found.problems = _of_reject(item, page, answer)
    elif page is None or answer is None:
        found.problems = [fails("a record or a reject", "nothing came of it")]
    else:
        found.problems = _of_template(page, answer) + _doubts(page, found.missing, answer)
    return found


def missing(page: Page) -> list[str]:
    """The fields that an article should have and this one, through the pipelines, has not."""
    may_lack = "" if page.kind == "article" else "body"
    return [name for name in _FIELDS if name != may_lack and not page.record.get(name)]


def coverage(read: list[Page], settings: BaseSettings) -> FieldsRow:
    """How many of the articles have each field. One without title, time or text has a row."""
    number, floors = len(read), settings.getdict("COVERAGE_FLOORS")
    have = {name: sum(name not in missing(page) for page in read) for name in _FIELDS}
    found = FieldsRow(
        name="all fields",
        seen=", ".join(f"{name} {count}/{number}" for name, count in have.items()),
        coverage={name: round(count / number, 4) for name, count in have.items()},
    )
    least = settings.getint("CHECK_MIN_RECORDS")
    for name in ("source", "editors", "authors"):
        floor, none = float(floors.get(name, 0)), number >= _SOME and not have[name]
        if floor and (none or (number >= least and have[name] < floor * number)):
            expected, look_at = _FIELDS[name]
            expected = f"{name} in {floor:.0%} of the articles: {expected}"
            found.problems.append(fails(expected, f"{have[name]} of {number}", look_at))
    return found


def _spoken(page: Page, lacking: list[str]) -> str:
    """`label: title, source, editors; generic: body; none: authors`."""
    by: dict[str, list[str]] = {}
    for field in sorted(page.extracted_by, key=_ORDER.index):
        by.setdefault(page.extracted_by[field], []).append(field)
    words = [f"{reader}: {', '.join(fields)}" for reader, fields in by.items()]
    words += [f"none: {', '.join(lacking)}"] if lacking else []
    words += [f"a {page.kind}"] if page.kind != "article" else []
    return "; ".join(words)


def _of_reject(reject: Reject, page: Page | None, answer: Response | None) -> list[Problem]:
    if answer is not None and page is not None and reject.cause is None:
        shape, required = Shape(answer), validation.missing_fields(validation.complete(page))
        if {"title", "body"} <= set(required):
            expected = "an article: a heading, and paragraphs beneath it"
            return [fails(expected, shape.size, at(page_table.parser(page.generation)))]
        if required:
            found = [fails(*_silent(name, shape)) for name in required]
            return found + _of_template(page, answer)
    passing = answer is not None and block_pages.is_passing(answer.body, charset(answer))
    if passing and reject.reason == "block_page":
        return [busy("an article", f"{reject.reason}: {reject.error}")]
    look_at = at(validation.Validation) if reject.stage == "validate" else None
    return [refused(reject, "an article", _LOOK_AT.get(reject.reason, look_at))]


def _of_template(page: Page, answer: Response) -> list[Problem]:
    if not page.missed or page.generation == "modern":  # whose labels tell as much
        return []
    found = f"its title, time or text are not where they were; {Shape(answer).size}"
    return [fails(f"the template {page.missed}", found, at(page_table.parser(page.generation)))]


def _doubts(page: Page, lacking: list[str], answer: Response) -> list[Problem]:
    shape = Shape(answer)
    told = (("source", page.source), ("published_at", page.published))
    silent = [name for name, words in told if not words]
    lines = shape.lines_like(_LABELS["editors"])
    if "editors" in lacking and not page.editors and any(map(_names_somebody, lines)):
        silent.append("editors")
    found = [doubt(*_silent(name, shape)) for name in silent]
    for one in page.warnings:
        if isinstance(one, FieldWarning) and one.code == LISTING_DIFFERS:
            found.append(doubt("page and listing agree", one))
    return found


def _names_somebody(line: str) -> bool:
    """An article without an editor shows `责任编辑：` or `责任编辑：系统管理员`."""
    words = re.findall(r"\w+", _LABELS["editors"].split(line, maxsplit=1)[-1])
    return bool(words) and names.is_labelled_name(words[0])


def _silent(name: str, shape: Shape) -> tuple[str, str, str]:
    expected, look_at = _FIELDS[name]
    found = {"title": shape.headings, "body": shape.paragraphs}.get(name)
    return f"{name}: {expected}", found or shape.nearest(_LABELS.get(name)), look_at
