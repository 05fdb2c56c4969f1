"""Pages that their scripts build, through the real Splash and the real Chromium."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from crawler import archive, clock
from crawler.samplesite import Request, Site, serve
from tests import START
from tests.support.harness import ROOT, UNHURRIED, Run, command, crawl, published
from tests.support.harness import run as run_line
from tests.support.nights_apart import clock as clock_at

SECTION = "sections=edu"
NOT_TEXT = re.compile(r"\.(jpg|gif|png|mp4|woff2)$")


@pytest.fixture(scope="module", params=["splash", "playwright"])
def renderer(request):
    """Settings of a renderer, and a kind of script that it can run."""
    if request.param == "splash":
        url = request.getfixturevalue("splash_url")
        return {"RENDERER": "splash", "SPLASH_URL": url}, "old"
    return request.getfixturevalue("browser"), "new"


class Rendered(NamedTuple):
    """A crawl of a section that its scripts build, and one of the same section as served."""

    run: Run
    plain: Run
    kind: str
    requests: list[Request]


@pytest.fixture(scope="module")
def rendered(renderer, tmp_path_factory):
    settings, kind = renderer
    folder = tmp_path_factory.mktemp("rendered")
    with serve(Site(articles=24, now=clock.now())) as server:
        plain = crawl(folder / "plain", server.url, SECTION)
        server.inject(f"/edu/:script={kind}", f"/c/*:script={kind}")
        server.requests.clear()
        run = crawl(folder / "output", server.url, SECTION, STATS_DUMP=1, **settings)
    return Rendered(run, plain, kind, server.requests)


chromium_alone = pytest.mark.parametrize("renderer", ["playwright"], indirect=True)


def scripted(kind, articles=24, **more):
    """A site whose section `edu` and whose articles are built by script."""
    faults = [f"/edu/:script={kind}", f"/c/*:script={kind}"]
    return serve(Site(articles=articles, **more, now=clock.now()), faults=faults)


def told(records):
    """What a reader sees; the mirror's address in a picture's would show here."""
    keys = ("id", "url", "title", "body", "images", "sections", "source", "editors", "authors")
    return {record["id"]: {key: record[key] for key in keys} for record in records}


def asked(server, path):
    return [request for request in server.requests if request.path == path]


def rows(output):
    with sqlite3.connect(output / "state.db") as db:
        return dict(db.execute("SELECT kind, needed FROM rendering WHERE slug = 'edu'"))


# --- what a renderer is there for -------------------------------------------------------------


def test_a_section_built_by_script_gives_the_records_it_would_give_as_served(rendered):
    run, plain, _, requests = rendered
    assert plain.manifest["counts"]["rendered"] == 0
    assert (run.code, run.rejects) == (0, [])
    assert len(run.records) >= 5
    assert told(run.records) == told(plain.records)
    assert run.manifest["counts"]["rendered"] == len(run.records) + 1
    pages = [r for r in requests if r.path.endswith(("/edu/", ".shtml"))]
    assert {r.host for r in pages if "part" not in r.query} == {"www.workercn.cn"}
    assert all(r.headers["user-agent"].startswith("workercn-crawler/") for r in requests)
    assert "<dt>rendered</dt>" in (run.folder / "report.html").read_text("utf-8")


def test_neither_pictures_nor_media_nor_other_hosts_are_loaded(rendered):
    loaded = {request.path for request in rendered.requests}
    assert "/tongji.js" not in loaded
    # Splash asks for a font and lets go of the answer when it sees the type.
    allowed = {"/static/song.woff2"} if rendered.kind == "old" else set()
    assert {path for path in loaded if NOT_TEXT.search(path)} <= allowed


@chromium_alone
def test_chromium_asks_for_nothing_that_robots_txt_forbids(rendered):
    loaded = {request.path for request in rendered.requests}
    assert "/robots.txt" in loaded
    assert "/login/user.js" not in loaded


@chromium_alone
def test_no_more_than_two_pages_at_once(rendered):
    assert "'playwright/page_count/max_concurrent': 2" in rendered.run.stderr


def test_what_chromium_asks_for_keeps_the_delay(tmp_path, browser):
    with scripted("new") as server:
        run = crawl(
            tmp_path,
            server.url,
            SECTION,
            "limit=1",
            **browser,
            DOWNLOAD_DELAY=0.5,
            CONCURRENT_REQUESTS_PER_DOMAIN=1,
        )
    assert run.manifest["counts"]["rendered"] == 2
    times = [request.at for request in server.requests if request.path != "/robots.txt"]
    assert len(times) > 5
    # On average: what reaches the site late shortens the next one's distance.
    assert (times[-1] - times[0]) / (len(times) - 1) > 0.4


def test_the_archive_has_the_rendered_page_marked_under_its_own_address(rendered):
    run = rendered.run
    exchanges = list(archive.read([*run.output.glob("archive/*.warc.gz")]))
    assert {exchange.url.split("/")[2] for exchange in exchanges} == {"www.workercn.cn"}
    page = [exchange for exchange in exchanges if exchange.url == "https://www.workercn.cn/edu/"]
    marks = [dict(exchange.headers).get("X-Rendered-By") for exchange in page]
    assert marks == [None, "splash" if rendered.kind == "old" else "chromium"]
    assert b'id="li_' not in page[0].body
    assert page[1].body.count(b'id="li_') == run.manifest["sections"]["edu"]["listed"]


def test_a_home_page_and_a_paper_built_by_script_are_walked_too(tmp_path, renderer):
    settings, kind = renderer
    site = Site(articles=20, papers=1, now=START)  # a day that has an issue
    words = ("sections=all,paper", "pages=1")
    with serve(site) as server, clock_at(START):
        plain = crawl(tmp_path / "plain", server.url, *words)
    stories = [record["url"] for record in plain.records if "paper" in record]
    plates = sorted({urlsplit(url).path.rpartition("/")[0] for url in stories})[-2:]
    faults = [f"{path}:script={kind}" for path in ("/", *(f"{one}/page.html" for one in plates))]
    with serve(site, faults=faults) as server, clock_at(START):
        run = crawl(tmp_path / "rendered", server.url, *words, **settings)
    assert run.code == plain.code == 0
    assert told(run.records) == told(plain.records)
    assert run.manifest["counts"]["rendered"] > len(plates) > 1


@chromium_alone
def test_a_replay_of_rendered_pages_changes_nothing(tmp_path, rendered):
    records = rendered.run.records
    shutil.copytree(rendered.run.output, tmp_path, dirs_exist_ok=True)
    replay = run_line(command("replay", OUTPUT_DIR=tmp_path))
    assert replay.returncode == 0, replay.stderr
    assert len(records) > 1
    assert published(tmp_path) == records
    full = run_line(command("replay", "-a", "full=1", OUTPUT_DIR=tmp_path))
    (trial,) = tmp_path.glob("trials/*/articles.jsonl")
    again = [json.loads(line) for line in trial.read_text("utf-8").splitlines()]
    assert full.returncode == 0
    assert told(again) == told(records)


# --- only where it is needed ------------------------------------------------------------------


def test_the_next_night_goes_straight_there_and_a_week_later_asks_as_served(tmp_path, browser):
    one = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, **browser}
    with scripted("new", articles=24, held=6) as server:
        first = crawl(tmp_path, server.url, SECTION, **one)
        assert (first.code, len(first.records) > 1) == (0, True)
        assert len(asked(server, "/edu/")) == 3  # as served, for the browser, and by the script
        assert rows(tmp_path) == {"listing": True, "article": True}

        server.site.release()
        server.requests.clear()
        second = crawl(tmp_path, server.url, SECTION, **one)
        assert second.manifest["counts"]["new"] > 0
        assert len(asked(server, "/edu/")) == 2
        news = {r["id"] for r in second.records if r["change"] == "new"}
        paths = [r.path for r in server.requests for id_ in news if f"/{id_}." in r.path]
        assert len(paths) == 2 * len(news)

        with sqlite3.connect(tmp_path / "state.db") as db:
            db.execute("UPDATE rendering SET tried_at = '2020-01-01T00:00:00Z'")
        server.heal()
        server.requests.clear()
        third = crawl(tmp_path, server.url, SECTION, "full=1", **one)
        assert third.manifest["counts"]["rendered"] == 0
        assert len(asked(server, "/edu/")) == 1
        assert rows(tmp_path) == {"listing": False, "article": False}
    assert told(published(tmp_path)).keys() == told(first.records).keys() | news


def test_nothing_is_rendered_where_pages_show_what_they_have(tmp_path, renderer):
    settings, _ = renderer
    with serve(Site(articles=24, now=clock.now())) as server:
        run = crawl(tmp_path, server.url, SECTION, **settings)
    assert (run.code, run.manifest["counts"]["rendered"]) == (0, 0)
    assert rows(tmp_path) == {}


def test_without_a_renderer_neither_library_is_imported(tmp_path):
    with serve(Site(articles=20, now=clock.now())) as server:
        code = (
            "import sys; from scrapy.cmdline import execute\n"
            f"words = ['scrapy', 'crawl', 'workercn', '-a', '{SECTION}', '-a', 'limit=1']\n"
            f"for name, value in {dict(UNHURRIED, MIRROR_URL=server.url, OUTPUT_DIR=str(tmp_path))}"
            ".items(): words += ['-s', f'{name}={value}']\n"
            "try: execute(words)\n"
            "except SystemExit: print(*sys.modules)"
        )
        line = [sys.executable, "-c", code]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "crawler.spiders.renders" in loaded
    assert loaded & {"scrapy_splash", "scrapy_playwright", "playwright"} == set()
    assert loaded & {"aiohttp", "tldextract", "scrapy.extensions.telnet"} == set()


# --- when it goes wrong -----------------------------------------------------------------------


def test_what_splash_cannot_run_is_said_and_the_other_renderer_named(tmp_path, splash_url):
    settings = {"RENDERER": "splash", "SPLASH_URL": splash_url}
    with serve(Site(articles=24, now=clock.now()), faults=["/c/*:script=new"]) as server:
        run = crawl(tmp_path, server.url, SECTION, "pages=1", **settings)
    assert run.code == 3
    assert {reject["reason"] for reject in run.rejects} == {"not_rendered"}
    report = (run.folder / "report.html").read_text("utf-8")
    assert "shows nothing as splash renders it; RENDERER=playwright may do better" in report
    assert "show nothing even so, RENDERER=playwright may show them" in report


def failed(run):
    return {check["name"] for check in run.manifest["checks"] if not check["ok"]}


def test_a_splash_that_is_not_there_costs_its_pages_not_the_run(tmp_path):
    with scripted("old") as server:
        server.faults.pop(0)  # the section lists as it is served
        settings = {"RENDERER": "splash", "SPLASH_URL": "http://127.0.0.1:9"}
        run = crawl(tmp_path, server.url, SECTION, **settings)
    assert (run.code, run.manifest["complete"]) == (3, True)
    assert "rendering" in failed(run)
    assert set(run.reasons) == {("fetch", "renderer")}
    assert len(run.rejects) == run.manifest["counts"]["listed"]


def test_a_splash_that_answers_503_is_given_up_after_three_pages(tmp_path):
    with (
        scripted("old") as server,
        serve(Site(articles=1, now=clock.now()), faults=["*:status=503"]) as broken,
    ):
        server.faults.pop(0)
        settings = {"RENDERER": "splash", "SPLASH_URL": broken.url}
        run = crawl(tmp_path, server.url, SECTION, **settings)
    assert run.code == 3
    assert len(run.rejects) > 3
    assert 3 <= len(broken.requests) <= 4
    given_up = [reject["error"] for reject in run.rejects if "3 times" in reject["error"]]
    answered = [reject["error"] for reject in run.rejects if "answered 503" in reject["error"]]
    assert len(answered) == len(broken.requests)
    assert len(given_up) + len(answered) == len(run.rejects)


@pytest.mark.long
def test_a_splash_that_hangs_costs_the_time_limit_and_its_pages(tmp_path):
    with scripted("old") as server, socket.create_server(("127.0.0.1", 0)) as silent:
        server.faults.pop(0)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = {"RENDERER": "splash", "SPLASH_URL": url, "DOWNLOAD_TIMEOUT": 2}
        run = crawl(tmp_path, server.url, SECTION, **settings)
    assert (run.code, "rendering" in failed(run)) == (3, True)
    assert set(run.reasons) == {("fetch", "renderer")}


def test_a_chromium_that_dies_costs_its_pages_not_the_run(tmp_path, browser):
    with scripted("new") as server:
        server.faults.pop(0)
        run = crawl(
            tmp_path, server.url, SECTION, **browser | {"PLAYWRIGHT_CHROMIUM": "/bin/false"}
        )
    assert (run.code, run.manifest["complete"]) == (3, True)
    assert set(run.reasons) == {("fetch", "renderer")}


@pytest.mark.long  # it takes the processor until its time is over
def test_a_script_without_end_costs_its_page_and_the_next_is_rendered(
    tmp_path, browser, monkeypatch
):
    with serve(Site(articles=16, now=clock.now())) as server:
        newest = server.site.truth()[0]
        slug = newest["sections"][0]["slug"]
        path = newest["url"].removeprefix("https://www.workercn.cn")
        server.inject(f"{path}:script=loop", "/c/*:script=new")
        words = (f"sections={slug}", "pages=1", "limit=2")
        # One at a time: the script would take the processor from the other pages.
        slow = {"DOWNLOAD_TIMEOUT": 8, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
        monkeypatch.setenv("PATCHED_BY", "hurried")
        run = crawl(tmp_path, server.url, *words, **browser | slow)
    assert [reject["url"] for reject in run.rejects] == [newest["url"]]
    assert run.rejects[0]["reason"] == "renderer"
    assert len(run.records) == 1
    assert "rendering" in failed(run)


def test_what_the_site_answers_in_a_pages_place_counts_as_ever(tmp_path, renderer):
    settings, kind = renderer
    reasons = {
        "status=404": "http_404",
        "redirect=https://www.example.com/": "refused_address",
        "redirect=/": "redirected",
    }
    with serve(Site(articles=24, now=clock.now())) as server:
        slug = server.site.truth()[0]["sections"][0]["slug"]
        there = [one for one in server.site.truth() if slug in [s["slug"] for s in one["sections"]]]
        urls = [one["url"] for one in there[: len(reasons)]]
        for url, fault in zip(urls, reasons, strict=True):
            path = url.removeprefix("https://www.workercn.cn")
            # As served it shows nothing; what the site answers then, the renderer is the first to see.
            server.inject(f"{path}:script={kind}@1", f"{path}:{fault}")
        run = crawl(tmp_path, server.url, f"sections={slug}", "pages=1", **settings)
    told = {reject["url"]: reject["reason"] for reject in run.rejects}
    assert told == dict(zip(urls, reasons.values(), strict=True))
    assert "rendering" not in failed(run)


def test_a_page_that_never_comes_is_the_sites_fault(tmp_path, browser):
    with serve(Site(articles=16, now=clock.now())) as server:
        newest = server.site.truth()[0]
        slug = newest["sections"][0]["slug"]
        path = newest["url"].removeprefix("https://www.workercn.cn")
        server.inject(f"{path}:script=new@1", f"{path}:stall")
        settings = {**browser, "DOWNLOAD_TIMEOUT": 5, "RETRY_TIMES": 0}
        run = crawl(tmp_path, server.url, f"sections={slug}", "pages=1", "limit=1", **settings)
    assert run.reasons == [("fetch", "timeout")]
    assert "rendering" not in failed(run)


@pytest.mark.long
def test_a_script_that_never_comes_costs_a_part_of_its_pages_time(tmp_path, browser):
    faults = ["/login/user.js:stall", "/c/*:script=new"]
    with serve(Site(articles=16, now=clock.now()), faults=faults) as server:
        slug = server.site.truth()[0]["sections"][0]["slug"]
        # Ten seconds for the script, twenty for Chromium.
        settings = {**browser, "DOWNLOAD_TIMEOUT": 30, "RETRY_TIMES": 0, "ROBOTSTXT_OBEY": 0}
        run = crawl(tmp_path, server.url, f"sections={slug}", "pages=1", "limit=1", **settings)
        assert len(asked(server, "/login/user.js")) == 1
    assert (run.rejects, len(run.records)) == ([], 1)
    assert run.manifest["counts"]["rendered"] == 1
    assert "rendering" not in failed(run)


def test_a_section_of_the_table_is_rendered_in_any_case(tmp_path, browser):
    with serve(Site(articles=16, now=clock.now())) as server:
        words = ["scrapy", "crawl", "workercn", "-a", SECTION, "-a", "pages=1", "-a", "limit=1"]
        for name, value in {**UNHURRIED, **browser, "MIRROR_URL": server.url}.items():
            words += ["-s", f"{name}={value}"]
        code = (
            "from crawler.site import sections; from scrapy.cmdline import execute\n"
            "table = sections.table()._replace(render=frozenset({'edu'}))\n"
            f"sections.table = lambda: table; execute({[*words, '-s', f'OUTPUT_DIR={tmp_path}']})"
        )
        done = run_line([sys.executable, "-c", code])
    run = Run(done.returncode, done.stderr, done.stdout, tmp_path)
    assert (run.code, run.rejects) == (0, [])
    assert run.manifest["counts"]["rendered"] == len(run.records) + 1


WRONG = [
    ({"RENDERER": "selenium"}, "setting RENDERER=selenium: allowed: off, splash, playwright"),
    (
        {"RENDERER": "splash", "SPLASH_URL": "127.0.0.1:8050"},
        "setting SPLASH_URL=127.0.0.1:8050: allowed: http://host:port",
    ),
    (
        {"RENDERER": "playwright", "PLAYWRIGHT_CHROMIUM": "/nowhere/chromium"},
        "setting PLAYWRIGHT_CHROMIUM=/nowhere/chromium: allowed: Chromium's path",
    ),
]


@pytest.mark.parametrize(("settings", "words"), WRONG)
def test_a_wrong_setting_is_named_in_one_line(tmp_path, settings, words):
    run = crawl(tmp_path / "output", "http://127.0.0.1:9", **settings)
    assert (run.code, run.last_line) == (2, f"scrapy: {words}")
    assert not Path(tmp_path / "output").exists()
