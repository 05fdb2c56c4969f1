"""What a run tells of itself: command, mirror and window, also of one that was killed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import datetime, timedelta

import pytest

from crawler import clock
from crawler.clock import CST
from crawler.feeds import follow
from crawler.samplesite import Site, serve
from tests.support.harness import ROOT, command, crawl, run

MADE = datetime(2026, 11, 29, 11, 0, tzinfo=CST)  # when version 0.1.0 made the folder below
OLDER = ROOT / "tests/feeds/older/0.1.0"


@pytest.fixture
def older(tmp_path, monkeypatch):
    """An output folder of version 0.1.0, a day later."""
    output = tmp_path / "output"
    shutil.copytree(OLDER, output, ignore=shutil.ignore_patterns("state.sql"))
    with sqlite3.connect(output / "state.db") as state:
        state.executescript((OLDER / "state.sql").read_text("utf-8"))
    state.close()
    monkeypatch.setenv(
        "CLOCK_OFFSET", str((MADE + timedelta(days=1) - clock.now()).total_seconds())
    )
    return output


def test_the_manifest_names_command_mirror_and_window(tmp_path):
    with serve(Site(seed=2, articles=10, now=clock.now())) as server:
        done = crawl(tmp_path, server.url, "sections=edu", "since=2024-02-29")
    assert done.code == 0, done.stderr
    assert done.manifest["command"] == "crawl"
    assert done.manifest["mirror"] == server.url
    assert done.manifest["window"] == {"since": "2024-02-29", "until": None}
    assert done.manifest["gaps"] == []
    assert [path.name for path in tmp_path.glob("state*")] == ["state.db"]  # whole, for a copy
    (silent,) = [check for check in done.manifest["checks"] if check["name"] == "sections"]
    assert (silent["code"], silent["data"]) == ("ok", {"sections": [], "good": 1, "total": 1})


def test_a_killed_run_is_salvaged_as_what_it_was(tmp_path):
    with serve(Site(seed=2, articles=10, now=clock.now())) as server:
        done = crawl(tmp_path, server.url, "sections=edu", "since=2024-02-29")
        (done.folder / "manifest.json").unlink()
        (tmp_path / "state.db").unlink()
        done.folder.rename(done.folder.with_name(done.folder.name + ".partial"))
        crawl(tmp_path, server.url, "sections=edu", "limit=1")
        crawl(tmp_path, server.url, "sections=edu")
    manifest = json.loads((done.folder / "manifest.json").read_text("utf-8"))
    assert manifest["salvaged"]
    assert (manifest["command"], manifest["mirror"]) == ("crawl", server.url)


def test_a_folder_of_an_older_version_goes_on(older):
    with follow(older.parent / "checkpoint", older) as records:
        assert len(list(records)) == 1
    for folder in (older / "runs").iterdir():
        assert run(command("report", folder.name, OUTPUT_DIR=older)).returncode == 0
    verified = run(command("feed", "verify", OUTPUT_DIR=older))
    assert verified.returncode == 0, verified.stdout
    with serve(Site(seed=5, articles=6, now=MADE)) as server:
        done = crawl(older, server.url, "sections=edu", "since=2020-01-01")
        night = run(
            command(
                "nightly",
                "workercn",
                "-a",
                "sections=edu",
                MIRROR_URL=server.url,
                OUTPUT_DIR=older,
                DOWNLOAD_DELAY=0,
            )
        )
    assert done.code == 0, done.stderr
    assert done.manifest["counts"]["new"] == 0
    assert night.returncode in (0, 3), night.stderr
    assert run(command("feed", "verify", OUTPUT_DIR=older)).returncode == 0
