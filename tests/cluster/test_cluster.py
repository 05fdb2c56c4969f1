"""Many workers, one crawl: real servers, processes of their own."""

from __future__ import annotations

import json
import random
import signal
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

from crawler import clock
from crawler.samplesite import Site, serve
from crawler.site.urls import HOST
from crawler.state import open_state
from tests.cluster.workers import Crew, articles, assert_whole, wait_until
from tests.support.harness import command, crawl, lines, published, run


@pytest.fixture
def site():
    return Site(seed=21, articles=30, now=clock.now())


@pytest.fixture
def state(postgres):
    return postgres.database()


def assert_healthy(ended):
    assert [code for code, _ in ended] == [0] * len(ended), "".join(said for _, said in ended)


def manifests(*outputs):
    found = [path for output in outputs for path in output.glob("runs/*/manifest.json")]
    return [json.loads(path.read_text("utf-8")) for path in found]


def test_four_workers_share_a_crawl_and_its_listings_are_walked_once(tmp_path, redis, state, site):
    output = tmp_path / "output"
    with serve(site, latency=0.2) as server, Crew(output, server.url, redis, state) as crew:
        for _ in range(4):
            crew.join()
        assert_healthy(crew.finish())
        assert_whole(site, output)
        asked = Counter(request.path for request in server.requests)
    assert {path for path, number in asked.items() if number > 1} <= {"/robots.txt"}
    told = manifests(output)
    assert [one["group"] for one in told] == ["one"] * 4
    assert sorted(one["counts"]["listed"] for one in told)[:3] == [0, 0, 0]
    verified = run(command("feed", "verify", OUTPUT_DIR=output))
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "one: 30 records in the runs of 4 workers\n" in verified.stdout
    for group, number in (("one", 30), ("another", 0)):
        merge = ("feed", "merge", "-o", "-", "--group", group)
        assert run(command(*merge, OUTPUT_DIR=output)).stdout.count("\n") == number
    index = Html((output / "index.html").read_text("utf-8"))
    row = index.css_first("[aria-labelledby=groups] tbody tr")
    assert [cell.text() for cell in row.css("th, td.n")[:5]] == ["one", "4", "30", "0", "0"]


def test_all_workers_together_stay_within_the_delay_of_the_domain(tmp_path, redis, state):
    site = Site(seed=22, articles=20, now=clock.now())
    polite = {"PER_WORKER_RATE": 0, "DOWNLOAD_DELAY": 0.25}
    with serve(site) as server, Crew(tmp_path, server.url, redis, state, **polite) as crew:
        for _ in range(3):
            crew.join()
        assert_healthy(crew.finish())
        assert_whole(site, tmp_path)
        times = sorted(request.at for request in server.requests if request.host == HOST)
    # On average: one that comes late shortens the next one's distance.
    assert (times[-1] - times[0]) / (len(times) - 1) > 0.2


def test_what_the_browsers_of_all_workers_ask_for_stays_within_the_delay(
    tmp_path, redis, state, browser
):
    site = Site(seed=22, articles=30, now=clock.now())
    polite = {"PER_WORKER_RATE": 0, "DOWNLOAD_DELAY": 0.8, "CONCURRENT_REQUESTS": 2}
    with (
        serve(site, faults=["/c/*:script=new"]) as server,
        Crew(tmp_path, server.url, redis, state, **polite, **browser) as crew,
    ):
        for _ in range(2):
            crew.join("sections=edu", "pages=1")
        assert_healthy(crew.finish())
        requests = [request for request in server.requests if request.host == HOST]
    assert min(one["counts"]["rendered"] for one in manifests(tmp_path)) > 0
    times = sorted(request.at for request in requests)
    # On average: what has its turn is sent late where two browsers have the processor.
    assert (times[-1] - times[0]) / (len(times) - 1) > 0.6


