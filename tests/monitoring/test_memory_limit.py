"""The limit of memory is that of the crawl, whoever has started it."""

from __future__ import annotations

import subprocess
import sys

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import ROOT, UNHURRIED, command

LARGE = """
import subprocess, sys
taken = b"x" * (400 << 20)
sys.exit(subprocess.run(sys.argv[1:]).returncode)
"""


def crawl_of_a_large_program(folder, most: int) -> subprocess.CompletedProcess[str]:
    settings = {**UNHURRIED, "MEMUSAGE_LIMIT_MB": most, "MEMUSAGE_CHECK_INTERVAL_SECONDS": 0.1}
    with serve(Site(articles=12, now=clock.now())) as server:
        settings |= {"MIRROR_URL": server.url, "OUTPUT_DIR": folder}
        line = command("crawl", "workercn", "-a", "sections=edu", "-a", "pages=1", **settings)
        return subprocess.run(
            [sys.executable, "-c", LARGE, *line],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )


def test_what_started_it_does_not_count(tmp_path):
    done = crawl_of_a_large_program(tmp_path, 300)
    assert done.returncode == 0, done.stderr


def test_over_the_limit_it_ends_in_order(tmp_path):
    done = crawl_of_a_large_program(tmp_path, 30)
    assert done.returncode == 1
    assert "memusage_exceeded" in done.stderr
