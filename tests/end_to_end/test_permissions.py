"""What the commands write is for their user and its group, and for nobody else."""

from __future__ import annotations

import os
import stat

import pytest

from crawler import clock
from crawler.commands import permissions
from crawler.samplesite import Site, serve
from tests.support.harness import command, crawl, run


def modes(folder) -> dict[str, int]:
    """Path below the folder -> its rights, of all that is in it."""
    found = [folder, *sorted(folder.rglob("*"))]
    return {str(one.relative_to(folder)): stat.S_IMODE(one.stat().st_mode) for one in found}


@pytest.mark.parametrize(
    ("started_with", "setting", "folder", "file"),
    [
        (0o022, {}, 0o750, 0o640),
        (0o077, {}, 0o700, 0o600),  # never widened
        (0o077, {"OUTPUT_UMASK": "000"}, 0o700, 0o600),
        (0o022, {"OUTPUT_UMASK": "022"}, 0o755, 0o644),
    ],
)
def test_folders_and_files(tmp_path, started_with, setting, folder, file):
    output = tmp_path / "deep" / "output"
    before = os.umask(started_with)
    try:
        with serve(Site(seed=3, articles=5, now=clock.now())) as server:
            metrics = tmp_path / "workercn.prom"
            crawl(output, server.url, "sections=edu", METRICS_FILE=metrics, **setting)
            crawl(output, server.url, "limit=1", "sections=edu", **setting)
            assert run(command("report", OUTPUT_DIR=output, **setting)).returncode == 0
            line = command("feed", "rebuild-state", OUTPUT_DIR=output, **setting)
            assert run(line).returncode == 0
    finally:
        os.umask(before)
    found = modes(output)
    for name in (".lock", "state.db", "latest.json", "index.html", "archive", "runs", "trials"):
        assert name in found
    for name, mode in found.items():
        assert mode == (folder if (output / name).is_dir() else file), (name, oct(mode))
    # Another program reads this one.
    assert stat.S_IMODE(metrics.stat().st_mode) == 0o666 & ~started_with


@pytest.mark.parametrize("text", ["", "8", "0777", "100", "-27", "rw"])
def test_what_is_no_umask_is_refused(tmp_path, text):
    assert permissions.read(text) is None
    if text:
        done = run(command("crawl", "workercn", OUTPUT_DIR=tmp_path / "o", OUTPUT_UMASK=text))
        assert done.returncode == 2
        assert done.stderr == f"scrapy: setting OUTPUT_UMASK={text}: allowed: 000 to 077\n"
        assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(("text", "bits"), [("027", 0o27), ("77", 0o77), ("0", 0), ("0o27", 0o27)])
def test_what_is_one(text, bits):
    assert permissions.read(text) == bits
