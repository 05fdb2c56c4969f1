"""Made-up articles of a mirror never come into the feed of the live site, nor the other way round."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import ROOT, command, crawl, run


@pytest.fixture(scope="module")
def server():
    with serve(Site(seed=5, articles=12, now=clock.now())) as server:
        yield server


def left(output):
    return {path: path.stat().st_mtime_ns for path in output.rglob("*")}


def refused(output, job="crawl", **settings):
    before = left(output)
    done = run(command(job, "workercn", "-a", "sections=edu", OUTPUT_DIR=output, **settings))
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert left(output) == before
    return done.stderr


@pytest.mark.parametrize("job", ["crawl", "nightly"])
def test_no_live_run_among_those_of_a_mirror(server, tmp_path, job):
    first = crawl(tmp_path, server.url, "sections=edu")
    assert (first.code, first.manifest["mirror"]) == (0, server.url)
    said = refused(tmp_path, job, MIRROR_URL="")
    assert f"MIRROR_URL=: {tmp_path} holds runs of the mirror {server.url}" in said
    # a gateway is the live site
    refused(tmp_path, job, MIRROR_URL=server.url, MIRROR_IS_LIVE=1)


@pytest.mark.parametrize("job", ["crawl", "nightly"])
def test_no_run_of_a_mirror_among_live_ones(server, tmp_path, job):
    first = crawl(tmp_path, server.url, "sections=edu", MIRROR_IS_LIVE=1)
    assert (first.code, first.manifest["mirror"]) == (0, None)
    said = refused(tmp_path, job, MIRROR_URL=server.url)
    assert "holds runs of the live site" in said
    assert "MIRROR_IS_LIVE=1" in said
    assert crawl(tmp_path, server.url, "sections=edu", MIRROR_IS_LIVE=1).code == 0


def test_a_killed_run_tells_too(server, tmp_path):
    first = crawl(tmp_path, server.url, "sections=edu")
    (first.folder / "manifest.json").unlink()
    first.folder.rename(first.folder.with_name(first.folder.name + ".partial"))
    refused(tmp_path, MIRROR_URL="")


def test_only_whether_it_is_a_mirror_counts_and_without_network_nothing(server, tmp_path):
    assert crawl(tmp_path, server.url, "sections=edu").code == 0
    with serve(server.site) as another:
        assert crawl(tmp_path, another.url, "sections=edu").code == 0
    for words in (["replay"], ["feed", "verify"], ["report"], ["feed", "rebuild-state"]):
        done = run(command(*words, OUTPUT_DIR=tmp_path, MIRROR_URL=""))
        assert done.returncode == 0, done.stderr


def test_a_folder_of_unknown_kind_takes_that_of_its_next_run(server, tmp_path):
    first = crawl(tmp_path, server.url, "sections=edu")
    path = first.folder / "manifest.json"
    older = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(older | {"command": None, "mirror": None}), "utf-8")
    assert crawl(tmp_path, server.url, "sections=edu", MIRROR_IS_LIVE=1).code == 0
    refused(tmp_path, MIRROR_URL=server.url)


def test_the_demo_has_a_folder_of_its_own(tmp_path):
    """As `make demo` starts it: its made-up articles never stand among the live site's."""
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    words = ["--embedded", "-a", "sections=edu", "-a", "pages=1"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env.pop("OUTPUT_DIR", None)
    line = [sys.executable, "-m", "crawler.demo", *words]
    done = subprocess.run(
        line, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True, check=True, timeout=300
    )
    (folder,) = (tmp_path / "output/demo/runs").iterdir()
    # the records first: the table stays on the screen
    *_, report, verdict = done.stdout.splitlines()
    assert report == f"Report, for a browser: {folder}/report.html"
    assert verdict == "Exit code 0: complete and healthy."
    assert done.stdout.index('"body"') < done.stdout.index("total (unique)")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["mirror"].startswith("http://127.0.0.1:")
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["demo"]
    assert "-m crawler.demo --embedded" in (ROOT / "Makefile").read_text("utf-8")


def test_a_second_demo_finds_nothing_changed(tmp_path):
    """Two hours later: the site's articles are dated from the folder's first run."""
    line = [sys.executable, "-m", "crawler.demo", "--embedded", "-a", "sections=edu"]
    hour = float(os.environ["CLOCK_OFFSET"])
    for later in (0, 7200):
        env = {**os.environ, "OUTPUT_DIR": str(tmp_path), "CLOCK_OFFSET": str(hour + later)}
        done = subprocess.run(
            line, env=env, stdout=subprocess.PIPE, text=True, check=True, timeout=300
        )
    newest = max((tmp_path / "runs").iterdir(), key=lambda folder: folder.name)
    counts = json.loads((newest / "manifest.json").read_text("utf-8"))["counts"]
    assert (counts["new"], counts["updated"], counts["listed"] > 0) == (0, 0, True)
    assert "教育 edu" in done.stdout  # though the run has no record that names it


def test_ctrl_c_lets_the_demo_end_in_order(tmp_path):
    line = [sys.executable, "-m", "crawler.demo", "--embedded"]
    env = {**os.environ, "OUTPUT_DIR": str(tmp_path)}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        line, env=env, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as demo:
        while not list(tmp_path.glob("runs/*.partial/articles.jsonl")):
            assert demo.poll() is None
            time.sleep(0.05)
        os.killpg(demo.pid, signal.SIGINT)
        stdout, stderr = demo.communicate(timeout=120)
    assert demo.returncode == 7, stderr
    assert "Traceback" not in stderr
    assert "Exit code 7: interrupted" in stdout
