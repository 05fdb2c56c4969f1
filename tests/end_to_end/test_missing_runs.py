"""Run folders that are gone: the oldest on purpose, any other is a contradiction, exit 6."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support import nights_apart
from tests.support.harness import command, crawl, run


@pytest.fixture(scope="module")
def three_runs(tmp_path_factory):
    output = tmp_path_factory.mktemp("three")
    with serve(Site(seed=3, articles=60, now=clock.now())) as server:
        for words in (["sections=edu"], ["sections=character"], ["sections=edu,character"]):
            assert crawl(output, server.url, *words).code == 0
    return output


@pytest.fixture
def output(three_runs, tmp_path):
    return shutil.copytree(three_runs, tmp_path / "output")


def folders(output):
    return sorted((output / "runs").glob("*[0-9a-f]"))


@pytest.mark.parametrize("gone", [[1], [2], [0, 2], [1, 2], [0, 1, 2]])
def test_a_hole_or_the_newest_or_all(output, gone):
    for number in gone:
        shutil.rmtree(folders(output)[number - sum(other < number for other in gone)])
    before = sorted(output.rglob("*"))
    with serve(Site(seed=3, articles=60, now=clock.now())) as server:
        done = crawl(output, server.url, "sections=edu")
        assert server.requests == []
    assert done.code == 6
    assert "run folders that the state knows are gone" in done.last_line
    assert "feed rebuild-state --force" in done.last_line
    assert [path for path in before if path.is_dir()] == [
        p for p in sorted(output.rglob("*")) if p.is_dir()
    ]


def test_no_folder_of_runs_at_all(output):
    shutil.rmtree(output / "runs")
    with serve(Site(seed=3, articles=60, now=clock.now())) as server:
        assert crawl(output, server.url, "sections=edu").code == 6


def test_runs_of_a_shared_crawl_may_be_elsewhere(output):
    """Each worker may have an output folder of its own."""
    gone = folders(output)[1]
    with closing(sqlite3.connect(output / "state.db")) as database, database:
        set_ = "UPDATE run SET manifest = json_set(manifest, '$.group', 'tonight') WHERE run_id = ?"
        assert database.execute(set_, [gone.name]).rowcount == 1
    shutil.rmtree(gone)
    with serve(Site(seed=3, articles=60, now=clock.now())) as server:
        assert crawl(output, server.url, "sections=edu").code == 0


def test_what_a_snapshot_replaces_is_not_missed(output):
    """The next runs go on as if nothing had happened, though the newest but one was replaced."""
    pruned = run(command("feed", "prune", "--before=today", OUTPUT_DIR=output))
    assert (pruned.returncode, len(folders(output))) == (0, 3)  # all of them are of today
    days = json.loads((folders(output)[0] / "manifest.json").read_text("utf-8"))["started_at"]
    tomorrow = datetime.fromisoformat(days) + timedelta(days=1)
    site = Site(seed=3, articles=60, now=clock.now())
    with nights_apart.clock(tomorrow), serve(site) as server:
        pruned = run(command("feed", "prune", "--before=today", OUTPUT_DIR=output))
        assert pruned.stderr.splitlines()[-1].startswith("scrapy: feed prune: 2 run folders")
        done = crawl(output, server.url, "sections=edu,character", "full=1")
        assert done.code == 0, done.stderr
        assert "are gone" not in done.stderr
        assert done.manifest["counts"]["new"] == 0
        for words in (["verify"], ["rebuild-state"], ["prune", "--before=today"]):
            assert run(command("feed", *words, OUTPUT_DIR=output)).returncode == 0
    assert len(folders(output)) == 2


@pytest.mark.parametrize("number", [1, 2])
def test_the_oldest_make_room(output, number):
    for folder in folders(output)[:number]:
        shutil.rmtree(folder)
    with serve(Site(seed=3, articles=60, now=clock.now())) as server:
        done = crawl(output, server.url, "sections=edu")
    assert done.code == 0, done.stderr
    assert f"{number} run folders before" in done.stderr
    assert done.manifest["counts"]["new"] == 0  # what they told is still known


def test_published_articles_are_forgotten_by_force_alone(output):
    shutil.rmtree(folders(output)[0])
    line = command("feed", "rebuild-state", OUTPUT_DIR=output)
    refused = run(line)
    assert refused.returncode == 6, refused.stderr
    assert "published articles stand in no run folder and would be forgotten" in refused.stderr
    forced = run([*line, "--force"])
    assert forced.returncode == 0, forced.stderr


def test_a_rebuild_that_forgets_nothing_needs_no_force(output):
    assert run(command("feed", "rebuild-state", OUTPUT_DIR=output)).returncode == 0
