"""Several nights in a row over a site that changes: only what is new or changed is fetched, and told."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import UNHURRIED, command, crawl, published, run, start

TWO = "sections=edu,rights"


def a_site(now) -> Site:
    return Site(seed=5, articles=120, held=6, now=now)


@pytest.fixture(scope="module")
def began() -> datetime:
    return clock.now()


@pytest.fixture
def site(began) -> Site:
    return a_site(began)


@pytest.fixture(scope="module")
def first_night(began, tmp_path_factory):
    with serve(a_site(began)) as server:
        return night(server, tmp_path_factory.mktemp("first"))


@pytest.fixture
def first(first_night, tmp_path):
    """A first night over the site, whose output folder is here."""
    shutil.copytree(first_night.output, tmp_path, dirs_exist_ok=True)
    return first_night


@pytest.fixture
def server(site):
    with serve(site) as server:
        yield server


def night(server, output, *words, **settings):
    """A crawl, and what it asked the site for: {(path, status): times}."""
    before = len(server.requests)
    done = crawl(output, server.url, *(words or (TWO,)), **settings)
    _ = done.records, done.manifest  # read now: of the newest folder
    asked = server.requests[before:]
    done.asked = Counter((r.path, r.status) for r in asked)
    done.articles = {
        r.path.rpartition("/")[2].removesuffix(".shtml") for r in asked if "/c/" in r.path
    }
    return done


def newest(site, slug="edu", nth=0):
    stories = [s for s in site._stories if slug in s.sections and not s.pinned]
    return stories[nth]


def _later(monkeypatch, days):
    offset = float(os.environ["CLOCK_OFFSET"]) + 86_400 * days
    monkeypatch.setenv("CLOCK_OFFSET", str(offset))


def changes(output):
    return Counter(
        (record["id"], record["revision"], record["change"]) for record in published(output)
    )


def test_an_unchanged_night_costs_the_first_page_of_each_section(server, first, tmp_path):
    second = night(server, tmp_path)
    assert second.asked == {("/robots.txt", 200): 1, ("/edu/", 200): 1, ("/rights/", 200): 1}
    assert (first.code, second.code) == (0, 0)
    assert second.records == []
    assert second.manifest["complete"] is True


def test_only_what_is_new_is_fetched(site, server, first, tmp_path):
    fresh = {id_ for id_ in site.release() if {"edu", "rights"} & set(site.story(id_).sections)}
    second = night(server, tmp_path)
    assert fresh
    assert second.articles == fresh
    assert {record["id"] for record in second.records} == fresh
    assert all(record["change"] == "new" for record in second.records)


def test_an_edit_is_an_update_that_names_what_changed(site, server, first, tmp_path):
    story = newest(site)
    site.revise(story.id, title="改过的标题：工会服务进万家")
    second = night(server, tmp_path, TWO, "recheck_days=60")
    (record,) = second.records
    assert (record["id"], record["change"], record["revision"]) == (story.id, "updated", 2)
    assert record["changed_fields"] == ["title"]
    assert record["title"] == "改过的标题：工会服务进万家"
    assert record["run_id"] == second.manifest["run_id"]
    before = {r["id"]: r for r in first.records}[story.id]
    assert record["content_hash"] != before["content_hash"]
    assert record["sections"] == before["sections"]
    # the others were asked whether they had changed, and had not
    counts = second.manifest["counts"]
    assert counts["not_modified"] == counts["unchanged"] == len(second.articles) - 1 > 0
    assert {times for (path, _), times in second.asked.items() if "/c/" in path} == {1}
    # and the third night starts from the second
    site.revise(story.id, title="又改过的标题：工会服务进万家")
    (record,) = night(server, tmp_path, TWO, "recheck_days=60").records
    assert (record["revision"], record["changed_fields"]) == (3, ["title"])


def test_a_re_check_has_what_only_the_listing_said(site, server, first, tmp_path):
    for story in [s for s in site._stories if {"edu", "rights"} & set(s.sections)]:
        site.revise(story.id, title=story.title + "（续）")
    records = night(server, tmp_path, TWO, "recheck_days=60").records
    assert len(records) > 20
    assert [r["id"] for r in records if r["changed_fields"] != ["title"]] == []


def test_pages_that_a_window_has_cut_do_not_count_as_walked(site, server, tmp_path):
    newest_day = max(s.published for s in site._stories).date().isoformat()
    night(server, tmp_path, "sections=character", f"since={newest_day}")
    night(server, tmp_path, "sections=character", "pages=1")
    shown = night(server, tmp_path / "fresh", "sections=character", "pages=1")
    assert {r["id"] for r in published(tmp_path)} >= {r["id"] for r in shown.records}


def test_an_explicit_window_of_re_checks(site, server, first, tmp_path):
    days = [str(clock.today() - timedelta(days=ago)) for ago in (50, 10)]
    aged = [r["id"] for r in first.records if days[0] < r["published_at"] < days[1]]
    old = next(id_ for id_ in aged if site.story(id_).paragraphs)
    # what a listing shows is as it was: it would be asked for at once
    first_, *rest = site.story(old).paragraphs
    site.revise(old, paragraphs=(f"{first_}很久以前的文章也改了正文。", *rest))
    assert night(server, tmp_path).records == []
    assert [r["id"] for r in night(server, tmp_path, TWO, "recheck_days=60").records] == [old]


def test_full_fetches_everything_and_publishes_differences(site, server, first, tmp_path):
    story = newest(site, nth=12)
    site.revise(story.id, title="整体重抓时发现的新标题")
    second = night(server, tmp_path, TWO, "full=1")
    assert second.articles == {record["id"] for record in first.records}
    assert {status for path, status in second.asked if "/c/" in path} == {200}
    assert [r["id"] for r in second.records] == [story.id]
    assert second.manifest["counts"]["unchanged"] == len(first.records) - 1


def test_removed_once_after_two_nights_and_back_again(site, server, first, tmp_path, monkeypatch):
    story, stories = newest(site), list(site._stories)
    known = {r["id"]: r for r in first.records}[story.id]
    site.withdraw(story.id)
    second = night(server, tmp_path, TWO, "recheck_days=60")
    assert second.records == second.rejects == []
    _later(monkeypatch, 1)
    third = night(server, tmp_path)  # asked again when it is due, without being told to
    (removed,) = third.records
    assert (removed["id"], removed["change"], removed["revision"]) == (story.id, "removed", 2)
    same = ("title", "body", "authors", "published_at", "content_hash", "url", "sections")
    assert {key: removed[key] for key in same} == {key: known[key] for key in same}
    assert removed["run_id"] == third.manifest["run_id"]
    fourth = night(server, tmp_path, TWO, "recheck_days=60")
    assert fourth.records == []  # once
    _later(monkeypatch, 3)
    site._publish(stories)
    (back,) = night(server, tmp_path).records
    assert (back["id"], back["change"], back["revision"]) == (story.id, "updated", 3)


def test_one_missing_night_is_nothing(site, server, first, tmp_path):
    story = newest(site)
    for _ in range(2):
        server.inject(f"*{story.path}:status=410")
        night(server, tmp_path, TWO, "recheck_days=60")
        server.heal()
        night(server, tmp_path, TWO, "recheck_days=60")
    assert all(change == "new" for _, _, change in changes(tmp_path))


def test_a_failed_article_is_tried_again_the_next_night(site, server, tmp_path):
    story = newest(site)
    server.inject(f"*{story.path}:status=500")
    first = night(server, tmp_path)
    assert first.reasons == [("fetch", "http_500")]
    second = night(server, tmp_path)
    assert second.articles == {story.id}
    assert second.reasons == [("fetch", "http_500")]
    third = night(server, tmp_path)  # the distance grows
    assert third.articles == set()
    assert third.asked == {("/robots.txt", 200): 1, ("/edu/", 200): 1, ("/rights/", 200): 1}


def test_a_failed_article_that_is_listed_no_more_is_tried_again(site, server, tmp_path):
    story = newest(site)
    server.inject(f"*{story.path}:status=500")
    night(server, tmp_path, "sections=edu")
    server.heal()
    site.release()
    (record,) = [r for r in night(server, tmp_path, "sections=edu").records if r["id"] == story.id]
    truth = {article["id"]: article for article in site.truth()}[story.id]
    assert (record["change"], record["published_at"]) == ("new", truth["published_at"])
    assert {"slug": "edu", "name": "教育"} in record["sections"]


def test_pages_of_nothing_but_failed_articles_do_not_end_a_listing(tmp_path):
    """What is asked for again is on the page as any other: the listing goes on."""
    site = Site(seed=5, articles=400, legacy=0, json2021=0, now=clock.now())
    listed = [one for one in site._stories if "character" in one.sections]
    with serve(site) as server:
        for story in listed[:120]:
            server.inject(f"*{story.path}:status=500")
        words = ("sections=character", "pages=5")
        first = night(server, tmp_path, *words, CIRCUIT_FAILURES=1000, RETRY_TIMES=0)
        assert len(first.rejects) > 100
        server.heal()
        night(server, tmp_path, "sections=character", "since=2010-01-01")
    assert {record["id"] for record in published(tmp_path)} == {story.id for story in listed}


def test_a_known_article_in_another_section_shows_it_at_its_next_revision(site, server, tmp_path):
    story = next(s for s in site._stories if s.sections == ("edu",) and not s.pinned)
    first = night(server, tmp_path, "sections=edu,rights", "pages=3")
    assert story.id in {r["id"] for r in first.records}
    site.revise(story.id, sections=("edu", "rights"), modified=story.modified)
    second = night(server, tmp_path)
    assert second.records == []
    site.revise(story.id, title="换了标题也换了栏目的一篇文章")
    (record,) = night(server, tmp_path, "sections=edu", "recheck_days=60").records
    assert [section["slug"] for section in record["sections"]] == ["edu", "rights"]


def test_a_limited_window_leaves_no_hole(site, server, tmp_path):
    """Pages of a section that only a shallower run has walked are no reason to stop."""
    everything = {s.id for s in site._stories if "character" in s.sections}
    night(server, tmp_path, "sections=character", "pages=1")
    assert len(published(tmp_path)) < len(everything)
    deeper = night(server, tmp_path, "sections=character", "pages=9")
    assert {record["id"] for record in published(tmp_path)} == everything
    assert deeper.code == 0
    again = night(server, tmp_path, "sections=character", "pages=9")
    assert again.asked == {("/robots.txt", 200): 1, ("/character/", 200): 1}


def test_a_past_window_marks_nothing(site, server, tmp_path):
    """A backfill of years ago must not make a later run believe that what lies between is known."""
    days = sorted({s.published.date().isoformat() for s in site._stories})
    everything = {s.id for s in site._stories if "character" in s.sections}
    night(server, tmp_path, "sections=character", f"since={days[-1]}")
    night(server, tmp_path, "sections=character", f"since={days[0]}", f"until={days[9]}")
    assert {record["id"] for record in published(tmp_path)} < everything
    night(server, tmp_path, "sections=character", f"since={days[0]}")
    assert {record["id"] for record in published(tmp_path)} == everything


def test_a_trial_touches_no_state_and_says_so(server, tmp_path):
    trial = night(server, tmp_path, TWO, "limit=3")
    assert len(trial.records) == 3
    assert "a trial, which reads and writes no state" in trial.last_line
    assert not list(tmp_path.glob("state.db*"))
    night(server, tmp_path)
    again = night(server, tmp_path, TWO, "limit=3")
    assert [r["change"] for r in again.records] == ["new"] * 3


def test_an_id_on_two_hosts_is_one_article(site, server, tmp_path):
    slugs = ("edu", "character")
    story = next(s for s in site._stories if s.on_news_host and not s.pinned)
    site.revise(story.id, sections=(*story.sections[:1], *slugs), modified=story.modified)
    night(server, tmp_path, f"sections={story.sections[0]},character,edu")
    night(server, tmp_path, "sections=character,edu", "recheck_days=60")
    assert [r["change"] for r in published(tmp_path) if r["id"] == story.id] == ["new"]


def test_newer_rules_over_the_same_bytes_make_no_record(server, first, tmp_path):
    _forget(tmp_path, "content_hash = 'sha256:' || id, parser = 'older'")
    second = night(server, tmp_path, TWO, "full=1")
    assert second.records == []
    assert second.manifest["counts"]["rebased"] == len(first.records)
    third = night(server, tmp_path, TWO, "full=1")
    assert third.manifest["counts"]["rebased"] == 0
    assert third.manifest["counts"]["unchanged"] == len(first.records)


def test_changed_bytes_under_newer_rules_are_an_update_with_a_doubt(site, server, first, tmp_path):
    _forget(tmp_path, "parser = 'older'")
    story = newest(site)
    site.revise(story.id, title="规则与文章同时变化的标题")
    (record,) = night(server, tmp_path, TWO, "recheck_days=60").records
    assert record["changed_fields"] == ["title"]
    assert any(warning.startswith("parser: ") for warning in record["warnings"])


def _forget(output, values):
    with sqlite3.connect(output / "state.db") as db:
        db.execute(f"UPDATE article SET {values}")  # noqa: S608 - ours
    db.close()


def test_two_runs_at_once(site, tmp_path):
    with serve(site, latency=0.2) as server:
        settings = {"OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url, **UNHURRIED}
        line = [*command("crawl", "workercn", **settings), "-a", TWO]
        process = start(line, stderr=subprocess.DEVNULL)
        while not server.requests:
            time.sleep(0.05)
        second = crawl(tmp_path, server.url, TWO)
        assert second.code == 5
        assert f"pid {process.pid} on " in second.last_line
        trial = crawl(tmp_path, server.url, TWO, "limit=1")  # needs no lock
        assert trial.code == 0
        assert process.wait(timeout=60) == 0
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_the_same_without_a_state_that_was_lost(site, server, first, tmp_path):
    """The run folders are the truth: a state that is gone is made of them again."""
    for path in tmp_path.glob("state.db*"):
        path.unlink()
    second = night(server, tmp_path)
    assert second.asked == {("/robots.txt", 200): 1, ("/edu/", 200): 1, ("/rights/", 200): 1}
    assert json.loads((tmp_path / "latest.json").read_text())["run_id"] == second.manifest["run_id"]


def test_the_state_made_again_from_the_run_folders_is_the_same(
    site, server, first, tmp_path, monkeypatch
):
    story, gone = newest(site), newest(site, nth=1)
    site.revise(story.id, title="重建状态之前改过的标题")
    server.inject(f"*{newest(site, nth=2).path}:status=500")
    site.withdraw(gone.id)
    for number in range(3):
        _later(monkeypatch, min(number, 1))
        night(server, tmp_path, TWO, "recheck_days=9")
    before = _tables(tmp_path)
    assert {"removed", "updated", "new"} == {row["change"] for row in before["article"]}
    assert before["failure"]
    assert before["mark"]
    with sqlite3.connect(tmp_path / "state.db") as db:
        db.execute("UPDATE article SET revision = 77")
    db.close()
    done = run(command("feed", "rebuild-state", OUTPUT_DIR=tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stderr == "scrapy: feed rebuild-state: learnt from 4 runs\n"
    assert _tables(tmp_path) == before


def _tables(output):
    db = sqlite3.connect(output / "state.db")
    db.row_factory = sqlite3.Row
    names = ("article", "seen_in", "left_out", "failure", "run", "mark", "gap", "issue")
    found = {
        name: [dict(row) for row in db.execute(f"SELECT * FROM {name} ORDER BY 1, 2")]  # noqa: S608
        for name in names
    }
    db.close()
    return found
