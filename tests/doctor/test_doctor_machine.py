"""What `scrapy doctor` says of the machine: the state, packages, folders, the renderer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.doctor import machine
from crawler.state import default_url, open_state
from tests.support.harness import ROOT


def test_a_state_that_is_not_there_yet_is_not_made(tmp_path):
    row = machine.state(Settings({"OUTPUT_DIR": str(tmp_path)}))
    assert (row.verdict, row.seen) == ("ok", f"none yet, the first run makes {tmp_path}/state.db")
    assert list(tmp_path.iterdir()) == []


def test_a_state_and_its_version(tmp_path):
    open_state(default_url(tmp_path)).close()
    row = machine.state(Settings({"OUTPUT_DIR": str(tmp_path)}))
    assert row.verdict == "ok"
    assert re.fullmatch(r"can be read, version m\d{3}_\w+", row.seen)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("sqlite:///{}/broken.db", "not a database"),
        ("postgresql://u:geheim@127.0.0.1:1/x", "refused"),
        ("mysql://u:geheim@127.0.0.1/x", "no database of ours"),
    ],
)
def test_a_state_that_cannot_be_had(tmp_path, url, found):
    (tmp_path / "broken.db").write_text("no database" * 1000)
    values = {"OUTPUT_DIR": str(tmp_path), "STATE_URL": url.format(tmp_path)}
    row = machine.state(Settings(values))
    assert row.verdict == "fails"
    assert found in row.problems[0].found
    assert "geheim" not in str(row)


@pytest.mark.parametrize(
    ("asked", "verdict", "found"),
    [
        ("scrapy>=2.19,<2.20  # the engine\n\n# to check\nprotego\n", "ok", None),
        ("scrapy>=99", "fails", "2."),
        ("no-such-package>=1", "fails", "not installed"),
        ('no-such-package>=1; python_version < "3"', "ok", None),
        ("-r other.txt\nlxml[html_clean]>=4\n", "ok", None),
    ],
)
def test_packages(tmp_path, asked, verdict, found):
    file = tmp_path / "requirements.txt"
    file.write_text(asked)
    row = machine.packages(file)
    assert row.verdict == verdict
    assert [one.found[: len(found or "")] for one in row.problems] == ([found] if found else [])


def test_no_requirements_at_hand(tmp_path):
    assert machine.packages(tmp_path / "requirements.txt").verdict == "skipped"
    assert machine.python(tmp_path / "pyproject.toml").verdict == "ok"


@pytest.mark.parametrize(("wanted", "verdict"), [(">=3.11", "ok"), (">=3.99", "fails")])
def test_python(tmp_path, wanted, verdict):
    file = tmp_path / "pyproject.toml"
    file.write_text(f'[project]\nrequires-python = "{wanted}"\n')
    assert machine.python(file).verdict == verdict


def test_the_projects_own_requirements_are_met():
    assert machine.packages(ROOT / "requirements.txt").problems == []
    assert machine.python(ROOT / "pyproject.toml").problems == []


def test_a_folder_that_can_be_written_to(tmp_path):
    assert machine.writable(tmp_path).seen == f"{tmp_path} can be written to"
    assert machine.writable(tmp_path / "a/b").seen.endswith("is not there yet and can be made")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/proc/nowhere", "/dev/null", "/dev/null/below"])
def test_a_folder_that_cannot_be_written_to(path):
    row = machine.writable(Path(path))
    assert row.verdict == "fails"
    assert row.problems[0].look_at == "the setting OUTPUT_DIR"


@pytest.mark.parametrize(("free", "verdict"), [(10**12, "ok"), (10**9, "doubt"), (10**8, "fails")])
def test_free_disk(tmp_path, monkeypatch, free, verdict):
    monkeypatch.setattr("shutil.disk_usage", lambda _: _Usage(free))
    assert machine.disk(tmp_path).verdict == verdict


class _Usage:
    def __init__(self, free):
        self.free = free


def test_no_renderer_is_no_row():
    assert machine.renderer(Settings({"RENDERER": "off"})) == []


def test_a_splash_is_asked_whether_it_is_there(splash_url):
    (row,) = machine.renderer(Settings({"RENDERER": "splash", "SPLASH_URL": splash_url}))
    assert (row.verdict, row.seen) == ("ok", f"splash: {splash_url}")


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"RENDERER": "splash", "SPLASH_URL": "http://127.0.0.1:9"}, "refused"),
        ({"RENDERER": "splash", "SPLASH_URL": "file:///etc/passwd"}, "allowed: http://host:port"),
        ({"RENDERER": "playwright", "PLAYWRIGHT_CHROMIUM": "/nowhere"}, "/nowhere"),
    ],
)
def test_a_renderer_that_is_not_there(settings, found):
    (row,) = machine.renderer(Settings(settings))
    assert row.verdict == "fails"
    assert found in row.problems[0].found
