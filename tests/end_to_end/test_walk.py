"""The walk on listings that behave otherwise than the embedded site's: small sites of our own."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from crawler import clock
from tests.support.harness import crawl

DAY = "2026-10-02"


def url(number, day=DAY):
    return f"/c/{day}/{number}.shtml"


def item(number, time=f"{DAY} 12:00:00", day=DAY, title=None):
    info = f'<div class="info2">{time}</div>' if time else ""
    return (
        f'<li id="li_{number}"><h3><a href="{url(number, day)}">{title or f"第{number}号职工学堂开课"}</a></h3>'
        f'<div class="info"><span class="media">滚动</span>{info}</div></li>'
    )


def listing(*items, name="教育"):
    return f'<title>{name} - 中工网</title><ul class="list">{"".join(items)}</ul>'


def article(number, time=f"{DAY} 12:00"):
    text = (
        f"第{number}号车间的职工学堂在厂区开课，三十多名职工下班后来到教室，跟着老师学习新的技能和知识。"
        * 4
    )
    return (
        f"<title>第{number}号职工学堂开课 - 教育 - 中工网</title><h1>第{number}号职工学堂开课</h1>"
        f"<div>来源：中工网 {time}</div><div><p>{text}</p><p>{text}</p>"
        "<p>（孙川 葛红普）</p></div><div>责任编辑：于小淑</div>"
    )


@contextmanager
def site(pages, ahead=timedelta()):
    """Serves {path: text, bytes, status or (status, headers)}; articles are made up. Its clock is
    so much ahead of ours.
    """
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append(self.path)
            found = pages.get(self.path)
            headers = {}
            if found is None and self.path.startswith("/c/"):
                found = article(self.path.rpartition("/")[2].removesuffix(".shtml"))
            status = 404 if found is None else 200
            if isinstance(found, int):
                status, found = found, ""
            elif isinstance(found, tuple):
                (status, headers), found = found, ""
            body = found.encode() if isinstance(found, str) else found or b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp=None):
            return format_datetime(clock.now() + ahead, usegmt=True)

        def log_message(self, *words):
            """Silent: the test looks at `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ids(run):
    return sorted(int(record["id"]) for record in run.records)


def older(numbers):
    return json.dumps(
        [
            {"href": url(n), "title": f"第{n}号职工学堂开课", "time": f"{DAY} 12:00:00"}
            for n in numbers
        ]
    )


@pytest.mark.parametrize("size", [9, 10, 27])
def test_older_entries_in_pages_of_another_size(tmp_path, size):
    """index_2 is the second page of `size`: small ones repeat the first twenty-seven for a while."""
    numbers = list(range(1000080, 1000000, -1))
    pages = {"/edu/": listing(*map(item, numbers[:27]))}
    for page, start in enumerate(range(0, 80, size), 1):
        pages[f"/json/edu/index_{page}.json"] = older(numbers[start : start + size])
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu", "since=2026-10-01")
    assert ids(run) == sorted(numbers)
    assert run.code == 0, run.last_line


def test_a_limit_counts_what_is_asked_for(tmp_path):
    """Whatever becomes of it: a page that is gone, one that is no article, one of another year."""
    numbers = list(range(1000054, 1000000, -1))
    pages = {"/edu/": listing(*map(item, numbers[:27])), url(numbers[0]): 404, url(numbers[1]): " "}
    with site(pages) as (mirror, asked):
        run = crawl(tmp_path, mirror, "sections=edu", "limit=4")
    assert len(run.records) == 2
    assert len(run.rejects) == 2
    assert sum(path.startswith("/c/") for path in asked) == 4
    assert run.code == 0


def test_a_limit_walks_on_until_it_is_met(tmp_path):
    numbers = list(range(1000054, 1000000, -1))
    pages = {
        "/edu/": listing(*map(item, numbers[:27])),
        "/json/edu/index_2.json": older(numbers[27:]),
        url(numbers[3]): 404,
    }
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu", "limit=30")
    assert len(run.records) == 29
    assert run.code == 0


@pytest.mark.parametrize("home", [500, '<body class="home"><a href="/about/">关于</a></body>'])
def test_a_home_page_that_names_no_section_is_said(tmp_path, home):
    pages = {"/": home, "/edu/": listing(item(1000001)), "/character/": listing(item(1000002))}
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, RETRY_TIMES=0)
    assert ids(run) == [1000001, 1000002]
    assert run.code == 3
    assert "listings" in run.last_line


@pytest.mark.parametrize(
    "words", ["1970-01-01 00:00:00", "2027-10-02 12:00:00", "2026-09-01 12:00:00"]
)
def test_a_time_that_cannot_be_does_not_move_an_article_out_of_the_window(tmp_path, words):
    with site({"/edu/": listing(item(1000001), item(1000002, words))}) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu", f"since={DAY}", f"until={DAY}")
    assert ids(run) == [1000001, 1000002]
    assert words in run.stderr


def test_without_a_time_the_page_decides_whether_it_is_of_the_window(tmp_path):
    """Addresses of the day before: one page says the window's day, the other does not."""
    pages = {
        "/edu/": listing(
            item(1000001, None, "2026-10-01"), item(1000002, None, "2026-10-01"), item(1000003)
        ),
        url(1000001, "2026-10-01"): article(1000001, "2026-10-02 00:30"),
        url(1000002, "2026-10-01"): article(1000002, "2026-10-01 23:30"),
    }
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu", f"since={DAY}", f"until={DAY}")
    assert ids(run) == [1000001, 1000003]
    assert run.rejects == []
    assert run.code == 0, run.last_line


def test_an_error_page_in_an_articles_place_is_no_article(tmp_path):
    wall = (
        "<title>安全验证</title><h1>安全验证</h1><p>"
        + "为了您的访问安全，请完成下面的验证后继续访问。" * 5
    )
    pages = {"/edu/": listing(item(1000001), item(1000002)), url(1000002): wall}
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu", "pages=1")
    assert ids(run) == [1000001]
    assert run.reasons == [("parse", "block_page")]


def test_a_redirect_to_a_listed_article_takes_nothing_from_it(tmp_path):
    pages = {
        "/edu/": listing(item(1000009, f"{DAY} 13:00:00"), item(1000001)),
        "/character/": listing(item(1000001), name="人物"),
        url(1000009): (302, {"Location": url(1000001)}),
    }
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu,character", "pages=1")
    (record,) = run.records
    assert [section["slug"] for section in record["sections"]] == ["character", "edu"]
    assert record["published_precision"] == "second"
    assert run.reasons == [("parse", "redirected")]


def test_half_an_emoji_in_a_listing_costs_nothing(tmp_path):
    broken = '[{"href": "/c/2026-10-02/1000002.shtml", "title": "ab\\ud83d", "time": "2026-10-02 12:00:00"}]'
    pages = {"/edu/": listing(item(1000001)), "/json/edu/index_2.json": broken}
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu")
    assert ids(run) == [1000001, 1000002]


def test_links_to_elsewhere_are_said_once_and_degrade_nothing(tmp_path):
    elsewhere = "".join(
        f'<li id="li_{n}"><h3><a href="https://video.example/{n}">视频</a></h3></li>'
        for n in range(5)
    )
    page = listing(item(1000001), item(1000002), elsewhere)
    with site({"/edu/": page, "/character/": page}) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu,character", "pages=1")
    assert run.code == 0, run.last_line
    assert len({reject["url"] for reject in run.rejects}) == len(run.rejects) == 5


def test_a_section_that_leads_to_the_home_page_is_none(tmp_path):
    pages = {"/": listing(item(1000001)), "/edu/": (302, {"Location": "/"})}
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu")
    assert run.records == []
    assert run.reasons == [("listing", "redirected")]
    assert run.code == 3


def test_a_day_yet_to_come_in_an_address_is_no_time(tmp_path):
    ahead = str(clock.today() + timedelta(days=2))
    pages = {
        "/edu/": listing(item(1000001), item(1000002, None, ahead)),
        url(1000002, ahead): article(1000002, ""),
    }
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu", "pages=1")
    assert ids(run) == [1000001]
    assert run.reasons == [("validate", "missing_published_at")]


def test_robots_that_forbids_all_is_an_answer(tmp_path):
    pages = {"/robots.txt": "User-agent: *\nDisallow: /\n", "/edu/": listing(item(1000001))}
    with site(pages) as (mirror, asked):
        run = crawl(tmp_path, mirror, "sections=edu")
    assert asked == ["/robots.txt"]
    assert run.code == 3
    assert run.reasons == [("listing", "robots")]


def test_the_same_page_for_ever_is_asked_for_twice(tmp_path):
    """And with the page that it repeats once more in the end: the search, which is not there,
    cannot confirm that the listing ends within the window.
    """
    pages = {"/edu/": listing(item(1000003))}
    pages |= {f"/json/edu/index_{n}.json": older([1000002, 1000001]) for n in range(2, 50)}
    with site(pages) as (mirror, asked):
        run = crawl(tmp_path, mirror, "sections=edu", "since=2026-01-01")
    assert [path for path in asked if "index" in path] == [
        *2 * ["/json/edu/index_2.json", "/json/edu/index_3.json"],
    ]
    assert ids(run) == [1000001, 1000002, 1000003]
    assert all(before != after for before, after in pairwise(asked))
