"""Pages that their scripts build, and no renderer: the reason, and what names the setting."""

from __future__ import annotations

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.end_to_end.test_walk import item, listing, url
from tests.end_to_end.test_walk import site as small_site
from tests.support.harness import command, crawl, run


@pytest.fixture(scope="module")
def site():
    return Site(articles=40, now=clock.now())


def test_articles(site, tmp_path):
    with serve(site, faults=["/c/*:script"]) as server:
        done = crawl(tmp_path, server.url, "sections=edu", "pages=1")
    assert done.code == 3
    assert {reject["reason"] for reject in done.rejects} == {"needs_rendering"}
    assert "RENDERER" in done.last_line
    assert "RENDERER" in done.rejects[0]["error"]
    assert "RENDERER=playwright" in (done.folder / "report.html").read_text("utf-8")


def test_one_of_them_is_named_too(site, tmp_path):
    with serve(site, faults=["/c/*:script@1"]) as server:
        done = crawl(tmp_path, server.url, "sections=edu", "pages=1")
    assert done.code == 0
    assert "RENDERER" in done.last_line


def test_a_listing(site, tmp_path):
    with serve(site, faults=["/edu/:script"]) as server:
        done = crawl(tmp_path, server.url, "sections=edu", "pages=1")
    assert done.code == 3
    assert ("listing", "needs_rendering") in done.reasons
    assert "RENDERER" in done.last_line


def test_the_doctor(site, tmp_path):
    with serve(site, faults=["/edu/:script"]) as server:
        settings = {"OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url, "DOWNLOAD_DELAY": 0}
        done = run(command("doctor", "-a", "sections=edu", **settings, AUTOTHROTTLE_ENABLED=0))
    assert "RENDERER" in done.stdout


def test_a_page_with_text_needs_none(site, tmp_path):
    """Whose text we merely fail to find, or which is empty: no renderer shows more."""
    with serve(site, faults=["/c/*:no-article"]) as server:
        done = crawl(tmp_path, server.url, "sections=edu", "pages=1")
    assert "needs_rendering" not in {reject["reason"] for reject in done.rejects}


# --- what stands in a page until its scripts have built it -------------------------------------

FRAME = (
    "<html><head><title>中工网</title><script src=/app.js></script></head><body>{}</body></html>"
)
UNBUILT = [
    FRAME.format('<div id="app"></div>'),
    FRAME.format('<div id="app">加载中…</div><noscript>请启用 JavaScript</noscript>'),
    FRAME.format("<div id=root><p>Loading, please wait...</p></div>"),
    FRAME.format("<div>页面正在加载，请稍候</div><script>var list = [1, 2, 3]</script>"),
]


@pytest.mark.parametrize("unbuilt", UNBUILT)
def test_words_that_ask_to_wait(tmp_path, unbuilt):
    """In an article's place, and in a listing's."""
    numbers = [1000001, 1000002, 1000003]
    pages = {"/edu/": listing(*map(item, numbers)), "/character/": unbuilt}
    with small_site(pages | {url(n): unbuilt for n in numbers}) as (mirror, _):
        done = crawl(tmp_path, mirror, "sections=edu,character", "pages=1")
    assert done.code == 3
    assert sorted(done.reasons) == [
        ("listing", "needs_rendering"),
        *[("parse", "needs_rendering")] * 3,
    ]
    assert "RENDERER=playwright" in done.last_line


def test_a_listing_of_links_that_are_no_articles_has_text(tmp_path):
    text = "<p>这一页的文字都在，只是没有一条是稿件的链接。</p>" * 20
    frame = "<title>教育 - 中工网</title><script>var a</script>"
    with small_site({"/edu/": frame + text}) as (mirror, _):
        done = crawl(tmp_path, mirror, "sections=edu", "pages=1")
    assert {stage for stage, _ in done.reasons} == {"listing"}
    assert "needs_rendering" not in {reason for _, reason in done.reasons}
    assert "RENDERER" not in done.last_line
