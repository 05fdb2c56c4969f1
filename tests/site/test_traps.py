"""Pages made to take a reader's time, which once took minutes: twice the page is twice the work."""

from __future__ import annotations

import contextlib

import pytest

from crawler import clock
from crawler.pipelines.content import Content
from crawler.pipelines.headings import Titles
from crawler.site import page_table, sections
from crawler.site.listings import parsers
from crawler.site.listings.parsers import ListingError
from tests.support.growth import STEP, grows

SIZES = (300, 300 * STEP, 300 * STEP * STEP)  # the last once took half a minute or more
SENTENCE = "<p>记者从会议上了解到，今年以来各级工会组织开展了多种形式的活动，取得了良好的成效。</p>"


def whole(body: str) -> bytes:
    return f"<title>标题标题-中工网</title><h1>标题标题</h1><p>来源：工人日报 2026-10-02</p>{body}".encode()


def article(body: bytes) -> None:
    page = page_table.parse(body, "https://www.workercn.cn/c/2026-10-02/8000001.shtml")
    page.fetched_at = clock.now()
    Titles().fill(page)
    Content().fill(page)


def listing(body: bytes) -> None:
    with contextlib.suppress(ListingError):
        parsers.read_page(body, "https://www.workercn.cn/edu/")


def home(body: bytes) -> None:
    sections.discover(body, "https://www.workercn.cn/")


ITEM = "<li>2026-10-02 15:41:00<a href=/c/2026-10-02/8000000.shtml>字</a><ul class=list>"


@pytest.mark.parametrize("steps", [2, pytest.param(3, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    ("read", "body"),
    [
        pytest.param(
            article, lambda n: "<dl><dt>字<dd>字" * n + SENTENCE, id="article: definitions"
        ),
        pytest.param(article, lambda n: ("<div>" + SENTENCE) * n, id="article: divisions"),
        pytest.param(
            article, lambda n: SENTENCE + "<p>e" + "\u0301\u0327" * 5 * n, id="article: accents"
        ),
        pytest.param(
            article, lambda n: "<h1>e" + "\u0301\u0327" * 5 * n, id="article: accents in a heading"
        ),
        pytest.param(
            article,
            lambda n: "<p><img src=/a/1.jpg alt=会议现场></p>" * n + "<p>▲会议现场啊</p>" * n,
            id="article: captions far from their pictures",
        ),
        pytest.param(
            article,
            lambda n: "<p " + " ".join(f"a{m}=1" for m in range(5 * n)),
            id="article: attributes",
        ),
        pytest.param(
            article, lambda n: "<p " + "a/" * 50 * n + f">{SENTENCE}", id="article: more attributes"
        ),
        pytest.param(
            article,
            lambda n: "<p>" + "&lt;&#8232;&nbsp;" * 5 * n + SENTENCE,
            id="article: entities",
        ),
        pytest.param(listing, lambda n: "<ul><li>" * 2 * n, id="listing: lists in lists"),
        pytest.param(
            listing, lambda n: "<ul class=list>" + ITEM * n, id="listing: entries in entries"
        ),
        pytest.param(listing, lambda n: ("<div>" + SENTENCE) * n, id="listing: divisions"),
        pytest.param(
            home, lambda n: "<div class=footer><a href=/a/>x</a>" * n, id="home: footers in footers"
        ),
        pytest.param(home, lambda n: "<ul><li>" * 2 * n, id="home: lists in lists"),
    ],
)
def test_work_grows_with_a_trap_and_no_faster(read, body, steps):
    assert not grows(read, [whole(body(number)) for number in SIZES[:steps]])


def test_what_stands_behind_a_trap_is_read():
    picture = f"<p><img src='data:image/png;base64,{'Ab/+' * 300_000}'>{SENTENCE[3:]}"
    trap = "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + f">{SENTENCE[3:]}"
    page = page_table.parse(
        whole(picture + trap), "https://www.workercn.cn/c/2026-10-02/8000001.shtml"
    )
    assert [block.text for block in page.blocks if block.text] == [SENTENCE[3:-4]] * 2
