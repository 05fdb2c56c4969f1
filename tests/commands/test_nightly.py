"""`scrapy nightly workercn`, as cron runs it."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import UNHURRIED, Run, command, crawl, run


def nightly(output, url, *words, **settings):
    options = [part for word in words for part in ("-a", word)]
    settings = {"OUTPUT_DIR": output, "MIRROR_URL": url, **UNHURRIED, **settings}
    done = run([*command("nightly", "workercn", **settings), *options])
    return Run(done.returncode, done.stderr, done.stdout, output)


def checks(night):
    return {check["name"]: (check["ok"], check["detail"]) for check in night.manifest["checks"]}


@pytest.fixture
def site():
    return Site(seed=3, articles=150, held=4, papers=5, now=clock.now())


@pytest.fixture
def server(site):
    with serve(site) as server:
        yield server


def test_the_first_night_takes_a_week_and_the_paper(site, server, tmp_path):
    night = nightly(tmp_path, server.url)
    assert night.code == 0, night.last_line
    since = clock.today() - timedelta(days=8)
    given = night.manifest["arguments"]
    assert given["sections"] == "all,paper"
    assert date.fromisoformat(given["since"]) in {since + timedelta(days=n) for n in (0, 1, 2)}
    truth = {
        article["id"]
        for article in site.truth("modern", "paper")
        if article["published_at"][:10] >= given["since"] and not article.get("reject")
    }
    assert {record["id"] for record in night.records} == truth
    assert {record["generation"] for record in night.records} == {"modern", "paper"}
    assert (night.folder / "report.html").stat().st_size > 10_000
    assert night.folder.name in (tmp_path / "index.html").read_text("utf-8")


def test_the_second_night_finds_what_is_new_and_knows_the_rest(site, server, tmp_path):
    nightly(tmp_path, server.url)
    fresh = set(site.release())
    before = len(server.requests)
    night = nightly(tmp_path, server.url)
    assert night.code == 0, night.last_line
    assert {record["id"] for record in night.records} == fresh
    (judged,) = [one for one in night.manifest["checks"] if one["name"] == "completeness"]
    assert judged["code"] == "ok", judged
    asked = [r.path for r in server.requests[before:] if "/search/" in r.path]
    assert len(asked) == 3
    assert not [
        r for r in server.requests[before:] if r.path.startswith("/papers") and "news-" in r.path
    ]


def test_a_day_of_the_paper_that_could_not_be_read_is_read_by_a_later_night(site, server, tmp_path):
    days = {a["published_at"][:10] for a in site.truth("paper")}
    lost = min(days)
    server.inject(f"/papers/grrb/{lost.replace('-', '/')}/*:status=500")
    first = nightly(tmp_path, server.url, RETRY_TIMES=0)
    assert first.code == 3
    assert lost not in {r["published_at"][:10] for r in first.records if "paper" in r}
    server.heal()
    second = nightly(tmp_path, server.url)
    assert {r["published_at"][:10] for r in second.records if "paper" in r} == {lost}
    third = nightly(tmp_path, server.url)
    assert third.records == []
    assert third.manifest["arguments"]["since"] > lost  # which is not asked for any more


def test_a_search_that_does_not_answer_is_not_judged(server, tmp_path):
    server.inject("/cms/*:status=500")
    night = nightly(tmp_path, server.url)
    assert night.code == 0, night.last_line
    assert checks(night)["completeness"][0]
    assert "the search does not tell what there is" in night.stderr


def test_a_silent_loss_of_older_entries_is_noticed(tmp_path):
    """A section that is full after two days, and the JSON behind it gone: the search names more."""
    with serve(
        Site(seed=3, articles=1500, papers=5, now=clock.now()), faults=["/json/*:status=404"]
    ) as server:
        night = nightly(tmp_path, server.url, "since=" + str(clock.today() - timedelta(days=5)))
    failed = {name for name, (ok, _) in checks(night).items() if not ok}
    assert failed == {"gaps"}
    assert night.code == 3
    assert "gaps" in night.last_line


def test_it_ends_in_order_when_its_time_is_up(server, tmp_path):
    server.latency = 0.5
    night = nightly(tmp_path, server.url, MAX_RUN_MINUTES=0.06, CONCURRENT_REQUESTS_PER_DOMAIN=2)
    assert night.code == 7
    assert "closespider_timeout" in night.last_line
    assert night.manifest["complete"] is False
    server.latency = 0
    again = nightly(tmp_path, server.url)
    assert again.code == 0
    assert not {r["id"] for r in again.records} & {r["id"] for r in night.records}


# --- whoever wants to know ----------------------------------------------------------------------


@pytest.fixture
def receiver():
    """A web hook that keeps what it is sent."""
    got = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/geheim", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_one_message_when_health_changes_and_none_on_good_nights(site, server, receiver, tmp_path):
    url, got = receiver
    settings = {"ALERT_URLS": url, "METRICS_FILE": tmp_path / "workercn.prom"}
    nightly(tmp_path, server.url, **settings)
    assert got == []
    server.inject("/edu/:status=500")
    bad = nightly(tmp_path, server.url, **settings)
    assert bad.code == 3
    (message,) = got
    assert "degraded" in message["title"]
    assert "edu" in message["message"]
    assert "geheim" not in bad.stderr
    assert 'workercn_run_check_ok{check="sections"} 0' in (tmp_path / "workercn.prom").read_text()
    server.heal()
    assert nightly(tmp_path, server.url, **settings).code == 0
    assert len(got) == 2


def test_a_night_without_a_run_is_told_as_well(receiver, tmp_path):
    url, got = receiver
    night = nightly(tmp_path, "http://127.0.0.1:9", ALERT_URLS=url)
    assert night.code == 4
    assert len(got) == 1
    assert "www.workercn.cn could not be reached (connection refused)" in got[0]["message"]
    assert "nothing is published" in got[0]["message"]
    (tmp_path / "runs").rmdir()
    (tmp_path / "runs").write_text("in the way")
    assert nightly(tmp_path, "http://127.0.0.1:9", ALERT_URLS=url).code == 6


def test_a_dead_channel_fails_no_run(server, tmp_path):
    server.inject("/edu/:status=500")
    night = nightly(
        tmp_path, server.url, "sections=edu,rights", ALERT_URLS="json://127.0.0.1:9/geheim"
    )
    assert night.code == 3
    assert "WARNING" in night.stderr
    assert "geheim" not in night.stderr
    assert night.last_line.startswith("workercn: finished, degraded")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALERT_URLS", "nosuch://x"),
        ("MAX_RUN_MINUTES", "0"),
        ("CATCH_UP_DAYS", "x"),
        ("RETAIN_DAYS", "0"),
    ],
)
def test_wrong_settings(tmp_path, name, value):
    night = nightly(tmp_path / "out", "http://127.0.0.1:9", **{name: value})
    assert night.code == 2
    assert name in night.last_line
    assert night.stderr.count("\n") == 1, night.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_old_goes_and_the_feed_stays(server, tmp_path):
    crawl(tmp_path, server.url, "sections=edu", "limit=1")
    (trial,) = (tmp_path / "trials").iterdir()
    old = clock.now() - timedelta(days=91)
    aged = trial.rename(trial.with_name(old.strftime("%Y%m%dT%H%M%SZ") + trial.name[16:]))
    assert nightly(tmp_path, server.url, "sections=edu").code == 0
    assert not aged.exists()
    assert len(list((tmp_path / "runs").iterdir())) == 1
