"""Whose listing an address is a page of: the addresses that a walk asks for, and those it does not."""

from datetime import date

import pytest

from crawler.site import urls
from crawler.site.listings import listing_pages


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        (urls.section_page("edu"), "edu"),
        (urls.section_json("edu", 2), "edu"),
        (urls.json2021_page("cj/34179", 1), "json2021:cj/34179"),
        (urls.legacy_section("news/32841"), "legacy:news/32841"),
        (urls.page_of(urls.legacy_section("news/32841"), 2), "legacy:news/32841"),
        (urls.legacy_section("news"), "legacy:news"),
        (urls.paper_front(date(2024, 7, 12), 6), "paper"),
        (urls.search("产改", None, None, 0, 15), None),
    ],
)
def test_what_a_walk_asks_for(url, slug):
    listed = listing_pages.identify(url)
    assert listed is not None
    assert listed.slug == slug


@pytest.mark.parametrize(
    "url",
    [
        urls.HOME,
        "https://www.workercn.cn/robots.txt",
        "https://www.workercn.cn/c/2024-02-29/8163816.shtml",
        "http://news.workercn.cn/32841/201901/18/190118124637372.shtml",
        "https://www.workercn.cn/papers/grrb/2024/07/12/6/news-1.html",
        "https://example.com/edu/",
    ],
)
def test_what_is_no_listing(url):
    assert listing_pages.identify(url) is None


def test_a_column_has_its_name_from_the_table():
    listed = listing_pages.identify(urls.json2021_page("cj/34179", 1))
    assert listed is not None
    assert listed.name
