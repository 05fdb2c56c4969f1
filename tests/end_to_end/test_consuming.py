"""Every command of docs/consuming.md, run on a feed, prints what it is there for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler import clock
from tests.feeds.folders import publish, record
from tests.support.consuming_services import need, postgresql
from tests.support.harness import ROOT

PAGE = (ROOT / "docs/consuming.md").read_text("utf-8")


def blocks() -> dict[str, tuple[str, str]]:
    """`jq 2` -> (language, code) of the second block under the heading jq."""
    found = {}
    for section in PAGE.split("\n## ")[1:]:
        heading = section.partition("\n")[0]
        code = re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL)
        found |= {f"{heading} {number}": block for number, block in enumerate(code, 1)}
    return found


BLOCKS = blocks()

# What a block prints, as patterns, in this order.
PRINTS = {
    "One file of all runs 1": [],
    "jq 1": [r"2026-11-02T08:30\tb\n", r"2026-11-03T08:30\ta, corrected\n", r" 2 孙川\n"],
    "jq 2": [r"^a\ta, corrected\n", r"a\tupdated\ttitle\n", r"c\tremoved\n"],
    "pandas 1": [r"2026-11-02 +1\n", r"2026-11-03 +1\n", r"edu +2\n", r"character +1\n"],
    "pandas 2": [r"id +(object|str)\n", r"published_at +datetime64\[.*08:00\]\n", r"b .*孙川 \(reporter\)"],
    "DuckDB 1": [r"中工网 +│ +2 "],
    "DuckDB 2": [r"│ a +│ +2 │ a, corrected +│ 孙川", r"│ b +│ +1 │ b "],
    "SQLite and Datasette 1": [r"^a a, corrected\n$"],
    "SQLite and Datasette 2": [r"^孙川\|2\n$"],
    "PostgreSQL 1": [r"CREATE TABLE"],
    "PostgreSQL 2": [r"COPY 3\n", r"INSERT 0 3\n", r"c +\| +2 \| t ", r"b +\| +1 \| f ", r"a +\| +2 \| f +\| a, corr"],
    "Python 1": [r"20261102 a 1 new a\n", r"20261103 a 2 updated a, corrected\n", r"20261103 c 2 removed c\n"],
    "Python 2": [r"^a 1\nb 1\nc 1\na 2\nc 2\n$"],
    "Python 3": [r"^5 records, 0 bad\n$"],
}  # fmt: skip
NEEDS = {
    "SQLite": ["sqlite3"],
    "jq": ["jq"],
    "pandas": ["pandas", "pyarrow"],
    "DuckDB": ["duckdb", "pyarrow"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A project with a feed: one article updated, one removed, and a run in progress."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "scrapy.cfg", folder)

    def article(id_, day, *slugs, revision=1, **changes):
        return record(
            id_,
            revision,
            **{"title": id_} | changes,
            published_at=f"2026-11-{day:02}T08:30:00+08:00",
            sections=[{"slug": slug, "name": None} for slug in slugs],
            authors=[{"name": "孙川", "role": "reporter"}],
        )

    corrected = article(
        "a",
        3,
        "edu",
        "character",
        revision=2,
        title="a, corrected",
        changed_fields=["title"],
        body="城东机械厂工会",
    )
    articles = [article("a", 3, "edu"), article("b", 2, "edu"), article("c", 1, "edu")]
    publish(folder / "output", 2, *articles)
    publish(folder / "output", 3, corrected, article("c", 1, revision=2, change="removed"))
    publish(folder / "output", 4, article("d", 4), partial=True)
    return folder


# As sqlite3 news.db does.
_SQL = """
import sqlite3, sys
for row in sqlite3.connect("news.db").execute(sys.argv[1]):
    print(*row, sep="|")
"""


def run_block(folder: Path, name: str, **environment: str) -> str:
    language, code = BLOCKS[name]
    line = {
        "sh": ["bash", "-euo", "pipefail", "-c", code],
        "python": [sys.executable, "-c", code],
        "sql": [sys.executable, "-c", _SQL, code],
    }[language]
    # The page's commands name November 2026: they run when it is over.
    later = datetime(2026, 12, 1, tzinfo=UTC) - clock.now()
    offset = float(os.environ["CLOCK_OFFSET"]) + later.total_seconds()
    path = f"{Path(sys.executable).parent}:{environment.pop('PATH', os.environ['PATH'])}"
    done = subprocess.run(
        line,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, "COLUMNS": "200"}
        | {"CLOCK_OFFSET": str(offset), **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def merged(folder) -> Path:
    """The folder with the files that the page's first block makes."""
    need("pyarrow")
    run_block(folder, "One file of all runs 1")
    return folder


@pytest.fixture(scope="module")
def database():
    with postgresql() as environment:
        yield environment


def test_every_block_is_here():
    assert list(BLOCKS) == list(PRINTS)
    assert {language for language, _ in BLOCKS.values()} == {"sh", "python", "sql"}


def test_merge_writes_its_files(merged):
    for name in (
        "feed.jsonl",
        "feed.jsonl.gz",
        "feed.csv",
        "feed.parquet",
        "news.db",
        "news.metadata.json",
        "feed.xml",
        "feed.json",
        "all.jsonl",
    ):
        assert (merged / name).stat().st_size > 0
    assert len((merged / "feed.jsonl").read_bytes().splitlines()) == 2
    assert len((merged / "all.jsonl").read_bytes().splitlines()) == 3


def prints(out: str, patterns: list[str]) -> None:
    for pattern in patterns:
        found = re.search(pattern, out)
        assert found, (pattern, out)
        out = out[found.end() :]


@pytest.mark.parametrize(
    "name", [name for name in PRINTS if name.split()[0] not in ("One", "PostgreSQL", "Python")]
)
def test_on_the_merged_file(merged, name):
    for tool in NEEDS[name.split()[0]]:
        need(tool)
    prints(run_block(merged, name), PRINTS[name])


@pytest.mark.parametrize("name", [name for name in PRINTS if name.startswith("Python")])
def test_in_python(folder, name):
    prints(run_block(folder, name), PRINTS[name])


def test_copy_to_postgresql(folder, database):
    prints(run_block(folder, "PostgreSQL 1", **database), PRINTS["PostgreSQL 1"])
    prints(run_block(folder, "PostgreSQL 2", **database), PRINTS["PostgreSQL 2"])
    again = run_block(folder, "PostgreSQL 2", **database)
    prints(again, ["COPY 3\n", "INSERT 0 0\n"])
