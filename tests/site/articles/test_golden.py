"""Every page in tests/pages/modern is read as its .json says; no page is there for only one markup."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Page
from crawler.site.articles import generic, modern

PAGES = Path(__file__).parents[2] / "pages" / "modern"
CASES = sorted(path.stem for path in PAGES.glob("*.html"))


def words(page: Page) -> dict[str, Any]:
    return {
        "url": page.url,
        "id": page.id,
        "generation": page.generation,
        "kind": page.kind,
        "pretitle": page.pretitle,
        "title": page.title,
        "subtitle": page.subtitle,
        "published": page.published,
        "source": page.source,
        "authors": page.authors,
        "editors": page.editors,
        "paragraphs": [block.text for block in page.blocks if block.text],
        "pictures": [{"url": one.url, "caption": one.caption} for one in page.pictures],
        "language": page.language,
        "extracted_by": page.extracted_by,
        "warnings": page.warnings,
    }


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
    assert words(page) == record["expected"]


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
    differs = {name for name, value in record["expected"].items() if read[name] != value}
    assert differs == ONLY_BY_CLASS.get(case, set())
