"""A bug on the way to publication is no success."""

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import crawl


def test_a_bug_while_publishing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATCHED_BY", "unpublishable")
    with serve(Site(seed=6, articles=30, now=clock.now())) as server:
        run = crawl(tmp_path, server.url, "limit=2")
    assert run.code == 1
    assert "a bug for the test" in run.stderr
    assert run.last_line.endswith(".partial")
    assert run.folder.name.endswith(".partial")
