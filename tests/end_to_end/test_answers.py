"""Answers that nobody sends: each is a record or a reject with its reason, and none hangs."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest

from tests.end_to_end.test_hostile import ARTICLE, SENTENCE, crawled, numbered
from tests.support.harness import Run
from tests.support.hostile import HTML, Answer, page, raw

# Too short to be compared: in one crawl so many pages of one longer text are `same_page`.
A = ARTICLE.format(head="", body="").replace(SENTENCE * 3, SENTENCE)
PAGE = A.encode()
# a text that packs badly, so that a part of it unpacks to half an article
LONG = ARTICLE.format(
    head="",
    body="".join(f"<p>{chr(0x4E00 + n * 37 % 20000) * 2}{SENTENCE}</p>" for n in range(900)),
).encode()
TYPE = b"Content-Type: " + HTML
RECORD = "a record"


def coded(coding: bytes, body: bytes) -> Answer:
    return raw(b"HTTP/1.1 200 OK", TYPE, b"Content-Encoding: " + coding, body=body)


def status(line: bytes, body: bytes = PAGE) -> Answer:
    return raw(b"HTTP/1.1 " + line, TYPE, body=body)


def exactly(*pieces: bytes) -> Answer:
    return lambda: iter(pieces)


def deflated(body: bytes, window: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, window)
    return packer.compress(body) + packer.flush()


def begun(packed: bytes) -> bytes:
    return packed[: len(packed) // 2]


CHUNKED = b"HTTP/1.1 200 OK\r\n" + TYPE + b"\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 50
HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    + TYPE
    + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(PAGE)
)

ANSWERS: dict[str, tuple[Answer, str]] = {
    "a page called a picture": (page(A, kind=b"image/png"), RECORD),
    "a page called JSON": (page(A, kind=b"application/json"), RECORD),
    "a picture called a page": (page(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20), "missing_title"),
    "no type": (raw(b"HTTP/1.1 200 OK", body=PAGE), RECORD),
    "a charset of 10,000 letters": (page(A, kind=b"text/html; charset=" + b"x" * 10_000), RECORD),
    "a charset that is none of text": (page(A, kind=b"text/html; charset=rot13"), RECORD),
    "a charset that unpacks": (page(A, kind=b"text/html; charset=zlib_codec"), RECORD),
    "a charset of escapes": (page(A.replace("charset=utf-8", "charset=unicode_escape")), RECORD),
    "UTF-16 called UTF-8": (page(b"\xff\xfe" + A.encode("utf-16-le")), RECORD),
    "a thousand byte order marks": (page(b"\xef\xbb\xbf" * 1000 + PAGE), RECORD),
    "a thousand cookies": (page(A, *[b"Set-Cookie: a%d=b" % n for n in range(1000)]), RECORD),
    "a header of controls": (page(A, b"X: a\x00b", b"ETag: \x00\x1b[2J"), RECORD),
    "Location in UTF-8": (raw(b"HTTP/1.1 302 Go", "Location: /标题.html".encode()), "http_404"),
    "Location of two lines": (raw(b"HTTP/1.1 302 Go", b"Location: /x\r\n Host: evil"), "http_404"),
    "Location of nothing": (raw(b"HTTP/1.1 302 Go", b"Location: "), "redirect_loop"),
    "no Location": (raw(b"HTTP/1.1 302 Go"), "http_302"),
    "204": (exactly(b"HTTP/1.1 204 No\r\nConnection: close\r\n\r\n"), "http_204"),
    "206 with half a page": (status(b"206 Partial", begun(PAGE)), "http_206"),
    "304 that nobody has asked for": (exactly(b"HTTP/1.1 304 No\r\nConnection: close\r\n\r\n"), "http_304"),
    "a status of no kind": (status(b"999 x"), "http_999"),
    "many interim answers": (exactly(INTERIM, HEAD, PAGE), RECORD),
    "101": (status(b"101 Switch"), "connection"),
    "HTTP/1.0 without a length": (exactly(b"HTTP/1.0 200 OK\r\n" + TYPE + b"\r\n\r\n", PAGE), RECORD),
    "HTTP/0.9": (exactly(PAGE), "connection"),
    "two lengths": (exactly(CHUNKED + b"Content-Length: 5\r\n\r\n%x\r\n" % len(PAGE), PAGE, b"\r\n0\r\n\r\n"), RECORD),
    "a chunk below zero": (exactly(CHUNKED + b"\r\n-5\r\nhello\r\n0\r\n\r\n"), "truncated"),
    "garbage behind a gzip": (coded(b"gzip", gzip.compress(PAGE) + b"garbage" * 99), RECORD),
    "identity, gzip": (coded(b"identity, gzip", gzip.compress(PAGE)), RECORD),
    "gzip that is none": (coded(b"gzip", PAGE), "truncated"),
    "brotli": (coded(b"br", brotli.compress(PAGE)), RECORD),
    "identity, gzip, cut": (coded(b"identity, gzip", begun(gzip.compress(LONG))), "truncated"),
    "gzip in gzip, cut": (coded(b"gzip, gzip", begun(gzip.compress(gzip.compress(LONG)))), "truncated"),
    "brotli, cut": (coded(b"br", begun(brotli.compress(LONG, quality=4))), "truncated"),
    "deflate, cut": (coded(b"deflate", begun(deflated(LONG, 15))), "truncated"),
    "raw deflate, cut": (coded(b"deflate", begun(deflated(LONG, -15))), "truncated"),
}  # fmt: skip


@pytest.fixture(scope="module")
def answered(tmp_path_factory) -> tuple[Run, dict[str, str]]:
    """A crawl of them all, and what became of each."""
    answers = numbered(answer for answer, _ in ANSWERS.values())
    settings = {"DOWNLOAD_TIMEOUT": 20, "CIRCUIT_FAILURES": 1000}
    run, rejects = crawled(tmp_path_factory.mktemp("answers"), answers, leads_on=True, **settings)
    assert run.code == 0, run.stderr
    written = {record["url"].partition(".cn")[2] for record in run.records}
    assert not written & set(rejects)
    return run, {
        name: RECORD if path in written else rejects[path]["reason"]
        for name, path in zip(ANSWERS, answers, strict=True)
    }


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_nobody_sends_is_a_record_or_a_reject(answered, name):
    assert answered[1][name] == ANSWERS[name][1]


def test_what_became_a_record_is_the_article(answered):
    assert {record["title"] for record in answered[0].records} == {"一篇文章的标题"}
    assert {record["body"] for record in answered[0].records} == {f"{SENTENCE}\n\n{SENTENCE}"}
