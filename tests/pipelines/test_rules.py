"""The version of the rules covers all that decides what a page becomes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.pipelines import rules
from tests.support.harness import ROOT

# Loaded where pages are read, and no part of what they are read as: what a run is, what is known
# of earlier ones, how answers come, when.
OTHERS = (
    "__init__", "clock", "journal_notes", "run_context", "exit_codes", "settings", "settings_model",
    "state/", "archive/", "downloader/", "spiders/renders", "spiders/same_pages", "spiders/__init__",
)  # fmt: skip
READ_A_PAGE = """
import sys
from scrapy.utils.project import get_project_settings
from crawler.pipelines.stage import chain
from crawler.site import page_table
from crawler.spiders import responses
chain(get_project_settings())
for name in ("modern", "legacy", "json2021", "paper"):
    (page,) = sorted(__import__("pathlib").Path("tests/pages", name).glob("*.html"))[:1]
    page_table.parse(page.read_bytes(), "https://www.workercn.cn/c/2026-10-02/8163816.shtml")
for name in ("modern", "legacy", "json2021", "paper", "generic"):
    page_table.parser(name)
print(*(module.__file__ for name, module in sys.modules.items() if name.startswith("crawler.")))
"""


def version_of(home: Path) -> str:
    line = [sys.executable, "-c", "from crawler.pipelines import rules; print(rules.version())"]
    return subprocess.run(line, cwd=home, capture_output=True, text=True, check=True).stdout.strip()


def test_all_that_reads_a_page_is_covered():
    loaded = subprocess.run(
        [sys.executable, "-c", READ_A_PAGE], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    home = ROOT / "crawler"
    covered = {path for pattern in rules._SOURCE for path in home.glob(pattern)}
    missed = {str(Path(name).relative_to(home)) for name in loaded if Path(name) not in covered}
    assert {name for name in missed if not name.startswith(OTHERS)} == set()
    assert covered >= {home / "site/pages/modern.py", home / "text/dates.py"}


@pytest.fixture
def copy(tmp_path):
    """The package as another installation has it."""
    leave = shutil.ignore_patterns("__pycache__", "samplesite")
    shutil.copytree(ROOT / "crawler", tmp_path / "crawler", ignore=leave)
    return tmp_path


def test_it_is_the_same_wherever_the_same_is_installed(copy):
    assert version_of(copy) == version_of(ROOT)


@pytest.mark.parametrize("name", ["text/dates.py", "site/block_pages.toml", "spiders/responses.py"])
def test_another_rule_is_another_version(copy, name):
    path = copy / "crawler" / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert version_of(copy) != version_of(ROOT)


def test_a_change_of_what_reads_no_page_is_none(copy):
    path = copy / "crawler/feeds/merging.py"
    path.write_bytes(path.read_bytes() + b"\n")
    assert version_of(copy) == version_of(ROOT)
