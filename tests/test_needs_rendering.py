"""Pages that their scripts build, and no renderer: reject, check and last line name the setting."""

from __future__ import annotations

import pytest

from crawler.site import pages
from tests.end_to_end.test_walk import article, item, listing, site, url
from tests.support.harness import crawl

FRAME = (
    "<html><head><title>中工网</title><script src=/app.js></script></head><body>{}</body></html>"
)
BUILT = [
    FRAME.format('<div id="app"></div>'),
    FRAME.format('<div id="app">加载中…</div><noscript>请启用 JavaScript</noscript>'),
    FRAME.format("<div id=root><p>Loading, please wait...</p></div>"),
    FRAME.format("<div>页面正在加载，请稍候</div><script>var list = [1, 2, 3]</script>"),
]


def night(tmp_path, pages, **settings):
    with site(pages) as (mirror, _):
        return crawl(tmp_path, mirror, "sections=edu", **settings)


@pytest.mark.parametrize("built", BUILT)
def test_articles(tmp_path, built):
    numbers = [1000001, 1000002, 1000003]
    run = night(
        tmp_path, {"/edu/": listing(*map(item, numbers))} | {url(n): built for n in numbers}
    )
    assert run.code == 3
    assert run.reasons == [("parse", "needs_rendering")] * 3
    assert "RENDERER=playwright" in run.last_line
    assert "RENDERER=playwright" in (run.folder / "report.html").read_text("utf-8")


@pytest.mark.parametrize("built", BUILT)
def test_a_listing(tmp_path, built):
    run = night(tmp_path, {"/edu/": built})
    assert run.code == 3
    assert ("listing", "needs_rendering") in run.reasons
    assert "RENDERER=playwright" in run.last_line


def test_a_single_article_in_a_healthy_night(tmp_path):
    pages = {"/edu/": listing(*(item(n) for n in range(1000001, 1000028))), url(1000001): BUILT[0]}
    run = night(tmp_path, pages)
    assert (run.code, run.reasons) == (0, [("parse", "needs_rendering")])
    assert "RENDERER=playwright" in run.last_line


def test_what_has_text_or_no_script_is_not_built_by_script(tmp_path):
    numbers = [1000001, 1000002]
    frame = listing(name="教育").replace("</ul>", "</ul><script>var a</script>")
    text = "<p>这一页的文字都在，只是没有一条是稿件的链接。</p>" * 20
    run = night(tmp_path, {"/edu/": frame + text} | {url(n): article(n) for n in numbers})
    assert run.reasons[0][0] == "listing"
    assert "needs_rendering" not in dict(run.reasons).values()
    assert "RENDERER" not in run.last_line


def test_a_short_notice_with_a_script_is_none(tmp_path):
    page = article(1000001) + "<script>stat()</script>"
    assert pages.parse(page.encode(), f"https://www.workercn.cn{url(1000001)}").no_article is None
