"""What is remembered of sections whose pages their scripts build."""

from __future__ import annotations

import dataclasses

import pytest
from scrapy.http import HtmlResponse

from crawler.journal_notes import RenderProbe
from crawler.runs.projection import catch_up, rebuild
from crawler.runs.run_files import note
from crawler.site.sections import read_table, table
from crawler.spiders.kinds import Modern
from crawler.spiders.renders import lists_nothing
from crawler.state import RenderHint, open_state
from tests.state.samples import dump, write_run

FIRST = RenderProbe("edu", "listing", True, "2026-11-22T19:00:00Z")
LATER = RenderProbe("edu", "listing", False, "2026-11-29T19:00:00Z")
ARTICLES = RenderProbe("edu", "article", True, "2026-11-22T19:00:00Z")


def learnt(url, output, *nights):
    state = open_state(url)
    for number, tried in enumerate(nights):
        write_run(output, number, [], [note(one) for one in tried])
    catch_up(state, output)
    return state


@pytest.mark.parametrize(
    ("nights", "listing"),
    [
        ([[FIRST]], RenderHint("edu", "listing", True, "2026-11-22T19:00:00Z")),
        ([[FIRST], [LATER]], RenderHint("edu", "listing", False, "2026-11-29T19:00:00Z")),
        ([[FIRST], []], RenderHint("edu", "listing", True, "2026-11-22T19:00:00Z")),
        ([[LATER], [FIRST]], RenderHint("edu", "listing", False, "2026-11-29T19:00:00Z")),
        ([[ARTICLES]], None),
        ([[dataclasses.replace(FIRST, slug="culture")]], None),
    ],
)
def test_the_newest_try_of_a_section_counts(state_url, tmp_path, nights, listing):
    state = learnt(state_url, tmp_path, *nights)
    assert state.need("edu", "listing") == listing
    state.close()


def test_the_folders_give_the_same_memory_again(state_url, tmp_path):
    state = learnt(state_url, tmp_path, [FIRST, ARTICLES], [LATER])
    before = dump(state)
    rebuild(state, tmp_path)
    assert dump(state) == before
    assert state.need("edu", "article") == RenderHint("edu", "article", True, ARTICLES.tried_at)
    state.close()


def test_the_table_may_force_a_section():
    assert table().render == frozenset()
    forced = read_table('render = ["edu", "legacy:news/32841"]')
    assert forced.render == {"edu", "legacy:news/32841"}


@pytest.mark.parametrize("slug", ["Edu!", "json2021:cj/34179", "legacy:", ""])
def test_what_is_no_section_with_pages_cannot_be_forced(slug):
    with pytest.raises(ValueError, match="is no section"):
        read_table(f'render = ["{slug}"]')


@pytest.mark.parametrize(
    ("markup", "nothing"),
    [
        ('<div id="app">加载中…</div><script src="/a.js"></script>', True),
        ('<ul class="list"><li><a href="/about/1.pdf">关于</a> 2026-11-22</li></ul>', True),
        (
            '<ul class="list"><li id="li_8100001"><a href="/c/2026-11-22/8100001.shtml">题目</a>'
            "</li></ul>",
            False,
        ),
    ],
)
def test_a_listing_that_shows_nothing(markup, nothing):
    response = HtmlResponse("https://www.workercn.cn/edu/", body=markup.encode())
    assert lists_nothing(Modern("edu").read, response) is nothing