def test_a_pause_that_one_worker_was_asked_for_holds_for_all(tmp_path, redis, state):
    site = Site(seed=23, articles=30, now=clock.now())
    path = site.truth()[5]["url"].removeprefix(f"https://{HOST}")
    polite = {"PER_WORKER_RATE": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.1}
    with (
        serve(site, faults=[f"{path}:status=503,3@1"]) as server,
        Crew(tmp_path, server.url, redis, state, **polite) as crew,
    ):
        for _ in range(2):
            crew.join()
        assert_healthy(crew.finish())
        assert_whole(site, tmp_path)
        requests = sorted(server.requests, key=lambda request: request.at)
    (asked,) = [place for place, request in enumerate(requests) if request.status == 503]
    assert requests[asked + 1].at - requests[asked].at > 1.5


def test_what_a_killed_worker_had_taken_is_done_by_another(tmp_path, redis, state, site):
    outputs = [tmp_path / name for name in ("a", "b", "c")]
    with serve(site, latency=0.2) as server, Crew(tmp_path, server.url, redis, state) as crew:
        first = crew.join(output=outputs[0], VISIBILITY_SECONDS=2)
        crew.join(output=outputs[1], VISIBILITY_SECONDS=2)
        wait_until(lambda: len(articles(server)) > 8)
        first.kill()
        first.wait()
        ended = crew.finish()
        assert ended[0][0] == -signal.SIGKILL
        assert_healthy(ended[1:])
        assert_whole(site, outputs[1])  # also what the dead one had written, which is lost
        # Its folder, when its machine is back, has nothing that is another's by now.
        crew.join("crawl_id=two", output=outputs[0])
        assert_healthy(crew.finish()[2:])
        assert_whole(site, *outputs)


@pytest.mark.long
def test_workers_killed_at_twenty_moments(tmp_path, redis, state):
    """Each that dies is followed by another; all is had, and nothing twice."""
    site = Site(seed=26, articles=400, now=clock.now())
    dice = random.Random(26)
    settings = {"VISIBILITY_SECONDS": 2, "MAX_WORKER_DEATHS": 1000}
    with (
        serve(site, latency=0.1) as server,
        Crew(tmp_path, server.url, redis, state, **settings) as crew,
    ):
        crew.join()
        died = 0
        for _ in range(20):
            crew.join()
            time.sleep(dice.uniform(0.1, 1.5))
            victim = dice.choice(crew.workers[-2:])
            victim.kill()
            died += victim.wait() == -signal.SIGKILL
        assert died > 10
        crew.join()
        crew.finish()
        crew.join("crawl_id=two")  # salvages what the dead have left
        assert_healthy(crew.finish()[-1:])
        assert_whole(site, tmp_path)


def test_a_page_that_kills_who_reads_it_is_a_reject_after_three(tmp_path, redis, state):
    site = Site(seed=25, articles=12, now=clock.now())
    truth = {article["id"] for article in site.truth()}
    deadly = site.truth()[5]["id"]
    environment = {"DEADLY": f"/{deadly}.shtml", "PATCHED_BY": "deadly"}
    settings = {"VISIBILITY_SECONDS": 2}
    with (
        serve(site) as server,
        Crew(tmp_path, server.url, redis, state, environment, **settings) as crew,
    ):
        for _ in range(4):
            crew.join()
        codes = sorted(code for code, _ in crew.finish())
        asked = [request for request in articles(server) if deadly in request.path]
    assert (codes, len(asked)) == ([-signal.SIGKILL] * 3 + [0], 3)
    rejects = [lines(path) for path in tmp_path.glob("runs/*[0-9a-f]/rejects.jsonl")]
    ((reject,),) = filter(None, rejects)
    assert (reject["stage"], reject["reason"]) == ("fetch", "deadly")
    assert reject["error"].startswith("3 workers died with it")
    times = Counter(record["id"] for record in published(tmp_path))
    assert times == Counter(truth - {deadly})


