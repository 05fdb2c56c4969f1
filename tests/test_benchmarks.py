"""The benchmarks still run, and their figures are found; how fast they are no test says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.figures import Figure, found, judge
from tests.support.harness import ROOT


def test_a_figure_is_printed_as_it_is_found(capsys):
    assert judge("pages/s, of those without", 0.8512, least=0.85)
    assert not judge("MB more", 1234.5, most=20)
    printed = capsys.readouterr().out
    assert found(f"a table\n{printed}12 34\n") == [
        Figure("pages/s, of those without", "0.851", "at least 0.85", "kept"),
        Figure("MB more", "1,234", "at most 20", "not kept"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["state", "--known", "1000", "--records", "100", "--lookups", "100", "--rounds", "1"],
        ["merge", "--records", "200", "--formats", "jsonl", "--bodies", "200"],
        ["growth", "--articles", "--sections", "1", "3", "--shared", "9"],
    ],
    ids=lambda words: words[0],
)
def test_it_runs(words):
    line = [sys.executable, "-m", f"benchmarks.{words[0]}", *words[1:]]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert found(done.stdout), done.stderr


def test_an_unknown_name_is_named():
    line = [sys.executable, "-m", "benchmarks", "nonsense"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no benchmark nonsense; there are startup, " in done.stderr
