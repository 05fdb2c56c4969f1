"""The main job against the embedded site, as a user sees it."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import date, timedelta

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import Run, crawl

# What may differ from the truth only by a doubt that is said in `warnings`.
COMPARED = (
    "kind",
    "pretitle",
    "title",
    "subtitle",
    "source",
    "published_at",
    "published_precision",
    "authors",
    "editors",
    "body",
    "images",
    "language",
)


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(seed=1, articles=220, now=clock.now())


@pytest.fixture(scope="module")
def truth(site):
    return {article["id"]: article for article in site.truth()}


@pytest.fixture(scope="module")
def whole(site, tmp_path_factory) -> Run:
    with serve(site) as server:
        run = crawl(tmp_path_factory.mktemp("whole"), server.url)
        run.requests = list(server.requests)
        return run


def test_it_is_complete_and_healthy(whole, truth):
    assert whole.code == 0, whole.stderr
    assert [record["id"] for record in whole.records] != []
    assert {record["id"] for record in whole.records} == set(truth)
    assert len(whole.records) == len(truth)
    assert whole.rejects == []
    assert whole.last_line.startswith("workercn: complete and healthy: 220 new, 0 rejected")
    assert str(whole.folder) in whole.last_line


@pytest.mark.parametrize("field", COMPARED)
def test_every_field_is_what_the_site_says(whole, truth, field):
    wrong = {
        record["id"]: (record[field], truth[record["id"]][field])
        for record in whole.records
        if record[field] != truth[record["id"]][field]
    }
    assert wrong == {}


def test_every_article_carries_all_its_sections(whole, truth):
    for record in whole.records:
        expected = sorted(truth[record["id"]]["sections"], key=lambda section: section["slug"])
        assert record["sections"] == expected
    assert max(len(record["sections"]) for record in whole.records) >= 2


def test_every_page_is_asked_for_once(whole):
    asked = Counter((r.host, r.path) for r in whole.requests)
    assert set(asked.values()) == {1}


def test_older_entries_are_asked_for_as_the_page_does(whole):
    asked = [request for request in whole.requests if request.path.startswith("/json/")]
    assert asked
    for request in asked:
        slug = request.path.split("/")[2]
        assert request.headers["referer"] == f"https://www.workercn.cn/{slug}/"


def test_newest_first(whole):
    """Within what is asked for at once, the feed runs from the newest article to the oldest."""
    order = [record["published_at"] for record in whole.records]
    ideal = sorted(order, reverse=True)
    assert max(abs(ideal.index(moment) - place) for place, moment in enumerate(order)) <= 16


def test_the_files_are_what_the_manifest_says(whole):
    assert sorted(path.name for path in whole.folder.iterdir()) == [
        "articles.jsonl",
        "journal.jsonl",
        "manifest.json",
        "rejects.jsonl",
        "report.html",
    ]
    for name, said in whole.manifest["files"].items():
        data = (whole.folder / name).read_bytes()
        assert said == {
            "records": data.count(b"\n"),
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    assert not list(whole.output.glob("**/*.partial"))


def test_the_manifest_counts(whole, truth):
    manifest = whole.manifest
    assert (manifest["complete"], manifest["health"], manifest["exit_code"]) == (True, "ok", 0)
    assert manifest["counts"]["listed"] == manifest["counts"]["new"] == len(truth)
    assert manifest["counts"]["requests"] == len(whole.requests)
    assert all(check["ok"] for check in manifest["checks"])
    listed = Counter(s["slug"] for article in truth.values() for s in article["sections"])
    assert {slug: section["new"] for slug, section in manifest["sections"].items()} == listed
    assert manifest["fields"]["title"] == manifest["fields"]["published_at"] == 1
    assert manifest["newest_published_at"] == max(
        record["published_at"] for record in whole.records
    )
    assert re.fullmatch(r"\d{8}T\d{6}Z-workercn-[0-9a-f]{4}", manifest["run_id"])
    assert whole.folder.name == manifest["run_id"]
    assert {record["run_id"] for record in whole.records} == {manifest["run_id"]}


def test_latest_is_a_copy_of_the_manifest(whole):
    latest = json.loads((whole.output / "latest.json").read_text("utf-8"))
    assert latest.pop("run") == f"runs/{whole.folder.name}"
    assert latest == whole.manifest


def test_the_log_is_short_and_names_the_sections(whole):
    assert "sections linked on the home page: 人物 (character), 教育 (edu)" in whole.stderr
    assert len(whole.stderr.splitlines()) < 30
    assert "Warning" not in whole.stderr, whole.stderr


def test_a_window_of_days(site, truth, tmp_path):
    newest = max(date.fromisoformat(article["published_at"][:10]) for article in truth.values())
    since, until = newest - timedelta(days=6), newest - timedelta(days=3)
    with serve(site) as server:
        run = crawl(tmp_path, server.url, f"since={since}", f"until={until}")
    wanted = {
        id_
        for id_, article in truth.items()
        if since.isoformat() <= article["published_at"][:10] <= until.isoformat()
    }
    assert run.code == 0, run.stderr
    assert {record["id"] for record in run.records} == wanted
    assert len(wanted) > 5


def test_a_long_window_is_cut_into_slices(site, truth, tmp_path):
    """Spans of five days: the listings of the second are walked after the first's articles."""
    with serve(site) as server:
        run = crawl(tmp_path, server.url, "since=2020-01-01", SLICE_DAYS=5, CONCURRENT_REQUESTS=1)
        paths = [request.path for request in server.requests]
    assert run.code == 0, run.stderr
    assert {record["id"] for record in run.records} == set(truth)
    assert len(run.records) == len(truth)
    last_listing = max(place for place, path in enumerate(paths) if path.startswith("/json/"))
    first_article = min(place for place, path in enumerate(paths) if path.startswith("/c/"))
    assert first_article < last_listing
    assert max(Counter(path for path in paths if path.startswith("/c/")).values()) == 1


