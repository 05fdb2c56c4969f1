"""A crawl that a script starts without the command: refused at once, with a way that works."""

from __future__ import annotations

import sys

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import UNHURRIED, run

SCRIPT = """
from scrapy.crawler import {kind}
from scrapy.utils.project import get_project_settings
settings = get_project_settings()
settings.setdict({settings!r})
process = {kind}(settings)
process.crawl({spider}, sections="edu")
process.start()
print("not reached")
"""


@pytest.mark.parametrize("kind", ["CrawlerProcess", "AsyncCrawlerProcess"])
@pytest.mark.parametrize(
    "spider",
    ["'workercn'", "__import__('crawler.spiders.workercn', fromlist=['x']).WorkercnSpider"],
)
def test_it_raises_at_once_and_says_how(tmp_path, kind, spider):
    settings = {"OUTPUT_DIR": str(tmp_path / "out")}
    script = SCRIPT.format(kind=kind, settings=settings, spider=spider)
    done = run([sys.executable, "-c", script])
    assert done.returncode == 1
    assert "RuntimeError: a crawl of workercn is made by its command" in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_the_way_that_it_names(tmp_path):
    with serve(Site(seed=2, articles=60, now=clock.now())) as server:
        words = ["scrapy", "crawl", "workercn", "-a", "sections=edu", "-a", "pages=1"]
        for name, value in {"OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url, **UNHURRIED}.items():
            words += ["-s", f"{name}={value}"]
        script = f"from scrapy.cmdline import execute; execute({words!r})"
        done = run([sys.executable, "-c", script])
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("runs/*/articles.jsonl"))) == 1
