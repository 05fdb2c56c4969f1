"""The site changes: whole crawls, and the check that says so."""

from __future__ import annotations

import re

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from crawler.samplesite.document import Document
from tests.support.harness import Run, crawl


def failed(run: Run) -> dict[str, str]:
    """Name -> detail of each check that failed; the last line names them all."""
    failed = {check["name"]: check["detail"] for check in run.manifest["checks"] if not check["ok"]}
    assert (run.code, run.manifest["health"]) == ((3, "degraded") if failed else (0, "ok"))
    for name, detail in failed.items():
        assert f"{name} ({detail})" in run.last_line
    return failed


def site(**sizes: int) -> Site:
    return Site(
        **{"seed": 2, "articles": 60, "legacy": 0, "json2021": 0, "papers": 0} | sizes,
        now=clock.now(),
    )


def test_an_unchanged_site_passes_every_check_of_a_run(tmp_path):
    with serve(site(papers=2)) as server:
        run = crawl(tmp_path, server.url, "sections=all,paper", "pages=1")
    assert failed(run) == {}
    said = {check["name"]: check["detail"] for check in run.manifest["checks"]}
    assert re.search(r"editors [67]\d(\.\d)? % \(at least 50 %\)", said["coverage"])
    assert re.search(r"paper 0 of \d+$", said["fallbacks"])


def test_a_section_emptied(tmp_path):
    emptied = site()
    for story in emptied.truth():
        if any(section["slug"] == "edu" for section in story["sections"]):
            emptied.withdraw(story["id"])
    with serve(emptied) as server:
        found = failed(crawl(tmp_path, server.url))
    assert found["sections"] == "4 of 5 sections listed articles; none in: 教育 (edu)"


def test_editors_gone_from_all_pages(tmp_path):
    changed = site()
    for story in changed.truth():
        changed.revise(story["id"], editors=None)
    with serve(changed) as server:
        found = failed(crawl(tmp_path, server.url))
    assert set(found) == {"coverage"}
    assert "editors 0 % (at least 50 %)" in found["coverage"]
    assert "source" not in found["coverage"]  # of a failed check what is wrong


class Redesigned(Site):
    """The paper's stories have their text in a box of another name."""

    def find(self, host: str, path: str, query: str = "") -> Document | None:
        page = super().find(host, path, query)
        if page is None or "/news-" not in path:
            return page
        return Document(lambda: page.plain.replace(b'id="ccontent"', b'id="story"'))


def test_a_template_changed(tmp_path):
    redesigned = Redesigned(seed=2, articles=10, now=clock.now(), legacy=0, json2021=0, papers=2)
    with serve(redesigned) as server:
        run = crawl(tmp_path, server.url, "sections=paper")
    found = failed(run)
    stories = len(redesigned.truth("paper"))
    assert set(found) == {"fallbacks"}
    assert found["fallbacks"].endswith(f"paper {stories} of {stories}")
    assert len(run.records) == stories  # the generic reader had them all


@pytest.mark.parametrize(
    ("target", "checks"), [("/", {"sections", "listings", "gaps"}), ("/character/", set())]
)
def test_a_section_moved_by_a_redirect(tmp_path, target, checks):
    """It is read where it leads; one that leads to the home page lists nothing."""
    with serve(site(), faults=[f"/edu/:redirect={target}"]) as server:
        run = crawl(tmp_path, server.url, "pages=1")
    assert set(failed(run)) == checks
    if checks:
        assert failed(run)["sections"].endswith("none in: 教育 (edu)")


def test_articles_that_cannot_be_fetched(tmp_path):
    with serve(site(), faults=["/c/*:status=500@3"]) as server:
        found = failed(crawl(tmp_path, server.url, RETRY_TIMES=0))
    assert found == {
        "failures": "3 of 60 articles could not be fetched (limit 2 %, at least 2); http_500 × 3"
    }
