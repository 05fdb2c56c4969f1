"""A week of nights over a site that changes, fails and is killed; `make soak` has eight of them."""

from __future__ import annotations

import sys

from tests.harness import run


def test_a_week_of_nights_leaves_what_one_crawl_would_have_found():
    line = [sys.executable, "-m", "benchmarks.soak", "--weeks", "1", "--seed", "5"]
    done = run(line, timeout=1200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the merged view is the truth" in done.stdout
