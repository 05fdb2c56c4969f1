"""The spool: newest first, each article once, all its sections, flat memory."""

from datetime import date, datetime, timedelta

import pytest

from crawler.items import ListingEntry
from crawler.spiders.frontier import Frontier
from tests.support.growth import peak

NOON = datetime(2026, 10, 2, 12)


def entry(number: int) -> ListingEntry:
    return ListingEntry(
        f"https://www.workercn.cn/c/2026-10-02/{number}.shtml", str(number), title="甲"
    )


@pytest.fixture
def frontier():
    frontier = Frontier()
    yield frontier
    frontier.close()


def test_newest_first_each_once_with_all_its_sections(frontier):
    assert frontier.add(entry(1), NOON, "edu", "教育") == (True, True)
    assert frontier.add(entry(2), NOON + timedelta(hours=1), "edu", "教育") == (True, True)
    assert frontier.add(entry(1), NOON, "character", "人物") == (True, False)
    assert frontier.add(entry(1), NOON, "edu", "教育") == (False, False)
    taken = list(frontier.take(None))
    assert [one.id for one in taken] == ["2", "1"]
    assert taken[1].sections == [
        {"slug": "character", "name": "人物"},
        {"slug": "edu", "name": "教育"},
    ]
    assert list(frontier.take(None)) == []


def test_what_one_listing_leaves_out_another_says(frontier):
    news = "https://news.workercn.cn/c/2026-10-02/1.shtml"
    frontier.add(ListingEntry(news, "1", title="甲"), NOON.replace(hour=0), "edu", None)
    full = ListingEntry(entry(1).url, "1", "乙", "2026-10-02 12:00:00", "新华社", "滚动")
    frontier.add(full, NOON, "acftu", None)
    frontier.add(ListingEntry(news, "1", source="中工网"), NOON, "rights", None)
    (one,) = frontier.take(None)
    assert (one.url, one.title, one.published) == (entry(1).url, "甲", "2026-10-02 12:00:00")
    assert (one.source, one.label) == ("新华社", "滚动")


def test_spans_and_what_is_not_wanted(frontier):
    for day in range(10):
        frontier.add(entry(day), NOON - timedelta(days=day), "edu", None, wanted=day != 3)
    assert [one.id for one in frontier.take(date(2026, 9, 28))] == ["0", "1", "2", "4"]
    frontier.add(entry(10), NOON, "edu", None)
    assert [one.id for one in frontier.take(date(2026, 9, 25))] == ["10", "5", "6", "7"]
    assert [one.id for one in frontier.take(None)] == ["8", "9"]


def test_what_is_not_asked_for_is_not_taken(frontier):
    for number in range(5):
        frontier.add(entry(number), NOON)
    assert next(frontier.take(None)).id == "4"
    assert [one.id for one in frontier.take(None)] == ["3", "2", "1", "0"]


def test_a_redirect_target_is_claimed_once_and_not_from_a_listing(frontier):
    frontier.add(entry(1), NOON, "edu", None)
    assert frontier.claim("7") is True
    assert frontier.claim("7") is False
    assert frontier.claim("1") is False  # its own turn comes
    assert [one.id for one in frontier.take(None)] == ["1"]


def test_a_time_decides_over_the_day_in_the_address(frontier):
    """An entry without a time, listed again with one: into the window, or out of it."""
    midnight = NOON.replace(hour=0)
    timed = ListingEntry(entry(1).url, "1", published="2026-10-02 12:00:00")
    frontier.add(entry(1), midnight, "edu", None, wanted=False)
    frontier.add(timed, NOON, "character", None, wanted=True)
    frontier.add(ListingEntry(entry(2).url, "2"), midnight, "edu", None, wanted=True)
    frontier.add(
        ListingEntry(entry(2).url, "2", published="x"), NOON, "character", None, wanted=False
    )
    assert [one.id for one in frontier.take(None)] == ["1"]


@pytest.mark.parametrize("number", [12_000, pytest.param(60_000, marks=pytest.mark.long)])
def test_memory_stays_flat(frontier, number):
    """SQLite's page cache is bounded, the rest is on disk (benchmarks/growth.py)."""

    def add(first, last):
        for number in range(first, last):
            frontier.add(entry(number), NOON + timedelta(seconds=number), "edu", "教育")

    few, many = peak(lambda: add(0, 3_000)), peak(lambda: add(3_000, number))
    assert many < 2 * few
    assert next(frontier.take(None)).id == str(number - 1)
