"""What is in the file, as other tools read it."""

from __future__ import annotations

import gzip
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive, ArchivedBefore, read, repair
from tests.archive.captures import GZIP, HTML, PAGE, THEN, capture, is_valid, packed, write
from tests.support.harness import ROOT


def records(path):
    """[(type, WARC headers, block's head, payload)]"""
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            head = record.http_headers.to_str() if record.http_headers else ""
            fields = dict(record.rec_headers.headers)
            found.append((record.rec_type, fields, head, record.raw_stream.read()))
    return found


def test_request_and_answer_as_sent_and_received(tmp_path, capsys):
    one = capture(
        1,
        gzip.compress(PAGE),
        headers=[HTML, GZIP, (b"Etag", b'"a-1"')],
        request_headers=[(b"Host", b"www.workercn.cn"), (b"If-None-Match", b'"a-0"')],
        ip="198.51.100.7",
    )
    path = write(tmp_path / "run.warc.gz", [one])
    assert is_valid(path, capsys)
    info, answer, request = records(path)
    assert info[0] == "warcinfo"
    assert info[1]["WARC-Filename"] == "run.warc.gz"
    assert b"run_id: run\r\n" in info[3]
    assert b"format: WARC File Format 1.1\r\n" in info[3]
    assert answer[0] == "response"
    assert answer[1]["WARC-Target-URI"] == one.url
    assert answer[1]["WARC-Date"] == "2026-10-02T07:42:16.250000Z"
    assert answer[1]["WARC-IP-Address"] == "198.51.100.7"
    assert answer[1]["WARC-Payload-Digest"] == one.digest
    assert answer[1]["WARC-Block-Digest"].startswith("sha1:")
    assert answer[2] == (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        'Content-Encoding: gzip\r\nEtag: "a-1"\r\n'
    )
    assert answer[3] == one.body
    assert request[0] == "request"
    assert request[1]["WARC-Concurrent-To"] == answer[1]["WARC-Record-ID"]
    assert request[1]["WARC-Date"] == answer[1]["WARC-Date"]
    assert request[2] == (
        "GET /c/2026-10-02/8163001.shtml HTTP/1.1\r\n"
        'Host: www.workercn.cn\r\nIf-None-Match: "a-0"\r\n'
    )


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("https://www.workercn.cn", b"GET / HTTP/1.1"),
        ("https://so.workercn.cn/s?q=%E5%B7%A5&p=2#top", b"GET /s?q=%E5%B7%A5&p=2 HTTP/1.1"),
    ],
)
def test_the_request_names_path_and_query(tmp_path, url, line):
    path = write(tmp_path / "run.warc.gz", [capture(url=url)])
    assert gzip.decompress(path.read_bytes()).count(line + b"\r\n") == 1


def test_a_posted_form_is_kept(tmp_path):
    path = write(tmp_path / "run.warc.gz", [capture(method="POST", request_body=b"q=1")])
    _, _, request = records(path)
    assert request[2].startswith("POST /c/")
    assert request[3] == b"q=1"


@pytest.mark.parametrize("value", [b"caf\xe9", "文".encode(), b"a;b=\xff"])
def test_headers_that_are_not_ascii_stay_byte_for_byte(tmp_path, capsys, value):
    path = write(tmp_path / "run.warc.gz", [capture(headers=[(b"Server", value)])])
    assert b"\r\nServer: " + value + b"\r\n" in gzip.decompress(path.read_bytes())
    assert is_valid(path, capsys)


def test_fastwarc_reads_it(tmp_path):
    fastwarc = pytest.importorskip("fastwarc")
    pages = [packed(1), capture(2), packed(3), capture(4, b"", status=304)]
    path = write(tmp_path / "run.warc.gz", pages)
    found = []
    with path.open("rb") as file:
        for record in fastwarc.ArchiveIterator(file, parse_http=False):
            assert record.verify_block_digest()
            record.parse_http()
            headers = record.headers
            found.append(
                (headers["WARC-Type"], headers.get("WARC-Target-URI"), record.reader.read())
            )
    kinds = ["warcinfo", "response", "request", "response", "request", "revisit", "request"]
    assert [kind for kind, _, _ in found] == [*kinds, "revisit", "request"]
    assert found[1][1:] == (pages[0].url, pages[0].body)
    assert found[3][1:] == (pages[1].url, PAGE)


