"""The text file that node_exporter reads."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.monitoring import metrics
from tests.support.harness import ROOT

GOOD = {
    "run_id": "20261101T190000Z-workercn-8a3f",
    "started_at": "2026-11-01T19:00:00Z",
    "finished_at": "2026-11-01T19:10:00Z",
    "complete": True,
    "health": "ok",
    "exit_code": 0,
    "newest_published_at": "2026-11-02T02:41:16+08:00",
    "counts": {
        "listed": 210, "new": 203, "updated": 4, "removed": 1, "unchanged": 2, "rejected": 3,
        "failed": 2, "requests": 260, "not_modified": 9, "bytes": 1_595_873,
    },
    "sections": {
        "edu": {"listed": 39, "pages": 2, "new": 38, "newest_published_at": "2026-11-02T02:41:16+08:00"},
        "legacy:news/32841": {"listed": 0, "pages": 1, "new": 0, "newest_published_at": None},
    },
    "fields": {"title": 1.0, "authors": 0.4167},
    "checks": [
        {"name": "hosts", "ok": True, "detail": "1 of 1"},
        {"name": "sections", "ok": False, "detail": "4 of 5"},
    ],
}  # fmt: skip
NOTHING_PUBLISHED = {
    "run_id": "20261103T190000Z-workercn-0b1c",
    "health": "failed",
    "exit_code": 4,
    "finished_at": "2026-11-03T19:00:07Z",
}


def families(path):
    return {family.name: family for family in text_string_to_metric_families(path.read_text())}


def values(path):
    """name or name{label} -> value"""
    return {
        sample.name.removeprefix("workercn_run_")
        + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in families(path).values()
        for sample in family.samples
    }


@pytest.fixture
def path(tmp_path):
    return tmp_path / "workercn.prom"


def test_what_the_manifest_tells(path):
    metrics.write(path, GOOD)
    assert values(path) == {
        "start_timestamp_seconds": 1793559600,
        "end_timestamp_seconds": 1793560200,
        "duration_seconds": 600,
        "last_complete_timestamp_seconds": 1793560200,
        "last_success_timestamp_seconds": 1793560200,
        "newest_article_timestamp_seconds": 1793558476,
        "exit_code": 0,
        "health{ok}": 1, "health{degraded}": 0, "health{failed}": 0,
        "articles{new}": 203, "articles{updated}": 4, "articles{removed}": 1, "articles{unchanged}": 2,
        "listed_articles": 210,
        "rejected_pages": 3,
        "failed_pages": 2,
        "requests": 260,
        "not_modified_responses": 9,
        "received_bytes": 1595873,
        "section_listed_articles{edu}": 39, "section_listed_articles{legacy:news/32841}": 0,
        "section_listing_pages{edu}": 2, "section_listing_pages{legacy:news/32841}": 1,
        "section_new_articles{edu}": 38, "section_new_articles{legacy:news/32841}": 0,
        "section_newest_article_timestamp_seconds{edu}": 1793558476,
        "field_coverage_ratio{title}": 1, "field_coverage_ratio{authors}": 0.4167,
        "check_ok{hosts}": 1, "check_ok{sections}": 0,
    }  # fmt: skip


def test_names_follow_the_conventions(path):
    metrics.write(path, GOOD)
    for family in families(path).values():
        assert re.fullmatch(r"workercn_run_[a-z_]+", family.name)
        assert family.type == "gauge"  # a run's numbers do not add up, so none is a counter
        assert not family.name.endswith(("_total", "_count", "_sum", "_bucket", "_minutes", "_ms"))
        assert family.documentation.endswith(".")
        times = {sample.value for sample in family.samples if sample.value > 1e9}
        assert not times or family.name.endswith("_timestamp_seconds")


def test_each_is_documented(path):
    page = (ROOT / "docs/metrics.md").read_text("utf-8")
    metrics.write(path, GOOD)
    for name in families(path):
        assert f"`{name.removeprefix('workercn_run_')}`" in page


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not here (prometheus)")
def test_promtool_finds_nothing(path):
    metrics.write(path, GOOD)
    done = subprocess.run(
        ["promtool", "check", "metrics"],
        input=path.read_bytes(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("slug", "label"),
    [
        ('a"} 1\nworkercn_run_exit_code 0\n#', '"} 1\\nworkercn_run_exit_code 0\\n#'),
        ("back\\slash", "back\\slash"),
        ("\r\x1b[2J\u2028", "\\r\\x1b[2J\\u2028"),
        ("torn \ud83d", "torn \\ud83d"),
        ("人物", "人物"),
    ],
)
def test_a_hostile_label_stays_a_label(path, slug, label):
    metrics.write(path, NOTHING_PUBLISHED | {"sections": {slug: {"listed": 1}}})
    assert values(path)["exit_code"] == 4
    (name,) = [name for name in values(path) if name.startswith("section_listed")]
    assert name.endswith(label + "}")


def test_a_bad_run_keeps_the_times_of_the_good_ones(path):
    metrics.write(path, GOOD)
    degraded = GOOD | {"health": "degraded", "finished_at": "2026-11-02T19:10:00Z"}
    metrics.write(path, degraded)
    metrics.write(path, NOTHING_PUBLISHED)
    now = values(path)
    assert now["last_success_timestamp_seconds"] == 1793560200
    assert now["last_complete_timestamp_seconds"] == 1793560200 + 86400
    assert now["end_timestamp_seconds"] > now["last_complete_timestamp_seconds"]
    assert "articles{new}" not in now


@pytest.mark.parametrize(
    "before", [b"", b"\xff\xfe", b"no metrics {", b"workercn_run_exit_code 0\n", b"x{y=} 1\n"]
)
def test_a_broken_file_is_replaced(path, before):
    path.write_bytes(before)
    metrics.write(path, NOTHING_PUBLISHED)
    assert values(path)["exit_code"] == 4
    assert "last_success_timestamp_seconds" not in values(path)


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"started_at": "yesterday", "finished_at": None, "newest_published_at": "2026-11-02T02:41"},
        {"counts": {"new": None}, "sections": {"edu": {}}, "fields": {}, "checks": []},
    ],
)
def test_an_older_manifest_is_told_as_far_as_it_goes(path, manifest):
    metrics.write(path, manifest)
    assert set(values(path)) == {"health{ok}", "health{degraded}", "health{failed}"}


def test_where_it_cannot_be_written_the_file_stays(path):
    metrics.write(path, GOOD)
    before = path.read_bytes()
    with pytest.raises(OSError, match=r"workercn\.prom"):
        metrics.write(path / "workercn.prom", GOOD)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
