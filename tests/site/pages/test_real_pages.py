"""How well real pages of other sites are read, where they are at hand: hand-made labels, no site's
rules."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.items import Page
from crawler.site.pages import generic
from crawler.text import bylines, dates, sources

GOALS = {
    "title": 0.97,
    "published_at": 0.97,
    "source": 0.9,
    "authors": 0.85,
    "editors": 0.95,
    "body": 0.9,
}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def bare(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def read(page: Page) -> dict[str, Any]:
    moment = dates.parse(page.published, fetched_at=NOW) if page.published else None
    editors = [one for words in page.editors for one in bylines.editors(words)]
    return {
        "title": page.title,
        "published_at": f"{moment.at:%Y-%m-%dT%H:%M}" if moment else "",
        "source": sources.name(page.source) if page.source else None,
        "authors": {one.name for words in page.authors for one in bylines.authors(words)},
        "editors": {one.name for one in editors if one.role == "editor"},
        "body": bare("".join(block.text for block in page.blocks)),
    }


def right(field: str, wanted: dict[str, Any], got: dict[str, Any]) -> bool:
    if field == "body":
        foreign = any(bare(text) in got["body"] for text in wanted["body_must_not"])
        ends = (bare(wanted[name]) in got["body"] for name in ("body_start", "body_end"))
        return all(ends) and not foreign
    if field in ("authors", "editors"):
        return bool(set(wanted[field]) == got[field])
    if field == "published_at":
        length = min(len(wanted[field]), 16)  # a day where only a day is shown
        return bool(wanted[field][:length] == got[field][:length])
    return bare(wanted[field]) == bare(got[field])


def test_real_pages(shared: Path) -> None:
    folder = shared / "wild"
    tally: dict[str, list[bool]] = {field: [] for field in GOALS}
    for line in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        wanted = json.loads(line)
        page = generic.parse((folder / "pages" / wanted["page"]).read_bytes(), "http://e.cn/1.html")
        got = read(page)
        for field, results in tally.items():
            if field == "body" or field in wanted:
                results.append(right(field, wanted, got))
    share = {field: sum(results) / len(results) for field, results in tally.items()}
    assert not {field: share[field] for field, goal in GOALS.items() if share[field] < goal}
