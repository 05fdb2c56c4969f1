"""One clock: what time it is, is asked in one place; a day may be any day of any year."""

from __future__ import annotations

import ast
import gzip
import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from crawler import archive, clock
from crawler.runs.run import started
from crawler.samplesite import Site, serve
from tests import offset_to
from tests.support.harness import ROOT, command, crawl, start

OF_THE_SYSTEM = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime", "strftime"}
MODULES = {"datetime", "date", "time"}


def asked(path: Path) -> list[str]:
    """Where a file asks the system what time it is: `datetime.now`, `date.today`, `time.time`."""
    calls = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    ]
    return [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in OF_THE_SYSTEM
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in MODULES
    ]


@pytest.mark.parametrize(
    ("folder", "own"),
    [
        ("crawler", {"clock.py", "samplesite/site.py", "samplesite/server.py"}),
        (
            "tests",
            {
                "__init__.py",
                "support/certificates.py",  # TLS has the system's clock
                "feeds/test_verifying.py",  # and so have files
                "test_clock.py",
            },
        ),
    ],
)
def test_one_place_asks_the_system(folder, own):
    files = (ROOT / folder).rglob("*.py")
    files = [path for path in files if str(path.relative_to(ROOT / folder)) not in own]
    assert [place for path in files for place in asked(path)] == []


def test_only_a_number_of_seconds_moves_it(monkeypatch):
    before = clock.now()
    monkeypatch.setenv("CLOCK_OFFSET", str(float(os.environ["CLOCK_OFFSET"]) + 86_400))
    assert timedelta(days=1) <= clock.now() - before < timedelta(days=1, minutes=5)
    offset = timedelta(seconds=float(os.environ["CLOCK_OFFSET"]))
    assert clock.at(86_400) == datetime(1970, 1, 2, tzinfo=UTC) + offset
    monkeypatch.setenv("CLOCK_OFFSET", "tomorrow")
    with pytest.raises(ValueError, match="tomorrow"):
        clock.now()


@pytest.fixture
def leap_day(monkeypatch):
    """Half past midnight of 29 February 2028 in China, when it is the day before in UTC."""
    moment = datetime(2028, 2, 29, 0, 30, tzinfo=clock.CST)
    monkeypatch.setenv("CLOCK_OFFSET", offset_to(moment))
    return moment


def test_all_that_a_crawl_leaves_is_of_its_clock(leap_day, tmp_path):
    with serve(Site(seed=3, articles=60, now=clock.now())) as server:
        done = crawl(tmp_path, server.url, "sections=edu,paper", LOG_FORMAT="json")
        with urlopen(f"{server.url}/robots.txt") as answer:  # noqa: S310
            said = parsedate_to_datetime(answer.headers["Date"])
    assert done.code == 0, done.last_line
    assert {"modern", "paper"} == {record["generation"] for record in done.records}
    manifest = done.manifest
    moments = [started(done.folder.name), said]
    moments += [datetime.fromisoformat(manifest[name]) for name in ("started_at", "finished_at")]
    moments += [datetime.fromisoformat(record["fetched_at"]) for record in done.records]
    events = [line for line in done.stderr.splitlines() if line.startswith("{")]
    moments += [datetime.fromisoformat(json.loads(event)["time"]) for event in events]
    archived = archive.read([*tmp_path.glob("archive/*.warc.gz")])
    moments += [exchange.fetched_at for exchange in archived]
    assert len(events) >= 2
    assert {moment for moment in moments if abs(moment - leap_day) > timedelta(minutes=15)} == set()
    newest = datetime.fromisoformat(manifest["newest_published_at"])
    assert timedelta() <= leap_day - newest < timedelta(days=2)


def test_the_text_log_and_the_archive_say_the_same_day(leap_day, tmp_path):
    with serve(Site(seed=3, articles=20, now=clock.now())) as server:
        done = crawl(tmp_path, server.url, "sections=edu", "limit=1")
    day = f"{leap_day.astimezone():%Y-%m-%d}"
    assert done.stderr.splitlines()[0].startswith(f"{day} ")
    (path,) = tmp_path.glob("archive/*.warc.gz")
    about = gzip.decompress(path.read_bytes()).partition(b"\r\n\r\n")[0].decode()
    assert f"WARC-Date: {leap_day.astimezone(UTC):%Y-%m-%d}T" in about


def test_the_embedded_site_of_the_command_is_of_its_clock(leap_day):
    line = command("samplesite", "--port", "0", "--articles", "5")
    with start(line, stdout=subprocess.PIPE, text=True) as site:
        try:
            url = site.stdout.readline().strip()
            with urlopen(f"{url}/papers/grrb/2028/02/29/1/page.html") as answer:  # noqa: S310
                assert "2028年02月29日" in answer.read().decode()
        finally:
            site.terminate()
