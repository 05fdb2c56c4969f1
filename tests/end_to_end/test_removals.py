"""An article that answers 404 is removed when that has lasted, and is no mishap of the site's."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.samplesite import Site, serve
from tests.support.harness import published
from tests.support.nights_apart import DAY, START, at, failed_checks

TWO = ("sections=edu,rights", "recheck_days=60")


def a_site():
    return Site(seed=5, articles=90, now=START, ahead=0, legacy=0, json2021=0, papers=0)


@pytest.fixture
def site():
    return a_site()


@pytest.fixture
def server(site):
    with serve(site) as server:
        yield server


@pytest.fixture(scope="module")
def first_night(tmp_path_factory):
    output = tmp_path_factory.mktemp("first")
    with serve(a_site()) as server:
        assert night(0, output, server).code == 0
    return output


@pytest.fixture
def output(first_night, tmp_path):
    return shutil.copytree(first_night, tmp_path / "output")


def night(number, output, server, **settings):
    settings = {"CIRCUIT_FAILURES": 1000, **settings}
    return at(START + number * DAY, output, server.url, *TWO, job="crawl", **settings)


def ours(site):
    return [s for s in site._stories if {"edu", "rights"} & set(s.sections) and not s.pinned]


def removed(output):
    return Counter(r["id"] for r in published(output) if r["change"] == "removed")


def test_a_storm_of_404_removes_nothing(server, output):
    """Two runs seconds apart, then a third the next night: the listings show the articles."""
    server.inject("/c/*:status=404")
    for moment in (1, 1.0001, 2):
        done = night(moment, output, server)
    assert removed(output) == {}
    assert done.manifest["counts"]["missing"] > 20
    server.heal()
    done = night(3, output, server)
    assert (done.code, done.manifest["counts"]["new"]) == (0, 0)
    assert removed(output) == {}


def test_removed_when_the_first_and_the_last_404_lie_twenty_hours_apart(site, server, output):
    story = ours(site)[0]
    site.withdraw(story.id)
    assert night(1, output, server).manifest["counts"]["missing"] == 1
    for hours in (1, 10, 19):
        done = night(1 + hours / 24, output, server)
        assert (done.manifest["counts"]["missing"], done.records) == (1, [])
    done = night(1 + 20.5 / 24, output, server)
    assert [r["id"] for r in done.records] == [story.id]
    assert done.records[0]["change"] == "removed"
    assert done.code == 0


def test_removed_by_a_list_of_addresses(site, server, output, tmp_path):
    """No section is walked, and none is said to have listed nothing."""
    story = ours(site)[0]
    record = next(one for one in published(output) if one["id"] == story.id)
    site.withdraw(story.id)
    addresses = tmp_path / "addresses"
    addresses.write_text(record["url"])
    for number in (1, 2):
        moment = START + number * DAY
        done = at(moment, output, server.url, f"urls={addresses}", "recheck_days=60", job="crawl")
    assert [one["change"] for one in done.records] == ["removed"]
    assert (done.code, done.manifest["sections"]) == (0, {})


@pytest.mark.parametrize("state", ["of today", "of an older version"])
def test_removed_though_the_folder_of_its_last_record_is_gone(site, server, output, state):
    """It is published from what the state has."""
    gone = {r["id"]: r for r in published(output)}
    first = min(output.glob("runs/*"))
    story = next(s for s in ours(site) if gone[s.id]["kind"] == "gallery")
    site.withdraw(story.id)
    assert night(1, output, server).manifest["counts"]["missing"] == 1
    shutil.rmtree(first)
    before = gone[story.id]
    known = {"kind": before["kind"], "published_precision": before["published_precision"]}
    if state == "of an older version":  # which does not know these: no more is said than is known
        with closing(sqlite3.connect(output / "state.db")) as database, database:
            database.execute("UPDATE article SET kind = NULL, precision = NULL, language = NULL")
        known = {"kind": "article", "published_precision": "minute"}
    (record,) = night(2, output, server).records
    for field in ("id", "url", "title", "published_at", "sections", "generation", "content_hash"):
        assert record[field] == before[field]
    assert {field: record[field] for field in known} == known
    assert (record["change"], record["revision"], record["body"]) == ("removed", 2, "")
    assert record["warnings"] == ["revision: revision 1 is not at hand, nor is what it said"]
    assert night(3, output, server).records == []
    assert removed(output) == {story.id: 1}


def test_what_is_gone_is_not_asked_for_before_that(site, server, output):
    story = ours(site)[0]
    site.withdraw(story.id)
    night(1, output, server)
    before = len(server.requests)
    words = ("sections=edu,rights",)
    at(START + DAY + timedelta(minutes=5), output, server.url, *words, job="crawl")
    assert all(story.id not in request.path for request in server.requests[before:])
    done = at(START + 2 * DAY, output, server.url, *words, job="crawl")
    assert [r["id"] for r in done.records] == [story.id]


def test_many_at_once_are_held_back_for_three_nights(site, server, output):
    gone = [story.id for story in ours(site)[3:11]]
    for id_ in gone:
        site.withdraw(id_)
    codes = [night(number, output, server).code for number in range(1, 5)]
    assert codes == [0, 3, 3, 3]
    assert removed(output) == {}
    last = night(5, output, server)
    assert last.code == 0, last.last_line
    assert removed(output) == dict.fromkeys(gone, 1)


def test_many_at_once_are_held_back_while_their_host_has_nothing(site, server, output):
    for story in ours(site)[3:11]:
        site.withdraw(story.id)
    server.inject("/c/*:status=404")
    for number in range(1, 6):
        done = night(number, output, server)
    assert (done.code, failed_checks(done)) == (3, {"removals"})
    assert removed(output) == {}


def test_few_are_never_many(site, server, output):
    gone = [story.id for story in ours(site)[3:7]]
    for id_ in gone:
        site.withdraw(id_)
    night(1, output, server)
    done = night(2, output, server, MAX_REMOVED_SHARE=0)
    assert (done.code, removed(output)) == (0, dict.fromkeys(gone, 1))


def test_what_a_listing_shows_is_not_removed_and_asked_for_ever_more_seldom(site, server, output):
    story = ours(site)[0]
    server.inject(f"*{story.path}:status=404")
    asked = []
    for number in range(1, 9):
        before = len(server.requests)
        words = ("sections=edu,rights",)
        moment = START + number * DAY
        done = at(moment, output, server.url, *words, job="crawl", RECHECK_DAYS=60)
        if any(request.path == story.path for request in server.requests[before:]):
            asked.append(number)
        (check,) = [one for one in done.manifest["checks"] if one["name"] == "removals"]
        assert check["data"]["listed"] == (number in asked and number > 1)
    assert removed(output) == {}
    assert asked == [1, 2, 4, 8]


def test_removed_and_listed_again_is_asked_for_whatever_its_age(site, server, output):
    stories, story = list(site._stories), ours(site)[5]
    site.withdraw(story.id)
    night(1, output, server)
    night(2, output, server)
    assert removed(output) == {story.id: 1}
    site._publish(stories)
    done = at(START + 90 * DAY, output, server.url, "sections=edu,rights", job="crawl")
    back = [r for r in done.records if r["id"] == story.id]
    assert [(r["change"], r["revision"]) for r in back] == [("updated", 3)]


def test_filed_under_another_day_by_now_and_listed_no_more(site, server, output):
    """The address that a listing has named since is the one that is asked for, and the id its own."""
    story = next(s for s in ours(site)[8:] if s.sections == ("edu",))
    day = story.url_day + DAY
    site.revise(story.id, url_day=day)
    before = len(server.requests)
    assert night(1, output, server).manifest["counts"]["missing"] == 0
    (asked,) = [r for r in server.requests[before:] if story.id in r.path]
    assert not {"if-none-match", "if-modified-since"} & set(asked.headers)  # of another address
    site.revise(story.id, sections=("culture",))
    assert [night(number, output, server).code for number in (2, 3)] == [0, 0]
    assert removed(output) == {}
    site.revise(story.id, sections=("edu",), title="改过的标题：工会服务进万家")
    (record,) = night(4, output, server).records
    assert (record["id"], record["revision"]) == (story.id, 2)
    assert f"{day:%Y-%m-%d}" in record["url"]


@pytest.mark.parametrize("listed", [True, False])
def test_what_leads_to_another_article_is_removed(site, server, output, listed):
    """Its address has it no more, and the other is a record of its own."""
    old, other = ours(site)[8:10]
    if not listed:  # a new one, under an id that no listing names
        site.withdraw(old.id)
        other = replace(old, id="8999999", sections=("culture",))
        site.add(other)
    server.inject(f"*{old.path}:redirect={other.path}")
    for number in (1, 2):
        done = night(number, output, server)
        assert (done.code, done.rejects) == (0, []), done.last_line
    assert removed(output) == ({} if listed else {old.id: 1})
    assert len([r for r in published(output) if r["id"] == other.id]) == 1
    if listed:
        site._publish(one for one in site._stories if one.id != old.id)
        night(5, output, server)
        assert removed(output) == {old.id: 1}
