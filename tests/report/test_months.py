"""Months of index.html that are over: they stand as they were written, and are read by no run."""

from __future__ import annotations

import json

from crawler import report
from tests.report.reports import FAILED, make

_NIGHTS = 150  # five months


def test_a_month_that_is_over_is_not_read_again(tmp_path):
    runs = [make(tmp_path, night, **(FAILED if night == 3 else {})) for night in range(_NIGHTS)]
    report.write_index(tmp_path)
    written = (tmp_path / "index.html").read_text("utf-8")
    manifest = runs[0] / "manifest.json"
    told = json.loads(manifest.read_text("utf-8"))
    manifest.write_text("torn")
    report.write_index(tmp_path)
    assert (tmp_path / "index.html").read_text("utf-8") == written
    report.write_index(tmp_path, anew=True)
    assert (tmp_path / "index.html").read_text("utf-8") != written
    manifest.write_text(json.dumps(told))
    report.write_index(tmp_path, anew=True)
    assert (tmp_path / "index.html").read_text("utf-8") == written


def test_an_index_that_goes_on_is_as_one_made_anew(tmp_path):
    for night in range(_NIGHTS):
        make(tmp_path, night)
        if night % 10 == 0:
            report.write_index(tmp_path)
    report.write_index(tmp_path)
    went_on = (tmp_path / "index.html").read_text("utf-8")
    report.write_index(tmp_path, anew=True)
    assert (tmp_path / "index.html").read_text("utf-8") == went_on


def test_a_run_that_is_gone_or_another_language_writes_its_month_anew(tmp_path):
    runs = [make(tmp_path, night) for night in range(_NIGHTS)]
    report.write_index(tmp_path)
    (runs[0] / "manifest.json").unlink()
    (runs[0] / "report.html").unlink(missing_ok=True)
    for path in runs[0].iterdir():
        path.unlink()
    runs[0].rmdir()
    report.write_index(tmp_path)
    assert runs[0].name not in (tmp_path / "index.html").read_text("utf-8")
    (runs[1] / "manifest.json").write_text("torn")
    report.write_index(tmp_path, language="zh")
    assert "无法读取" in (tmp_path / "index.html").read_text("utf-8")
