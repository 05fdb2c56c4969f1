"""Names that nobody finds for a minute, at any moment of a crawl: it waits, and has everything.

A minute is three seconds here, and every wait of the defaults that depends on it as much shorter.
"""

from __future__ import annotations

import pytest

from crawler import clock, settings
from crawler.samplesite import Site, serve
from tests.support.faulty import network
from tests.support.harness import crawl, published

MINUTE = 3.0  # seconds
SCALED = {
    name: getattr(settings, name) * MINUTE / 60
    for name in ("RETRY_DELAY", "RETRY_DELAY_MAX", "CIRCUIT_PAUSE", "DOWNLOAD_DELAY")
} | {
    name: getattr(settings, name)
    for name in (
        "RETRY_TIMES",
        "RETRY_TIMES_UNREACHED",
        "CIRCUIT_FAILURES",
        "CIRCUIT_PROBES",
        "CONCURRENT_REQUESTS",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
    )
}


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(seed=4, articles=60, now=clock.now())


@pytest.mark.parametrize(
    ("lookup", "sections"),
    [
        pytest.param(0, "edu", id="before robots.txt", marks=pytest.mark.long),
        pytest.param(1, "edu", id="in the only listing"),
        pytest.param(3, "all,legacy:news", id="in the listings", marks=pytest.mark.long),
        pytest.param(60, "all,legacy:news", id="in the articles", marks=pytest.mark.long),
    ],
)
def test_a_minute_without_names_costs_a_minute(site, tmp_path, monkeypatch, lookup, sections):
    monkeypatch.setenv("NAMES_ARE_AWAY", f"{lookup}:{MINUTE}s")
    with serve(site) as server, network(server, lambda *_: None) as net:
        run = crawl(
            tmp_path,
            f"http://site.test:{net.port}",
            f"sections={sections}",
            "since=2015-01-01",
            **SCALED,
            TWISTED_DNS_RESOLVER="tests.support.resolver.Resolver",
            DNSCACHE_ENABLED=0,
        )
    assert "cannot be reached" in run.stderr
    assert run.reasons == []
    assert run.code == 0, run.stderr
    assert len(published(tmp_path)) == run.manifest["counts"]["listed"] > 0


def test_names_that_stay_away_end_the_run(site, tmp_path, monkeypatch):
    monkeypatch.setenv("NAMES_ARE_AWAY", "0:999s")
    with serve(site) as server, network(server, lambda *_: None) as net:
        run = crawl(
            tmp_path,
            f"http://site.test:{net.port}",
            **SCALED,
            TWISTED_DNS_RESOLVER="tests.support.resolver.Resolver",
        )
        assert net.asked == []
    assert run.code == 4
    assert run.stderr.count("cannot be reached") == 1
    assert "www.workercn.cn could not be reached: DNS lookup failed" in run.last_line
    assert run.last_line.endswith("nothing published")
