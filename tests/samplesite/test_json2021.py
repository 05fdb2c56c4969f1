"""The site of 2021: JSON lists a column, articles in GBK."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import pytest

from crawler.samplesite import Server, Site
from tests.samplesite.client import NOW, ask
from tests.samplesite.older import Record, assert_in_order, found, markup, served, visible
from tests.samplesite.test_articles import BYLINES, DATELINES, EDITORS, SOURCES

SITE = Site(1, 5, NOW)
TRUTH = SITE.truth("json2021")
PIECES = {piece.id: piece for piece in SITE._json2021.pieces()}
COLUMNS = ["cj/34179", "rw/34167", "wq/34164", "yl/34060", "main/28261"]
RELATIVE = ("今天 08:00", "3小时前")  # true on the day only, and 2021 is over


def listed(column: str) -> list[str]:
    """The addresses of a column's entries, page by page to the 404."""
    hrefs: list[str] = []
    page = 1
    while document := found(SITE, f"http://www.workercn.cn/json/{column}_{page}.json"):
        answer = json.loads(document.plain)
        assert 1 <= len(answer) <= 12
        assert all(set(entry) == {"href", "title"} for entry in answer)
        hrefs += [entry["href"] for entry in answer]
        page += 1
    return hrefs


# --- lists ----------------------------------------------------------------------------------


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_lists_every_article_of_the_truth_once_newest_first(column: str) -> None:
    slug = f"json2021:{column}"
    expected = [
        record["url"] for record in TRUTH if slug in [s["slug"] for s in record["sections"]]
    ]
    assert [urljoin("http://www.workercn.cn/", href) for href in listed(column)] == expected
    assert len(expected) == (40 if column == "main/28261" else 10)


def test_hrefs_come_with_and_without_the_leading_slash() -> None:
    hrefs = listed("main/28261")
    assert Counter(href.startswith("/") for href in hrefs) == {True: 20, False: 20}


@pytest.mark.parametrize(
    "path",
    [
        "/json/sz/34196_1.json",  # a column of the real site that this one has not
        "/json/cj/34179_0.json",
        "/json/cj/34179_2.json",
        "/json/cj/34167_1.json",
        "/json/cj/34179.json",
        "/34179/202105/06/210506101112345.shtml",
    ],
)
def test_what_is_not_there_is_a_404(path: str) -> None:
    assert found(SITE, "http://www.workercn.cn" + path) is None


def test_lists_are_those_of_www() -> None:
    assert found(SITE, "http://www.workercn.cn/json/cj/34179_1.json")
    assert found(SITE, "http://news.workercn.cn/json/cj/34179_1.json") is None


# --- articles -------------------------------------------------------------------------------


def test_forty_articles_of_2021_newest_first() -> None:
    days = [record["published_at"][:10] for record in TRUTH]
    assert len(TRUTH) == 40
    assert days == sorted(days, reverse=True)
    assert {day[:4] for day in days} == {"2021"}
    assert {record["generation"] for record in TRUTH} == {"json2021"}


@pytest.mark.parametrize("record", TRUTH, ids=lambda record: record["id"])
def test_a_page_is_gb18030_and_says_what_the_truth_says_in_order(record: Record) -> None:
    body = served(SITE, record["url"])
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    source = body.decode("gb18030")
    piece = PIECES[record["id"]]
    name = record["sections"][0]["name"]
    assert f"<title>{html.escape(record['title'], quote=False)}-{name}-中工网</title>" in source
    assert re.search(rf'<span class="time">{re.escape(piece.dateline)}', source)
    assert source.count('<div class="ccontent">') == 1
    byline = piece.byline
    expected = [record["title"], piece.dateline, piece.source_words]
    expected += [byline.words if byline and byline.place == "head" else None]
    expected += record["body"].split("\n\n")
    expected += [byline.words if byline and byline.place in ("tail", "own") else None]
    expected += [piece.editors.words if piece.editors else None, "all rights reserved"]
    assert_in_order(visible(source), expected)


def test_headers_are_wrong_missing_or_too_narrow(server: Server) -> None:
    paths = [urlsplit(record["url"]).path for record in TRUTH]
    types = {ask(server, path).headers["content-type"] for path in paths}
    assert types == {"text/html; charset=utf-8", "text/html", "text/html; charset=gb2312"}


def test_times_and_sources_are_glued_on_some_pages() -> None:
    glued = [r for r in TRUTH if re.search(r'"time">[^<]*来源：', markup(SITE, r["url"]))]
    assert 5 < len(glued) < 25


@pytest.mark.parametrize("record", TRUTH, ids=lambda record: record["id"])
def test_the_page_alone_gives_what_is_true(record: Record) -> None:
    filed = datetime.strptime(f"20{record['id'][:12]}+0800", "%Y%m%d%H%M%S%z")
    shown = datetime.fromisoformat(record["published_at"])
    cut = {"second": filed, "minute": filed.replace(second=0)}
    day = filed.replace(hour=0, minute=0, second=0)
    assert shown == cut.get(record["published_precision"], day)
    assert record["page_published"] == {
        "at": record["published_at"],
        "precision": record["published_precision"],
    }
    assert f"/{filed:%Y%m/%d}/{record['id']}.shtml" in record["url"]


@pytest.mark.parametrize(("example", "pattern"), DATELINES)
def test_every_form_of_a_date_that_is_not_relative_occurs(example: str, pattern: str) -> None:
    occurs = any(re.fullmatch(pattern, piece.dateline) for piece in PIECES.values())
    assert occurs == (example not in RELATIVE)


@pytest.mark.parametrize(("example", "pattern", "place"), BYLINES)
def test_every_form_of_a_byline_occurs(example: str, pattern: str, place: str) -> None:
    bylines = [piece.byline for piece in PIECES.values() if piece.byline]
    assert any(re.fullmatch(pattern, b.words) and b.place == place for b in bylines), example


@pytest.mark.parametrize(("example", "pattern", "roles"), EDITORS)
def test_every_form_of_an_editor_line_occurs(example: str, pattern: str, roles: list[str]) -> None:
    lines = [piece.editors for piece in PIECES.values() if piece.editors]
    assert any(re.fullmatch(pattern, line.words) for line in lines), (example, roles)


@pytest.mark.parametrize("words", SOURCES)
def test_every_form_of_a_source_occurs(words: str) -> None:
    assert any(piece.source_words == words for piece in PIECES.values())


def test_a_page_that_names_no_source_has_none_in_the_truth() -> None:
    nameless = [r for r in TRUTH if PIECES[r["id"]].source_words == "来源："]
    assert nameless
    assert {record["source"] for record in nameless} == {None}
