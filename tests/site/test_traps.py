"""Pages made to take a reader's time: each is read in a few seconds, where it once took minutes."""

from __future__ import annotations

import contextlib
import time

import pytest

from crawler import clock
from crawler.pipelines.content import Content
from crawler.pipelines.titles import Titles
from crawler.site import listings, pages, sections
from crawler.site.listings import ListingError

MOST = 8  # seconds of the processor; each took half a minute or more
SENTENCE = "<p>记者从会议上了解到，今年以来各级工会组织开展了多种形式的活动，取得了良好的成效。</p>"


def whole(body: str) -> bytes:
    return f"<title>标题标题-中工网</title><h1>标题标题</h1><p>来源：工人日报 2026-10-02</p>{body}".encode()


def article(body: bytes) -> None:
    page = pages.parse(body, "https://www.workercn.cn/c/2026-10-02/8000001.shtml")
    page.fetched_at = clock.now()
    Titles().fill(page)
    Content().fill(page)


def listing(body: bytes) -> None:
    with contextlib.suppress(ListingError):
        listings.read_page(body, "https://www.workercn.cn/edu/")


def home(body: bytes) -> None:
    sections.discover(body, "https://www.workercn.cn/")


ITEM = "<li>2026-10-02 15:41:00<a href=/c/2026-10-02/8000000.shtml>字</a><ul class=list>"


@pytest.mark.parametrize(
    ("read", "body"),
    [
        pytest.param(article, "<dl><dt>字<dd>字" * 20_000 + SENTENCE, id="article: definitions"),
        pytest.param(article, ("<div>" + SENTENCE) * 20_000, id="article: divisions"),
        pytest.param(article, SENTENCE + "<p>e" + "\u0301\u0327" * 100_000, id="article: accents"),
        pytest.param(article, "<h1>e" + "\u0301\u0327" * 100_000, id="article: accents in a heading"),
        pytest.param(
            article,
            "<p><img src=/a/1.jpg alt=会议现场></p>" * 20_000 + "<p>▲会议现场啊</p>" * 20_000,
            id="article: captions far from their pictures",
        ),
        pytest.param(article, "<p " + " ".join(f"a{n}=1" for n in range(100_000)), id="article: attributes"),
        pytest.param(article, "<p " + "a/" * 1_000_000 + f">{SENTENCE}", id="article: more attributes"),
        pytest.param(article, "<p>" + "&lt;&#8232;&nbsp;" * 100_000 + SENTENCE, id="article: entities"),
        pytest.param(listing, "<ul><li>" * 50_000, id="listing: lists in lists"),
        pytest.param(listing, "<ul class=list>" + ITEM * 20_000, id="listing: entries in entries"),
        pytest.param(listing, ("<div>" + SENTENCE) * 20_000, id="listing: divisions"),
        pytest.param(home, "<div class=footer><a href=/a/>x</a>" * 20_000, id="home: footers in footers"),
        pytest.param(home, "<ul><li>" * 50_000, id="home: lists in lists"),
    ],
)  # fmt: skip
def test_a_trap_takes_seconds(read, body):
    began = time.thread_time()
    read(whole(body))
    assert time.thread_time() - began < MOST


def test_what_stands_behind_a_trap_is_read():
    picture = f"<p><img src='data:image/png;base64,{'Ab/+' * 300_000}'>{SENTENCE[3:]}"
    trap = "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + f">{SENTENCE[3:]}"
    page = pages.parse(whole(picture + trap), "https://www.workercn.cn/c/2026-10-02/8000001.shtml")
    assert [block.text for block in page.blocks if block.text] == [SENTENCE[3:-4]] * 2
