"""A worker's folder keeps what is its own, and nothing that another has by now."""

from __future__ import annotations

import json

import pytest

from crawler.runs import counters
from crawler.runs.claim_results import finalize_claims
from crawler.runs.recovery import recover
from crawler.runs.run import RunFolder
from crawler.state import default_url, open_state
from tests.feeds.folders import publish, record, run_id
from tests.state.samples import known


@pytest.fixture
def state(tmp_path):
    state = open_state(default_url(tmp_path))
    yield state
    state.close()


def folder(output, *ids):
    publish(output, 1, *map(record, ids), partial=True)
    return RunFolder(output, run_id(1), trial=False)


def ids(run):
    lines = (run.partial / "articles.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["id"] for line in lines]


def test_lines_that_were_taken_over_are_cut_and_no_longer_counted(tmp_path, state):
    run = folder(tmp_path, "a", "b", "c")
    stats: counters.Stats = {}
    for id_ in "abc":
        counters.count(stats, record(id_))
        state.claims.take(id_, 1, run.run_id)
    state.claims.give_up("b", 1, run.run_id)
    state.claims.take("b", 1, "another")
    assert finalize_claims(run, state, stats) == 1
    assert ids(run) == ["a", "c"]
    assert (stats["workercn/new"], stats["workercn/field/title"]) == (2, 2)
    assert finalize_claims(run, state) == 0  # as after a death in between


def test_what_a_run_alone_has_published_meanwhile_is_cut(tmp_path, state):
    run = folder(tmp_path, "a", "b")
    for id_ in "ab":
        state.claims.take(id_, 1, run.run_id)
    with state.learning() as writer:
        writer.put([known("b")])
    assert finalize_claims(run, state) == 1
    assert ids(run) == ["a"]


def test_what_was_claimed_and_not_written_may_be_had_by_others(tmp_path, state):
    run = folder(tmp_path, "a")
    for id_ in "ab":
        state.claims.take(id_, 1, run.run_id)
    finalize_claims(run, state)
    assert state.claims.take("b", 1, "another") is None
    assert state.claims.take("a", 1, "another") == (run.run_id, True)


@pytest.mark.parametrize(("crawl", "settled"), [({"crawl_id": "one"}, True), ({}, False)])
def test_salvage_settles_what_workers_left_and_nothing_else(tmp_path, crawl, settled):
    run = folder(tmp_path, "a")
    begun = {"note": "begun", "spider": "workercn", "arguments": crawl}
    (run.partial / "journal.jsonl").write_text(json.dumps(begun) + "\n")
    seen = []
    assert len(recover(tmp_path, finalize_claims=seen.append)) == 1
    assert bool(seen) == settled
    manifest = json.loads((run.final / "manifest.json").read_text("utf-8"))
    assert manifest["group"] == crawl.get("crawl_id")
