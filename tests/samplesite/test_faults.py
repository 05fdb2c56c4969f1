"""Every fault does on the socket what its table says."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from crawler.samplesite import Fault, Server, Site, faults, serve
from crawler.samplesite.faults import KINDS
from tests.samplesite.client import Answer, ask

OLDER = "/json/acftu/index_{}.json"


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    with serve(site) as server:
        yield server


@pytest.fixture
def path(site: Site) -> str:
    return urlsplit(site.truth()[0]["url"]).path


def spoilt(server: Server, path: str, fault: str, wait: float = 5) -> Answer:
    server.inject(f"{path}:{fault}")
    return ask(server, path, "Accept-Encoding: gzip", wait=wait)


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_status(server: Server, path: str, status: int) -> None:
    answer = spoilt(server, path, f"status={status}")
    assert (answer.status, answer.end) == (status, "complete")
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize("when", ["120", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_status_with_retry_after(server: Server, path: str, when: str) -> None:
    assert spoilt(server, path, f"status=503,{when}").headers["retry-after"] == when


def test_robots_may_fail(server: Server) -> None:
    assert spoilt(server, "/robots.txt", "status=502").status == 502


def test_empty(server: Server, path: str) -> None:
    answer = spoilt(server, path, "empty")
    assert (answer.status, answer.body, answer.end) == (200, b"", "complete")


def test_charset(server: Server, path: str) -> None:
    answer = spoilt(server, path, "charset=gbk")
    assert answer.headers["content-type"] == "text/html; charset=gbk"
    assert "来源".encode() in answer.body


def test_bad_bytes(server: Server, path: str) -> None:
    whole = ask(server, path).body
    broken = spoilt(server, path, "bad-bytes=2").body
    assert broken.count(b"\xff\xfe") == 2
    assert broken.replace(b"\xff\xfe", b"") == whole


OLDER_PAGES = [
    ("legacy", "gb18030"),
    ("json2021", "gb18030"),
    ("paper", "utf-8"),
]


@pytest.mark.parametrize(("generation", "codec"), OLDER_PAGES)
def test_bad_bytes_in_older_pages(server: Server, site: Site, generation: str, codec: str) -> None:
    parts = urlsplit(site.truth(generation)[0]["url"])
    whole = ask(server, parts.path, host=parts.netloc).body
    server.inject(f"{parts.netloc}{parts.path}:bad-bytes=2")
    broken = ask(server, parts.path, host=parts.netloc).body
    assert whole.decode(codec)
    with pytest.raises(UnicodeDecodeError):
        broken.decode(codec)
    assert broken.count(b"\xff\xfe") == 2
    assert broken.replace(b"\xff\xfe", b"") == whole


@pytest.mark.parametrize("generation", ["legacy", "json2021", "paper"])
def test_older_pages_fail_as_others_do(server: Server, site: Site, generation: str) -> None:
    parts = urlsplit(site.truth(generation)[0]["url"])
    server.inject(f"{parts.netloc}/*:status=503,1@1", f"{parts.netloc}/*:truncated@1")
    answers = [ask(server, parts.path, host=parts.netloc, wait=0.5) for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 200, 200]
    assert [answer.end for answer in answers] == ["complete", "closed", "complete"]


def test_html_instead_of_json(server: Server) -> None:
    answer = spoilt(server, OLDER.format(2), "html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.body.startswith(b"<!DOCTYPE html>")


def test_a_page_that_is_no_article(server: Server, path: str) -> None:
    answer = spoilt(server, path, "no-article")
    assert answer.status == 200
    assert b"<title>" not in answer.body
    assert b"<p" not in answer.body


@pytest.mark.parametrize("target", ["/about/", "http://example.com/x", "http://169.254.169.254/"])
def test_redirect(server: Server, path: str, target: str) -> None:
    answer = spoilt(server, path, f"redirect={target}")
    assert (answer.status, answer.headers["location"]) == (302, target)


@pytest.mark.parametrize("fault", ["endless", "endless=repeat"])
def test_a_list_that_repeats(server: Server, fault: str) -> None:
    second = ask(server, OLDER.format(2)).body
    assert ask(server, OLDER.format(99)).status == 404
    server.inject(f"/json/*:{fault}")
    assert ask(server, OLDER.format(99)).body == second
    assert ask(server, OLDER.format(500)).body == second


def test_a_list_that_never_ends(server: Server) -> None:
    server.inject("/json/*:endless=older")
    addresses: list[str] = []
    times: list[str] = []
    for number in (2, 3, 4, 900, 901):
        entries = json.loads(ask(server, OLDER.format(number)).body)["list"]
        assert len(entries) == 20
        addresses += [entry["artUrl"] for entry in entries]
        times += [entry["addTime"] for entry in entries]
    assert len(set(addresses)) == 100
    assert times == sorted(times, reverse=True)


def test_an_endless_fault_leaves_other_pages_alone(server: Server, path: str) -> None:
    server.inject("*:endless")
    assert ask(server, path).status == 200
    assert ask(server, "/json/nowhere/index_2.json").status == 404


@pytest.mark.parametrize("fault", ["endless", "endless=repeat"])
def test_a_list_of_2021_that_repeats(server: Server, fault: str) -> None:
    first = ask(server, "/json/main/28261_1.json").body
    server.inject(f"/json/*:{fault}")
    assert ask(server, "/json/main/28261_500.json").body == first


def test_a_list_of_2021_that_never_ends(server: Server) -> None:
    server.inject("/json/main/*:endless=older")
    hrefs: list[str] = []
    for number in (1, 2, 900):
        answer = ask(server, f"/json/main/28261_{number}.json")
        hrefs += [entry["href"].lstrip("/") for entry in json.loads(answer.body)]
    assert len(set(hrefs)) == 36
    ids = [href[-21:-6] for href in hrefs]
    assert ids == sorted(ids, reverse=True)
    assert {ask(server, f"/{href}").status for href in hrefs} == {404}


def test_big(server: Server, path: str) -> None:
    whole = len(ask(server, path).body)
    answer = spoilt(server, path, "big=3")
    assert answer.end == "complete"
    assert len(answer.body) == whole + 3 * 2**20


def test_bad_gzip(server: Server, path: str) -> None:
    answer = spoilt(server, path, "bad-gzip")
    assert answer.headers["content-encoding"] == "gzip"
    with pytest.raises((EOFError, OSError, zlib.error)):
        gzip.decompress(answer.body)


def test_stall(server: Server, path: str) -> None:
    started = time.monotonic()
    assert spoilt(server, path, "stall=0.5").end == "complete"
    assert time.monotonic() - started >= 0.5


def test_stall_for_ever(server: Server, path: str) -> None:
    answer = spoilt(server, path, "stall", wait=0.5)
    assert (answer.status, answer.end) == (0, "silent")
    assert server.requests[-1].status == 0


def test_reset_before_the_answer(server: Server, path: str) -> None:
    answer = spoilt(server, path, "reset")
    assert (answer.status, answer.end) == (0, "reset")


def test_reset_in_the_middle_of_the_body(server: Server, path: str) -> None:
    answer = spoilt(server, path, "reset-body")
    assert (answer.status, answer.end) == (200, "reset")
    assert len(answer.body) == int(answer.headers["content-length"]) // 2


def test_truncated(server: Server, path: str) -> None:
    whole = ask(server, path).body
    answer = spoilt(server, path, "truncated")
    assert (answer.body, answer.end) == (whole, "closed")
    assert int(answer.headers["content-length"]) == len(whole) + 1000


def test_slow(server: Server) -> None:
    started = time.monotonic()
    answer = spoilt(server, "/robots.txt", "slow=40")
    assert answer.end == "complete"
    assert time.monotonic() - started > 0.5  # 33 bytes


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_stands_in_the_table(kind: str) -> None:
    assert f"\n    {kind}" in str(faults.__doc__)


# --- which requests, how often --------------------------------------------------------------


def test_a_fault_is_over_after_its_times(server: Server) -> None:
    server.inject("/robots.txt:status=500@2", "/robots.txt:status=429@1")
    statuses = [ask(server, "/robots.txt").status for _ in range(5)]
    assert statuses == [500, 500, 429, 200, 200]


def test_a_pattern_may_name_the_host(server: Server, path: str) -> None:
    server.inject("news.workercn.cn/*:status=500")
    assert ask(server, path).status == 200
    assert ask(server, path, host="news.workercn.cn").status == 500


def test_a_pattern_leaves_other_paths_alone_and_heals(server: Server, path: str) -> None:
    server.inject("/c/*:status=500")
    assert ask(server, "/character/").status == 200
    assert ask(server, path).status == 500
    server.heal()
    assert ask(server, path).status == 200


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("/x:explode", "no kind 'explode'; there are status, empty,"),
        ("/x", "not of the form PATTERN:KIND"),
        (":status=500", "not of the form PATTERN:KIND"),
        ("/x:status=abc", "status cannot be 'abc'"),
        ("/x:status", "status cannot be ''"),
        ("/x:status=9000", "status cannot be '9000'"),
        ("/x:redirect", "redirect cannot be ''"),
        ("/x:redirect=/a b", "redirect cannot be '/a b'"),
        ("/x:charset", "charset cannot be ''"),
        ("/x:slow=0", "slow cannot be '0'"),
        ("/x:stall=-1", "stall cannot be '-1'"),
        ("/x:stall=nan", "stall cannot be 'nan'"),
        ("/x:big=-1", "big cannot be '-1'"),
        ("/x:big=inf", "big cannot be 'inf'"),
        ("/x:bad-bytes=0", "bad-bytes cannot be '0'"),
        ("/x:endless=sideways", "endless cannot be 'sideways'"),
        ("/x:empty=3", "empty cannot be '3'"),
    ],
)
def test_a_wrong_specification_says_what_is_wrong(spec: str, message: str) -> None:
    with pytest.raises(ValueError, match="fault ") as error:
        Fault(spec)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("spec", "pattern", "left"),
    [
        ("/c/*:status=503,120@2", "/c/*", 2),
        ("/c/*:redirect=http://a:8/x", "/c/*", None),
        ("*:reset", "*", None),
        ("/x:redirect=/a@b", "/x", None),
    ],
)
def test_a_specification(spec: str, pattern: str, left: int | None) -> None:
    fault = Fault(spec)
    assert (fault.pattern, fault.left) == (pattern, left)
