"""SIGINT and SIGTERM at every stage of a command: exit 7, or the run's own code once it is
published; one line, no traceback.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import UNHURRIED, Run, command, start

SIGNALS = [signal.SIGINT, signal.SIGTERM]
NOTHING = "workercn: interrupted before there was anything; nothing published"


@pytest.fixture(scope="module")
def site():
    return Site(seed=2, articles=60, now=clock.now())


@contextmanager
def started(*words, fresh=False, env=None, **settings):
    pipe = subprocess.PIPE
    line = command(*words, **settings)
    process = start(line, fresh=fresh, stdout=pipe, stderr=pipe, text=True, env=env)
    try:
        yield process
    finally:
        process.kill()


class Silent:
    """A server that takes connections and answers nothing."""

    def __init__(self, server):
        self.port = server.getsockname()[1]
        self._server, self.taken = server, []

    def accept(self):
        self.taken.append(self._server.accept()[0])


@contextmanager
def somebody_silent():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        silent = Silent(server)
        yield silent
        for connection in silent.taken:
            connection.close()


def ended(process, output):
    _, stderr = process.communicate(timeout=60)
    assert "Traceback" not in stderr, stderr
    assert "Exception ignored" not in stderr, stderr
    return Run(process.returncode, stderr, "", output)


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("name", ["crawl", "nightly"])
def test_before_the_crawl(tmp_path, name, number):
    """While it waits for the database."""
    with somebody_silent() as server:
        url = f"postgresql://127.0.0.1:{server.port}/x"
        settings = {"OUTPUT_DIR": tmp_path, "STATE_URL": url, "LOG_LEVEL": "CRITICAL"}
        with started(name, "workercn", **settings) as process:
            server.accept()
            process.send_signal(number)
            run = ended(process, tmp_path)
    assert (run.code, run.stderr) == (7, NOTHING + "\n")
    assert list(tmp_path.glob("runs/*")) == []


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("number", SIGNALS)
def test_while_it_walks(site, tmp_path, number, times):
    with serve(site, faults=["/:stall=3"]) as server:
        settings = {"OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url, "LOG_LEVEL": "CRITICAL"}
        with started("crawl", "workercn", **settings, **UNHURRIED) as process:
            wait_for(lambda: any(request.path == "/" for request in server.requests))
            for _ in range(times):
                process.send_signal(number)
                time.sleep(0.1)
            run = ended(process, tmp_path)
    assert run.code == 7
    first, *_, last = run.stderr.splitlines()
    assert f"{number.name}: stopping in order; once more (Ctrl-C) forces it" in first
    assert "interrupted" in last


def test_while_all_that_is_under_way_is_a_note(site, tmp_path):
    """Scrapy asks whether it may close when a response is done, and not when an item is."""
    env = os.environ | {"PATCHED_BY": "slow_notes"}
    with serve(site, latency=0.5) as server:
        settings = {"OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url}
        words = ["-a", "sections=edu", "-a", "pages=1"]
        with started("crawl", "workercn", *words, env=env, **settings, **UNHURRIED) as process:
            wait_for(lambda: any(request.path == "/edu/" for request in server.requests))
            time.sleep(0.7)
            process.send_signal(signal.SIGTERM)
            run = ended(process, tmp_path)
    assert run.code == 7
    assert run.manifest["exit_code"] == 7


LIMITS = [
    ("crawl", {"CLOSESPIDER_PAGECOUNT": 2}, 7),
    ("nightly", {"MAX_RUN_MINUTES": 0.03}, 7),
    ("crawl", {"MEMUSAGE_LIMIT_MB": 1, "MEMUSAGE_CHECK_INTERVAL_SECONDS": 2}, 1),
]


@pytest.mark.parametrize(("job", "limit", "code"), LIMITS)
def test_a_limit_that_is_reached_while_listings_are_read(site, tmp_path, job, limit, code):
    """Scrapy ends `start()` for a signal only: the run waited for all that it went on to ask for."""
    with serve(site) as server:
        settings = UNHURRIED | {"DOWNLOAD_DELAY": 0.5, **limit}
        words = ["-a", "sections=json2021:all"]
        settings |= {"OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url}
        with started(job, "workercn", *words, **settings) as process:
            run = ended(process, tmp_path)
        asked = [request.path for request in server.requests]
    assert run.code == code
    assert run.manifest["exit_code"] == code
    assert len(asked) < 10  # of 17 sections
    assert "Traceback" not in run.stderr


def test_a_server_that_says_nothing_is_not_waited_for(site, tmp_path):
    """DOWNLOAD_TIMEOUT is a minute."""
    with serve(site, faults=["/c/*:stall"]) as server:
        settings = {"OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url}
        words = ["-a", "sections=edu", "-a", "pages=1"]
        with started("crawl", "workercn", *words, **settings, **UNHURRIED) as process:
            wait_for(lambda: any(request.path.startswith("/c/") for request in server.requests))
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            run = ended(process, tmp_path)
    assert run.code == 7
    assert run.manifest["exit_code"] == 7
    assert time.monotonic() - began < 30


def test_a_limit_that_is_reached_while_a_host_is_left_alone(site, tmp_path):
    with serve(site, faults=["/json/*:status=503"]) as server:
        settings = UNHURRIED | {"CLOSESPIDER_TIMEOUT": 4, "CIRCUIT_FAILURES": 2}
        words = ["-a", "sections=json2021:all"]
        settings |= {"OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url}
        began = time.monotonic()
        with started("crawl", "workercn", *words, **settings) as process:
            run = ended(process, tmp_path)
    assert run.code == 7
    assert time.monotonic() - began < 25  # CIRCUIT_PAUSE is 30 seconds


def test_before_the_reactor_runs(site, tmp_path):
    """As soon as there is a run's folder: the crawl may not have begun, and must not begin."""
    with serve(site, latency=0.5) as server:
        settings = {"OUTPUT_DIR": tmp_path, "MIRROR_URL": server.url}
        with started("crawl", "workercn", **settings, **UNHURRIED) as process:
            wait_for(lambda: list(tmp_path.glob("runs/*.partial")))
            process.send_signal(signal.SIGTERM)
            run = ended(process, tmp_path)
        assert not any(request.path.startswith("/c/") for request in server.requests)
    assert run.code == 7
    assert "interrupted" in run.last_line


