"""The rules of the code base; those of imports are contracts in pyproject.toml (`make lint`)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.harness import ROOT

CRAWLER = ROOT / "crawler"


def files():
    return sorted(path for path in CRAWLER.rglob("*.py"))


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(CRAWLER)))
def test_files_are_short(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_only_settings_reads_the_environment():
    readers = [path for path in files() if "os.environ" in path.read_text("utf-8")]
    assert [path.name for path in readers] == [
        "process.py",
        "clock.py",
        "console.py",
        "demo.py",
        "settings.py",
    ]


def test_listing_the_spiders_imports_no_parser():
    code = (
        "import sys; from scrapy.cmdline import execute\n"
        "try: execute(['scrapy', 'list'])\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "workercn" in loaded
    heavy = {"selectolax", "nh3", "dateparser", "tqdm", "sqlite3", "crawler.items"}
    assert loaded & heavy == set()


def test_nothing_is_left_of_the_place_it_was_made_in():
    """No path of a machine, no package host: what is committed works anywhere."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    for name in tracked:
        data = (ROOT / name).read_bytes()
        for place in {ROOT, Path.home()} - {Path("/")}:
            assert f"{place}/".encode() not in data, (name, place)
