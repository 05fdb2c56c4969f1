"""A section's gaps from run to run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.spiders.gaps import Unseen, after

NOW = datetime(2026, 10, 5, 18, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def day(number, hour=0):
    return datetime(2026, 10, number, hour)


def run(before, unseen, *, bottom=None, night=0.0):
    now = NOW + night * DAY
    return after("edu", before, unseen, bottom=bottom, run_id="r", now=now, nights=3)


def test_what_is_seen_again_is_closed():
    first = run([], [Unseen(day(1), day(3), "ended")])
    assert [gap.reason for gap in first.failing] == ["ended"]
    assert not first.is_whole
    assert run(first.gaps, [], bottom=day(1)) == ([], [])


def test_what_was_not_looked_for_stays():
    first = run([], [Unseen(day(1), day(3), "ended")])
    assert run(first.gaps, [], bottom=day(2)) == (first.gaps, [])
    assert run(first.gaps, [], bottom=None) == ([], [])


def test_one_that_stays_open_for_three_nights_is_given_up():
    gaps = run([], [Unseen(day(1), day(3), "ended")]).gaps
    for night in (0.1, 1, 1.1):
        result = run(gaps, [Unseen(day(1), day(4), "ended")], night=night)
        gaps = result.gaps
        assert [gap.unreachable for gap in result.failing] == [False]
    result = run(gaps, [Unseen(day(1), day(5), "ended")], night=2)
    assert [(gap.unreachable, gap.reason) for gap in result.failing] == [(True, "unreachable")]
    assert result.is_whole
    later = run(result.gaps, [], bottom=day(6), night=3)
    assert later == (result.gaps, [])
    again = run(result.gaps, [Unseen(day(1), day(3), "ended")], night=4)
    assert (len(again.gaps), again.failing) == (1, [])


@pytest.mark.parametrize("start", [None, day(1)])
def test_two_gaps_are_two(start):
    unseen = [Unseen(start, day(2), "ended"), Unseen(day(4), day(4), "damaged")]
    result = run([], unseen)
    assert [gap.reason for gap in result.gaps] == ["ended", "damaged"]
    closed = run(result.gaps, unseen[:1], night=1)
    assert [gap.nights for gap in closed.gaps] == [2]
