"""`scrapy extract`: one page to one record, nothing else on standard output."""

from __future__ import annotations

import json
import socket

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import command, run

URL = "https://www.workercn.cn/c/2024-02-29/8163816.shtml"
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>山东滨州推动产改取得新突破 - 经济 - 中工网</title></head>
<body><div id="a1"><div id="a2">山东滨州推动产改取得新突破</div><p id="a3"><i>来源：中工网</i><i>2024-02-29 09:06</i></p>
<div id="a4"><p>2月27日，山东省滨州市召开产业工人队伍建设改革座谈会，有关成员单位和部分企业负责人参加会议。</p>
<p>会议强调，要创新工作举措，确保取得实实在在的成效，推动产业工人队伍建设改革工作取得新突破。</p>
<p>（孙川 葛红普）</p></div><div>责任编辑：于小淑</div></div></body></html>"""


def extract(*words, **keywords):
    done = run(command("extract", *words), **keywords)
    return done, json.loads(done.stdout) if done.stdout else None


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    return path


def check(done, record):
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert (record["url"], record["id"], record["generation"]) == (URL, "8163816", "modern")
    assert record["title"] == "山东滨州推动产改取得新突破"
    assert record["published_at"] == "2024-02-29T09:06:00+08:00"
    assert record["source"] == "中工网"
    assert [author["name"] for author in record["authors"]] == ["孙川", "葛红普"]
    assert record["editors"] == [{"name": "于小淑", "role": "editor"}]
    assert record["body"].count("\n\n") == 1
    assert (record["run_id"], record["revision"]) == ("extract", 1)


def test_a_file(file, tmp_path):
    check(*extract(file, "--url", URL))
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_standard_input():
    check(*extract("-", "--url", URL, input=PAGE))


def test_the_page_says_its_address(file):
    file.write_text(
        PAGE.replace("<title>", f'<link rel="canonical" href="{URL}?from=x"><title>'), "utf-8"
    )
    check(*extract(file))


def test_a_page_of_any_site(file):
    done, record = extract(file, "--url", "https://news.example/2024/0229/17.html?id=3")
    assert done.returncode == 0
    assert (record["generation"], record["url"]) == (
        "generic",
        "https://news.example/2024/0229/17.html",
    )
    assert len(record["id"]) == 16
    assert record["published_at"] == "2024-02-29T09:06:00+08:00"


def test_a_file_without_an_address(file):
    done, record = extract(file)
    assert done.returncode == 0, done.stderr
    assert record["url"] == file.as_uri()
    assert record["generation"] == "generic"


def test_an_address():
    site = Site(seed=4, articles=30, now=clock.now())
    wanted = site.truth()[0]
    with serve(site) as server:
        done, record = extract(wanted["url"], "-s", f"MIRROR_URL={server.url}")
        paths = [request.path for request in server.requests]
    assert done.returncode == 0, done.stderr
    assert record["title"] == wanted["title"]
    assert paths[0] == "/robots.txt"
    assert len(paths) == 2


@pytest.mark.parametrize("words", [["-L", "DEBUG"], ["-s", "LOG_LEVEL=DEBUG"]])
def test_the_log_says_as_much_as_is_asked_for(words):
    site = Site(seed=4, articles=30, now=clock.now())
    with serve(site) as server:
        done, record = extract(site.truth()[0]["url"], "-s", f"MIRROR_URL={server.url}", *words)
    assert record is not None
    assert "DEBUG" in done.stderr


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("", ["title", "body"]),
        ("<title>中工网</title><p>系统繁忙</p>", ["title", "body"]),
        ("\x00\x01\x02", ["title", "body"]),
    ],
)
def test_what_is_missing_is_said(tmp_path, body, missing):
    path = tmp_path / "page.html"
    path.write_bytes(body.encode())
    done, record = extract(path, "--url", URL)
    assert done.returncode == 3, done.stderr
    assert {f"{field}: missing" for field in missing} <= set(record["warnings"])
    assert record["id"] == "8163816"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], "no page"),
        (["/no/such/page.html"], "/no/such/page.html"),
        (["/"], "/"),
        (["a.html", "b.html"], "b.html"),
        (["--link=x", "a.html"], "--link=x"),
        (["-", "--url", "javascript:x"], "javascript:x"),
    ],
)
def test_wrong_words(words, named):
    done, record = extract(*words, input="")
    assert done.returncode == 2
    assert record is None
    assert done.stderr.count("\n") == 1, done.stderr
    assert named in done.stderr


def test_nobody_there():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        mirror = f"MIRROR_URL=http://127.0.0.1:{unused.getsockname()[1]}"
        done, record = extract(URL, "-s", mirror, "-s", "RETRY_TIMES=0")
    assert done.returncode == 4
    assert record is None
    assert "could not be fetched" in done.stderr.splitlines()[-1]
