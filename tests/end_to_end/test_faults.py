"""What servers and pages do wrong: each costs that page a reject with its reason, never the run."""

from __future__ import annotations

import gzip
from collections import Counter
from itertools import pairwise

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import Run, crawl


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(seed=3, articles=40, now=clock.now())


def first(site: Site) -> dict:
    """An article of the section edu."""
    return next(a for a in site.truth() if any(s["slug"] == "edu" for s in a["sections"]))


FAULTS = [
    ("status=404", "fetch", "http_404", "answered 404"),
    ("status=410", "fetch", "http_410", "answered 410"),
    ("status=500", "fetch", "http_500", "answered 500"),
    ("status=503", "fetch", "http_503", "answered 503"),
    ("status=403", "fetch", "http_403", "answered 403"),
    ("stall", "fetch", "timeout", "took longer than"),
    ("slow=200", "fetch", "timeout", "took longer than"),
    ("reset", "fetch", "connection", "DownloadFailedError"),
    ("reset-body", "fetch", "truncated", "ResponseDataLossError"),
    ("truncated", "fetch", "truncated", "ResponseDataLossError"),
    ("bad-gzip", "fetch", "truncated", "is not whole"),
    ("big=3", "fetch", "too_large", "larger than"),
    ("empty", "parse", "empty", "has no body"),
    ("no-article", "validate", "missing_title", "no title"),
    ("redirect=https://evil.example/x", "fetch", "refused_address", "https://evil.example/x"),
    ("redirect=/", "parse", "redirected", "to https://www.workercn.cn/"),
    ("redirect=/c/2026-01-01/1.shtml", "fetch", "http_404", "answered 404"),
]
PASSING = ["status=500@1", "reset@1", "truncated@1", "bad-gzip@1", "stall@1"]


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> tuple[Run, dict, Counter]:
    """A crawl in which each fault befalls another page; which one it befell; how often was asked."""
    site = Site(seed=3, articles=80, now=clock.now())
    pages = dict(zip([fault for fault, *_ in FAULTS] + PASSING, site.truth()[::3], strict=False))
    paths = {
        fault: article["url"].removeprefix("https://www.workercn.cn")
        for fault, article in pages.items()
    }
    with serve(site, faults=[f"{path}:{fault}" for fault, path in paths.items()]) as server:
        run = crawl(
            tmp_path_factory.mktemp("spoilt"), server.url,
            DOWNLOAD_TIMEOUT=2, DOWNLOAD_MAXSIZE=2**21, CIRCUIT_FAILURES=1000,
            MAX_REJECT_SHARE=1, MAX_FAILED_SHARE=1, MIN_LISTED_SHARE=0,
        )  # fmt: skip
        asked = Counter(request.path for request in server.requests)
    return run, pages, Counter({fault: asked[path] for fault, path in paths.items()})


@pytest.mark.parametrize(("fault", "stage", "reason", "words"), FAULTS)
def test_a_page_goes_wrong(spoilt, fault, stage, reason, words):
    run, pages, _ = spoilt
    (reject,) = [one for one in run.rejects if one["url"] == pages[fault]["url"]]
    assert (reject["stage"], reject["reason"]) == (stage, reason), reject
    assert words in reject["error"]
    assert reject["fetched_at"].endswith("Z")
    assert set(reject) == {"url", "stage", "reason", "error", "fetched_at", "raw"}
    assert pages[fault]["id"] not in {record["id"] for record in run.records}


def test_the_other_pages_are_had(spoilt):
    run, _, _ = spoilt
    assert len(run.rejects) == len(FAULTS)
    assert len(run.records) == run.manifest["counts"]["listed"] - len(FAULTS) > 50
    assert run.code == 0, run.last_line


@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_tried_again(spoilt, fault):
    run, pages, asked = spoilt
    assert asked[fault] == 2
    assert pages[fault]["id"] in {record["id"] for record in run.records}


@pytest.mark.parametrize(
    ("fault", "warning"),
    [
        ("charset=iso-8859-1", "encoding: "),
        ("charset=gbk", "encoding: "),
        ("bad-bytes=2", "encoding: "),
    ],
)
def test_bytes_decide_and_the_doubt_is_said(site, tmp_path, fault, warning):
    with serve(site, faults=[f"/c/*:{fault}"]) as server:
        run = crawl(tmp_path, server.url, "sections=edu", "pages=1")
    truth = {article["id"]: article for article in site.truth()}
    assert run.rejects == []
    for record in run.records:
        assert record["title"] == truth[record["id"]]["title"]
    doubted = [any(words.startswith(warning) for words in r["warnings"]) for r in run.records]
    assert sum(doubted) > 0.8 * len(doubted)  # a gallery may have no full stop to break


def test_a_parser_raises(site, tmp_path, monkeypatch):
    """The traceback goes into the reject, the crawl goes on."""
    monkeypatch.setenv("PATCHED_BY", "raising")
    with serve(site) as server:
        run = crawl(tmp_path, server.url, "sections=edu", "pages=1")
    reasons = Counter(run.reasons)
    assert reasons == {("parse", "exception"): 2}
    assert "Traceback" in run.rejects[0]["error"]
    assert "a bug for the test" in run.rejects[0]["error"]
    assert run.code == 0
    assert len(run.records) == run.manifest["counts"]["listed"] - 2


