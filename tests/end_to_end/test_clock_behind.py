"""A clock of ours that is behind: minutes are taken, more is said and asked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler import clock
from tests.end_to_end.test_walk import article, item, listing, site, url
from tests.support.harness import crawl

NUMBER = 1000001


def pages(minutes):
    """An article that was published so long after now."""
    at = clock.now_in_cst() + timedelta(minutes=minutes)
    day = at.date().isoformat()
    return {
        "/edu/": listing(item(NUMBER, f"{at:%Y-%m-%d %H:%M:%S}", day)),
        url(NUMBER, day): article(NUMBER, f"{at:%Y-%m-%d %H:%M}"),
    }, f"{at:%Y-%m-%dT%H:%M}"


def test_a_little_is_taken(tmp_path):
    found, at = pages(10)
    with site(found) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu")
    assert run.code == 0, run.last_line
    assert [r["published_at"][:16] for r in run.records] == [at]


def test_more_is_said_and_asked_for_again(tmp_path, monkeypatch):
    found, at = pages(60)
    with site(found, timedelta(minutes=60)) as (mirror, asked):
        run = crawl(tmp_path, mirror, "sections=edu")
        assert run.code == 3
        assert "clock" in run.last_line
        assert "in the future by this machine's clock" in run.last_line
        asked.clear()
        offset = float(__import__("os").environ.get("CLOCK_OFFSET") or 0)
        monkeypatch.setenv("CLOCK_OFFSET", str(offset + 24 * 3600))
        crawl(tmp_path, mirror, "sections=edu")
    newest = crawl_records(tmp_path)
    assert newest["published_at"][:16] == at


def crawl_records(output):
    from tests.support.harness import published

    return published(output)[-1]


@pytest.mark.parametrize(
    "headers", [{}, {"ETag": '"1"', "Last-Modified": "Sat, 28 Nov 2026 00:00:00 GMT"}]
)
def test_what_was_doubted_has_no_validators(headers):
    from crawler.items import FetchMetadata, Page
    from crawler.pipelines.publication_time import Dates

    now = clock.now()
    words = (clock.now_in_cst() + timedelta(hours=2)).strftime("%Y-%m-%d %H:%M")
    facts = FetchMetadata(etag=headers.get("ETag"), modified=headers.get("Last-Modified"))
    page = Page("https://www.workercn.cn/c/2026-11-28/1.shtml", "1", "modern", published=words)
    page.fetched_at, page.facts = now, facts
    Dates().fill(page)
    assert (facts.etag, facts.modified) == (None, None)
