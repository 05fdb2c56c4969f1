"""A database and run folders of an earlier version."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime

import pytest

from crawler.clock import CST
from crawler.runs.projection import rebuild
from crawler.samplesite import Site, serve
from crawler.state import default_url, open_state
from tests.support.harness import ROOT
from tests.support.nights_apart import at

OLDER = ROOT / "tests/feeds/older/0.1.0"
GONE = "2026-11-29T02:52:54Z"


@pytest.fixture
def output(tmp_path):
    shutil.copytree(OLDER / "runs", tmp_path / "runs")
    db = sqlite3.connect(tmp_path / "state.db")
    db.executescript((OLDER / "state.sql").read_text("utf-8"))
    db.commit()
    db.close()
    return tmp_path


def test_what_was_missing_has_been_so_since_the_last_request(output):
    db = sqlite3.connect(output / "state.db")
    db.execute("UPDATE article SET missing = 1, checked_at = ?", (GONE,))
    db.commit()
    db.close()
    state = open_state(default_url(output))
    assert {known.missing_since for known in state.known(["8907656"]).values()} == {GONE}
    state.close()


def test_what_was_there_is_not_missing_and_an_older_mark_has_noted_nothing(output):
    state = open_state(default_url(output))
    known = state.find("8907656")
    assert (known.missing, known.missing_since) == (0, None)
    mark = state.mark("edu")
    assert (mark.down_to, mark.noted) == ("", False)
    assert (state.gaps("edu"), state.issues()) == ([], {})
    sightings = state.sightings(["8907656"])["8907656"]
    assert sightings["edu"].said is None
    assert (known.kind, known.precision, known.language) == (None, None, None)
    known = known._replace(kind="article", precision="second", language="zh-Hans")
    before = (known, mark, sightings)
    assert rebuild(state, output) == 2
    after = (state.find("8907656"), state.mark("edu"), state.sightings(["8907656"])["8907656"])
    assert after == before
    state.close()


def test_the_first_run_over_it_fetches_nothing_that_the_older_one_left_out(output):
    """A mark that has noted nothing is as none for what the window leaves out."""
    then = datetime(2026, 12, 5, 10, tzinfo=CST)
    site = Site(seed=5, articles=60, now=then, legacy=0, json2021=0, papers=0)
    day = then.date().isoformat()
    with serve(site) as server:
        done = at(then, output, server.url, "sections=edu", f"since={day}", job="crawl")
        assert all(record["published_at"] >= day for record in done.records)
    state = open_state(default_url(output))
    left = {s.id for s in site._stories if "edu" in s.sections and s.published.isoformat() < day}
    assert state.left_out("edu", left)
    state.close()
