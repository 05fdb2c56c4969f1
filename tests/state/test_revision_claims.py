"""Of several runs one has a revision, whatever happens to it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from crawler.state import open_state
from tests.state.samples import known
from tests.state.test_database import engine


@pytest.fixture
def states(state_url):
    """Two workers' own connections."""
    both = [open_state(state_url) for _ in range(2)]
    yield both
    for state in both:
        state.close()


def age(state_url):
    there = engine(state_url)
    with there.begin() as connection:
        connection.execute(text("UPDATE claim SET claimed_at = '2026-01-01T00:00:00Z'"))
    there.dispose()


def test_the_first_has_it_and_others_hear_who(states):
    one, two = (state.claims for state in states)
    assert one.take("1", 1, "a") is None
    assert two.take("1", 1, "b") == ("a", False)
    assert two.take("1", 2, "b") is None
    assert two.unpublished(["1", "2"]) == {"1": "b"} or two.unpublished(["1"]) == {"1": "a"}


def test_a_line_is_written_once_though_its_request_came_twice(states):
    claims = states[0].claims
    assert claims.take("1", 1, "a") is None
    assert claims.take("1", 1, "a") == ("a", True)


def test_what_was_claimed_though_the_answer_was_lost_is_written(states):
    # As by a process that asks again: the row is there, and it has not been told so.
    one, two = (state.claims for state in states)
    assert one.take("1", 1, "a") is None
    assert two.take("1", 1, "a") is None


def test_of_a_dead_run_another_takes_over_and_only_once(states):
    one, two = (state.claims for state in states)
    one.take("1", 1, "dead")
    two.give_up("1", 1, "dead")
    assert two.take("1", 1, "b") is None
    one.give_up("1", 1, "dead")  # as seen by a third, a moment later
    assert one.take("1", 1, "c") == ("b", False)


def test_what_is_settled_is_nobody_elses(states):
    one, two = states
    one.claims.take("1", 1, "a")
    with one.learning() as writer:
        assert writer.finalize_claims("a", [("1", 1)]) == {("1", 1)}
    assert two.claims.take("1", 1, "b") == ("a", True)
    two.claims.give_up("1", 1, "a")
    assert two.claims.take("1", 1, "b") == ("a", True)
    assert two.claims.unpublished(["1"]) == {}


def test_what_was_settled_and_never_published_is_free_after_a_day(states, state_url):
    one, two = states
    one.claims.take("1", 1, "gone")
    with one.learning() as writer:
        writer.finalize_claims("gone", [("1", 1)])
    age(state_url)
    assert two.claims.take("1", 1, "b") == ("gone", False)
    two.claims.give_up("1", 1, "gone")
    assert two.claims.take("1", 1, "b") is None
    with one.learning() as writer:
        assert writer.finalize_claims("gone", [("1", 1)]) == set()  # its machine is back


def test_what_was_published_long_ago_stays(states, state_url):
    one, two = states
    one.claims.take("1", 1, "a")
    with one.learning() as writer:
        writer.finalize_claims("a", [("1", 1)])
        writer.put([known("1")])
    age(state_url)
    assert two.claims.take("1", 1, "b") == ("a", True)


def test_what_was_claimed_and_not_written_is_free(states):
    one, two = states
    one.claims.take("1", 1, "a")
    with one.learning() as writer:
        writer.release("a", writer.finalize_claims("a", [("1", 1)]))
    assert two.claims.take("1", 1, "b") is None


def test_what_was_written_and_nobody_claims_is_its_own(states):
    one, two = states
    with one.learning() as writer:
        assert writer.finalize_claims("a", [("1", 1), ("2", 1)]) == {("1", 1), ("2", 1)}
    assert two.claims.take("2", 1, "b") == ("a", True)


def test_a_rebuilt_state_keeps_what_workers_hold(states):
    one, two = states
    one.claims.take("1", 1, "a")
    with one.learning() as writer:
        writer.clear()
    assert two.claims.take("1", 1, "b") == ("a", False)
