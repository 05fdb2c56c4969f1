"""A network that fails: what can be had is had, the rest is a reject, and nobody waits for ever."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support import faulty
from tests.support.certificates import DAY, Authority
from tests.support.faulty import network, on
from tests.support.harness import Run, crawl, published

SOON = {"DOWNLOAD_TIMEOUT": 2, "CIRCUIT_PAUSE": 0.3, "RETRY_TIMES": 1}
FAULTS = {
    faulty.closed_before: "connection",
    faulty.closed_in_the_head: "connection",
    faulty.reset_before: "connection",
    faulty.reset_in_the_body: "truncated",
    faulty.silence_before: "timeout",
    faulty.silence_in_the_body: "timeout",
    faulty.a_byte_a_second: "timeout",
    faulty.a_body_of_a_byte_a_second: "timeout",
    faulty.length_too_long: "truncated",
    faulty.length_too_short: "truncated",
    faulty.length_too_short_unpacked: "truncated",
    faulty.two_lengths: "connection",
    faulty.length_below_zero: "connection",
    faulty.no_length_and_half: "truncated",
    faulty.no_length_and_half_unpacked: "truncated",
    faulty.half_a_gzip: "truncated",
    faulty.a_gzip_without_its_end: "truncated",
    faulty.a_gzip_that_is_none: "truncated",
    faulty.chunks_cut: "truncated",
    faulty.chunks_without_a_last: "truncated",
    faulty.chunks_of_half_a_gzip: "truncated",
    faulty.chunks_of_half_a_page: "truncated",
    faulty.chunks_of_no_size: "truncated",
    faulty.no_http: "connection",
}


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(seed=4, articles=60, now=clock.now())


def by_fault(site: Site) -> dict[str, faulty.Fault]:
    """Path of an article → what becomes of its answers, every other article being well."""
    paths = [urlsplit(a["url"]).path for a in site.truth() if a["kind"] == "article"]
    return dict(zip(paths[::2], FAULTS, strict=False))


@pytest.fixture(scope="module")
def spoilt(site, tmp_path_factory) -> Run:
    """A crawl with every fault at once, none of them in a row."""
    output = tmp_path_factory.mktemp("spoilt")
    with serve(site) as server, network(server, on(by_fault(site))) as net:
        run = crawl(output, net.url, CIRCUIT_FAILURES=1000, **SOON)
    _ = run.records, run.rejects, run.manifest
    return run


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_spoilt_answer_is_a_reject_with_its_reason(site, spoilt, fault):
    (path,) = [path for path, one in by_fault(site).items() if one is fault]
    found = [r for r in spoilt.rejects if r["url"].endswith(path)]
    assert [(one["stage"], one["reason"]) for one in found] == [("fetch", FAULTS[fault])], found
    assert not [r for r in spoilt.records if r["url"].endswith(path)]


def test_what_is_not_spoilt_is_had(site, spoilt):
    assert len(spoilt.records) + len(FAULTS) == spoilt.manifest["counts"]["listed"]
    assert spoilt.code == 3
    assert "rejects" in spoilt.last_line


def test_the_next_night_has_the_rest(site, spoilt):
    with serve(site) as server:
        done = crawl(spoilt.output, server.url)
    assert done.code == 0, done.stderr
    truth = {article["id"]: article["body"] for article in site.truth()}
    assert {record["id"]: record["body"] for record in published(spoilt.output)} == truth


# --- a host that is away ----------------------------------------------------------------------

AT_ONCE = {"CONCURRENT_REQUESTS": 4, "CONCURRENT_REQUESTS_PER_DOMAIN": 2, "CIRCUIT_FAILURES": 4}
# Failures that open the circuit in whatever order two requests at a time are answered: three
# before a slow answer to an earlier request, four more, and one slower than a later answer.
ENOUGH = 3 + 4 + 1


def from_article(number: int, count: int, fault: faulty.Fault) -> faulty.Rule:
    """`count` answers, from the so manieth article on."""
    seen: list[str] = []

    def rule(_: int, asked: faulty.Asked) -> faulty.Fault | None:
        if asked.path.startswith("/c/") or len(seen) >= number:
            seen.append(asked.path)
        return fault if number <= len(seen) < number + count else None

    return rule


@pytest.mark.parametrize(
    "fault",
    [
        faulty.closed_before,
        faulty.status(503),
        faulty.status(429, b"Retry-After: 1"),
        faulty.status(502),
    ],
    ids=["no answer", "503", "429 with Retry-After", "502"],
)
def test_a_host_that_is_away_for_a_while_is_left_alone_and_then_asked_again(site, tmp_path, fault):
    with serve(site) as server, network(server, from_article(20, ENOUGH, fault)) as net:
        run = crawl(tmp_path, net.url, **SOON | AT_ONCE)
    assert "it is left alone for a while" in run.stderr
    assert "host_down" not in {reason for _, reason in run.reasons}
    assert len(run.records) + len(run.rejects) == run.manifest["counts"]["listed"] == 60
    assert len(run.rejects) <= ENOUGH // 2  # each is asked for twice
    assert run.code in (0, 3)


def test_a_host_that_stays_away_is_given_up(site, tmp_path):
    with serve(site) as server, network(server, from_article(30, 999, faulty.closed_before)) as net:
        run = crawl(tmp_path, net.url, CIRCUIT_PROBES=3, **SOON | AT_ONCE)
        asked = len([one for one in net.asked if one.path.startswith("/c/")])
    assert len(run.records) == 29
    assert asked <= 29 + ENOUGH + 3
    assert {"connection", "host_down"} == {reason for _, reason in run.reasons}
    assert len(run.rejects) == 31
    assert run.code == 3
    assert "rejects" in run.last_line


def test_a_third_of_all_answers_are_errors(site, tmp_path):
    """Each page is asked for again, and the host not taken for one that is away."""
    retries, failed = 4, Counter[str]()

    def rule(number: int, asked: faulty.Asked) -> faulty.Fault | None:
        if number % 3 != 2 or failed[asked.path] == retries:  # by chance more would be a reject
            return None
        failed[asked.path] += 1
        return faulty.status(500)

    with serve(site) as server, network(server, rule) as net:
        run = crawl(tmp_path, net.url, **SOON | {"RETRY_TIMES": retries} | AT_ONCE)
        asked = len(net.asked)
    assert run.reasons == []
    assert len(run.records) == run.manifest["counts"]["listed"] == 60
    assert "left alone" not in run.stderr
    assert failed.total() > 20
    assert asked < 2 * 80


# --- names ------------------------------------------------------------------------------------


def without_names(site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch, away: str) -> Run:
    """A crawl during which no name is found for those lookups; each request takes one."""
    monkeypatch.setenv("NAMES_ARE_AWAY", away)
    with serve(site) as server, network(server, lambda *_: None) as net:
        settings = {
            "TWISTED_DNS_RESOLVER": "tests.support.resolver.Resolver",
            "DNSCACHE_ENABLED": 0,
        }
        url = f"http://site.test:{net.port}"
        return crawl(folder, url, **SOON | AT_ONCE | settings)


def test_a_host_whose_name_is_not_found_for_a_while_is_left_alone(site, tmp_path, monkeypatch):
    run = without_names(site, tmp_path, monkeypatch, f"40:{ENOUGH}")
    assert "it is left alone for a while" in run.stderr
    assert {reason for _, reason in run.reasons} <= {"dns"}
    assert len(run.records) + len(run.rejects) == 60
    assert len(run.rejects) <= ENOUGH // 2
    assert run.code in (0, 3)  # by the share of rejects


def test_a_host_whose_name_is_never_found_leaves_no_run(site, tmp_path, monkeypatch):
    run = without_names(site, tmp_path, monkeypatch, "0:999s")
    assert run.code == 4, run.stderr
    assert not list(tmp_path.glob("runs/*"))


# --- certificates -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "keywords", "code"),
    [
        ("localhost", {}, 0),
        ("elsewhere.example", {}, 4),
        ("localhost", {"since": -5 * DAY}, 4),
        ("localhost", {"since": 5 * DAY}, 4),
        ("localhost", {"own": True}, 4),
    ],
    ids=["as it should be", "of another name", "expired", "not yet valid", "signed by itself"],
)
def test_a_certificate(site, tmp_path, monkeypatch, name, keywords, code):
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    tls = authority.serving(name, **keywords)
    with serve(site) as server, network(server, lambda *_: None, tls) as net:
        run = crawl(tmp_path / "out", net.url, "sections=edu", "pages=1", **SOON)
        assert bool(net.asked) == (code == 0)
    assert run.code == code, run.stderr
    assert list(tmp_path.glob("out/runs/*/articles.jsonl")) if code == 0 else True
    if code:
        assert not list(tmp_path.glob("out/runs/*"))
        assert "no host could be used" in run.last_line
