"""Death at any moment: over all published runs nothing is lost, nothing stands twice."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import time
from collections import Counter

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import UNHURRIED, command, crawl, published
from tests.support.harness import start as start_line
from tests.support.services import PASSWORD, postgresql

KILLS = 30
MOMENTS = {  # of a run, by what it has asked for and has on disk
    "before the first answer": lambda asked, output: asked,
    "in the listings": lambda asked, output: any(path.startswith("/json/") for path in asked),
    "in the first articles": lambda asked, output: any("/c/" in path for path in asked),
    "in the middle of the articles": lambda asked, output: (
        sum("/c/" in path for path in asked) > 30
    ),
    "while it is published": lambda asked, output: list(
        output.glob("runs/*.partial/manifest.json")
    ),
}
AT_ONCE = 4  # requests
SETTINGS = {**UNHURRIED, "CONCURRENT_REQUESTS": AT_ONCE, "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE}


def start(output, url, more=(), stderr=subprocess.DEVNULL, **keywords):
    settings = {"OUTPUT_DIR": output, "MIRROR_URL": url, **SETTINGS, **dict(more)}
    line = command("crawl", "workercn", **settings)
    return start_line(line, stderr=stderr, text=True, **keywords)


def assert_whole(output, site, server):
    """The union of all runs is the truth, each (id, revision) once, nothing fetched in vain."""
    records = published(output)
    truth = {article["id"]: article for article in site.truth()}
    times = Counter((record["id"], record["revision"]) for record in records)
    assert {id_ for id_, _ in times} == set(truth)
    assert set(times.values()) == {1}
    wrong = [
        (record["id"], field)
        for record in records
        for field in ("title", "published_at", "body", "authors", "editors")
        if record[field] != truth[record["id"]][field]
    ]
    assert wrong == []
    return sum("/c/" in request.path for request in server.requests) - len(records)


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.long)]
)
def test_ended_at_named_moments(tmp_path, number):
    site = Site(seed=7, articles=80, now=clock.now())
    codes = {}
    with serve(site, latency=0.05) as server:
        for name, is_now in MOMENTS.items():
            while name not in codes:  # again, where it was over before it was looked at
                before = len(server.requests)
                process = start(tmp_path, server.url)
                while process.poll() is None:
                    if is_now([request.path for request in server.requests[before:]], tmp_path):
                        process.send_signal(number)
                        codes[name] = process.wait(timeout=60)
                        break
                    time.sleep(0.002)
        last = crawl(tmp_path, server.url)
        assert last.code == 0, last.stderr
        in_vain = assert_whole(tmp_path, site, server)
    if number == signal.SIGKILL:
        assert codes.pop("while it is published") in (0, -signal.SIGKILL)
        assert set(codes.values()) == {-signal.SIGKILL}
        assert in_vain <= AT_ONCE * len(MOMENTS)
    else:
        assert codes.pop("while it is published") in (0, 7)
        assert set(codes.values()) == {7}
    assert list(tmp_path.glob("runs/*.partial")) == []


@pytest.mark.long
def test_killed_at_thirty_moments(tmp_path):
    site = Site(seed=7, articles=500, now=clock.now())
    dice = random.Random(30)
    with serve(site, latency=0.1) as server:
        died = 0
        for _ in range(KILLS):
            process = start(tmp_path, server.url)
            # from before the first request to the middle of the articles
            try:
                process.wait(timeout=dice.uniform(0.05, 2.5))
            except subprocess.TimeoutExpired:
                process.kill()
                died += process.wait() == -signal.SIGKILL
        assert died > KILLS / 2
        server.latency = 0
        last = crawl(tmp_path, server.url)
        assert last.code == 0, last.stderr
        in_vain = assert_whole(tmp_path, site, server)
    assert in_vain <= AT_ONCE * died
    assert list(tmp_path.glob("runs/*.partial")) == []


@pytest.mark.long
def test_sigterm_at_eight_moments(tmp_path):
    site = Site(seed=8, articles=150, now=clock.now())
    dice = random.Random(8)
    with serve(site, latency=0.1) as server:
        codes = []
        for _ in range(8):
            before = len(server.requests)
            process = start(tmp_path, server.url)
            while len(server.requests) == before:
                time.sleep(0.05)
            time.sleep(dice.uniform(0, 1.5))
            process.terminate()
            codes.append(process.wait(timeout=120))
        assert set(codes) <= {0, 7}
        assert 7 in codes
        server.latency = 0
        assert crawl(tmp_path, server.url).code == 0
        assert_whole(tmp_path, site, server)


@pytest.mark.skipif(os.name != "posix", reason="needs RLIMIT_FSIZE")
def test_a_disk_that_is_full_and_then_is_not(tmp_path):
    site = Site(seed=9, articles=120, now=clock.now())
    with serve(site) as server:
        process = start(tmp_path, server.url, limits={resource.RLIMIT_FSIZE: (300_000, 300_000)})
        assert process.wait(timeout=60) == 6
        (partial,) = tmp_path.glob("runs/*.partial")
        kept = (partial / "articles.jsonl").read_bytes().count(b"\n")
        assert kept > 20
        last = crawl(tmp_path, server.url)
        assert last.code == 0, last.stderr
        in_vain = assert_whole(tmp_path, site, server)
    assert len(last.records) == 120 - kept
    assert in_vain <= 2 * 8


def test_a_database_that_goes_away_and_comes_back(tmp_path):
    site = Site(seed=10, articles=120, now=clock.now())
    with postgresql() as database, serve(site, latency=0.1) as server:
        url = database.database()
        process = start(tmp_path, server.url, {"STATE_URL": url}, subprocess.PIPE)
        while sum("/c/" in request.path for request in server.requests) < 30:
            time.sleep(0.05)
        database.stop()
        _, stderr = process.communicate(timeout=90)
        assert process.returncode == 6, stderr
        assert "kept as" in stderr.rstrip().rpartition("\n")[2]
        assert PASSWORD not in stderr
        (partial,) = tmp_path.glob("runs/*.partial")
        assert (partial / "articles.jsonl").stat().st_size > 0

        away = crawl(tmp_path, server.url, STATE_URL=url)
        assert (away.code, list(tmp_path.glob("runs/*.partial"))) == (6, [partial])
        assert PASSWORD not in away.stderr

        database.start()
        server.latency = 0
        last = crawl(tmp_path, server.url, STATE_URL=url)
        assert last.code == 0, last.stderr
        in_vain = assert_whole(tmp_path, site, server)
    assert in_vain <= 2 * AT_ONCE
