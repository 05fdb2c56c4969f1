"""Nights over a site that changes, fails and is killed; `make soak` has eight weeks of them."""

from __future__ import annotations

import os
import sys

import pytest

from benchmarks import soak
from tests.support.harness import run, start

HELD = "the merged view is the truth"


def test_nights_leave_what_one_crawl_would_have_found(monkeypatch, capfd):
    monkeypatch.setenv("CLOCK_OFFSET", "0")  # it has a clock of its own
    monkeypatch.setattr(soak.Crawler, "popen", staticmethod(start))  # which costs a fork
    words = ["--nights", "3", "--seed", "6", "--articles", "18"]
    monkeypatch.setattr(sys, "argv", ["soak", *words])
    status, said = soak.main(), capfd.readouterr().out
    assert status == 0, said
    assert HELD in said


@pytest.mark.long
@pytest.mark.parametrize(
    ("nights", "seed", "kind"),
    [(7, 5, ()), (21, 6, ()), (21, 6, ("--calm",)), (21, 6, ("--quiet",))],
)
def test_weeks_of_nights_as_make_soak_has_them(nights, seed, kind):
    line = [sys.executable, "-m", "benchmarks.soak", "--nights", str(nights), "--seed", str(seed)]
    # It has a clock of its own.
    done = run([*line, *kind], timeout=1800, env={**os.environ, "CLOCK_OFFSET": "0"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert HELD in done.stdout