def test_a_worker_that_is_stopped_hands_back_at_once_what_it_has_taken(
    tmp_path, redis, state, site
):
    output = tmp_path / "output"
    with serve(site, latency=0.2) as server, Crew(output, server.url, redis, state) as crew:
        first = crew.join(VISIBILITY_SECONDS=3600)
        crew.join()
        wait_until(lambda: len(articles(server)) > 8)
        first.terminate()
        ended = crew.finish()
        assert ended[0][0] in (0, 7), ended[0][1]
        assert_healthy(ended[1:])
        assert_whole(site, output)


def test_a_worker_that_was_presumed_dead_comes_back(tmp_path, redis, state, site):
    outputs = [tmp_path / name for name in ("a", "b")]
    with serve(site, latency=0.2) as server, Crew(tmp_path, server.url, redis, state) as crew:
        slow = crew.join(output=outputs[0], VISIBILITY_SECONDS=2)
        wait_until(lambda: len(articles(server)) > 5)
        slow.send_signal(signal.SIGSTOP)
        other = crew.join(output=outputs[1], VISIBILITY_SECONDS=2)
        # until the other has done all there is, or is about to
        wait_until(lambda: len(articles(server)) > 30 or other.poll() is not None)
        slow.send_signal(signal.SIGCONT)
        assert_healthy(crew.finish())
        assert_whole(site, *outputs)


def test_what_a_run_was_about_to_publish_when_it_died_is_left_to_it(tmp_path, redis, state, site):
    its = site.truth()[7]["id"]
    known = open_state(state)
    known.claims.take(its, 1, "20261122T000000Z-workercn-dead")
    with known.learning() as writer:
        writer.finalize_claims("20261122T000000Z-workercn-dead", [])
    known.close()
    with serve(site) as server, Crew(tmp_path / "output", server.url, redis, state) as crew:
        crew.join()
        ((code, said),) = crew.finish()
        assert code == 0, said
        assert [r.path for r in articles(server) if its in r.path] != []
    (line,) = (line for line in said.splitlines() if "Dropped" in line)
    assert line.endswith(f"WARNING: Dropped: {its} revision 1 is in 20261122T000000Z-workercn-dead")
    found = {record["id"] for record in published(tmp_path / "output")}
    assert found == {article["id"] for article in site.truth()} - {its}
    assert len(articles(server)) == 30


def test_a_redis_that_comes_back_empty_while_the_listings_are_walked(tmp_path, redis, state):
    site = Site(seed=24, articles=80, now=clock.now())
    output = tmp_path / "output"
    with serve(site, latency=0.2) as server, Crew(output, server.url, redis, state) as crew:
        crew.join(f"since={clock.today() - timedelta(days=50)}", SLICE_DAYS=3)
        wait_until(lambda: server.requests)  # whose arguments hold is the first
        crew.join()
        wait_until(lambda: len(articles(server)) > 5)
        redis.stop()
        redis.start()
        assert_healthy(crew.finish())
        assert_whole(site, output)


