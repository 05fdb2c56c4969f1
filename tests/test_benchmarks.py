"""The benchmarks still run, and their figures are found; how fast they are no test says."""

from __future__ import annotations

import subprocess
import sys

import pytest
from _pytest.mark import ParameterSet

from benchmarks.__main__ import _page
from benchmarks.figures import Figure, beside, found, judge, tried
from tests.support.harness import ROOT


def test_a_figure_is_printed_as_it_is_found(capsys):
    assert judge("pages/s, of those without", 0.8512, least=0.85)
    assert not judge("MB more", 1234.5, most=20)
    printed = capsys.readouterr().out
    assert found(f"a table\n{printed}12 34\n") == [
        Figure("pages/s, of those without", "0.851", "at least 0.85", "kept"),
        Figure("MB more", "1,234", "at most 20", "not kept"),
    ]


def long(*words: str) -> ParameterSet:
    return pytest.param(words, marks=pytest.mark.long)


@pytest.mark.parametrize(
    "words",
    [
        ["state", "--known", "1000", "--records", "100", "--lookups", "100", "--rounds", "1"],
        long("merge", "--records", "200", "--formats", "jsonl", "--bodies", "200"),
        long("growth", "--articles", "--sections", "1", "3", "--shared", "9"),
        long("spider", "--articles", "40", "--rounds", "1", "--no-instructions"),
        long("long_crawl", "--articles", "200"),
    ],
    ids=lambda words: words[0],
)
def test_it_runs(words):
    line = [sys.executable, "-m", f"benchmarks.{words[0]}", *words[1:]]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert found(done.stdout), done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_name_is_named():
    line = [sys.executable, "-m", "benchmarks", "nonsense"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no benchmark nonsense; there are startup, " in done.stderr


def test_what_is_beside_and_what_was_tried_have_tables_of_their_own(capsys):
    beside("Scrapy + GNE", 5.27, "its articles a CPU second")
    tried("uvloop", 1.04)
    judge("MB more", 3, most=20)
    printed = {"spider": capsys.readouterr().out}
    assert _page(printed).split("\n\n")[1:] == [
        "| beside | here | `python -m` |\n|---|---|---|\n"
        "| Scrapy + GNE | 5.27 × its articles a CPU second | `benchmarks.spider` |",
        "| figure | measured | limit | | `python -m` |\n|---|--:|--:|---|---|\n"
        "| MB more | 3 | at most 20 | kept | `benchmarks.spider` |",
        "| tried | times as many pages | `python -m` |\n|---|--:|---|\n"
        "| uvloop | 1.04 | `benchmarks.spider` |\n",
    ]
