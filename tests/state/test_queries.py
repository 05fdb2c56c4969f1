"""Both databases give the same answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from crawler.state import Sighting, StateError, Watermark, open_state, published_line
from tests.state.samples import RUNS, failure, known, manifest, record, write_run

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = "2026-11-22T04:00:01Z"
THREE_DAYS_AGO = NOW - timedelta(days=3)
OLD = "2026-11-19T11:59:59+08:00"  # a second before that


@pytest.fixture
def state(state_url):
    state = open_state(state_url)
    yield state
    state.close()


def put(state, *rows):
    with state.learning() as writer:
        for row in rows:
            writer.put([row])


def test_a_row_comes_back_as_it_was_put(state):
    put(state, known("1"), failure("2"), Sighting("1", "edu", None, RUNS[0]))
    assert state.find("1") == known("1")
    assert state.find("2") is None
    assert state.known(["1", "2"]) == {"1": known("1")}
    assert state.failures(["1", "2"]) == {"2": failure("2")}
    assert state.sightings(["1", "2"]) == {"1": {"edu": Sighting("1", "edu", None, RUNS[0])}}
    assert state.mark("edu") is None


def test_a_row_takes_the_place_of_the_one_with_its_key(state):
    put(state, known("1"), known("1", revision=2, title="改"), Watermark("edu", RUNS[0], "", 3))
    put(state, Watermark("edu", RUNS[1], "2026-11-20", 1))
    assert state.find("1") == known("1", revision=2, title="改")
    assert state.mark("edu") == Watermark("edu", RUNS[1], "2026-11-20", 1)


def test_more_ids_than_a_question_holds(state):
    ids = [str(number) for number in range(1201)]
    with state.learning() as writer:
        writer.put(known(id_) for id_ in ids)
    assert list(state.known([*ids, "none"])) == list(state.known(ids))
    assert set(state.known(ids)) == set(ids)
    assert state.known([]) == {}


@pytest.mark.parametrize(
    ("given", "stored"),
    [("a\0b", "a\ufffdb"), ("a\ud83db", "a\ufffdb"), ("😀 '\"\\%:x", "😀 '\"\\%:x")],
)
def test_text_that_a_database_refuses_is_stored_without_what_it_refuses(state, given, stored):
    entry = {"title": given, "sections": []}
    put(state, known("1", title=given), failure("2", error=given, entry=entry))
    assert state.find("1").title == stored
    assert state.failures(["2"])["2"].error == stored
    assert state.failures(["2"])["2"].entry == entry


@pytest.mark.parametrize(
    ("changes", "is_due", "is_due_in_window"),
    [
        ({}, True, True),
        ({"next_check": "2026-11-22T04:00:00Z"}, True, True),
        ({"next_check": LATER}, False, True),
        ({"published": "2026-11-19T12:00:00+08:00"}, True, True),
        ({"published": OLD}, False, False),
        ({"published": OLD, "missing": 1}, True, True),
        ({"published": OLD, "missing": 1, "change": "removed"}, False, False),
        ({"change": "removed"}, True, True),
        ({"change": "removed", "next_check": LATER}, False, True),
        ({"missing": 1}, True, True),
    ],
)
def test_what_is_due(state, changes, is_due, is_due_in_window):
    article = known("1", **changes)
    put(state, article, Sighting("1", "edu", "教育", RUNS[0]))
    for slugs, seen in ((None, True), (["edu", "law"], True), (["law"], False), ([], False)):
        due = list(state.due(NOW, THREE_DAYS_AGO, slugs))
        assert due == ([article] if seen and is_due else []), slugs
        due = list(state.due(NOW, THREE_DAYS_AGO, slugs, all_of_window=True))
        assert due == ([article] if seen and is_due_in_window else []), slugs


def test_what_is_due_comes_once_each_and_newest_first_over_many_pages(state):
    published = [f"2026-11-21T{hour:02}:00:00+08:00" for hour in range(24)]
    recent = [known(f"r{n}", published=published[n % 24]) for n in range(1200)]
    gone = [known(f"g{n}", published=OLD, missing=1) for n in range(700)]
    with state.learning() as writer:
        writer.put(recent)
        writer.put(gone)
    due = list(state.due(NOW, THREE_DAYS_AGO, None))

    def newest_first(rows):
        return sorted(rows, key=lambda row: (row.published, row.id), reverse=True)

    assert due == newest_first(recent) + newest_first(gone)


def test_a_moment_of_any_zone_is_the_same_moment(state):
    put(state, known("1", published="2026-11-19T12:00:00+08:00"))
    zone = datetime.fromisoformat("2026-11-22T12:00:00+08:00").tzinfo
    assert list(state.due(NOW.astimezone(zone), THREE_DAYS_AGO.astimezone(zone), None))


def test_failures_that_are_due_that_wait_and_that_are_given_up(state):
    due = failure("1")
    waiting = failure("2", next_try=LATER)
    given_up = failure("3", next_try=None)
    put(state, due, waiting, given_up, Sighting("1", "edu", None, RUNS[0]))
    assert list(state.due_failures(NOW, None)) == [due]
    assert list(state.due_failures(NOW, ["edu"])) == [due]
    assert list(state.due_failures(NOW, ["law"])) == []
    assert list(state.waiting_failures()) == [due, waiting]
    assert list(state.given_up()) == [given_up]


def test_text_compares_by_code_point(state):
    ids = ["B", "a", "Ä", "_", "10", "9", "中"]
    with state.learning() as writer:
        writer.put(failure(id_, next_try=None) for id_ in ids)
    assert [row.id for row in state.given_up()] == sorted(ids)


def test_many_failures_come_once_each(state):
    with state.learning() as writer:
        writer.put(failure(str(number)) for number in range(1000))
    ids = [row.id for row in state.due_failures(NOW)]
    assert sorted(ids, key=int) == [str(number) for number in range(1000)]


def test_runs_and_their_manifests(state):
    with state.learning() as writer:
        for night in (2, 0, 1):
            writer.put_run(manifest(night, complete=night != 1))
    assert state.run_ids() == set(RUNS[:3])
    assert state.has_run(RUNS[1])
    assert not state.has_run(RUNS[3])
    assert state.history(5) == [manifest(2), manifest(0)]
    assert state.history(1) == [manifest(2)]
    assert state.history(2, complete_only=False) == [manifest(2), manifest(1, complete=False)]


def test_a_reader_sees_a_transaction_when_it_is_done(state):
    with state.learning() as writer:
        writer.put([known("1")])
        assert writer.find("1")
        assert state.find("1") is None
    assert state.find("1")


def test_what_is_raised_in_a_transaction_leaves_nothing_of_it(state):
    def put_and_fail():
        with state.learning() as writer:
            writer.put([known("1")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    assert state.find("1") is None
    put(state, known("1"))
    assert state.find("1")


def test_a_run_learnt_twice_is_an_error_in_one_line(state):
    def put_twice():
        with state.learning() as writer:
            writer.put_run(manifest(0))
            writer.put_run(manifest(0))

    with pytest.raises(StateError, match=r"^state .*(UNIQUE|unique)[^\n]*$"):
        put_twice()


def test_answers_may_be_left_in_the_middle(state):
    with state.learning() as writer:
        writer.put(known(str(number)) for number in range(1000))
    due = state.due(NOW, THREE_DAYS_AGO, None)
    next(due)
    put(state, known("0", title="改"))
    assert state.find("0").title == "改"


def test_the_published_line_of_a_known_article(tmp_path):
    records = [record("1", title="一"), record("2", title="二")]
    folder = write_run(tmp_path, 0, records)
    place = len((folder / "articles.jsonl").read_bytes().splitlines()[0]) + 1
    assert published_line(tmp_path, known("2", place=place)) == records[1]
    assert published_line(tmp_path, known("2", run_id=RUNS[1])) is None


@pytest.mark.parametrize("place", [0, 3, 100_000])
def test_another_line_in_its_place_is_an_error(tmp_path, place):
    write_run(tmp_path, 0, [record("1")])
    with pytest.raises(StateError, match=f"no revision 1 of 2 at byte {place}"):
        published_line(tmp_path, known("2", place=place))
    assert json.loads((tmp_path / "runs" / RUNS[0] / "articles.jsonl").read_text())["id"] == "1"
