"""A crawl's archive: what the site answered is in it, whatever happens to the crawl."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler import clock
from crawler.archive import read, repair
from crawler.downloader.archiving import ERROR_STAT, Archiving
from crawler.run_context import RunContext
from crawler.runs.run import RunFolder
from crawler.samplesite import Site, serve
from tests.archive.captures import is_valid
from tests.downloader.asking_again import PAGE
from tests.support.harness import ROOT, UNHURRIED, command, crawl, lines, run, start


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(seed=3, articles=60, now=clock.now())


def archive_of(output):
    (path,) = (output / "archive").iterdir()
    return path


def in_archive(path):
    """How often each answer: (address without its scheme, status)"""
    return Counter((one.url.partition("://")[2], one.status) for one in read([path]))


def asked(server):
    return Counter(
        (f"{r.host}{r.path}{'?' * bool(r.query)}{r.query}", r.status) for r in server.requests
    )


@pytest.mark.parametrize(
    "words",
    [
        ["sections=edu,character"],
        ["sections=legacy:news/32841", "since=2010-01-01", "pages=3"],  # articles of many pages
        ["query=职工", "limit=3"],
        ["sections=edu", "limit=2"],
    ],
    ids=["modern", "legacy", "search", "trial"],
)
def test_every_answer_is_in_the_archive_under_its_own_address(site, tmp_path, capsys, words):
    with serve(site, faults=["/c/*:status=503@1"]) as server:
        done = crawl(tmp_path, server.url, *words)
    assert done.records
    path = archive_of(tmp_path)
    assert path.name == f"{done.folder.name}.warc.gz"
    assert in_archive(path) == asked(server)
    assert any(url.endswith("/robots.txt") for url, _ in in_archive(path))
    assert is_valid(path, capsys)


def test_what_the_parser_read_can_be_read_again(site, tmp_path):
    with serve(site) as server:
        done = crawl(tmp_path, server.url, "sections=edu")
    answers = {one.url: one for one in read([archive_of(tmp_path)])}
    for record in done.records:
        one = answers[record["url"]]
        document = site.find("www.workercn.cn", record["url"].removeprefix(PAGE[:-1]))
        assert one.body == document.plain
        assert ("Content-Encoding", "gzip") in one.headers
        assert one.run_id == record["run_id"]
        assert abs(one.fetched_at - clock.now()) < timedelta(minutes=5)


def test_requests_are_archived_as_sent(site, tmp_path):
    with serve(site) as server:
        crawl(tmp_path, server.url, "sections=edu", "limit=1", CONTACT="a@b.example")
    plain = gzip.decompress(archive_of(tmp_path).read_bytes())
    head = plain.partition(b"GET /robots.txt HTTP/1.1\r\n")[2].partition(b"\r\n\r\n")[0]
    sent = dict(line.split(b": ") for line in head.split(b"\r\n"))
    assert sent[b"Host"] == b"www.workercn.cn"
    assert b"a@b.example" in sent[b"User-Agent"]
    arguments = json.dumps({"sections": "edu", "limit": "1"}).encode()
    assert b"\r\narguments: " + arguments + b"\r\n" in plain


def test_it_can_be_turned_off(site, tmp_path):
    with serve(site) as server:
        done = crawl(tmp_path, server.url, "sections=edu", "limit=1", ARCHIVE_ENABLED=0)
    assert done.records
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize("fault", ["truncated", "reset-body", "bad-gzip", "big=3"])
def test_half_an_answer_is_not_archived(site, tmp_path, capsys, fault):
    bad = next(a for a in site.truth() if any(s["slug"] == "edu" for s in a["sections"]))["url"]
    with serve(site, faults=[f"{bad.removeprefix(PAGE[:-1])}:{fault}"]) as server:
        done = crawl(tmp_path, server.url, "sections=edu", DOWNLOAD_MAXSIZE=2**21)
    assert [reject["url"] for reject in done.rejects] == [bad]
    path = archive_of(tmp_path)
    archived = {one.url for one in read([path])}
    assert bad not in archived
    assert {record["url"] for record in done.records} <= archived
    assert is_valid(path, capsys)


def test_not_modified_and_unchanged_are_revisits(site, tmp_path, capsys):
    folder = RunFolder.create(tmp_path, "asking-again")
    own = {"RUN_FOLDER": folder.partial, "OUTPUT_DIR": tmp_path, **UNHURRIED}
    spider = str(ROOT / "tests/downloader/asking_again.py")
    with serve(site) as server:
        done = run(command("runspider", spider, MIRROR_URL=server.url, **own))
    assert done.returncode == 0, done.stderr
    path = archive_of(tmp_path)
    assert is_valid(path, capsys)
    found = [one for one in read([path]) if one.url == PAGE]
    assert [(one.status, one.is_revisit) for one in found] == [
        (200, False), (200, True), (304, True),
    ]  # fmt: skip
    assert {one.body for one in found} == {site.find("www.workercn.cn", "/").plain}


def test_killed_it_holds_what_became_records(site, tmp_path, capsys):
    with serve(site, latency=0.03) as server:
        line = command("crawl", "workercn", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
        process = start(line, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 120
        while sum(r.path.startswith("/c/") for r in server.requests) < 25:
            assert time.monotonic() < end
            time.sleep(0.02)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    path = archive_of(tmp_path)
    repair(path)
    assert is_valid(path, capsys)
    (folder,) = (tmp_path / "runs").iterdir()
    kept = {record["url"] for record in lines(folder / "articles.jsonl")}
    assert kept <= {one.url for one in read([path])}
    assert len(kept) > 8


def test_a_disk_that_is_full_ends_the_archive_and_not_the_crawl(site, tmp_path, capsys):
    with serve(site) as server:
        whole = crawl(tmp_path / "whole", server.url)
        feed = (whole.folder / "articles.jsonl").stat().st_size
        size = archive_of(tmp_path / "whole").stat().st_size
        limit = (feed + size) // 2
        assert feed * 1.2 < limit < size * 0.9, "the archive is the bigger one"
        own = {"OUTPUT_DIR": tmp_path / "full", "MIRROR_URL": server.url, **UNHURRIED}
        small = {resource.RLIMIT_FSIZE: (limit, limit)}
        done = run(command("crawl", "workercn", **own), limits=small)
    assert done.returncode == 3, done.stderr  # the records are whole, the archive is not
    assert done.stderr.count("going on without an archive") == 1
    path = archive_of(tmp_path / "full")
    assert f"cannot write {path}: File too large" in done.stderr
    assert is_valid(path, capsys)
    (folder,) = (tmp_path / "full/runs").iterdir()
    ids = {record["id"] for record in lines(folder / "articles.jsonl")}
    assert ids == {record["id"] for record in whole.records}


def test_an_archive_that_cannot_be_made_does_not_end_the_crawl(site, tmp_path):
    (tmp_path / "archive").write_text("in the way")
    with serve(site) as server:
        done = crawl(tmp_path, server.url, "sections=edu", "limit=2")
    assert done.code == 3, done.stderr
    assert len(done.records) == 2
    assert "going on without an archive" in done.stderr


@pytest.fixture
def archiving(tmp_path):
    context = RunContext(run_id="run", folder=tmp_path / "runs/run.partial")
    own = {"RUN_CONTEXT": context, "ARCHIVE_ENABLED": True}
    return Archiving(get_crawler(settings_dict=own))


def pass_through(archiving, request, response):
    """One answer on its way from the downloader, of a crawl of its own."""

    async def run():
        archiving._open()
        await archiving.process_response(request, response)
        archiving._close()

    asyncio.run(run())


def test_what_cannot_be_packed_ends_the_archive_and_not_the_crawl(archiving, tmp_path):
    """An error that nobody foresaw, in the writer."""
    good, bad = Request(PAGE), Request(PAGE)

    async def run():
        archiving._open()
        await archiving.process_response(good, Response(PAGE, body=b"x"))
        archiving._archive.add = None
        for _ in range(2):
            response = Response(PAGE, body=b"y")
            assert await archiving.process_response(bad, response) is response
        archiving._close()

    asyncio.run(run())
    assert "archived" in good.meta
    assert "archived" not in bad.meta
    assert "NoneType" in archiving._stats.get_value(ERROR_STAT)
    assert [one.body for one in read([archive_of(tmp_path)])] == [b"x"]


@pytest.mark.parametrize("flag", ["dataloss", "download_stopped", "cached"])
def test_what_is_not_whole_or_not_from_the_network_is_left_out(archiving, tmp_path, flag):
    request = Request(PAGE, meta={"archived": "the answer that redirected here"})
    pass_through(archiving, request, Response(PAGE, body=b"x", flags=[flag]))
    assert list((tmp_path / "archive").iterdir()) == []
    assert "archived" not in request.meta


def test_a_proxys_password_is_not_archived(archiving, tmp_path):
    request = Request(PAGE, headers={"Proxy-Authorization": "Basic eA==", "Accept": "text/html"})
    pass_through(archiving, request, Response(PAGE, body=b"x"))
    plain = gzip.decompress(archive_of(tmp_path).read_bytes())
    assert b"\r\nAccept: text/html\r\n" in plain
    assert b"Proxy-Authorization" not in plain


def test_without_a_run_there_is_no_archive(tmp_path):
    code = (
        "import sys; from scrapy.utils.test import get_crawler; from scrapy.exceptions import *\n"
        "from crawler.downloader.archiving import Archiving\n"
        "try: Archiving(get_crawler())\n"
        "except NotConfigured: print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "OUTPUT_DIR": str(tmp_path)},
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert "crawler.downloader.archiving" in loaded
    assert not loaded & {"warcio", "sqlite3", "crawler.archive"}
    assert list(tmp_path.iterdir()) == []
