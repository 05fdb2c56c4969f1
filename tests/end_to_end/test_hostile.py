"""What a page, a server or a name server may do to whoever reads them: it costs that page, and is a
reject with its reason.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from twisted.internet.error import DNSLookupError

from crawler.downloader.resolver import PublicResolver, is_public
from tests.support.harness import Run, crawl
from tests.support.hostile import Answer, page, redirect, serve

SENTENCE = "记者从会议上了解到，今年以来各级工会组织开展了多种形式的活动，取得了良好的成效。"
ARTICLE = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>一篇文章的标题-中工网</title>{head}"
    "</head><body><h1>一篇文章的标题</h1><p>来源：工人日报 2026-10-02 15:41</p>"
    f"<div><p>{SENTENCE * 3}</p>{{body}}<p>{SENTENCE * 3}</p></div><p>责任编辑：张三</p></body></html>"
)


def article(head: str = "", body: str = "") -> Answer:
    return page(ARTICLE.format(head=head, body=body))


def refresh(target: str) -> Answer:
    return article(f'<meta http-equiv=refresh content="0;url={target}">')


def crawled(
    folder: Path, answers: Mapping[str, Answer], *, leads_on: bool = False, **settings: object
) -> tuple[Run, dict]:
    """A crawl of the addresses below www.workercn.cn, and its rejects by path. Nothing else may be
    asked for, unless what they answer `leads_on`.
    """
    host = "https://www.workercn.cn"
    (folder / "urls.txt").write_text("\n".join(host + path for path in answers))
    with serve(answers) as server:
        run = crawl(
            folder / "output",
            server.url,
            f"urls={folder / 'urls.txt'}",
            **{"MAX_REJECT_SHARE": 1, "MAX_FAILED_SHARE": 1, "RETRY_TIMES": 0, **settings},
        )
        asked = {path for _, path in server.asked} - {"/robots.txt"}
    assert leads_on or asked <= {path.partition("#")[0] for path in answers}
    return run, {reject["url"].removeprefix(host): reject for reject in run.rejects}


def numbered(answers: Iterator[Answer]) -> dict[str, Answer]:
    return {f"/c/2026-10-02/80000{n:02}.shtml": answer for n, answer in enumerate(answers, 10)}


# --- where it leads -----------------------------------------------------------------------------

ELSEWHERE = [
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:6379/",
    "http://2852039166/",
    "http://[::1]/",
    "http://www.workercn.cn@169.254.169.254/",
    "http://169.254.169.254#@www.workercn.cn/",
    "http://169.254.169.254\\@www.workercn.cn/",
    "http://workercn.cn.evil.example/",
    "http://evilworkercn.cn/",
    "//evil.example/x",
    "ftp://www.workercn.cn/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http:///x",
    "http://[::1",
    "http://www.workercn.cn:99999/x",
    "http://user:password@www.workercn.cn/x",
]


def test_a_redirect_off_the_site_is_refused_and_its_target_told(tmp_path):
    answers = numbered(map(redirect, ELSEWHERE))
    run, rejects = crawled(tmp_path, answers)
    assert run.reasons == [("fetch", "refused_address")] * len(ELSEWHERE)
    for path, target in zip(answers, ELSEWHERE, strict=True):
        told = rejects[path]["error"]
        assert target.lstrip("/").partition("\\")[0] in told, told
    assert run.records == []


def test_a_meta_refresh_off_the_site_is_refused(tmp_path):
    targets = ELSEWHERE[:2] + ELSEWHERE[7:10]
    run, _ = crawled(tmp_path, numbered(map(refresh, targets)))
    assert run.reasons == [("fetch", "refused_address")] * len(targets)


@pytest.mark.parametrize("target", ["javascript:alert(1)", "http://[::1/"])
def test_a_meta_refresh_to_no_address_leaves_the_page_as_it_is(tmp_path, target):
    run, _ = crawled(tmp_path, numbered([refresh(target)]))
    assert run.reasons == []
    assert len(run.records) == 1


def test_a_redirect_loop_ends(tmp_path):
    path = "/c/2026-10-02/8000010.shtml"
    run, _ = crawled(tmp_path, {path: redirect(path)})
    assert run.reasons == [("fetch", "redirect_loop")]


def test_base_and_canonical_lead_nowhere(tmp_path):
    head = (
        '<base href="http://evil.example/"><link rel=canonical href="http://evil.example/c.html">'
    )
    body = "<p><img src=a.jpg width=500><a href=b.html>详见</a></p><center><a href=p_2.html>下一页</a></center>"
    path = "/c/2026-10-02/8000010.shtml"
    with serve({path: article(head, body)}) as server:
        (tmp_path / "urls.txt").write_text(f"https://www.workercn.cn{path}")
        run = crawl(tmp_path / "output", server.url, f"urls={tmp_path / 'urls.txt'}")
    assert {host for host, _ in server.asked} == {"www.workercn.cn"}
    (record,) = run.records
    assert record["url"] == f"https://www.workercn.cn{path}"


def test_addresses_in_json_and_pagers_of_other_sites_are_not_asked(tmp_path):
    entries = '[{"href":"http://169.254.169.254/c/2026-10-02/8000011.shtml","title":"x"}]'
    answers = {
        "/edu/": page("<ul class=list><li id=li_1><a href=/c/2026-10-02/8000010.shtml>标题</a>"
                      "<span>2026-10-02 15:41:00</span></li></ul>"),
        "/json/edu/index_2.json": page(entries, kind=b"application/json"),
        "/c/2026-10-02/8000010.shtml": article(),
    }  # fmt: skip
    with serve(answers) as server:
        run = crawl(tmp_path, server.url, "sections=edu", "since=2020-01-01")
    assert run.reasons == [("listing", "not_an_article")]
    assert run.rejects[0]["url"] == "http://169.254.169.254/c/2026-10-02/8000011.shtml"
    assert {host for host, _ in server.asked} == {"www.workercn.cn"}


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("101.226.10.1", True),
        ("2400:3200::1", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("100.100.100.200", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("fe80::1", False),
        ("fd00:ec2::254", False),
    ],
)
def test_which_addresses_are_of_the_internet(address, public):
    assert is_public(address) == public


@pytest.mark.parametrize("named", ["", "www.workercn.cn, other.example"])
def test_a_name_that_leads_into_this_network_is_refused(tmp_path, monkeypatch, named):
    monkeypatch.setenv("PATCHED_BY", "names")
    with serve({"/x.html": article()}) as server:
        address = f"http://www.workercn.cn:{server.port}/x.html"
        (tmp_path / "urls.txt").write_text(address)
        run = crawl(
            tmp_path / "output",
            "",
            f"urls={tmp_path / 'urls.txt'}",
            PRIVATE_HOSTS=named,
        )
    if named:
        assert ("www.workercn.cn:" + str(server.port), "/x.html") in server.asked
        assert len(run.records) == 1
        return
    assert server.asked == []
    assert run.code == 4
    assert run.last_line.endswith("nothing published")


def test_every_look_up_of_a_name_is_checked_and_what_is_checked_is_what_is_connected_to():
    resolver = PublicResolver(None, 0, 1, frozenset())
    assert resolver._public("8.8.8.8", "rebinding.example") == "8.8.8.8"
    with pytest.raises(DNSLookupError):
        resolver._public("127.0.0.1", "rebinding.example")


# --- bombs --------------------------------------------------------------------------------------

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def endless(begin: bytes, piece: bytes) -> Answer:
    def answer() -> Iterator[bytes]:
        yield begin
        while True:
            yield piece

    return answer


def packed(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"a" * 2**20) for _ in range(megabytes)) + packer.flush()


def test_bombs_are_bounded_in_time_and_memory(tmp_path):
    encoded = b"Content-Encoding: gzip"
    bombs = {
        "headers": (endless(OK, b"".join(b"X-%d: y\r\n" % n for n in range(1000))), "too_large"),
        "interim": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "too_large"),
        "header": (endless(OK + b"X: ", b"y" * 65536), "too_large"),
        "body": (endless(OK + b"\r\n", b"y" * 65536), "too_large"),
        "extension": (
            endless(OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"y" * 65536), "truncated",
        ),
        "trailers": (
            endless(OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\ny\r\n0\r\n", b"X: y\r\n" * 5000),
            "truncated",
        ),
        "gzip": (page(packed(600), encoded), "too_large"),
        "members": (page(gzip.compress(b"", mtime=0) * 200_000, encoded), "empty"),
        "torn members": (page(gzip.compress(b"a", mtime=0) * 100_000 + b"\x1f\x8b", encoded), None),
        "gzip in gzip": (page(b"x", b"Content-Encoding: " + b", ".join([b"gzip"] * 1000)), "truncated"),
        "tags": (page(ARTICLE.format(head="", body="<p>字</p>" * 500_000)), "too_many_elements"),
        "json": (page("[" + "{}," * 500_000 + "{}]"), "too_many_elements"),
    }  # fmt: skip
    answers = dict(
        zip(numbered(iter([None] * len(bombs))), (one for one, _ in bombs.values()), strict=True)
    )
    run, rejects = crawled(
        tmp_path,
        answers,
        DOWNLOAD_TIMEOUT=20,
        CONCURRENT_REQUESTS=2,
        CONCURRENT_REQUESTS_PER_DOMAIN=2,
        MEMUSAGE_LIMIT_MB=400,
        MEMUSAGE_CHECK_INTERVAL_SECONDS=0.2,
    )
    assert set(rejects) == set(answers), run.stderr
    got = dict(zip(bombs, (rejects[path]["reason"] for path in answers), strict=True))
    assert got == {name: reason or got[name] for name, (_, reason) in bombs.items()}
    assert run.manifest["finish_reason"] == "finished"
