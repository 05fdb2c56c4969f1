"""A section that redirects to another is listed once, as that one."""

from __future__ import annotations

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from crawler.samplesite.document import Document
from tests.support.harness import crawl

TO_CHARACTER = "/edu/:redirect=/character/"


@pytest.fixture
def server():
    with serve(Site(seed=3, articles=80, now=clock.now())) as server:
        yield server


def failed(run):
    return {check["name"]: check["detail"] for check in run.manifest["checks"] if not check["ok"]}


def slugs(run):
    return {section["slug"] for record in run.records for section in record["sections"]}


def asked(server, path):
    return sum(request.path == path for request in server.requests)


def warned(run, section, other):
    return f"{section} leads to {other}, and is listed as that" in run.stderr


def test_one_that_leads_to_a_section_of_this_run_is_not_listed_beside_it(tmp_path, server):
    server.inject(TO_CHARACTER)
    run = crawl(tmp_path, server.url, "sections=edu,character,rights")
    assert run.code == 0, run.stderr
    assert warned(run, "edu", "character")
    assert set(run.manifest["sections"]) == {"character", "rights"}
    assert slugs(run) == {"character", "rights"}
    assert asked(server, "/json/edu/index_2.json") == 0
    assert asked(server, "/json/character/index_2.json") == 1


def test_one_that_leads_to_a_section_outside_this_run_is_that_one(tmp_path, server):
    truth = crawl(tmp_path / "truth", server.url, "sections=character")
    server.inject(TO_CHARACTER)
    run = crawl(tmp_path / "moved", server.url, "sections=edu")
    assert run.code == 0, run.stderr
    assert warned(run, "edu", "character")
    assert {r["id"]: r["sections"] for r in run.records} == {
        r["id"]: r["sections"] for r in truth.records
    }
    assert run.manifest["sections"] == truth.manifest["sections"]


class Moved(Site):
    """A section of 人物 that no page links."""

    def find(self, host: str, path: str, query: str = "") -> Document | None:
        return super().find(host, path.replace("/people/", "/character/"), query)


def test_under_the_name_of_the_other(tmp_path):
    """Not under the one that the home page's navigation gives to the link."""
    with serve(Moved(seed=3, articles=80, now=clock.now())) as server:
        server.inject("/edu/:redirect=/people/")
        run = crawl(tmp_path, server.url)
    named = {section["slug"]: section["name"] for r in run.records for section in r["sections"]}
    assert named["people"] == "人物"
    assert "edu" not in named
    assert warned(run, "edu", "people")


def test_one_of_the_legacy_site(tmp_path):
    with serve(Site(seed=3, articles=20, now=clock.now(), legacy=60)) as server:
        truth = crawl(tmp_path / "truth", server.url, "sections=legacy:news/32841")
        server.inject("news.workercn.cn/32847/32847.shtml:redirect=/32841/32841.shtml")
        run = crawl(tmp_path / "one", server.url, "sections=legacy:news/32847")
        both = crawl(tmp_path / "two", server.url, "sections=legacy:news/32841,legacy:news/32847")
    for moved in (run, both):
        assert moved.code == 0, moved.stderr
        assert warned(moved, "legacy:news/32847", "legacy:news/32841")
        assert slugs(moved) == {"legacy:news/32841"}
        assert set(moved.manifest["sections"]) == {"legacy:news/32841"}
        assert {r["id"] for r in moved.records} == {r["id"] for r in truth.records}


def test_two_that_lead_to_one(tmp_path, server):
    server.inject(TO_CHARACTER, "/rights/:redirect=/character/")
    run = crawl(tmp_path, server.url, "sections=edu,rights")
    assert run.code == 0, run.stderr
    assert warned(run, "edu", "character")
    assert warned(run, "rights", "character")
    assert set(run.manifest["sections"]) == {"character"}
    assert asked(server, "/json/character/index_2.json") == 1


@pytest.mark.parametrize("sections", ["edu,character", "edu"])
def test_one_that_was_one_of_its_own_before_degrades_the_run(tmp_path, server, sections):
    assert crawl(tmp_path, server.url, f"sections={sections}").code == 0
    server.inject(TO_CHARACTER)
    run = crawl(tmp_path, server.url, f"sections={sections}")
    assert run.code == 3
    assert warned(run, "edu", "character")
    assert "edu" in failed(run)["sections"]
    assert run.manifest["sections"]["edu"]["listed"] == 0
    assert run.manifest["sections"]["character"]["listed"] > 0


def test_what_was_published_in_the_meantime_is_found_when_it_is_its_own_again(tmp_path):
    site = Site(seed=3, articles=80, now=clock.now())
    with serve(site) as server:
        assert crawl(tmp_path, server.url, "sections=edu,character").code == 0
        server.inject(TO_CHARACTER)
        assert crawl(tmp_path, server.url, "sections=edu,character").code == 3
        server.heal()
        run = crawl(tmp_path, server.url, "sections=edu,character")
    assert run.code == 0, run.stderr
    assert set(run.manifest["sections"]) == {"edu", "character"}
