"""published_at: page, listing and address, where they agree and where not."""

from datetime import UTC, date, datetime

import pytest

from crawler.items import ListingEntry, Page
from crawler.pipelines.publication_time import Dates

FETCHED = datetime(2024, 2, 29, 4, 0, tzinfo=UTC)  # 12:00 at the site
DAY = date(2024, 2, 29)


def read(page_words, listing_words=None, day=DAY):
    page = Page("https://www.workercn.cn/c/2024-02-29/8163816.shtml", "8163816", "modern")
    page.published, page.day, page.fetched_at = page_words, day, FETCHED
    page.extracted_by = {"published_at": "label"} if page_words else {}
    page.entry = ListingEntry(page.url, page.id, published=listing_words)
    Dates().fill(page)
    values = page.record
    return (
        values.get("published_at"),
        values.get("published_precision"),
        page.extracted_by.get("published_at"),
        page.warnings,
    )


@pytest.mark.parametrize(
    ("page", "listing", "expected"),
    [
        ("2024-02-29 09:06", None, ("2024-02-29T09:06:00+08:00", "minute", "label")),
        ("2024-02-29 09:06:11", None, ("2024-02-29T09:06:11+08:00", "second", "label")),
        ("2024-02-29", None, ("2024-02-29T00:00:00+08:00", "day", "label")),
        # the listing's seconds complete the page's minutes, its time the page's day
        (
            "2024-02-29 09:06",
            "2024-02-29 09:06:11",
            ("2024-02-29T09:06:11+08:00", "second", "label"),
        ),
        ("2024-02-29", "2024-02-29 09:06:11", ("2024-02-29T09:06:11+08:00", "second", "label")),
        (
            "2024-02-29 09:06:11",
            "2024-02-29 09:06",
            ("2024-02-29T09:06:11+08:00", "second", "label"),
        ),
        # relative words are less than a time
        ("3小时前", "2024-02-29 08:40:11", ("2024-02-29T08:40:11+08:00", "second", "listing")),
        ("3小时前", None, ("2024-02-29T09:00:00+08:00", "minute", "label")),
        ("2月29日 09:06", None, ("2024-02-29T09:06:00+08:00", "minute", "label")),
        # two days off the address's day is still believed
        ("2024-02-27 09:06", None, ("2024-02-27T09:06:00+08:00", "minute", "label")),
    ],
)
def test_what_is_believed(page, listing, expected):
    assert read(page, listing) == (*expected, [])


@pytest.mark.parametrize(
    ("page", "listing", "expected", "doubt"),
    [
        # disagreement: the page counts, and it is said
        (
            "2024-02-29 09:06",
            "2024-02-29 10:06:11",
            ("2024-02-29T09:06:00+08:00", "minute", "label"),
            "the page says 2024-02-29 09:06, the listing 2024-02-29 10:06:11",
        ),
        (
            "2024-02-28",
            "2024-02-29 09:06:11",
            ("2024-02-28T00:00:00+08:00", "day", "label"),
            "the listing",
        ),
        # … unless its words count from when the page was made, which may be long ago
        (
            "今天 09:06",
            "2024-02-28 09:06:11",
            ("2024-02-28T09:06:11+08:00", "second", "listing"),
            "the page says 2024-02-29 09:06, the listing 2024-02-28 09:06:11",
        ),
        (
            "3小时前",
            "2024-02-28 22:06:11",
            ("2024-02-28T22:06:11+08:00", "second", "listing"),
            "the page says 2024-02-29 09:00, the listing 2024-02-28 22:06:11",
        ),
        # refused: far from the address's day, or after the fetch
        (
            "2002-11-29 09:06",
            "2024-02-29 09:06:11",
            ("2024-02-29T09:06:11+08:00", "second", "listing"),
            "refused",
        ),
        (
            "2024-02-29 12:16",
            "2024-02-29 09:06:11",
            ("2024-02-29T09:06:11+08:00", "second", "listing"),
            "refused",
        ),
        ("2024-03-03 09:06", None, ("2024-02-29T00:00:00+08:00", "day", "url"), "refused"),
        (
            "下周一",
            "2024-02-29 09:06:11",
            ("2024-02-29T09:06:11+08:00", "second", "listing"),
            "is no time",
        ),
        # nothing said: the listing, else the address
        (
            None,
            "2024-02-29 09:06:11",
            ("2024-02-29T09:06:11+08:00", "second", "listing"),
            "names no time",
        ),
        (None, None, ("2024-02-29T00:00:00+08:00", "day", "url"), "address's day"),
    ],
)
def test_what_is_doubted(page, listing, expected, doubt):
    *values, warnings = read(page, listing)
    assert tuple(values) == expected
    assert any(warning.startswith("published_at: ") and doubt in warning for warning in warnings)


def test_nothing_is_made_up():
    assert read(None, None, day=None) == (None, None, None, [])
    assert read("gestern", None, day=None)[0] is None
