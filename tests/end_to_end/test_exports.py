"""EXPORTS: files that `scrapy nightly` writes beside its run folders."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from contextlib import closing

import pytest

from crawler import clock
from crawler.feeds import formats
from crawler.samplesite import Site, serve
from tests.feeds.folders import edit
from tests.support.harness import UNHURRIED, Run, command, published, run, start


def nightly_line(output, url, exports, **settings):
    settings = {"OUTPUT_DIR": output, "MIRROR_URL": url, **UNHURRIED, **settings}
    line = command("nightly", "workercn", EXPORTS=exports, **settings)
    return [*line, "-a", "sections=edu,rights"]


def nightly(output, url, exports, **settings):
    done = run(nightly_line(output, url, exports, **settings))
    return Run(done.returncode, done.stderr, done.stdout, output)


def check(night):
    (found,) = [check for check in night.manifest["checks"] if check["name"] == "exports"]
    return found


def ids_in(database):
    with closing(sqlite3.connect(database)) as opened:
        return {row[0] for row in opened.execute("SELECT id FROM articles")}


@pytest.fixture
def site():
    return Site(seed=3, articles=60, held=4, now=clock.now())


@pytest.fixture
def server(site):
    with serve(site) as server:
        yield server


def test_each_night_replaces_them_by_the_view_of_all_runs(site, server, tmp_path):
    output, database = tmp_path / "out", tmp_path / "out/view/news.db"
    exports = f"{output}/feed.xml, {database},{output}/feed.json"
    first = nightly(output, server.url, exports)
    assert first.code == 0, first.last_line
    assert check(first)["ok"]
    assert check(first)["data"]["records"][str(database)] == len(first.records) > 0
    assert ids_in(database) == {record["id"] for record in first.records}
    fresh = set(site.release())
    second = nightly(output, server.url, exports)
    assert second.code == 0, second.last_line
    everything = {record["id"] for record in published(output)}
    assert {record["id"] for record in second.records} & fresh
    assert ids_in(database) == everything
    feedparser = pytest.importorskip("feedparser", reason="pip install feedparser")
    atom = feedparser.parse((output / "feed.xml").read_bytes())
    assert not atom.bozo
    urls = {record["url"] for record in published(output)}
    assert {entry.link for entry in atom.entries} <= urls
    assert len(atom.entries) == min(100, len(everything))
    assert len(json.loads((output / "feed.json").read_bytes())["items"]) == len(atom.entries)
    assert sorted(path.name for path in database.parent.iterdir()) == [
        "news.db",
        "news.metadata.json",
    ]
    assert not [path.name for path in output.iterdir() if path.name.startswith(".feed")]


def test_one_that_fails_is_a_failed_check_and_costs_no_run(server, tmp_path):
    output, there, gone = tmp_path / "out", tmp_path / "news.db", tmp_path / "view"
    gone.mkdir()
    line = nightly_line(output, server.url, f"{there},{gone}/feed.xml")
    server.latency = 0.2
    with start(line, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not server.requests:
            time.sleep(0.05)
        gone.rmdir()
        gone.write_text("in the way")
        server.latency = 0
        _, stderr = process.communicate()
    night = Run(process.returncode, stderr, "", output)
    assert night.code == 3, night.last_line
    assert f"{gone}/feed.xml" in night.last_line
    assert check(night)["ok"] is False
    assert check(night)["code"] == "unwritable"
    assert list(check(night)["data"]["failed"]) == [f"{gone}/feed.xml"]
    assert ids_in(there) == {record["id"] for record in night.records} != set()


def test_lines_that_cannot_be_read_are_left_out_and_counted(server, tmp_path):
    exports = f"{tmp_path}/news.jsonl"
    first = nightly(tmp_path, server.url, exports)
    edit(first.folder / "articles.jsonl", '"revision":1', '"revision":0')
    night = nightly(tmp_path, server.url, exports)
    assert night.code == 3, night.last_line
    assert check(night)["code"] == "left_out"
    assert check(night)["data"]["left_out"] > 0


def test_what_is_not_published_is_not_exported(server, tmp_path):
    server.inject("*:status=500")
    night = nightly(tmp_path, server.url, f"{tmp_path}/news.jsonl", RETRY_TIMES=0)
    assert night.code == 4
    assert not [path.name for path in tmp_path.iterdir() if "news" in path.name]


@pytest.mark.parametrize(
    ("exports", "named"),
    [
        ("{}/feed.unheard", "feed.unheard: no format"),
        ("{}/feed.xml,news", "news: no format"),
        ("{}/file/feed.xml", "file/feed.xml: allowed: a file in a folder that can be written to"),
        ("/proc/feed.xml", "/proc/feed.xml: allowed: a file in a folder"),
        ("{}/out/runs/feed.xml", "the feed never changes"),
        ("{}/folder.xml", "folder.xml: a folder; allowed: a file"),
    ],
)
def test_wrong_ones(tmp_path, exports, named):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder.xml").mkdir()
    night = nightly(tmp_path / "out", "http://127.0.0.1:9", exports.format(tmp_path))
    assert (night.code, night.stderr.count("\n")) == (2, 1), night.stderr
    assert "setting EXPORTS=" in night.stderr
    assert named in night.stderr
    assert not (tmp_path / "out").exists()


def test_a_library_that_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    from crawler.feeds.exports import targets

    with pytest.raises(ValueError, match=r"news\.parquet: .*pyarrow"):
        targets(tmp_path, ["news.parquet"])
