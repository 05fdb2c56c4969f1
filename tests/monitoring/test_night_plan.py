"""Which days a night takes, and what it throws away."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from crawler import clock
from crawler.monitoring.night_plan import arguments, prune
from crawler.runs.run import stamp
from crawler.state import Watermark

NOW = datetime(2026, 11, 22, 19, tzinfo=UTC)  # 03:00 of the 23rd in China


def night(started, sections="all,paper", **given):
    return {"started_at": started, "arguments": {"sections": sections, **given}}


@pytest.mark.parametrize(
    ("history", "since"),
    [
        ([], "2026-11-16"),  # the first night
        ([night("2026-11-21T19:00:00Z")], "2026-11-21"),  # the night before, and a day of overlap
        ([night("2026-11-18T19:00:00Z")], "2026-11-18"),  # three nights missed
        ([night("2026-10-01T19:00:00Z")], "2026-11-09"),  # more than is caught up
        # not the same work
        ([night("2026-11-21T19:00:00Z", "edu")], "2026-11-16"),
        ([{"started_at": "2026-11-21T19:00:00Z", "arguments": {}}], "2026-11-16"),
        ([night("2026-11-21T19:00:00Z", pages="1")], "2026-11-16"),
        ([night("2026-11-21T19:00:00Z", until="2026-11-01")], "2026-11-16"),
        ([night("2026-11-21T19:00:00Z", "edu"), night("2026-11-20T19:00:00Z")], "2026-11-20"),
        # a clock was wrong
        ([night("2031-01-01T00:00:00Z"), night("2026-11-20T19:00:00Z")], "2026-11-20"),
    ],
)
def test_the_window_begins_at_the_last_complete_night(history, since):
    expected = {"sections": "all,paper", "since": since}
    assert arguments({}, history, {}, now=NOW, most=14) == expected


@pytest.mark.parametrize(
    ("marks", "since"),
    [
        ({"edu": "20261121", "rights": "20261121"}, "2026-11-21"),
        ({"edu": "20261117", "rights": "20261121"}, "2026-11-17"),  # edu was down for four nights
        ({"edu": "20261001", "rights": "20261121"}, "2026-11-09"),  # no more than is caught up
        ({"rights": "20261121"}, "2026-11-15"),  # edu was never had
        ({"edu": "20261121", "rights": "20261121", "paper/2026-11-18": "20261121"}, "2026-11-18"),
        (  # of the paper the 16th could not be read
            {
                "edu": "20261121",
                "rights": "20261121",
                **{f"paper/2026-11-{day}": "20261121" for day in (14, 15, 17, 18, 19, 20, 21)},
            },
            "2026-11-15",
        ),
        (  # … and the whole paper not for a month
            {"edu": "20261121", "rights": "20261121", "paper/2026-10-18": "20261018"},
            "2026-11-09",
        ),
        ({"edu": "20310101", "rights": "20261121"}, "2026-11-21"),  # a clock was wrong
    ],
)
def test_a_section_that_was_not_finished_moves_the_window_back(marks, since):
    last = night("2026-11-21T19:00:00Z") | {"sections": {"edu": {}, "rights": {}, "paper": {}}}
    marks = {
        slug: Watermark(slug, f"{day}T190000Z-workercn-aaaa", slug.removeprefix("paper/"), 1)
        for slug, day in marks.items()
    }
    assert arguments({}, [last], marks, now=NOW, most=14)["since"] == since


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"since": "2026-01-01"}, {"sections": "all,paper", "since": "2026-01-01"}),
        ({"sections": "edu"}, {"sections": "edu", "since": "2026-11-16"}),
        ({"pages": "2"}, {"sections": "all,paper", "pages": "2"}),
        ({"limit": "5"}, {"sections": "all,paper", "limit": "5"}),
        ({"query": "工会"}, {"query": "工会"}),
        ({"urls": "urls.txt"}, {"urls": "urls.txt"}),
        ({"full": "1"}, {"sections": "all,paper", "since": "2026-11-16", "full": "1"}),
    ],
)
def test_what_is_given_stands(given, expected):
    assert arguments(given, [], {}, now=NOW, most=14) == expected


def test_pruning_takes_archives_trials_and_logs_and_never_a_run(tmp_path):
    now = clock.now()
    old, new = (f"{stamp(now - timedelta(days=days))}-workercn-aaaa" for days in (91, 89))
    for name in (old, new):
        for folder in ("runs", "trials"):
            (tmp_path / folder / name).mkdir(parents=True)
            (tmp_path / folder / name / "articles.jsonl").write_text("{}\n")
        (tmp_path / "archive").mkdir(exist_ok=True)
        (tmp_path / "archive" / f"{name}.warc.gz").write_bytes(b"")
    (tmp_path / "trials" / f"{old}.partial").mkdir()
    for name in ("crawl.log", "crawl.log.1"):
        (tmp_path / name).write_text("")
    os.utime(tmp_path / "crawl.log.1", (0, 0))
    pruned = prune(tmp_path, 90, now=now, server_time=now)
    assert sorted(str(path.relative_to(tmp_path)) for path in pruned) == [
        f"archive/{old}.warc.gz", "crawl.log.1", f"trials/{old}", f"trials/{old}.partial",
    ]  # fmt: skip
    assert not any(path.exists() for path in pruned)
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [old, new]
    assert prune(tmp_path, 90, now=now, server_time=now) == []


@pytest.mark.parametrize(
    ("now", "server_time", "doubt"),
    [
        (NOW, NOW + timedelta(hours=25), "on the site's"),
        (NOW, NOW - timedelta(hours=25), "on the site's"),
        (NOW, None, "told no time"),
        (NOW + timedelta(days=3650), NOW, "on the site's"),
        (NOW + timedelta(days=3650), None, "told no time"),
        # the site's clock is wrong as well: a run that there is has a later time
        (NOW - timedelta(days=100), NOW - timedelta(days=100), "of a later time"),
    ],
)
def test_a_doubtful_clock_prunes_nothing(tmp_path, caplog, now, server_time, doubt):
    for name in ("20200101T000000Z-workercn-aaaa", "20261121T000000Z-workercn-bbbb"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "archive").mkdir(exist_ok=True)
        (tmp_path / "archive" / f"{name}.warc.gz").write_bytes(b"")
    assert prune(tmp_path, 1, now=now, server_time=server_time) == []
    assert len(list((tmp_path / "archive").iterdir())) == 2
    assert doubt in caplog.text


def test_a_clock_that_is_right_prunes(tmp_path):
    path = tmp_path / "archive" / "20200101T000000Z-workercn-aaaa.warc.gz"
    path.parent.mkdir()
    path.write_bytes(b"")
    assert prune(tmp_path, 1, now=NOW, server_time=NOW - timedelta(hours=23)) == [path]
