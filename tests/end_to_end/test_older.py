"""The older generations, whole crawls: legacy, 2021, the paper, the search."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import Run, crawl
from tests.support.nights_apart import clock as clock_at

COMPARED = (
    "url", "generation", "kind", "pretitle", "title", "subtitle", "source", "published_at",
    "published_precision", "authors", "editors", "body", "images", "language",
)  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(seed=1, articles=40, now=clock.now())


@pytest.fixture(scope="module")
def truth(site):
    return {
        g: {a["id"]: a for a in site.truth(g)} for g in ("modern", "legacy", "json2021", "paper")
    }


@pytest.fixture(scope="module")
def everything(site, tmp_path_factory) -> Run:
    """A crawl of all generations but the paper, which has an address for each day since then."""
    words = ("sections=all,legacy:all,json2021:all", "since=2010-01-01")
    with serve(site) as server:
        return crawl(tmp_path_factory.mktemp("everything"), server.url, *words)


def differences(run: Run, truth) -> dict:
    wrong = {}
    for record in run.records:
        true = truth[record["generation"]][record["id"]]
        for field in COMPARED:
            # 来源： without a name, and then 工人日报—中工网记者: taken or not, nothing is wrong.
            if field == "source" and true[field] is None:
                continue
            if record[field] != true[field]:
                wrong[record["id"], field] = (record[field], true[field])
    return wrong


def listed_in(truth, slug):
    return {
        id_
        for articles in truth.values()
        for id_, article in articles.items()
        if slug in {section["slug"] for section in article["sections"]}
    }


@pytest.mark.parametrize(
    "slug", ["legacy:news/32841", "legacy:auto/33208", "legacy:hb/33430", "json2021:cj/34179"]
)
def test_a_section(site, truth, tmp_path, slug):
    with serve(site) as server:
        run = crawl(tmp_path, server.url, f"sections={slug}", "since=2010-01-01")
        asked = Counter((r.host, r.path, r.query) for r in server.requests)
    known = {a["id"] for g in truth.values() for a in g.values() if not a.get("reject")}
    assert {record["id"] for record in run.records} == listed_in(truth, slug) & known
    assert run.records
    assert differences(run, truth) == {}
    assert max(asked.values()) == 1
    assert {section["slug"] for record in run.records for section in record["sections"]} == {slug}
    assert run.manifest["sections"][slug]["new"] == len(run.records)


def test_half_an_article_is_none(everything, truth):
    run = everything
    lost = [a["url"] for a in truth["legacy"].values() if a.get("reject")]
    halves = [reject for reject in run.rejects if reject["reason"] == "missing_page"]
    assert [reject["url"] for reject in halves] == lost
    assert "half an article is none" in halves[0]["error"]
    assert not any("_2.shtml" in r["url"] or "big5" in r["url"] for r in run.records)
    long = [
        a["id"] for a in truth["legacy"].values() if a.get("pages", 1) > 1 and not a.get("reject")
    ]
    assert set(long) <= {record["id"] for record in run.records}
    assert len(long) > 5


def test_a_long_article_is_asked_for_again_with_all_its_pages(site, truth, tmp_path):
    """Its first page may be as it was where another is not."""
    long = {i for i, a in truth["legacy"].items() if a.get("pages", 1) > 1 and not a.get("reject")}
    slug, article = next(
        (section["slug"], one)
        for one in truth["legacy"].values()
        if one["id"] in long
        for section in one["sections"]
    )
    words = (f"sections={slug}", f"since={article['published_at'][:10]}", "recheck_days=9999")
    with serve(site) as server:
        assert article["id"] in {
            record["id"] for record in crawl(tmp_path, server.url, *words).records
        }
        server.requests.clear()
        second = crawl(tmp_path, server.url, *words)
        asked = {(r.path.rpartition("/")[2], r.status) for r in server.requests}
    assert second.records == []
    name = article["url"].rpartition("/")[2]
    assert {(name, 200), (name.replace(".", "_2."), 200)} <= asked
    assert any(status == 304 for _, status in asked)


def test_the_paper(site, truth, tmp_path):
    with serve(site) as server:
        run = crawl(tmp_path, server.url, "sections=paper")
    first = date.fromisoformat(site.now.date().isoformat()) - timedelta(days=6)
    week = {i for i, a in truth["paper"].items() if a["published_at"][:10] >= first.isoformat()}
    assert run.code == 0, run.last_line
    assert {record["id"] for record in run.records} == week
    assert differences(run, truth) == {}
    assert {record["source"] for record in run.records} == {"工人日报"}
    assert {record["published_precision"] for record in run.records} == {"day"}
    for record in run.records:
        assert record["paper"] == truth["paper"][record["id"]]["paper"]


def test_days_without_an_issue_are_no_failure(tmp_path):
    site = Site(seed=1, articles=10, papers=0, now=clock.now())
    with serve(site) as server:
        run = crawl(tmp_path, server.url, "sections=paper")
    assert run.code == 0, run.last_line
    assert run.records == []


@pytest.mark.parametrize("window", [(), ("since=2018-01-01", "until=2019-12-31")])
def test_the_search_is_halved_until_all_have_come(site, truth, tmp_path, window):
    """The embedded search pages to a hundred results, of which it has several hundred."""
    with serve(site) as server:
        run = crawl(tmp_path, server.url, "query=职工", *window)
        asked = [request for request in server.requests if request.path.startswith("/cms/front/")]
    found = {record["id"] for record in run.records}
    assert run.code == 0, run.last_line
    assert all(record["sections"] == [] for record in run.records)
    assert run.rejects == [] or {reject["reason"] for reject in run.rejects} == {"missing_page"}
    assert differences(run, truth) == {}
    if not window:
        assert len(found) > 100
        assert len(asked) > 7
    for record in run.records:
        if window:
            assert "2018-01-01" <= record["published_at"][:10] <= "2019-12-31"
    assert "<em" not in str([record["title"] for record in run.records])


def test_a_legacy_section_that_shows_modern_pages_is_said(site, tmp_path):
    with serve(
        site, faults=["news.workercn.cn/32841/*:redirect=https://www.workercn.cn/edu/"]
    ) as server:
        run = crawl(tmp_path, server.url, "sections=legacy:news/32841")
    assert run.reasons == [("listing", "another_generation")]
    assert run.code == 3


def test_all_that_was_not_of_the_paper(everything, truth):
    for generation in ("modern", "legacy", "json2021"):
        its = {r["id"] for r in everything.records if r["generation"] == generation}
        assert its == {i for i, a in truth[generation].items() if not a.get("reject")}


def test_one_command_for_every_generation(tmp_path):
    """On a day when none of them is many days of the paper away."""
    day, since = datetime(2021, 12, 31, 12, tzinfo=clock.CST), "2020-10-01"
    site = Site(seed=1, articles=10, legacy=200, papers=3, now=day)
    words = ("sections=all,legacy:all,json2021:all,paper", f"since={since}")
    with serve(site) as server, clock_at(day):
        run = crawl(tmp_path, server.url, *words)
    for generation in ("modern", "legacy", "json2021", "paper"):
        articles = site.truth(generation)
        ids = {a["id"] for a in articles if a["published_at"] > since and not a.get("reject")}
        assert ids == {r["id"] for r in run.records if r["generation"] == generation} != set()
    for record in run.records:
        assert ("paper" in record) == (record["generation"] == "paper")
