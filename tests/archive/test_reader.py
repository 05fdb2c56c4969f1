"""What comes out of archives: the crawler's, others', and files that are damaged or none."""

from __future__ import annotations

import gzip
import os
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import ArchivedBefore, ArchiveError, read
from tests.archive.captures import GZIP, HTML, PAGE, THEN, capture, packed, write


def errors_and(paths, **given):
    """(what was told, what was read)"""
    told = []
    return told, list(read(paths, on_error=told.append, **given))


def ends(path):
    """Where each record of a file ends."""
    data, places = path.read_bytes(), []
    while data:
        member = zlib.decompressobj(31)
        member.decompress(data)
        data = member.unused_data
        places.append(path.stat().st_size - len(data))
    return places


def test_an_answer_is_read_as_it_was_received(tmp_path):
    headers = [HTML, GZIP, (b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2"), (b"X", "文".encode())]
    one = capture(1, gzip.compress(PAGE), headers=headers)
    (read_again,) = read([write(tmp_path / "20261002T074000Z-workercn-0a1b.warc.gz", [one])])
    assert read_again.url == one.url
    assert read_again.status == 200
    assert read_again.headers == [(name.decode(), value.decode()) for name, value in headers]
    assert read_again.body == PAGE
    assert read_again.fetched_at == one.fetched_at
    assert read_again.fetched_at.tzinfo is UTC
    assert read_again.run_id == "20261002T074000Z-workercn-0a1b"
    assert read_again.is_revisit is False


@pytest.mark.parametrize(
    ("body", "encoding", "unpacked"),
    [
        (b"", None, b""),
        (b"", b"gzip", b""),
        (PAGE, None, PAGE),
        (gzip.compress(PAGE), b"gzip", PAGE),
        (gzip.compress(PAGE), b"X-GZip", PAGE),
        (gzip.compress(PAGE) + gzip.compress(PAGE), b"gzip", PAGE + PAGE),
        (zlib.compress(PAGE), b"deflate", PAGE),
        (zlib.compress(PAGE)[2:-4], b"deflate", PAGE),
        (PAGE, b"nobody-knows", PAGE),
        (os.urandom(300_000), None, None),
    ],
)
def test_bodies_are_unpacked(tmp_path, body, encoding, unpacked):
    headers = [(b"Content-Encoding", encoding)] if encoding else []
    path = write(tmp_path / "run.warc.gz", [capture(1, body, headers=headers)])
    (one,) = read([path])
    assert one.body == (body if unpacked is None else unpacked)


def test_files_are_read_in_the_order_given(tmp_path):
    later = write(tmp_path / "b.warc.gz", [capture(2), capture(3, b"other")])
    sooner = write(tmp_path / "a.warc.gz", [capture(1)])
    found = [(one.run_id, one.url[-7:-6]) for one in read([str(later), sooner])]
    assert found == [("b", "2"), ("b", "3"), ("a", "1")]


def test_files_may_be_put_together(tmp_path):
    files = [write(tmp_path / f"{name}.warc.gz", [capture(1)]) for name in "ab"]
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(b"".join(path.read_bytes() for path in files))
    assert [one.run_id for one in read([whole])] == ["a", "b"]


# --- revisits ---------------------------------------------------------------------------------


def earlier_run(folder, number=1, name="20261001T000000Z-workercn-aaaa"):
    """An archive of a page and what later runs know of it."""
    one = packed(number)
    path = write(folder / f"{name}.warc.gz", [capture(90, b"before"), one, capture(91, b"after")])
    return path, ArchivedBefore(one.url, one.fetched_at, one.digest)


def later_run(folder, earlier, name="20261003T000000Z-workercn-bbbb"):
    """An archive of the same page twice: sent again as it was, and not modified."""
    again = packed(30, PAGE)
    unchanged = capture(31, b"", status=304, headers=[])
    return write(folder / f"{name}.warc.gz", [again, unchanged], lookup=lambda url, digest: earlier)


def test_a_revisit_in_the_same_file_has_the_body(tmp_path):
    found = list(read([write(tmp_path / "run.warc.gz", [packed(1), capture(2, b"x"), packed(3)])]))
    assert [(one.is_revisit, one.body) for one in found] == [
        (False, PAGE),
        (False, b"x"),
        (True, PAGE),
    ]
    assert found[2].url.endswith("8163003.shtml")
    assert found[2].fetched_at == THEN + timedelta(minutes=3)
    assert found[2].run_id == "run"


@pytest.mark.parametrize("where", ["given", "given later", "in the folder", "nowhere"])
def test_a_revisit_has_the_body_of_an_earlier_run_where_that_is(tmp_path, where):
    first, earlier = earlier_run(tmp_path / "archive")
    second = later_run(tmp_path / "new", earlier)
    paths = {"given": [first, second], "given later": [second, first]}.get(where, [second])
    folder = tmp_path / "archive" if where == "in the folder" else None
    found = [one for one in read(paths, folder=folder) if one.is_revisit]
    body = None if where == "nowhere" else PAGE
    assert [(one.status, one.body) for one in found] == [(200, body), (304, body)]


def test_a_revisit_of_a_revisit_has_the_body(tmp_path):
    first, earlier = earlier_run(tmp_path)
    again = packed(30)
    second = write(tmp_path / "b.warc.gz", [again], lookup=lambda url, digest: earlier)
    of_it = ArchivedBefore(again.url, again.fetched_at, again.digest)
    third = write(
        tmp_path / "c.warc.gz", [capture(40, b"", status=304)], lookup=lambda url, digest: of_it
    )
    (last,) = read([third], folder=tmp_path)
    assert (last.is_revisit, last.body) == (True, PAGE)
    assert first.exists()
    assert second.exists()


def test_not_modified_without_an_earlier_record_has_no_body(tmp_path):
    (one,) = read([write(tmp_path / "a.warc.gz", [capture(1, b"", status=304)])], folder=tmp_path)
    assert (one.is_revisit, one.body) == (True, None)


def test_of_a_folder_only_the_files_that_may_help_are_opened(tmp_path, caplog):
    _, earlier = earlier_run(tmp_path)
    for name in ("20250101T000000Z-workercn-cccc", "20261101T000000Z-workercn-dddd"):
        (tmp_path / f"{name}.warc.gz").write_bytes(b"no archive")
    second = later_run(tmp_path, earlier)
    assert [one.body for one in read([second], folder=tmp_path)] == [PAGE, PAGE]
    assert caplog.messages == []


def test_a_damaged_file_in_the_folder_is_said_and_passed_over(tmp_path, caplog):
    _, earlier = earlier_run(tmp_path, name="20250101T000000Z-workercn-cccc")
    damaged = tmp_path / "20261001T000000Z-workercn-aaaa.warc.gz"
    damaged.write_bytes(b"no archive")
    second = later_run(tmp_path, earlier)
    assert [one.body for one in read([second], folder=tmp_path)] == [PAGE, PAGE]
    assert [str(damaged) in message for message in caplog.messages] == [True]


# --- damage -----------------------------------------------------------------------------------


def test_cut_anywhere_the_whole_records_before_are_given(tmp_path):
    path = write(tmp_path / "run.warc.gz", [capture(1, b"one"), capture(2, b"two")])
    data, last = path.read_bytes(), ends(path)
    answers = [last[1], last[3]]
    for size in range(1, len(data)):
        path.write_bytes(data[:size])
        whole = sum(end <= size for end in answers)
        found = []
        if size in last:
            found.extend(read([path]))
        else:
            with pytest.raises(ArchiveError) as told:
                found.extend(read([path]))
            begin = max((end for end in last if end <= size), default=0)
            assert (told.value.path, told.value.offset) == (path, begin)
            assert str(told.value) == f"{path}: byte {begin}: the file ends inside a record"
        assert [one.body for one in found] == [b"one", b"two"][:whole]


def test_behind_a_damaged_record_reading_goes_on_where_asked_to(tmp_path):
    path = write(tmp_path / "run.warc.gz", [packed(n, b"%d" % n * 99) for n in range(5)])
    data, places = bytearray(path.read_bytes()), ends(path)
    data[places[2] + 100] ^= 0xFF  # in the second answer
    path.write_bytes(data)
    told, found = errors_and([path])
    assert [one.url[-7:-6] for one in found] == ["0", "2", "3", "4"]
    assert [(error.path, error.offset) for error in told] == [(path, places[2])]
    with pytest.raises(ArchiveError, match=f"byte {places[2]}: no gzip, or damaged"):
        list(read([path]))


def test_rubbish_between_records_is_passed_over(tmp_path):
    path = write(tmp_path / "run.warc.gz", [capture(1)])
    data = path.read_bytes()
    path.write_bytes(data + b"\x1f\x8b\x08" + os.urandom(200_000) + data)
    told, found = errors_and([path])
    assert len(found) == 2
    assert [error.offset for error in told] == [len(data)]


def _edited(path):
    """The answer's record with a body made longer by hand."""
    begin, end = ends(path)[:2]
    plain = gzip.decompress(path.read_bytes()[begin:end])
    return gzip.compress(plain.replace("劳动".encode(), b"edited by hand"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: b"", None),
        (lambda path: b"no archive at all", "byte 0: no gzip, or damaged"),
        (lambda path: bytes(500), "byte 0: no gzip, or damaged"),
        (lambda path: gzip.compress(b"some text"), "byte 0: no WARC record"),
        (lambda path: gzip.decompress(path.read_bytes()), "byte 0: no gzip, or damaged"),
        (lambda path: gzip.compress(gzip.decompress(path.read_bytes())), "byte 0: its length"),
        (_edited, "byte 0: its length is not what the record says"),
        (lambda path: gzip.compress(b"WARC/1.1\r\n\r\n"), "byte 0: its length"),
        (lambda path: gzip.compress(b"WARC/1.1"), "byte 0: "),
        (lambda path: gzip.compress(b"WARC/1.1" + bytes(65 << 20)), "more than 67108864 bytes"),
    ],
    ids=[
        "empty", "text", "zeros", "packed text", "a WARC that is not packed",
        "packed as a whole", "edited", "no length", "no headers", "a bomb",
    ],
)  # fmt: skip
def test_what_is_no_archive_is_named(tmp_path, make, words):
    path = write(tmp_path / "run.warc.gz", [capture(1)])
    path.write_bytes(make(path))
    other = write(tmp_path / "other.warc.gz", [capture(2)])
    told, found = errors_and([path, other])
    assert [one.run_id for one in found] == ["other"]
    assert [error.path for error in told] == ([path] if words else [])
    assert all(words in str(error) for error in told)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ArchiveError, match=r"none\.warc\.gz: byte 0: No such file or directory"):
        list(read([tmp_path / "none.warc.gz"]))