@pytest.mark.parametrize("kind", ["endless=repeat", "endless=older"])
def test_endless_paging_ends(site, tmp_path, kind):
    with serve(site, faults=[f"/json/edu/*:{kind}"]) as server:
        run = crawl(tmp_path, server.url, "sections=edu", "since=2020-01-01", MAX_LISTING_PAGES=30)
        pages = [request.path for request in server.requests if request.path.startswith("/json/")]
    # an end that the search contradicts is asked for once more
    assert len(pages) - len(set(pages)) <= 1
    assert len(pages) <= 30
    assert run.manifest["finish_reason"] == "finished"


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_pauses_the_whole_domain(site, tmp_path, form):
    from datetime import timedelta
    from email.utils import format_datetime

    when = (
        "2"
        if form == "seconds"
        else format_datetime(clock.now() + timedelta(seconds=8), usegmt=True)
    )
    path = first(site)["url"].removeprefix("https://www.workercn.cn")
    with serve(site, faults=[f"{path}:status=503,{when}@1"]) as server:
        run = crawl(
            tmp_path, server.url, "sections=edu", "pages=1", CONCURRENT_REQUESTS_PER_DOMAIN=1
        )
        requests = list(server.requests)
    (asked,) = [place for place, r in enumerate(requests) if r.path == path and r.status == 503]
    pause = requests[asked + 1].at - requests[asked].at
    assert pause > 1
    assert run.rejects == []
    assert "asks for a pause" in run.stderr


def test_retries_wait_longer_each_time(site, tmp_path):
    path = first(site)["url"].removeprefix("https://www.workercn.cn")
    with serve(site, faults=[f"{path}:status=502"]) as server:
        run = crawl(tmp_path, server.url, "sections=edu", "pages=1", RETRY_TIMES=3, RETRY_DELAY=0.4)
        asked = [request.at for request in server.requests if request.path == path]
    assert len(asked) == 4
    waits = [after - before for before, after in pairwise(asked)]
    for wait, least in zip(waits, (0.15, 0.3, 0.6), strict=True):  # 0.4, 0.8, 1.6 less a quarter
        assert wait >= least
    assert run.reasons == [("fetch", "http_502")]


@pytest.mark.parametrize("settings", [{}, {"RETRY_ENABLED": 0}], ids=["", "without retries"])
def test_too_long_a_pause_leaves_the_host_alone(site, tmp_path, settings):
    settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, **settings}
    with serve(site, faults=["/c/*:status=429,86400"]) as server:
        run = crawl(tmp_path, server.url, "sections=edu", "pages=1", **settings)
        asked = sum(request.path.startswith("/c/") for request in server.requests)
    assert asked == 1
    assert Counter(run.reasons) == {
        ("fetch", "http_429"): 1,
        ("fetch", "paused"): len(run.rejects) - 1,
    }
    assert run.code == 3


def test_a_gzip_that_ends_early():
    from crawler.downloader.compression import _is_whole

    body = "工人".encode() * 10_000
    packed = gzip.compress(body)
    assert _is_whole(packed, len(body))
    for end in (20, len(packed) // 2, len(packed) - 1):
        assert not _is_whole(packed[:end], 1)
    assert _is_whole(packed + packed, 2 * len(body))
    assert _is_whole(packed + b"\0" * 16, len(body))
    assert not _is_whole(packed + packed[:-9], 2 * len(body))


def test_robots_rules_are_obeyed(site, tmp_path):
    """The embedded site forbids /login/: asked for by name, it is a reject and no request."""
    file = tmp_path / "urls.txt"
    file.write_text("https://www.workercn.cn/login/x.html\n" + first(site)["url"])
    with serve(site) as server:
        run = crawl(tmp_path / "out", server.url, f"urls={file}")
        assert not any(request.path.startswith("/login") for request in server.requests)
    assert run.reasons == [("fetch", "robots")]
    assert len(run.records) == 1


def test_politeness_by_default(site, tmp_path):
    """Our settings as they are: one request at a time, at least a second apart, who we are."""
    from tests.support.harness import Run, command
    from tests.support.harness import run as run_command

    with serve(site) as server:
        done = run_command(
            command(
                "crawl",
                "workercn",
                "-a",
                "limit=3",
                "-a",
                "sections=edu",
                OUTPUT_DIR=tmp_path,
                MIRROR_URL=server.url,
                CONTACT="ops@example.org",
            )
        )
        requests = list(server.requests)
    assert Run(done.returncode, done.stderr, "", tmp_path).code == 0
    assert requests[0].path == "/robots.txt"
    gaps = [after.at - before.at for before, after in pairwise(requests)]
    assert min(gaps[1:]) > 0.5
    assert {request.headers["user-agent"] for request in requests} == {
        "workercn-crawler/0.1.0 (+ops@example.org)"
    }
    assert "cookie" not in requests[-1].headers
