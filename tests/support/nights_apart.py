"""Nights over the embedded site, each on a day of its own."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import datetime, timedelta

from crawler.samplesite.articles import CST
from tests import offset_to
from tests.support.harness import UNHURRIED, Run, command, published, run

DAY = timedelta(days=1)
START = datetime(2026, 10, 5, 2, 30, tzinfo=CST)


@contextmanager
def clock(moment):
    """Processes that are started meanwhile believe that it is then."""
    before = os.environ["CLOCK_OFFSET"]
    os.environ["CLOCK_OFFSET"] = offset_to(moment)
    try:
        yield
    finally:
        os.environ["CLOCK_OFFSET"] = before


def at(moment, output, url, *words, job="nightly", **settings) -> Run:
    """`scrapy nightly workercn` as if it were `moment`."""
    options = [part for word in words for part in ("-a", word)]
    usual = {"ARCHIVE_ENABLED": 0, "MAX_AGE_HOURS": 9999}
    settings = {"OUTPUT_DIR": output, "MIRROR_URL": url, **usual, **settings}
    with clock(moment):
        done = run(command(job, "workercn", *options, **{**UNHURRIED, **settings}))
    ended = Run(done.returncode, done.stderr, done.stdout, output)
    _ = ended.records, ended.manifest  # read now: of the newest folder
    return ended


def failed_checks(run):
    return {check["name"] for check in run.manifest["checks"] if not check["ok"]}


def ids(output):
    return {record["id"] for record in published(output)}


def gaps(run):
    return [(gap["section"], gap["reason"]) for gap in run.manifest["gaps"]]
