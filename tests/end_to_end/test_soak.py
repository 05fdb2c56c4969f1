"""Nights over a site that changes, fails and is killed; `make soak` has eight weeks of them."""

from __future__ import annotations

import os
import sys

import pytest

from tests.support.harness import run


@pytest.mark.parametrize(
    ("nights", "seed", "kind"),
    [
        (7, 5, ()),
        pytest.param(21, 6, (), marks=pytest.mark.long),
        pytest.param(21, 6, ("--calm",), marks=pytest.mark.long),
        pytest.param(21, 6, ("--quiet",), marks=pytest.mark.long),
    ],
)
def test_nights_leave_what_one_crawl_would_have_found(nights, seed, kind):
    line = [sys.executable, "-m", "benchmarks.soak", "--nights", str(nights), "--seed", str(seed)]
    # It has a clock of its own.
    done = run([*line, *kind], timeout=1800, env={**os.environ, "CLOCK_OFFSET": "0"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the merged view is the truth" in done.stdout
