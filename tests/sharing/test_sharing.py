"""Many workers, one crawl: real servers, processes of their own."""

from __future__ import annotations

import time
from pathlib import Path

from crawler.samplesite import Site, serve
from tests.services import postgres, redis  # noqa: F401 - fixtures
from tests.sharing.workers import Crew, articles, assert_whole


def test_four_workers_share_a_crawl(tmp_path, redis, postgres):
    site = Site(seed=21, articles=120)
    output = tmp_path / "output"
    with serve(site, latency=0.1) as server, Crew(output, server.url, redis, postgres.database()) as crew:
        for _ in range(4):
            crew.join()
        ended = crew.finish()
        assert [code for code, _ in ended] == [0, 0, 0, 0], "".join(said for _, said in ended)
        assert_whole(site, output)
        assert len(articles(server)) == 120
