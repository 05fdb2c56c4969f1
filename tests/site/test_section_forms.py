"""How a home page may link sections, and lists that have no list items."""

from __future__ import annotations

import pytest

from crawler.site import sections, urls
from crawler.site.listings import listing_pages, parsers

HOME = "https://www.workercn.cn/"
ROLL = "https://www.workercn.cn/roll/"


def links(*hrefs):
    return "".join(f'<a href="{href}">{number}</a>' for number, href in enumerate(hrefs)).encode()


@pytest.mark.parametrize(
    "href",
    [
        "/edu/",
        "/edu",
        "/edu/index.shtml",
        "/edu/?from=nav",
        "/edu/index.html?from=nav#top",
        "edu/",
        "//www.workercn.cn/edu/",
        "https://workercn.cn/edu/",
        "http://www.workercn.cn/edu",
    ],
)
def test_a_section_as_it_may_be_linked(href):
    assert sections.discover(links(href), HOME) == {"edu": "0"}
    assert sections.left_out(links(href), HOME) == []


def test_one_of_two_levels_is_taken_where_the_table_has_it():
    body = links("/pl/pl/", "/edu/gongyi/", "/papers/grrb/", "/upload/resources/")
    assert sections.discover(body, HOME) == {"pl/pl": "0"}
    assert sections.left_out(body, HOME) == ["https://www.workercn.cn/edu/gongyi/"]


@pytest.mark.parametrize(
    ("href", "named"),
    [
        ("/edu/gongyi/", True),
        ("/edu/list.shtml", True),
        ("/2024lianghui/", True),
        ("/%E4%BA%BA%E7%89%A9/", True),
        ("http://hb.workercn.cn/", True),
        ("http://hb.workercn.cn/32841/", True),
        # what the table denies, what is no folder, what is an article, and what is not the site's
        ("/about/", False),
        ("/about/us/", False),
        ("/", False),
        ("/index.shtml", False),
        ("/a.shtml", False),
        ("/c/2024-02-29/8163816.shtml", False),
        ("/papers/grrb/2026/10/02/1/page.html", False),
        ("http://big5.workercn.cn/", False),
        ("https://other.example/edu/", False),
        ("javascript:;", False),
    ],
)
def test_what_looks_like_a_section_and_is_not_taken(href, named):
    body = links(href, href)
    assert sections.discover(body, HOME) == {}
    assert len(sections.left_out(body, HOME)) == named


def test_the_pages_of_a_section_of_two_levels():
    for url in (urls.section_page("pl/pl"), urls.section_json("pl/pl", 3)):
        found = listing_pages.identify(url)
        assert found is not None
        assert found.slug == "pl/pl"


# --- lists of a[title] ---------------------------------------------------------------------------

TITLE = "职工学堂在厂区开课，三十多名职工下班后来到教室"


def roll(*entries, before=""):
    return (
        f"<title>滚动 - 中工网</title>{before}<div class='roll'>{''.join(entries)}</div>".encode()
    )


def entry(number, shown="职工学堂在厂区开课…", title=TITLE, time="2026-10-02 15:41:16"):
    time = f"<span>{time}</span>" if time else ""
    return f'<p><a href="/c/2026-10-02/{number}.shtml" title="{title}">{shown}</a>{time}</p>'


@pytest.mark.parametrize(
    "shown", ["职工学堂在厂区开课…", "职工学堂在厂区开课...", "职工学堂", TITLE, ""]
)
def test_a_list_of_titled_links(shown):
    listing = parsers.read_page(roll(entry(1000001, shown), entry(1000002, shown)), ROLL)
    assert [one.id for one in listing.entries] == ["1000001", "1000002"]
    assert {one.title for one in listing.entries} == {TITLE}
    assert {one.published for one in listing.entries} == {"2026-10-02 15:41:16"}


def test_a_title_attribute_that_says_another_thing_is_no_title():
    listing = parsers.read_page(roll(entry(1000001, "职工学堂开课", "点击查看")), ROLL)
    assert [one.title for one in listing.entries] == ["职工学堂开课"]


def test_titled_links_without_times():
    body = roll(
        entry(1000001, time=""),
        entry(1000002, time=""),
        before="<ul><li><a href='/edu/'>教育</a></ul>",
    )
    listing = parsers.read_page(body, ROLL)
    assert [(one.id, one.published) for one in listing.entries] == [
        ("1000001", None),
        ("1000002", None),
    ]


def test_a_time_belongs_to_its_own_entry():
    body = roll(entry(1000001, time="2026-10-02 15:00:00"), entry(1000002, time=""))
    times = {one.id: one.published for one in parsers.read_page(body, ROLL).entries}
    assert times == {"1000001": "2026-10-02 15:00:00", "1000002": None}


def test_a_side_box_of_list_items_does_not_hide_them():
    box = '<ul class="list"><li><a href="/c/2026-09-01/900001.shtml">热点</a></li></ul>'
    listing = parsers.read_page(roll(entry(1000001), before=box), ROLL)
    assert [one.id for one in listing.entries] == ["1000001"]


def test_titled_links_beside_the_proven_list_are_none_of_it():
    item = (
        '<ul class="list"><li id="li_1000009"><h3><a href="/c/2026-10-02/1000009.shtml">职工学堂开课</a></h3>'
        '<div class="info2">2026-10-02 12:00:00</div></li></ul>'
    )
    listing = parsers.read_page(roll(entry(1000001), before=item), ROLL)
    assert [one.id for one in listing.entries] == ["1000009"]


def test_the_whole_title_of_a_list_item():
    item = (
        '<ul class="list"><li id="li_1000009"><h3>'
        f'<a href="/c/2026-10-02/1000009.shtml" title="{TITLE}">职工学堂在厂区开…</a></h3>'
        '<div class="info2">2026-10-02 12:00:00</div></li></ul>'
    )
    assert parsers.read_page(roll(before=item), ROLL).entries[0].title == TITLE
