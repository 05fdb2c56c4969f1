"""docs/howto.md does what it says: its patches are applied to a copy of the project, its commands run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.harness import ROOT

PAGE = (ROOT / "docs/howto.md").read_text("utf-8")
SECTIONS = re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
COPIED = ("crawler", "docs", "tests", "scrapy.cfg", "pyproject.toml", "README.md", "Makefile",
          "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "benchmarks", "deploy")  # fmt: skip


def blocks(section: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.DOTALL | re.MULTILINE)


def apply(patch: str, folder: Path) -> None:
    """Apply a patch without line numbers: each hunk's old lines occur once in its file."""
    for name, hunks in re.findall(r"^\+\+\+ b/(\S+)\n(.*?)(?=^--- |\Z)", patch, re.DOTALL | re.M):
        path = folder / name
        text = path.read_text("utf-8") if path.exists() else ""
        for hunk in re.split(r"^@@\n", hunks, flags=re.MULTILINE)[1:]:
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] in " -")
            new = "".join(line[1:] for line in lines if line[0] in " +")
            assert not old or text.count(old) == 1, f"{name} has not once:\n{old}"
            text = text.replace(old, new) if old else new
        path.write_text(text, "utf-8")


@pytest.fixture
def project(tmp_path) -> Path:
    unwanted = shutil.ignore_patterns("__pycache__", "end_to_end")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=unwanted)
        else:
            shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_there_are_the_five_examples():
    assert len(SECTIONS) == 5


@pytest.mark.parametrize(("title", "section"), SECTIONS, ids=[title for title, _ in SECTIONS])
def test_example(title, section, project):
    for patch in blocks(section, "diff"):
        apply(patch, project)
    (commands,), (expected,) = blocks(section, "sh"), blocks(section, "text")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=project,
        env=os.environ | {"PATH": path, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for line in expected.splitlines():
        assert line in done.stdout, (title, done.stdout)
    changed = re.findall(r"^\+\+\+ b/(\S+\.py)$", section, re.MULTILINE)
    for check in (["check"], ["format", "--check"]) if changed else ():
        line = [sys.executable, "-m", "ruff", *check, *changed]
        assert subprocess.run(line, cwd=project, check=False).returncode == 0, title
