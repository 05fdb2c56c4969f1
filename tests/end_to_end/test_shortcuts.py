"""What is taken for speed changes no byte of what a crawl writes: tests/support/long_ways.py."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support import long_ways
from tests.support.harness import Run, crawl, lines

WALKS = (
    ("sections=all,paper", "since=2026-10-01"),
    ("sections=legacy:all,json2021:all", "since=2010-01-01"),
)
# Its run and where it was; and all moments since the test began: the rest must be the same.
OWN = ("run_id", "mirror", "fetched_at")
BEGAN = clock.now()
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+]\d\d:\d\d)")


@pytest.fixture(scope="module")
def crawls(tmp_path_factory) -> list[list[Run]]:
    """All generations, then by a file of addresses what is known: the short way and the long."""
    settings = {name: _word(value) for name, value in long_ways.SETTINGS.items()}
    both, named = [], tmp_path_factory.mktemp("named")
    for given in ({}, settings):
        output = tmp_path_factory.mktemp("shortcuts")
        site = Site(seed=3, articles=40, legacy=20, json2021=20, papers=2, now=BEGAN)
        with serve(site) as server:
            runs = [_read(crawl(output, server.url, *words, **given)) for words in WALKS]
            urls = [record["url"] for run in runs for record in run.records]
            addresses = named / "urls.txt"
            addresses.write_text("\n".join([*urls, "no address", urls[0], "", "# a comment"]))
            runs.append(_read(crawl(output, server.url, f"urls={addresses}", **given)))
        both.append(runs)
    return both


def _read(run: Run) -> Run:
    """Before there is a newer one."""
    assert run.manifest["run_id"] == run.folder.name
    assert run.records or run.rejects, run.stderr
    return run


def test_records_rejects_and_counts_are_the_same(crawls):
    for short, long in zip(*crawls, strict=True):
        assert _plain(short.records) == _plain(long.records)
        assert _plain(short.rejects) == _plain(long.rejects)
        assert short.manifest["counts"] == long.manifest["counts"]
        assert short.manifest["fields"] == long.manifest["fields"]
        assert (short.code, short.manifest["sections"]) == (long.code, long.manifest["sections"])
    assert {record["generation"] for run in crawls[0] for record in run.records} == {
        "modern", "legacy", "json2021", "paper",
    }  # fmt: skip


def test_the_journals_are_the_same(crawls):
    for short, long in zip(*crawls, strict=True):
        one, other = (_plain(lines(run.folder / "journal.jsonl")) for run in (short, long))
        assert one == other


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _plain(found: list[dict]) -> list[str]:
    without = ({k: v for k, v in one.items() if k not in OWN} for one in found)
    return sorted(
        MOMENT.sub(_at, json.dumps(one, ensure_ascii=False, sort_keys=True)) for one in without
    )


def _at(found: re.Match[str]) -> str:
    since = datetime.fromisoformat(found[0]) >= BEGAN.replace(microsecond=0)
    return "since" if since else found[0]