def test_until_alone_walks_to_the_end(site, truth, tmp_path):
    newest = max(date.fromisoformat(article["published_at"][:10]) for article in truth.values())
    until = newest - timedelta(days=20)
    with serve(site) as server:
        run = crawl(tmp_path, server.url, f"until={until}", "sections=character,edu", SLICE_DAYS=3)
    wanted = {
        id_
        for id_, article in truth.items()
        if article["published_at"][:10] <= until.isoformat()
        and {section["slug"] for section in article["sections"]} & {"character", "edu"}
    }
    assert run.code == 0, run.stderr
    assert {record["id"] for record in run.records} == wanted
    assert wanted


def test_pages_and_sections(site, tmp_path):
    with serve(site) as server:
        run = crawl(tmp_path, server.url, "sections=character", "pages=2")
        listings = [r.path for r in server.requests if not r.path.startswith(("/c/", "/robots"))]
    assert run.code == 0
    assert listings == ["/character/", "/json/character/index_2.json"]
    assert list(run.manifest["sections"]) == ["character"]
    assert run.manifest["arguments"] == {"sections": "character", "pages": "2"}


def test_a_limit_is_a_trial(site, tmp_path):
    with serve(site) as server:
        run = crawl(tmp_path, server.url, "limit=7")
        # robots of two hosts, home, sections (three of the table are not there), articles
        assert len(server.requests) <= 1 + 1 + 1 + 9 + 7 + 1
    assert run.code == 0, run.stderr
    assert len(run.records) == 7
    assert run.folder.parent.name == "trials"
    assert not (tmp_path / "latest.json").exists()


def test_urls_of_a_file(site, truth, tmp_path):
    articles = list(truth.values())[:3]
    file = tmp_path / "urls.txt"
    file.write_text(
        "# three of them, one twice\n\n"
        + "\n".join(article["url"] for article in articles)
        + f"\n{articles[0]['url']}?from=app\nnonsense\nhttps://other.example/c/2024-02-29/1234567.shtml\n"
    )
    with serve(site) as server:
        run = crawl(tmp_path / "out", server.url, f"urls={file}")
    assert sorted(record["id"] for record in run.records) == sorted(a["id"] for a in articles)
    assert all(record["sections"] == [] for record in run.records)
    assert run.reasons == [("listing", "not_an_address"), ("listing", "not_this_site")]
    assert run.code == 0, run.last_line  # two rejects degrade no run


def test_an_address_of_any_length_is_asked_for(site, tmp_path):
    file = tmp_path / "urls.txt"
    file.write_text(f"https://www.workercn.cn/about?words={'a' * 3000}\n")
    with serve(site) as server:
        run = crawl(tmp_path / "out", server.url, f"urls={file}")
    assert run.reasons == [("fetch", "http_404")], run.last_line


def test_scrapys_own_feeds_work_beside_it(site, tmp_path):
    file = tmp_path / "own.jsonl"
    with serve(site, faults=["/c/*:status=404@1"]) as server:
        options = (
            "crawl",
            "workercn",
            "-a",
            "sections=edu",
            "-a",
            "pages=1",
            "-O",
            f"{file}:jsonlines",
        )
        from tests.support.harness import UNHURRIED, command, run

        done = run(command(*options, OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED))
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    ours = [
        json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()
    ]
    own = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert own == ours
    assert len(own) == 26  # the reject is no article
