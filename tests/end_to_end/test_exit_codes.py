"""Every exit code of the contract, provoked for real, and what is left on disk."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import time

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import UNHURRIED, Run, command, crawl, lines, run, start


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(seed=2, articles=60, now=clock.now())


@pytest.fixture
def server(site):
    with serve(site) as server:
        yield server


def left(output):
    return (
        sorted(str(path.relative_to(output)) for path in output.rglob("*"))
        if output.exists()
        else []
    )


# --- 2: wrong arguments or settings, nothing touched -----------------------------------------


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["-a", "since=gestern"], "since=gestern"),
        (["-a", "sections=a/b/c"], "sections=a/b/c"),
        (["-a", "secton=edu"], "secton=edu"),
        (["-a", "limit=0"], "limit=0"),
        (["-a", "limit"], "-a"),
        (["-s", "MIRROR_URL=ftp://x"], "MIRROR_URL=ftp://x"),
        (["-s", "MIRROR_URL=http://[::1"], "MIRROR_URL=http://[::1"),
        (["-s", "MAX_REJECT_SHARE=2"], "MAX_REJECT_SHARE=2"),
        (["-s", "MAX_REJECT_SHARE=viel"], "MAX_REJECT_SHARE=viel"),
        (["-s", "OUTPUT_DIR="], "OUTPUT_DIR="),
        (["--since=2024-01-01"], "--since=2024-01-01"),
        (["--dry-run"], "--dry-run"),
        (["edu"], "edu"),
    ],
)
def test_wrong_words(tmp_path, words, named):
    done = run([*command("crawl", "workercn", OUTPUT_DIR=tmp_path / "out"), *words])
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert named in done.stderr
    assert done.stdout == ""
    assert left(tmp_path) == []


@pytest.mark.parametrize("spider", [["nosuchspider"], ["workercn", "workercn"]])
def test_no_such_spider(tmp_path, spider):
    done = run(command("crawl", *spider, OUTPUT_DIR=tmp_path / "out"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_wrong_setting_in_the_environment(tmp_path):
    environment = {**os.environ, "MIRROR_URL": "nowhere", "OUTPUT_DIR": str(tmp_path / "out")}
    done = run(command("crawl", "workercn"), env=environment)
    assert done.returncode == 2
    assert "MIRROR_URL=nowhere" in done.stderr
    assert left(tmp_path) == []


# --- 3: finished, but a check failed -----------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("/edu/:status=404", "sections"),
        ("/edu/:empty", "sections"),
        ("/edu/:html", "sections"),
        ("/json/edu/index_2.json:html", "listings"),
        ("/json/edu/index_2.json:status=500", "listings"),
        ("/c/*:status=500@8", "rejects"),
    ],
)
def test_degraded(server, tmp_path, fault, check):
    server.inject(fault)
    done = crawl(tmp_path, server.url, RETRY_TIMES=0)
    assert done.code == 3, done.stderr
    assert done.manifest["health"] == "degraded"
    assert done.manifest["complete"] is True
    assert check in [one["name"] for one in done.manifest["checks"] if not one["ok"]]
    assert check in done.last_line
    assert done.records
    assert done.rejects
    assert json.loads((tmp_path / "latest.json").read_text())["exit_code"] == 3


def test_one_of_two_hosts_cannot_be_used(tmp_path):
    with serve(
        Site(seed=1, articles=220, now=clock.now()),
        faults=["news.workercn.cn/robots.txt:status=503"],
    ) as server:
        done = crawl(tmp_path, server.url, "sections=character", RETRY_TIMES=0)
    assert done.code == 3, done.stderr
    assert (
        "1 of 2 hosts could be used; news.workercn.cn could not be used (robots.txt answered 503)"
        in done.last_line
    )
    assert set(done.reasons) == {("fetch", "robots")}
    assert "answered 503" in done.rejects[0]["error"]


def test_two_rejects_degrade_nothing(server, tmp_path):
    server.inject("/c/*:status=404@2")
    done = crawl(tmp_path, server.url)
    assert done.code == 0, done.last_line
    assert done.reasons == [("fetch", "http_404")] * 2
    assert (done.manifest["counts"]["rejected"], done.manifest["counts"]["failed"]) == (2, 2)


def test_nothing_new_is_no_failure(site, server, tmp_path):
    """A window in which nothing was published."""
    done = crawl(tmp_path, server.url, "since=2020-01-01", "until=2020-01-31")
    assert done.code == 0, done.last_line
    assert done.records == []


# --- 4: no host could be used ------------------------------------------------------------------


def test_nobody_there(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        done = crawl(tmp_path, f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert done.code == 4, done.stderr
    assert (
        "www.workercn.cn could not be reached (connection refused); nothing published"
        in done.last_line
    )
    assert [name for name in left(tmp_path) if "/" in name] == []


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("/robots.txt:status=503", "used (robots.txt answered 503)"),
        ("/robots.txt:reset", "reached (connection lost)"),
        ("*:stall", "reached (no complete response in time)"),
    ],
)
def test_robots_txt_cannot_be_had(server, tmp_path, fault, why):
    server.inject(fault)
    done = crawl(tmp_path, server.url, DOWNLOAD_TIMEOUT=1)
    assert done.code == 4, done.stderr
    assert f"www.workercn.cn could not be {why}" in done.last_line
    assert {request.path for request in server.requests} <= {"/robots.txt"}
    assert [name for name in left(tmp_path) if "/" in name] == []


def test_no_robots_txt_means_come_in(server, tmp_path):
    server.inject("/robots.txt:status=404")
    assert crawl(tmp_path, server.url, "sections=edu", "pages=1").code == 0


# --- 6: the feed could not be written ----------------------------------------------------------


def test_output_is_a_file(server, tmp_path):
    (tmp_path / "out").write_text("in the way")
    done = crawl(tmp_path / "out", server.url)
    assert done.code == 6
    assert "OUTPUT_DIR" in done.last_line
    assert server.requests == []


def test_output_is_not_ours(server, tmp_path):
    """A folder in which nobody, not even root, can make another."""
    done = crawl("/proc/workercn", server.url)
    assert done.code == 6
    assert "/proc/workercn" in done.last_line
    assert server.requests == []


def test_the_disk_fills_up(server, tmp_path):
    """Files may not grow over 300 kB: the write that crosses it fails in the middle of a line."""
    line = command("crawl", "workercn", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
    done = run(line, limits={resource.RLIMIT_FSIZE: (300_000, 300_000)})
    assert done.returncode == 6, done.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.endswith(".partial")
    assert str(folder) in done.stderr.rstrip().rpartition("\n")[2]
    kept = lines(folder / "articles.jsonl")  # whole lines, the torn one cut off
    assert kept
    assert not (tmp_path / "latest.json").exists()
    assert not (folder / "manifest.json").exists()
    assert len(server.requests) < 100  # stopped at once


def test_a_feed_of_other_items_lacks_nothing(server, tmp_path):
    stories = {"format": "jsonl", "item_classes": ["crawler.items.PaperArticle"]}
    settings = {"FEEDS": json.dumps({str(tmp_path / "stories.jsonl"): stories})}
    done = crawl(tmp_path / "output", server.url, "sections=edu", "pages=1", **settings)
    assert done.code == 0, done.stderr
    assert (tmp_path / "stories.jsonl").read_bytes() == b""


# --- 1: an error nobody foresaw ----------------------------------------------------------------


def test_a_pipeline_raises(server, tmp_path):
    pipelines = {"tests.support.broken.Broken": 150}
    settings = {"ITEM_PIPELINES": json.dumps(_pipelines() | pipelines)}
    done = crawl(tmp_path, server.url, "sections=edu", "pages=1", **settings)
    assert done.code == 1, done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert done.manifest["complete"] is False
    assert done.manifest["health"] == "failed"
    assert len(done.records) == done.manifest["counts"]["listed"] - 1  # what was complete
    assert not (tmp_path / "latest.json").exists()


def test_nobody_tells_why_it_ended(server, tmp_path):
    settings = {"STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector"}
    done = crawl(tmp_path, server.url, "sections=edu", "pages=1", **settings)
    assert done.code == 1, done.stderr
    assert "ended early (unknown)" in done.last_line
    assert "Traceback" not in done.stderr


def _pipelines():
    from crawler import settings

    return settings.ITEM_PIPELINES


# --- 7: interrupted ----------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(site, tmp_path, number):
    with serve(site, latency=0.05) as server:
        line = command("crawl", "workercn", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
        process = start(line, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        _wait_for(lambda: sum(r.path.startswith("/c/") for r in server.requests) > 10)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
    done = Run(process.returncode, stderr, "", tmp_path)
    assert done.code == 7, stderr
    assert done.manifest["complete"] is False
    assert done.manifest["finish_reason"] == "shutdown"
    assert 0 < len(done.records) < 60
    assert "interrupted" in done.last_line
    assert not (tmp_path / "latest.json").exists()


def test_interrupted_while_a_pause_lasts(site, tmp_path):
    with serve(site, faults=["/c/*:status=503,200"]) as server:
        line = command("crawl", "workercn", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
        process = start(line, stderr=subprocess.PIPE, text=True)
        assert any("asks for a pause" in line for line in process.stderr)  # of 200 seconds
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=100)
    assert process.returncode == 7


def test_killed(site, tmp_path):
    """Nobody publishes, and what had become a record is there in whole lines."""
    with serve(site, latency=0.05) as server:
        line = command("crawl", "workercn", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
        process = start(line, stderr=subprocess.DEVNULL)
        _wait_for(lambda: sum(r.path.startswith("/c/") for r in server.requests) > 25)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        answered = sum(request.path.startswith("/c/") for request in server.requests)
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.endswith(".partial")
    records = lines(folder / "articles.jsonl")
    # what is not on disk yet was in flight: 8 at once, and as many between parser and file
    assert answered - 16 <= len(records) <= answered
    assert not (tmp_path / "latest.json").exists()


def _wait_for(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


# --- what a hostile look has found ---------------------------------------------------------------


def test_a_feed_of_minus_o_that_fails_costs_ours_nothing(server, tmp_path):
    words = ["-a", "sections=edu", "-a", "pages=1", "-o", "/dev/full:jsonlines"]
    settings = {"OUTPUT_DIR": tmp_path / "out", "MIRROR_URL": server.url, **UNHURRIED}
    done = run([*command("crawl", "workercn", **settings), *words])
    result = Run(done.returncode, done.stderr, "", tmp_path / "out")
    assert result.code == 1, done.stderr
    assert "-o" in result.last_line
    assert len(result.records) == result.manifest["counts"]["listed"]


def test_batches_of_minus_o_are_not_ours(server, tmp_path):
    done = crawl(tmp_path, server.url, "sections=edu", "pages=1", FEED_EXPORT_BATCH_ITEM_COUNT=5)
    assert done.code == 0, done.last_line
    assert len(done.records) == done.manifest["counts"]["listed"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLICE_DAYS", "1.5"),
        ("LOG_LEVEL", "FOO"),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", "0"),
        ("DOWNLOAD_TIMEOUT", "soon"),
        ("RETRY_TIMES", "-1"),
        ("ROBOTSTXT_OBEY", "maybe"),
        ("LOG_FILE", "/proc/x/log"),
    ],
)
def test_wrong_settings(tmp_path, name, value):
    done = run(command("crawl", "workercn", **{"OUTPUT_DIR": tmp_path / "out", name: value}))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert f"{name}={value}" in done.stderr
    assert left(tmp_path) == []


@pytest.mark.parametrize("words", [["-o"], ["-a"], ["-s"]])
def test_an_option_without_its_value_is_one_line(words):
    done = run([*command("crawl", "workercn"), *words])
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_two_signals(site, tmp_path):
    """The second one cuts the first one's orderly end short: what is on disk stays, and it is said."""
    with serve(site, latency=0.3) as server:
        line = command("crawl", "workercn", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
        process = start(line, stderr=subprocess.PIPE, text=True)
        _wait_for(lambda: sum(r.path.startswith("/c/") for r in server.requests) > 10)
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 7, stderr
    assert "interrupted" in stderr.rstrip().rpartition("\n")[2]


def test_after_a_signal_nothing_more_is_asked_for(site, tmp_path):
    with serve(site, faults=["/c/*:stall"]) as server:
        line = command(
            "crawl", "workercn", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url,
            **{**UNHURRIED, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_TIMEOUT": 4},
        )  # fmt: skip
        process = start(line, stderr=subprocess.PIPE, text=True)
        _wait_for(lambda: any(r.path.startswith("/c/") for r in server.requests))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert sum(request.path.startswith("/c/") for request in server.requests) == 1
    assert process.returncode == 7


def test_latest_cannot_be_replaced(server, tmp_path):
    (tmp_path / "latest.json").mkdir(parents=True)
    done = crawl(tmp_path, server.url, "sections=edu", "pages=1")
    assert done.code == 6
    assert f"the run is {done.folder}" in done.last_line
    assert list(tmp_path.glob(".latest*")) == []
