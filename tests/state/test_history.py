"""What a run is compared with: the runs of its kind, and how long its sections paused."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from crawler.clock import CST
from crawler.runs.projection import catch_up
from crawler.state import Sighting, open_state
from tests.state.samples import RUNS, known, manifest, walked, write_run


@pytest.fixture
def state(state_url):
    state = open_state(state_url)
    yield state
    state.close()


def made(number: int, **changes) -> dict:
    return manifest(0) | {"run_id": f"20261120T20{number:02}00Z-workercn-0000"} | changes


def test_many_runs_of_one_section_do_not_hide_the_nights(state):
    nights = [made(n, command="nightly", arguments={"sections": "all,paper"}) for n in range(3)]
    others = [made(n, command="crawl", arguments={"sections": "edu"}) for n in range(3, 50)]
    by_hand = [made(n, command="crawl", arguments={"sections": "all,paper"}) for n in (50, 51)]
    with state.learning() as writer:
        for one in (*nights, *others, *by_hand):
            writer.put_run(one)
    assert state.history(2) == [
        by_hand[1],
        by_hand[0],
        others[-1],
        others[-2],
        nights[2],
        nights[1],
    ]


def test_pauses(state):
    start = datetime(2026, 11, 1, 8, tzinfo=CST)

    def at(days: float) -> str:
        return (start + timedelta(days=days)).isoformat()

    times = {"1": 0, "2": 0.5, "3": 3, "4": 3, "5": 4, "6": -30}
    with state.learning() as writer:
        writer.put(known(id_, published=at(days)) for id_, days in times.items())
        writer.put([known("7", published=at(9), change="removed")])
        writer.put(Sighting(id_, "edu", None, RUNS[0]) for id_ in (*times, "7"))
        writer.put([Sighting("1", "law", None, RUNS[0]), Sighting("2", "rights", None, RUNS[0])])
    found = state.pauses(["edu", "law", "character"], start)
    assert sorted(found) == ["edu", "law"]
    edu, law = found["edu"], found["law"]
    assert edu == (start + timedelta(days=4), timedelta(days=2.5), timedelta(days=4), 4)
    assert law == (start, timedelta(0), timedelta(0), 1)
    assert state.pauses([], start) == {}
    # of both together: an article that stands in two is one
    with state.learning() as writer:
        writer.put([known("8", published=at(2))])
        writer.put([Sighting("8", "law", None, RUNS[0])])
    together = state.pause(["edu", "law"], start)
    assert together == (start + timedelta(days=4), timedelta(days=1.5), timedelta(days=4), 5)
    assert state.pause(["character"], start) is None


@pytest.mark.parametrize(
    ("check", "kept"),
    [
        ({"ok": False, "code": "shrunk", "data": {"sections": ["edu"]}}, ["law"]),
        ({"ok": False, "code": "listed_nothing", "data": {"sections": ["edu", "law"]}}, []),
        ({"ok": True, "code": "shrunk", "data": {"sections": ["edu"]}}, ["edu", "law"]),
        # of the whole run
        ({"ok": False, "code": "too_many", "data": {"number": 80, "total": 80}}, ["edu", "law"]),
        # of an older version
        ({"ok": False}, ["edu", "law"]),
    ],
)
def test_only_checks_about_a_section_hold_its_mark_back(state, tmp_path, check, kept):
    folder = write_run(tmp_path, 0, [], [walked("edu", "", 1), walked("law", "", 1)])
    told = manifest(0) | {"checks": [{"name": "x", "detail": ""} | check]}
    (folder / "manifest.json").write_text(json.dumps(told), "utf-8")
    assert catch_up(state, tmp_path) == [folder.name]
    assert sorted(state.marks()) == kept
