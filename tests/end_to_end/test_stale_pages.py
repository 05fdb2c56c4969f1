"""Pages of a listing that stay as they were while the site goes on."""

from __future__ import annotations

import pytest

from crawler.samplesite import Site, serve
from crawler.samplesite.document import JSON, Document
from tests.support.nights_apart import DAY, START, at, gaps, ids

PAGE = "/json/character/index_2.json"


@pytest.fixture
def busy():
    """Two and a half days bring a page of 27, and a few; one article waits for its approval."""
    site = Site(seed=5, articles=1200, now=START, ahead=11, legacy=0, json2021=0, papers=0)
    stories = [s for s in site._stories if "character" in s.sections and not s.pinned]
    late = site.withdraw(next(s.id for s in stories if s.published < START - 0.6 * DAY))
    with serve(site) as server:
        yield site, server, late


def stands_still(site, pages, modified):
    """These pages are not written again."""
    proper = site.find
    site.find = lambda host, path, query="": (
        Document(lambda: pages[path], JSON, modified)
        if path in pages
        else proper(host, path, query)
    )


@pytest.mark.parametrize("search", [True, False])
def test_an_article_approved_late_that_a_stale_page_hides(busy, tmp_path, search):
    """The first page goes down to what is known, the next is older: the late one is on neither."""
    site, server, late = busy
    assert at(START, tmp_path, server.url, "sections=character").code == 0
    site.advance(START + 1.5 * DAY)
    stale = {PAGE: site.find("", PAGE).plain.decode()}
    site.advance(START + 2.5 * DAY)
    site.add(late)
    stands_still(site, stale, None)
    shown = site.find("", "/character/").plain.decode() + stale[PAGE]
    assert late.id not in shown
    if not search:
        server.inject("/cms/*:status=404")
    done = at(START + 2.5 * DAY, tmp_path, server.url, "sections=character")
    assert (done.code, gaps(done)) == ((0, []) if search else (3, [("character", "stale")]))
    assert (late.id in ids(tmp_path)) is search
    if not search:
        server.heal()
        del stale[PAGE]
        healed = at(START + 3 * DAY, tmp_path, server.url, "sections=character")
        assert (healed.code, gaps(healed)) == (0, [])
        assert late.id in ids(tmp_path)


def test_a_stale_page_of_another_length(tmp_path):
    """A JSON page of ten behind a first one of 27."""
    site = Site(seed=5, articles=2400, now=START, ahead=11, legacy=0, json2021=0, papers=0)
    page = "/json/edu/index_2.json"
    with serve(site) as server:
        assert at(START, tmp_path, server.url, "sections=edu").code == 0
        stands_still(site, {page: site.find("", page).plain.decode()}, None)
        site.advance(START + 5 * DAY)
        server.inject("/cms/*:status=404")
        done = at(START + 5 * DAY, tmp_path, server.url, "sections=edu")
    assert (done.code, gaps(done)) == (3, [("edu", "stale")])
