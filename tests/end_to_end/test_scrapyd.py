"""scrapyd runs the spider: its argument `_job`, its LOG_FILE and its FEEDS."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import ROOT, UNHURRIED, lines
from tests.support.services import missing

SCRAPYD = ROOT / ".venv/scrapyd"  # apart: it wants an older setuptools


@pytest.fixture
def scrapyd(tmp_path):
    """A function that asks a scrapyd: `call("schedule.json", project=…)`."""
    if not (SCRAPYD / "scrapyd").exists():
        missing("no scrapyd to test with: make .venv/scrapyd/.ready")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "scrapyd.conf").write_text(
        f"[scrapyd]\nhttp_port = {port}\npoll_interval = 0.2\nitems_dir = {tmp_path}/items\n"
    )
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)  # it names the project: default
    path = os.pathsep.join([str(SCRAPYD), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
    line = [sys.executable, "-c", "from scrapyd.__main__ import main; main()"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(line, cwd=tmp_path, env=environment, stdout=log, stderr=log)

    def call(name, **given):
        data = urllib.parse.urlencode(given, doseq=True).encode() if given else None
        address = f"http://127.0.0.1:{port}/{name}"
        with urllib.request.urlopen(address, data, timeout=30) as answer:
            return json.load(answer)

    try:
        for _ in range(300):
            try:
                call("daemonstatus.json")
                break
            except urllib.error.URLError:
                assert server.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.1)
        yield call
    finally:
        server.terminate()
        server.wait()


def ended(call):
    for _ in range(600):
        jobs = call("listjobs.json?project=default")
        if jobs["finished"] and not jobs["running"] and not jobs["pending"]:
            return jobs["finished"]
        time.sleep(0.1)
    return pytest.fail(f"not ended: {jobs}")


def test_a_job(scrapyd, tmp_path):
    assert scrapyd("listspiders.json?project=default")["spiders"] == ["workercn"]
    with serve(Site(seed=2, articles=60, now=clock.now())) as server:
        settings = {"OUTPUT_DIR": tmp_path / "out", "MIRROR_URL": server.url, **UNHURRIED}
        words = [f"{name}={value}" for name, value in settings.items()]
        asked = {"project": "default", "spider": "workercn", "setting": words}
        job = scrapyd("schedule.json", **asked, sections="edu", pages=1)["jobid"]
        ended(scrapyd)
    log = (tmp_path / f"logs/default/workercn/{job}.log").read_text("utf-8")
    folders = list((tmp_path / "out/runs").iterdir())
    assert len(folders) == 1, log
    manifest = json.loads((folders[0] / "manifest.json").read_bytes())
    assert manifest["exit_code"] == 0
    assert manifest["arguments"] == {"sections": "edu", "pages": "1"}
    assert "walking 1 sections" in log
    items = lines(tmp_path / f"items/default/workercn/{job}.jl")
    assert items == lines(folders[0] / "articles.jsonl")
    assert items


def test_a_cancelled_job_ends_in_order(scrapyd, tmp_path):
    with serve(Site(seed=2, articles=60, now=clock.now()), latency=0.3) as server:
        settings = {"OUTPUT_DIR": tmp_path / "out", "MIRROR_URL": server.url, **UNHURRIED}
        words = [f"{name}={value}" for name, value in settings.items()]
        words.append("CONCURRENT_REQUESTS_PER_DOMAIN=1")
        asked = {"project": "default", "spider": "workercn", "setting": words}
        job = scrapyd("schedule.json", **asked, sections="edu")["jobid"]
        for _ in range(600):
            if len(server.requests) > 4:
                break
            time.sleep(0.1)
        scrapyd("cancel.json", project="default", job=job)
        ended(scrapyd)
    (folder,) = (tmp_path / "out/runs").iterdir()
    assert json.loads((folder / "manifest.json").read_bytes())["exit_code"] == 7