def test_a_walk_past_days_that_are_published_already_leaves_nothing_out(tmp_path, redis, state):
    """As after Redis has lost a crawl that was half done. On the first listing page stands an
    entry of weeks ago, which alone of that page is not known.
    """
    site = Site(seed=21, articles=300, now=clock.now())
    section = {"slug": "character", "name": "人物"}
    truth = [article for article in site.truth() if section in article["sections"]]
    done = sorted(truth, key=lambda article: article["published_at"])[len(truth) // 2 :]
    (tmp_path / "done").write_text("\n".join(article["url"] for article in done))
    output = tmp_path / "output"
    with serve(site) as server, Crew(output, server.url, redis, state) as crew:
        crew.join(f"urls={tmp_path / 'done'}")
        assert_healthy(crew.finish())
        since = f"since={clock.today() - timedelta(days=60)}"
        crew.join("crawl_id=two", "sections=character", since, SLICE_DAYS=5)
        assert_healthy(crew.finish())
    assert Counter(record["id"] for record in published(output)) == Counter(
        article["id"] for article in truth
    )


def test_a_redis_that_comes_back_empty_costs_nothing_but_requests(tmp_path, redis, state, site):
    output = tmp_path / "output"
    with serve(site, latency=0.2) as server, Crew(output, server.url, redis, state) as crew:
        for _ in range(2):
            crew.join()
        wait_until(lambda: len(articles(server)) > 8)
        redis.stop()
        time.sleep(1)
        redis.start()
        assert_healthy(crew.finish())
        assert_whole(site, output)


def test_a_redis_that_stays_away_ends_the_crawl_and_nothing_is_lost(tmp_path, redis, state, site):
    output = tmp_path / "output"
    with serve(site, latency=0.2) as server, Crew(output, server.url, redis, state) as crew:
        crew.join(REDIS_PATIENCE=1)
        wait_until(lambda: len(articles(server)) > 5)
        redis.stop()
        ((code, said),) = crew.finish()
        assert code == 6, said
        assert "redis 127.0.0.1" in said.rstrip().rpartition("\n")[2]
        redis.start()
        crew.join()
        assert_healthy(crew.finish()[1:])
        assert_whole(site, output)


@pytest.mark.parametrize(
    ("words", "settings", "named"),
    [
        ((), {"STATE_URL": ""}, "setting STATE_URL: workers that share a crawl"),
        (("limit=3",), {}, "argument limit=3: a trial is not shared"),
        (("crawl_id=one",), {"REDIS_URL": ""}, "argument crawl_id=one: nothing is shared"),
        (("crawl_id=a:b",), {}, "argument crawl_id=a:b: not a valid name"),
        ((), {"REDIS_URL": "http://me:secret@host"}, "setting REDIS_URL=http://…: no address"),
        ((), {"REDIS_URL": "redis://:secret@host:abc"}, "setting REDIS_URL=redis://…: no address"),
        ((), {"VISIBILITY_SECONDS": 0}, "setting VISIBILITY_SECONDS=0"),
    ],
)
def test_what_cannot_be_meant_ends_with_2_in_one_line(tmp_path, words, settings, named):
    usual = {"REDIS_URL": "redis://127.0.0.1:1", "STATE_URL": "postgresql://me@127.0.0.1:1/x"}
    done = crawl(tmp_path / "output", "http://127.0.0.1:1", *words, **usual | settings)
    assert done.code == 2
    assert named in done.last_line
    assert "secret" not in done.stderr
    assert not (tmp_path / "output").exists()


def test_without_redis_nothing_of_it_is_imported(tmp_path):
    line = ["scrapy", "crawl", "workercn", "-s", f"OUTPUT_DIR={tmp_path}", "-s", "RETRY_TIMES=0"]
    line += ["-s", "MIRROR_URL=http://127.0.0.1:1", "-s", "LOG_ENABLED=0"]
    code = (
        f"import sys; from scrapy.cmdline import execute\ntry: execute({line})\n"
        "except SystemExit as end: print(end.code, *sys.modules)"
    )
    code, *loaded = run([sys.executable, "-c", code]).stdout.split()
    assert code == "4"
    names = {name.partition(".")[0] for name in loaded}
    assert names & {"redis", "scrapy_redis"} == set()
    assert [name for name in loaded if name.startswith("crawler.cluster.")] == []


def test_a_worker_that_asks_for_something_else_is_refused(tmp_path, redis, state, site):
    with serve(site) as server, Crew(tmp_path, server.url, redis, state) as crew:
        crew.join("sections=edu,character")
        wait_until(lambda: articles(server))
        crew.join("sections=edu")
        (_, _), (code, said) = crew.finish()
    assert code == 2
    assert "argument sections=edu: the crawl one has sections=edu,character" in said
