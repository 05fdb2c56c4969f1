"""Checks of one run by itself: (name, what the crawl counted, is it good, what is said)."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from scrapy.settings import BaseSettings

from crawler.clock import CST
from crawler.downloader.hosts import STAT, HostUse
from crawler.monitoring import checks
from tests.monitoring.nights import NOW, THRESHOLDS, counted, judge, rejects
from tests.support.harness import ROOT


def pages(generation: str, read: int, missed: int) -> dict[str, int]:
    prefix = f"workercn/generation/{generation}"
    return {f"{prefix}/read": read, f"{prefix}/missed": missed}


@pytest.mark.parametrize(
    ("name", "stats", "ok", "detail"),
    [
        ("hosts", {STAT: {"a": HostUse(2, 1)}}, True, "1 of 1 hosts could be used"),
        ("hosts", {STAT: {"a": HostUse(2, 1), "b": HostUse(1)}}, False, "1 of 2 hosts could be used; b gave no response"),
        ("hosts", {}, True, "0 of 0 hosts could be used"),
        ("sections", counted({"edu": (27, 1), "character": (1, 1)}), True, "2 of 2 sections listed articles"),
        ("sections", counted({"edu": (27, 1), "character": (0, 0)}), False, "1 of 2 sections listed articles; none in: 人物 (character)"),
        ("sections", counted({"paper": (0, 0), "legacy:news/32841": (0, 1)}), True, "0 of 0 sections listed articles"),
        ("listings", counted({"edu": (54, 2)}), True, "2 of 2 listing pages could be read"),
        ("listings", counted({"edu": (54, 2)}, more={"workercn/listing/failed": 1}), False, "2 of 3 listing pages could be read"),
        # two rejects degrade no run, however small; above, their share decides
        ("rejects", counted(more=rejects(2)), True, "2 of 2 articles rejected (limit 5 %, at least 2)"),
        ("rejects", counted(new=56, unchanged=1, more=rejects(3)), True, "3 of 60 articles rejected (limit 5 %, at least 2)"),
        ("rejects", counted(new=55, unchanged=1, more=rejects(3)), False, "3 of 59 articles rejected (limit 5 %, at least 2)"),
        ("rejects", counted(new=5, more=rejects(9, "listing", "not_an_article")), True, "0 of 5 articles rejected (limit 5 %, at least 2)"),
        ("failures", counted(more=rejects(2, "fetch", "http_404")), True, "2 of 2 articles could not be fetched (limit 2 %, at least 2); http_404 × 2"),
        ("failures", counted(new=147, more=rejects(3, "fetch", "timeout")), True, "3 of 150 articles could not be fetched (limit 2 %, at least 2); timeout × 3"),
        ("failures", counted(new=146, more=rejects(3, "fetch", "timeout")), False, "3 of 149 articles could not be fetched (limit 2 %, at least 2); timeout × 3"),
        ("failures", counted(new=10, more=rejects(5)), True, "0 of 15 articles could not be fetched (limit 2 %, at least 2)"),
        ("fallbacks", counted(new=400), True, "no page of a known template was read"),
        ("fallbacks", pages("paper", 10, 2), True, "pages that do not match their template (limit 10 %, at least 2); paper 2 of 10"),
        ("fallbacks", pages("paper", 30, 3), True, "pages that do not match their template (limit 10 %, at least 2); paper 3 of 30"),
        ("fallbacks", pages("paper", 29, 3) | pages("legacy", 900, 9), False, "pages that do not match their template (limit 10 %, at least 2); paper 3 of 29"),
        # floors, while there is no history
        ("coverage", counted(new=19, fields={}), True, "not judged: 19 records, 20 are needed"),
        ("coverage", counted(new=10, updated=10, fields={"body": 0.95, "source": 0.8, "editors": 0.5, "authors": 0.3}), True,
         "of 20 records, compared with 0 earlier runs; body 95 % (at least 95 %); source 80 % (at least 80 %); editors 50 % (at least 50 %); authors 30 % (at least 30 %)"),
        ("coverage", counted(new=100, fields={"body": 0.94, "source": 0.79, "editors": 0.49, "authors": 0.29}), False,
         "of 100 records, compared with 0 earlier runs; body 94 % (at least 95 %); source 79 % (at least 80 %); editors 49 % (at least 50 %); authors 29 % (at least 30 %)"),
        # the paper names no editors: 60 of 100 records say nothing about the site's pages
        ("coverage", counted({"edu": (27, 1), "paper": (60, 8, None, 60)}, new=100, fields={"body": 1, "source": 1, "editors": 0.2, "authors": 1}), True,
         "of 100 records, compared with 0 earlier runs; body 100 % (at least 95 %); source 100 % (at least 80 %); editors 50 % (at least 50 %); authors 100 % (at least 30 %)"),
        # what old pages and single addresses have, nobody knows beforehand
        ("coverage", counted({"edu": (27, 1), "legacy:news": (27, 1)}, new=100, fields={}), True, "not judged: 0 comparable earlier runs, 5 are needed"),
        ("coverage", counted({"paper": (60, 8)}, new=60, fields={}), True, "not judged: 0 comparable earlier runs, 5 are needed"),
        ("coverage", counted({}, new=100, fields={}), True, "not judged: 0 comparable earlier runs, 5 are needed"),
    ],
)  # fmt: skip
def test_a_run_by_itself(name, stats, ok, detail):
    found = judge(name, stats)
    assert (found["name"], found["ok"], found["detail"]) == (name, ok, detail)
    assert (found["code"] in ("ok", "not_judged")) == ok


def newest(age: timedelta) -> dict[str, tuple]:
    at = (NOW - age).astimezone(CST)
    return {"edu": (27, 1, at.isoformat()), "character": (3, 1, "2026-01-01T00:00:00+08:00")}


@pytest.mark.parametrize(
    ("sections", "ok", "detail"),
    [
        (newest(timedelta(hours=48)), True, "the newest article is of 2026-10-01 04:00, 48 hours before the end of the run (limit 48)"),
        (newest(timedelta(hours=48, minutes=6)), False, "the newest article is of 2026-10-01 03:54, 48.1 hours before the end of the run (limit 48)"),
        (newest(timedelta(hours=-24)), True, "the newest article is of 2026-10-04 04:00, -24 hours before the end of the run (limit 48)"),
        (newest(timedelta(hours=-25)), False, "the newest article is dated 2026-10-04 05:00, which is in the future, or this machine's clock is wrong"),
        ({"edu": (0, 1), "character": (0, 1)}, False, "no listed article has a time (limit 48 hours)"),
        ({"paper": (60, 8, "2026-10-03T00:00:00+08:00"), "edu": (27, 1, "2026-09-01T00:00:00+08:00")}, False, "the newest article is of 2026-09-01 00:00, 772 hours before the end of the run (limit 48)"),
        ({"paper": (60, 8), "legacy:news": (27, 1)}, True, "not judged: no modern section was walked"),
    ],
)  # fmt: skip
def test_freshness(sections, ok, detail):
    found = judge("freshness", counted(sections))
    assert (found["ok"], found["detail"]) == (ok, detail)


@pytest.mark.parametrize(
    ("days", "ok", "detail"),
    [
        ({"2026-10-01": (100, 90), "2026-10-02": (30, 45)}, True, "articles known of those that the site's search has (at most 10 % may be missing, at least 2); 2026-10-01 90 of 100, 2026-10-02 45 of 30"),
        ({"2026-10-01": (100, 89), "2026-10-02": (30, 27)}, False, "articles known of those that the site's search has (at most 10 % may be missing, at least 2); 2026-10-01 89 of 100"),
        ({"2026-10-01": (2, 0), "2026-10-02": (0, 0)}, True, "articles known of those that the site's search has (at most 10 % may be missing, at least 2); 2026-10-01 0 of 2, 2026-10-02 0 of 0"),
        ({"2026-10-01": (3, 0)}, False, "articles known of those that the site's search has (at most 10 % may be missing, at least 2); 2026-10-01 0 of 3"),
        ({}, True, "not judged: the site's search did not say how many articles it has"),
        (None, True, "not judged: the site's search did not say how many articles it has"),
    ],
)  # fmt: skip
def test_completeness(days, ok, detail):
    found = judge("completeness", counted(), completeness=days)
    assert (found["ok"], found["detail"]) == (ok, detail)


PLAIN = {
    "clock",
    "same_pages",
    *("hosts", "sections", "listings", "gaps", "archive"),
    *("rejects", "removals", "failures", "fallbacks", "coverage"),
    *("updates", "lengths", "bodies", "entries", "pauses", "issues"),
}
NIGHTLY = {"nights", "shrunk", "navigation", "records", "freshness", "completeness"}


@pytest.mark.parametrize(("nightly", "names"), [(False, PLAIN), (True, PLAIN | NIGHTLY)])
def test_only_the_night_is_compared_with_other_nights(nightly, names):
    found = checks.run(_night(nightly=nightly))
    assert {check["name"] for check in found} == names
    assert len(found) == len(names)


def test_every_check_and_every_threshold_is_documented():
    text = (ROOT / "docs/checks.md").read_text("utf-8")
    for name in sorted(PLAIN | NIGHTLY):
        assert f"| `{name}` |" in text, name
    for name in THRESHOLDS:
        assert f"| `{name}` |" in text, name


def test_a_check_that_cannot_be_made_is_a_failed_one_and_the_others_are_made(caplog):
    found = checks.run(_night(stats=counted({"edu": (27, 1, "soon")})))
    (broken,) = [check for check in found if not check["ok"]]
    assert broken["name"] == "freshness"
    assert (
        broken["detail"] == "the check itself failed: ValueError: Invalid isoformat string: 'soon'"
    )
    assert "Traceback" in caplog.text
    assert len(found) == len(PLAIN | NIGHTLY)


def _night(**changes):
    given = {"stats": counted(), "settings": BaseSettings(THRESHOLDS), "now": NOW, "nightly": True}
    return checks.RunReview(**given | changes)


def test_spidermon_waits_until_the_first_check():
    code = "import sys, crawler.monitoring.outcome; print('spidermon' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