def test_the_same_payload_again_is_a_revisit(tmp_path, capsys):
    first, again = packed(1), packed(2)
    path = write(tmp_path / "run.warc.gz", [first, capture(5), again])
    assert is_valid(path, capsys)
    (revisit,) = [record for record in records(path) if record[0] == "revisit"]
    assert revisit[1]["WARC-Profile"] == (
        "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    )
    assert revisit[1]["WARC-Refers-To-Target-URI"] == first.url
    assert revisit[1]["WARC-Refers-To-Date"] == "2026-10-02T07:42:16.250000Z"
    assert revisit[1]["WARC-Payload-Digest"] == first.digest == again.digest
    assert revisit[1]["WARC-Target-URI"] == again.url
    assert revisit[2].startswith("HTTP/1.1 200 OK\r\n")
    assert revisit[3] == b""


def test_empty_bodies_are_no_revisits_of_each_other(tmp_path):
    path = write(tmp_path / "run.warc.gz", [capture(1, b""), capture(2, b"")])
    assert [record[0] for record in records(path)].count("response") == 2


def test_a_payload_of_an_earlier_run_is_a_revisit(tmp_path, capsys):
    one, other = capture(1), capture(2, b"new")
    asked = []

    def lookup(url, digest):
        asked.append((url, digest))
        return ArchivedBefore(url, THEN, digest) if digest == one.digest else None

    path = write(tmp_path / "run.warc.gz", [one, other], lookup=lookup)
    assert asked == [(one.url, one.digest), (other.url, other.digest)]
    assert is_valid(path, capsys)
    kinds = {record[1].get("WARC-Target-URI"): record for record in records(path)[::-1]}
    assert kinds[one.url][0] == "revisit"
    assert kinds[one.url][1]["WARC-Refers-To-Date"] == "2026-10-02T07:41:16.250000Z"
    assert kinds[other.url][0] == "response"


@pytest.mark.parametrize("known", [True, False])
def test_not_modified_is_a_revisit(tmp_path, capsys, known):
    one = capture(1, b"", status=304, headers=[(b"Etag", b'"a"')])
    earlier = ArchivedBefore(one.url, THEN, "sha1:ABC") if known else None
    path = write(tmp_path / "run.warc.gz", [one], lookup=lambda url, digest: earlier)
    assert is_valid(path, capsys)
    (revisit,) = [record for record in records(path) if record[0] == "revisit"]
    profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit[1]["WARC-Profile"] == profile
    assert revisit[1].get("WARC-Refers-To-Target-URI") == (one.url if known else None)
    assert revisit[2].startswith("HTTP/1.1 304 Not Modified\r\n")


@pytest.mark.parametrize(
    ("body", "archived"),
    [
        (gzip.compress(PAGE), True),
        (gzip.compress(PAGE) + gzip.compress(PAGE), True),
        (gzip.compress(PAGE) + b"\n", True),
        (b"", True),
        (gzip.compress(PAGE)[:-1], False),
        (gzip.compress(PAGE)[:-40], False),
        (gzip.compress(PAGE) + gzip.compress(PAGE)[:-1], False),
        (PAGE, False),
        (gzip.compress(bytes(1_000_001)), False),
        (gzip.compress(bytes(1_000_000)), True),
    ],
    ids=["whole", "two members", "a line's end after it", "empty", "without its last byte",
         "without its end", "half of the second member", "no gzip", "too much", "just enough"],
)  # fmt: skip
def test_a_packed_body_is_archived_only_whole(tmp_path, body, archived):
    path = tmp_path / "run.warc.gz"
    archive = Archive(path, {}, largest=1_000_000)
    archive.add(capture(1, body, headers=[(b"content-encoding", b" GZip ")]))
    archive.close()
    assert (archive.captures, archive.refused) == (int(archived), int(not archived))
    assert path.exists() == archived


def test_nothing_is_left_of_an_archive_without_a_capture(tmp_path):
    write(tmp_path / "archive" / "run.warc.gz", [])
    assert list((tmp_path / "archive").iterdir()) == []


def test_it_has_its_name_only_with_a_whole_record(tmp_path):
    with _limited(1), pytest.raises(OSError, match="File too large"):
        Archive(tmp_path / "run.warc.gz", {})
    assert list(tmp_path.iterdir()) == []
    archive = Archive(tmp_path / "run.warc.gz", {"run_id": "run"})
    assert [record[0] for record in records(tmp_path / "run.warc.gz")] == ["warcinfo"]
    archive.close()


def test_an_archive_is_never_written_over(tmp_path):
    path = write(tmp_path / "run.warc.gz", [capture()])
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        Archive(path, {})
    assert path.read_bytes() == before


def test_a_full_disk_leaves_whole_records(tmp_path, capsys):
    path = tmp_path / "run.warc.gz"
    archive = Archive(path, {"run_id": "run"})
    with _limited(100_000), pytest.raises(OSError, match="File too large"):
        _fill(archive)
    archive.close()
    assert 90_000 < path.stat().st_size == archive.size <= 100_000
    assert len(list(read([path]))) == archive.captures
    assert is_valid(path, capsys)


def _fill(archive):
    for number in range(1000):
        archive.add(capture(number, os.urandom(5000)))


@contextmanager
def _limited(size):
    """No file may grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


_WRITING = """
import os, sys
from pathlib import Path
from crawler.archive import Archive
from tests.archive.captures import capture
archive = Archive(Path(sys.argv[1]), {"run_id": "run"})
number = 0
while True:
    number += 1
    archive.add(capture(number, os.urandom(3_000_000)))
    print(number, flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.003, 0.007, 0.012, 0.018])
def test_a_kill_leaves_all_that_was_written_before(tmp_path, capsys, delay):
    path = tmp_path / "run.warc.gz"
    line = [sys.executable, "-c", _WRITING, str(path)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(3):
            process.stdout.readline()
        time.sleep(delay)
        process.kill()
        told = 3 + len(process.stdout.read().splitlines())
    assert process.returncode == -signal.SIGKILL
    problems = []
    whole = list(read([path], on_error=problems.append))
    assert len(whole) >= told
    assert {len(one.body) for one in whole} == {3_000_000}
    cut = repair(path)
    assert bool(cut) == bool(problems)
    assert is_valid(path, capsys)
    assert len(list(read([path]))) == len(whole)


def test_a_time_of_another_zone_is_written_as_utc(tmp_path):
    moment = datetime.fromisoformat("2026-10-02T15:41:16+08:00")
    path = write(tmp_path / "run.warc.gz", [capture(fetched_at=moment)])
    (one,) = read([path])
    assert one.fetched_at == moment
    assert one.fetched_at.tzinfo is UTC