@pytest.mark.parametrize("number", SIGNALS)
def test_while_it_alerts(site, tmp_path, number):
    """The run is published: its own code, and its own last line."""
    with somebody_silent() as somebody, serve(site, faults=["/edu/:status=404"]) as server:
        settings = {
            "OUTPUT_DIR": tmp_path,
            "MIRROR_URL": server.url,
            "ALERT_URLS": f"json://127.0.0.1:{somebody.port}/",
            "LOG_LEVEL": "CRITICAL",
        }
        words = ["nightly", "workercn", "-a", "sections=edu", "-a", "since=2020-01-01"]
        with started(*words, **settings, **UNHURRIED) as process:
            somebody.accept()
            process.send_signal(number)
            run = ended(process, tmp_path)
    assert run.code == 3
    assert run.manifest["exit_code"] == 3
    assert len(run.stderr.splitlines()) == 1
    assert str(run.folder) in run.last_line


@pytest.mark.parametrize("number", SIGNALS)
def test_while_it_alerts_that_nothing_came_about(tmp_path, number):
    with somebody_silent() as somebody:
        settings = {
            "OUTPUT_DIR": "/proc/workercn",
            "ALERT_URLS": f"json://127.0.0.1:{somebody.port}/",
        }
        with started("nightly", "workercn", **settings) as process:
            somebody.accept()
            process.send_signal(number)
            run = ended(process, tmp_path)
    assert run.code == 6
    assert "/proc/workercn" in run.last_line


@pytest.mark.parametrize("fresh", [True, False], ids=["of a start", "of a run"])
def test_at_any_moment(site, tmp_path, fresh):
    """Six moments of one short run: before our code the signal's own status, then 7 or 0."""
    codes = set()
    with serve(site, latency=0.05) as server:
        for number in range(6):
            output = tmp_path / str(number)
            settings = {"OUTPUT_DIR": output, "MIRROR_URL": server.url, **UNHURRIED}
            words = ["crawl", "workercn", "-a", "sections=edu", "-a", "pages=1"]
            with started(*words, fresh=fresh, **settings) as process:
                time.sleep(number / 6)
                process.send_signal(signal.SIGTERM)
                run = ended(process, output)
            codes.add(run.code)
            if run.code == -signal.SIGTERM:
                assert not output.exists()
            for manifest in output.glob("runs/*[0-9a-f]/manifest.json"):
                assert f'"exit_code": {run.code}' in manifest.read_text()
    assert codes <= {-signal.SIGTERM, 7, 0}
