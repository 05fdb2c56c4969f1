"""A network that fails: what can be had is had, the rest is a reject, and nobody waits for ever."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from crawler.samplesite import Site, serve
from tests import faulty
from tests.faulty import network, on
from tests.harness import Run, crawl, published

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
    return Site(seed=4, articles=60)


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
