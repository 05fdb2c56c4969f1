"""Every page in tests/pages is read as its .json says; no modern page is there for only one markup."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crawler.site import page_table
from crawler.site.pages import generic, modern
from tests.support.golden import expectation, served, words

PAGES = Path(__file__).parents[2] / "pages" / "modern"
CASES = sorted(path.stem for path in PAGES.glob("*.html"))


def without_template(expected: dict[str, Any]) -> dict[str, Any]:
    """What the labels alone tell: the same, and the text by its density."""
    by: dict[str, str] = expected["extracted_by"]
    found = {name: "generic" if one == "template" else one for name, one in by.items()}
    return expected | {"extracted_by": found}


def golden(case: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((PAGES / f"{case}.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("case", CASES)
def test_modern_page(case: str) -> None:
    record = golden(case)
    page = modern.parse((PAGES / f"{case}.html").read_bytes(), record["url"])
    assert words(page) == record["expected"]


@pytest.mark.parametrize("case", CASES)
def test_generic_reader_agrees(case: str) -> None:
    """Nothing of the modern pages is read by a rule that only they have."""
    record = golden(case)
    page = generic.parse((PAGES / f"{case}.html").read_bytes(), record["url"])
    assert words(page) == without_template(record["expected"])


def test_a_page_in_its_templates_box() -> None:
    record = golden("seed")
    markup = (PAGES / "seed.html").read_bytes()
    boxed = markup.replace(b'<div class="con">', b'<div class="ccontent">')
    page = modern.parse(boxed, record["url"])
    assert page.extracted_by["body"] == "template"
    assert without_template(words(page)) == record["expected"]
    assert words(generic.parse(boxed, record["url"])) == record["expected"]


@pytest.mark.parametrize("case", CASES)
def test_empty_is_meant(case: str) -> None:
    record = golden(case)
    empty = [name for name, value in record["expected"].items() if not value]
    assert empty == record["empty"]


def test_no_page_without_expectation() -> None:
    assert sorted(path.stem for path in PAGES.glob("*.json")) == CASES
    assert len(CASES) >= 8


# what a class or an id may tell, and nothing else on the page does
ONLY_BY_CLASS = {"sections": {"pretitle", "extracted_by"}}  # 大国工匠: a 引题 or a channel?


@pytest.mark.parametrize("case", CASES)
def test_class_names_decide_nothing(case: str) -> None:
    record = golden(case)
    markup = (PAGES / f"{case}.html").read_bytes()
    page = modern.parse(re.sub(rb' (?:class|id)="[^"]*"', b"", markup), record["url"])
    read = words(page)
    expected = without_template(record["expected"])
    differs = {name for name, value in expected.items() if read[name] != value}
    assert differs == ONLY_BY_CLASS.get(case, set())


# --- the older generations: bytes as served, read through the table of parsers ------------------

ROOT = PAGES.parent
OLDER = sorted(
    f"{path.parent.name}/{path.stem}"
    for generation in ("legacy", "json2021", "paper")
    for path in (ROOT / generation).glob("*.json")
)
# an address of each generation, for pages that answer in another one's markup
ADDRESSES = {
    "modern": "https://www.workercn.cn/c/2019-01-18/8163816.shtml",
    "legacy": "http://news.workercn.cn/32841/201901/18/190118124637372.shtml",
    "json2021": "http://www.workercn.cn/34168/202105/12/210512093011225.shtml",
    "paper": "https://www.workercn.cn/papers/grrb/2024/07/12/6/news-2.html",
    "generic": "https://news.example/2019/1.html",
}


def older(case: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / f"{case}.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("case", OLDER)
def test_older_page(case: str) -> None:
    record = older(case)
    found = expectation(ROOT / f"{case}.html", record["url"])
    assert found.get("first") == record.get("first")
    assert found["expected"] == record["expected"]


@pytest.mark.parametrize("case", OLDER)
def test_empty_is_meant_in_older_pages(case: str) -> None:
    record = older(case)
    empty = [name for name, value in record["expected"].items() if not value]
    assert empty == record["empty"]


@pytest.mark.parametrize("case", [case for case in OLDER if not case.startswith("paper")])
def test_the_bytes_are_not_utf_8(case: str) -> None:
    for body in served(ROOT / f"{case}.html"):
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")
        assert body.decode("gb18030")


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("case", ["legacy/a", "json2021/own"])
def test_what_the_header_says_of_the_charset_does_not_matter(case: str, charset: str) -> None:
    record = older(case)
    page = page_table.parse(served(ROOT / f"{case}.html")[0], record["url"], charset=charset)
    page.warnings = [one for one in page.warnings if not one.startswith("encoding: the header")]
    assert words(page) | {"paper": None, "missed": None} == record["expected"]


@pytest.mark.parametrize("generation", ADDRESSES)
@pytest.mark.parametrize("case", [case for case in OLDER if "first" not in older(case)])
def test_the_markup_of_any_generation_at_the_address_of_any(case: str, generation: str) -> None:
    record = older(case)
    page = page_table.parse(served(ROOT / f"{case}.html")[0], ADDRESSES[generation])
    read = words(page)
    if case == "paper/changed" and generation in ("modern", "generic"):
        # A short letter without time or source: there it could be a server's words as well.
        assert page.title == record["expected"]["title"]
        return
    same = ["kind", "pretitle", "title", "subtitle", "authors", "editors", "paragraphs"]
    if generation != "paper" and not case.startswith("paper"):
        same += ["published", "source"]
    assert {name: read[name] for name in same} == {name: record["expected"][name] for name in same}


def test_no_older_page_without_expectation() -> None:
    saved = {path.stem for path in ROOT.glob("*/*.html") if path.parent != PAGES}
    cases = {case.rpartition("/")[2] for case in OLDER}
    assert {re.sub(r"_\d$", "", name) for name in saved} == cases
    assert len(OLDER) >= 12
