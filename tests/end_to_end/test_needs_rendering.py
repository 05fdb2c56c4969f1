"""Pages that their scripts build, and no renderer: the reason, and what names the setting."""

from __future__ import annotations

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
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
