"""`pip install .`: the command `workercn` and the packages, from any folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from crawler import __version__
from tests.support.harness import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def requirement(line: str) -> str:
    return line.partition("#")[0].strip()


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The project as pip installs it, without what it depends on, which is here already."""
    pytest.importorskip("setuptools", reason="pip install setuptools")
    folder = tmp_path_factory.mktemp("installed")
    copied = folder / "source"  # building leaves files behind
    ignored = shutil.ignore_patterns(".*", "output", "tests", "__pycache__", "build")
    shutil.copytree(ROOT, copied, ignore=ignored)
    options = "--quiet --no-deps --no-index --no-build-isolation --disable-pip-version-check"
    line = [sys.executable, "-m", "pip", "install", *options.split()]
    subprocess.run([*line, "--target", folder / "site", copied], check=True, capture_output=True)
    return folder / "site"


def run(installed, line, cwd):
    environment = os.environ | {"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        line, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["list"], "workercn\n"),
        (["feed", "schema"], (ROOT / "crawler/schema/article-1.schema.json").read_text("utf-8")),
    ],
)
def test_the_command_works_in_any_folder(installed, tmp_path, words, expected):
    done = run(installed, [sys.executable, installed / "bin/workercn", *words], tmp_path)
    assert (done.returncode, done.stdout) == (0, expected), done.stderr


def test_a_page_is_read_in_any_folder(installed, tmp_path):
    page = next((ROOT / "tests/pages/modern").glob("*.html"))
    url = "https://www.workercn.cn/c/2024-02-29/8163816.shtml"
    line = [sys.executable, installed / "bin/workercn", "extract", page, "--url", url]
    done = run(installed, line, tmp_path)
    assert '"generation": "modern"' in done.stdout, done.stderr


def test_a_consumer_imports_it(installed, tmp_path):
    code = "import crawler; from crawler.feeds import follow; print(crawler.__file__)"
    done = run(installed, [sys.executable, "-c", code], tmp_path)
    assert done.stdout.startswith(str(installed)), done.stderr


def test_what_the_crawler_reads_is_installed_too(installed):
    ours = subprocess.run(
        ["git", "ls-files", "crawler"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert [name for name in ours if not (installed / name).exists()] == []


def test_the_version_stands_in_one_place(installed):
    assert list(installed.glob(f"workercn_crawler-{__version__}.dist-info"))


def test_requirements_are_the_dependencies_and_extras():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    required = {requirement(line) for line in lines} - {""}
    extras = PROJECT["optional-dependencies"]
    assert set(PROJECT["dependencies"]) <= required
    assert required - set(PROJECT["dependencies"]) <= {
        one for name in ("splash", "postgresql", "alerts", "metrics") for one in extras[name]
    } | {
        line
        for line in required
        if re.match(r"(pytest|hypothesis|jsonschema-rs|fastwarc|aiosmtpd|ruff|mypy)\b", line)
    }