# --- other programs' archives -----------------------------------------------------------------


def foreign(path, kind, headers, body, status="200 OK", protocol="HTTP/1.1", **fields):
    with path.open("ab") as file:
        writer = WARCWriter(file, gzip=True)
        http = StatusAndHeaders(status, headers, protocol=protocol) if status else None
        record = writer.create_warc_record(
            "http://www.workercn.cn/", kind, payload=BytesIO(body), length=len(body),
            http_headers=http, warc_headers_dict=fields,
        )  # fmt: skip
        writer.write_record(record)
    return path


def test_a_chunked_answer_is_put_together(tmp_path):
    packed_page = gzip.compress(PAGE)
    chunks = b"a\r\n" + packed_page[:10] + b"\r\n%x\r\n" % len(packed_page[10:]) + packed_page[10:]
    headers = [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]
    path = foreign(tmp_path / "x.warc.gz", "response", headers, chunks + b"\r\n0\r\n\r\n")
    (one,) = read([path])
    assert (one.body, one.run_id) == (PAGE, None)


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2026-10-02T07:41:16Z", datetime(2026, 10, 2, 7, 41, 16, tzinfo=UTC)),
        ("2026-10-02T07:41:16.5Z", datetime(2026, 10, 2, 7, 41, 16, 500_000, tzinfo=UTC)),
        ("2026-10-02", datetime(2026, 10, 2, tzinfo=UTC)),
    ],
)
def test_the_times_that_warc_allows(tmp_path, date, moment):
    fields = {"WARC-Date": date}
    (one,) = read([foreign(tmp_path / "x.warc.gz", "response", [], PAGE, **fields)])
    assert one.fetched_at == moment


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("response", {"WARC-Truncated": "length"}),
        ("response", {"WARC-Segment-Number": "1"}),
        ("metadata", {"status": None}),
        ("resource", {"status": None}),
        ("request", {"status": "/ HTTP/1.1", "protocol": "GET"}),
    ],
)
def test_what_is_no_whole_answer_is_left_out(tmp_path, kind, given):
    path = foreign(tmp_path / "x.warc.gz", kind, [], PAGE, **given)
    foreign(path, "response", [("Server", "x")], PAGE)
    assert [one.headers for one in read([path])] == [[("Server", "x")]]


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"WARC-Date": "yesterday"}, PAGE),
        ({"status": "OK"}, PAGE),
        ({"headers": [("Content-Encoding", "gzip")]}, gzip.compress(PAGE)[:-9]),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(tmp_path, given, body):
    headers = given.pop("headers", [("Server", "x")])
    path = foreign(tmp_path / "x.warc.gz", "response", headers, body, **given)
    foreign(path, "response", [("Server", "x")], PAGE)
    told, found = errors_and([path])
    assert [one.body for one in found] == [PAGE]
    assert "byte 0: the record cannot be used: " in str(told[0])
    assert len(told) == 1


def test_memory_stays_flat(tmp_path):
    few, many = (
        write(
            tmp_path / f"{number}.warc.gz",
            (packed(n, os.urandom(20_000).hex().encode()) for n in range(number)),
        )
        for number in (20, 100)
    )
    peaks = []
    for path in (few, many):
        tracemalloc.start()
        for _ in read([path]):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000, peaks
