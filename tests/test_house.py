"""The rules of the house: imports go down, files stay rooms, heavy libraries wait."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.harness import ROOT

CRAWLER = ROOT / "crawler"

# A room may import what stands on a lower floor, and its neighbours on the two upper ones.
FLOORS = {
    "text": 0, "items": 0, "run_context": 0, "exit_codes": 0, "state": 0, "archive": 0,
    "site": 1, "pipelines": 1, "feeds": 1,
    "sharing": 2, "fetching": 2, "spiders": 2, "report": 2, "watching": 2,
    "commands": 3, "schema": 3,
}  # fmt: skip
APART = "samplesite"
OPEN = {"spiders", "fetching", "sharing", "report", "watching", "commands", "schema"}


def files():
    return sorted(path for path in CRAWLER.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(CRAWLER).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Rooms of ours that a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("crawler.")} - {"__version__"}


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(CRAWLER)))
def test_no_import_goes_up(path):
    here = room(path)
    # Those that import nothing of the project may be imported from anywhere.
    for other in imported(path) - {here, "clock", "exit_codes", "run_context"}:
        if here == APART:
            pytest.fail(f"{here} stands apart and imports {other}")
        if here in FLOORS:
            assert other in FLOORS or (here == "commands" and other == APART), (here, other)
            above = FLOORS.get(other, 0) > FLOORS[here]
            beside = FLOORS.get(other) == FLOORS[here] and here not in OPEN
            assert not above, f"{here} imports {other}, which stands above it"
            assert not beside or other == "items", f"{here} imports {other} beside it"


def test_text_knows_nothing_of_the_project():
    for path in CRAWLER.glob("text/*.py"):
        assert imported(path) <= {"text"}, path
        assert "scrapy" not in path.read_text("utf-8"), path


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(CRAWLER)))
def test_a_file_is_one_room(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_only_settings_reads_the_environment():
    readers = [path for path in files() if "os.environ" in path.read_text("utf-8")]
    assert [path.name for path in readers] == [
        "clock.py",
        "console.py",
        "settings.py",
        "showcase.py",
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
