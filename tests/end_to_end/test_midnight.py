"""A run over midnight: a page is of the day on which it was fetched, not of that of the start."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests import offset_to
from tests.end_to_end.test_walk import article, ids, item, listing, site, url
from tests.support.harness import UNHURRIED, command, crawl, run

BEFORE, AFTER = "2026-10-14", "2026-10-15"
ENTRIES = (  # what the listing says, the day in the address, what the page says
    (1000004, f"{AFTER} 00:10:00", AFTER),
    (1000003, "今天 00:05", AFTER),
    (1000002, "10分钟前", AFTER),
    (1000001, "昨天 23:00", BEFORE),
)
PAGES = {"/edu/": listing(*(item(n, said, day) for n, said, day in ENTRIES))}
SHOWN = {
    1000004: f"{AFTER} 00:10",
    1000003: f"{AFTER} 00:05",
    1000002: "刚刚",
    1000001: f"{BEFORE} 23:00",
}
PAGES |= {url(n, day): article(n, SHOWN[n]) for n, _, day in ENTRIES}


@pytest.fixture(autouse=True)
def half_past_eleven(monkeypatch):
    start = datetime.fromisoformat(f"{BEFORE}T23:30+08:00")
    monkeypatch.setenv("CLOCK_OFFSET", offset_to(start))
    monkeypatch.setenv("PATCHED_BY", "midnight")
    assert clock.today().isoformat() == BEFORE


def test_what_has_come_since_the_start_is_listed_with_its_time(tmp_path):
    with site(PAGES) as (mirror, _):
        done = crawl(tmp_path, mirror, "sections=edu", "pages=1")
    assert ids(done) == [1000001, 1000002, 1000003, 1000004]
    assert done.code == 0, done.last_line
    assert done.manifest["newest_published_at"][:10] == AFTER
    assert done.manifest["sections"]["edu"]["newest_published_at"][:10] == AFTER
    days = {int(record["id"]): record["published_at"][:10] for record in done.records}
    assert days == {n: day for n, _, day in ENTRIES}
    assert "listed as of" not in done.stderr


def test_a_window_that_ends_before_midnight_holds_nothing_of_the_day_after(tmp_path):
    with site(PAGES) as (mirror, _):
        done = crawl(tmp_path, mirror, "sections=edu", "pages=1", f"until={BEFORE}")
    assert ids(done) == [1000001]


def test_the_search_is_asked_for_the_days_that_were_over_at_the_start(tmp_path):
    """Of the day of the start, what came after the listings were read is not known."""
    with serve(Site(seed=3, articles=20, now=clock.now(), papers=1)) as server:
        options = {**UNHURRIED, "OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url}
        done = run(command("nightly", "workercn", **options))
        asked = [parse_qs(r.query) for r in server.requests if "/search/" in r.path]
    assert done.returncode == 0, done.stderr
    assert [query["startDate"] for query in asked] == [[f"2026-10-{day}"] for day in (13, 12, 11)]
