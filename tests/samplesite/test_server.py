"""What comes over the socket where nothing is wrong."""

from __future__ import annotations

import gzip
import socket
from urllib.parse import urlsplit

import pytest

from crawler.samplesite import Server, Site, serve
from tests.samplesite.client import NOW, ask, read_answer


@pytest.fixture
def path(site: Site) -> str:
    return urlsplit(site.truth()[3]["url"]).path


@pytest.mark.parametrize(
    ("address", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/character/", "text/html; charset=utf-8"),
        ("/json/character/index_2.json", "application/json; charset=utf-8"),
        ("/json/character/index_2.json?t=1759651200000", "application/json; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/upload/resources/image/2026/10/02/2927733.jpg?r=1", "image/jpeg"),
    ],
)
def test_types(server: Server, address: str, content_type: str) -> None:
    answer = ask(server, address)
    assert (answer.status, answer.end) == (200, "complete")
    assert answer.headers["content-type"] == content_type


def test_robots_allow_all_but_the_login(server: Server) -> None:
    assert ask(server, "/robots.txt").body == b"User-agent: *\nDisallow: /login/\n"


def test_a_picture_is_a_jpeg(server: Server) -> None:
    body = ask(server, "/upload/resources/image/2026/10/02/2927733_526x296c.jpg").body
    assert body.startswith(b"\xff\xd8\xff")
    assert body.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    "address", ["/nowhere/", "/json/character/index_99.json", "/json/character/index_1.json"]
)
def test_what_is_not_there_is_a_404_with_a_page(server: Server, address: str) -> None:
    answer = ask(server, address)
    assert answer.status == 404
    assert "不存在".encode() in answer.body


@pytest.mark.parametrize("host", ["www.workercn.cn", "news.workercn.cn", "127.0.0.1:8000"])
def test_an_article_stands_under_every_host(server: Server, path: str, host: str) -> None:
    assert ask(server, path, host=host).status == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("www.workercn.cn", 200), ("127.0.0.1:8000", 200), ("news.workercn.cn", 404)],
)
def test_sections_are_those_of_www(server: Server, host: str, status: int) -> None:
    assert ask(server, "/character/", host=host).status == status


@pytest.mark.parametrize("address", ["/character/", None])
def test_validators_give_a_304_without_body(server: Server, path: str, address: str | None) -> None:
    address = address or path
    first = ask(server, address)
    for header in (
        f"If-None-Match: {first.headers['etag']}",
        f'If-None-Match: "other", {first.headers["etag"]}',
        f"If-Modified-Since: {first.headers['last-modified']}",
    ):
        again = ask(server, address, header, "Accept-Encoding: gzip")
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]


def test_old_validators_give_the_page(server: Server, path: str) -> None:
    modified = ask(server, path).headers["last-modified"]
    for headers in (
        ['If-None-Match: W/"0-0"'],
        ["If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT"],
        ["If-Modified-Since: yesterday"],
        ['If-None-Match: W/"0-0"', f"If-Modified-Since: {modified}"],
    ):
        assert ask(server, path, *headers).status == 200


def test_gzip_where_it_is_asked_for(server: Server, path: str) -> None:
    plain, packed = ask(server, path), ask(server, path, "Accept-Encoding: gzip, deflate")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2


def test_a_connection_is_kept_for_the_next_request(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as sock:
        for _ in range(3):
            sock.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: www.workercn.cn\r\n\r\n")
            assert read_answer(sock).end == "complete"
        sock.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert read_answer(sock).headers["connection"] == "close"
        assert sock.recv(1) == b""


@pytest.mark.parametrize(
    ("request_line", "status"),
    [("HEAD / HTTP/1.1", 200), ("POST / HTTP/1.1", 405), ("nonsense", 400)],
)
def test_other_methods(server: Server, request_line: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as sock:
        sock.sendall(f"{request_line}\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        answer = read_answer(sock)
        assert answer.status == status
        assert answer.body == b"" or status != 200


def test_requests_are_noted_with_their_headers(site: Site) -> None:
    with serve(site) as server:
        ask(server, "/character/?a=1", "User-Agent: test/1", 'If-None-Match: "x"')
        ask(server, "/nowhere", host="news.workercn.cn")
        first, second = server.requests
        assert (first.host, first.path, first.query) == ("www.workercn.cn", "/character/", "a=1")
        assert (first.status, second.status) == (200, 404)
        assert first.headers["user-agent"] == "test/1"
        assert first.headers["if-none-match"] == '"x"'
        assert first.at <= second.at
        assert server.seen() == {
            ("www.workercn.cn", "/character/", 200): 1,
            ("news.workercn.cn", "/nowhere", 404): 1,
        }


def test_latency_comes_before_each_answer(site: Site) -> None:
    with serve(site, latency=0.5) as server:
        assert ask(server, "/robots.txt", wait=0.2).end == "silent"
        assert ask(server, "/robots.txt").end == "complete"


def test_a_stopped_server_answers_nobody_and_stops_twice(site: Site) -> None:
    with serve(site) as server:
        server.stop()
    with pytest.raises(ConnectionRefusedError):
        ask(server, "/")


def test_stopping_in_the_middle_of_an_answer_is_no_error(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(site, faults=["/robots.txt:stall"]) as server:
        ask(server, "/robots.txt", wait=0.2)
    assert caplog.records == []


def test_a_taken_port_is_an_error(server: Server, site: Site) -> None:
    with pytest.raises(OSError, match="in use"), serve(site, port=server.port):
        pass


def test_a_site_needs_an_article() -> None:
    with pytest.raises(ValueError, match="one has to be published"):
        Site(1, 5, NOW, held=5)
