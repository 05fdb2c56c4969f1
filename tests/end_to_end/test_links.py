"""Pages that link without end: what is asked for, read and kept because of them has limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from crawler.site import urls
from tests.end_to_end.test_hostile import ARTICLE, SENTENCE
from tests.support.harness import crawl
from tests.support.hostile import Answer, Hostile, page, serve

DAY = "since=2026-10-02", "until=2026-10-02"
MANY = 300_000
BOUNDED = {
    "RETRY_TIMES": 0,
    "MEMUSAGE_LIMIT_MB": 400,
    "MEMUSAGE_CHECK_INTERVAL_SECONDS": 0.2,
    # a crawl that would ask for it all ends at this, with another exit code
    "CLOSESPIDER_PAGECOUNT": 1000,
}


def entry(number: int, title: str = "一篇文章的标题") -> str:
    return (
        f"<li id=li_{number}><a href=/c/2026-10-02/{number}.shtml>{title}</a>"
        "<span>2026-10-02 15:41:00</span></li>"
    )


def listing(entries: str) -> str:
    return f"<html><title>教育-中工网</title><body><ul class=list>{entries}</ul></body></html>"


def article() -> Answer:
    return page(ARTICLE.format(head="", body=""))


def plates(count: int) -> str:
    links = "".join(
        f"<li><a href=/papers/grrb/2026/10/02/{number}/page.html>第{number}版</a></li>"
        for number in range(1, count + 1)
    )
    return f"<div class=holder><ul id=pageUrl>{links}</ul><ul id=pageTitle></ul></div>"


# Long, and yet within MAX_PAGE_ELEMENTS and DOWNLOAD_MAXSIZE.
FULL = listing("".join(map(entry, range(8_000_000, 8_010_000))))
SKIPPED = listing("".join(f"<li><a href=/x/{n}.html>x</a>2026-10-02 15:41" for n in range(10_000)))
JSON = (
    "["
    + ",".join(f'"/c/2026-10-02/{number}.shtml"' for number in range(8_100_000, 8_120_000))
    + "]"
)
FRONT = "/papers/grrb/2026/10/02/1/page.html"
HOME = "".join(f"<a href=/s{number}/>第{number}频道</a>" for number in range(30_000))


@pytest.mark.parametrize(
    ("words", "answers", "reasons", "asked"),
    [
        pytest.param(["sections=edu"], {"/edu/": "<a href=/c/>" * MANY}, {"too_many_elements": 1}, 1,
                     id="a listing of a million links"),
        pytest.param(["sections=edu"], {"/edu/": FULL}, {"too_many_entries": 1}, 1,
                     id="a listing of articles"),
        pytest.param(["sections=edu"], {"/edu/": SKIPPED}, {"too_many_entries": 1}, 1,
                     id="a listing of what is no article"),
        pytest.param(["sections=edu"], {"/edu/": listing(""), "/json/edu/index_2.json": JSON},
                     {"no_entries": 1}, 1, id="a listing of nothing"),
        pytest.param(["sections=edu"], {"/edu/": listing(entry(8_000_000)), "/json/edu/index_2.json": JSON},
                     {"too_many_entries": 1, "http_404": 1}, 4, id="older entries"),
        pytest.param(["sections=paper", *DAY], {FRONT: plates(999)}, {"too_many_plates": 1}, 1,
                     id="an issue of plates"),
        pytest.param(["pages=1"], {"/": HOME}, {"too_many_sections": 1}, 14,
                     id="a home page of sections"),
    ],
)  # fmt: skip
def test_a_page_that_links_without_end_costs_that_page(tmp_path, words, answers, reasons, asked):
    with serve({path: page(body) for path, body in answers.items()}) as server:
        run = crawl(tmp_path, server.url, *words, **BOUNDED, MAX_SECTIONS=7)
        paths = [path for _, path in server.asked if path != "/robots.txt"]
    assert Counter(reason for _, reason in run.reasons) == reasons
    assert len(paths) <= asked
    assert run.manifest["finish_reason"] == "finished"
    assert run.code == 3
    assert "listings" in run.last_line


@pytest.mark.parametrize(("links", "code"), [(60_000, 0), (MANY, 3)])
def test_an_article_that_links_without_end_is_read_or_refused(tmp_path, links, code):
    body = "".join(f"<a href=/c/2026-10-02/{8_000_000 + n}.shtml>x</a>" for n in range(links))
    answers = {
        "/edu/": page(listing(entry(8_163_001))),
        "/c/2026-10-02/8163001.shtml": page(ARTICLE.format(head="", body=f"<p>{body}")),
    }
    with serve(answers) as server:
        run = crawl(tmp_path, server.url, "sections=edu", "pages=1", **BOUNDED)
        assert len(server.asked) == 3
    assert run.manifest["finish_reason"] == "finished"
    if code:
        assert run.reasons in ([("fetch", "too_many_elements")], [("fetch", "too_large")])
    else:
        assert len(run.records) == 1
    assert run.code in (0, code)


COUNTED = "<input type=hidden name=__totalpage value=900><center>1</center>"
TRIED = "<center><a href=javascript:go(1)>1</a> <a href=javascript:go(2)>2</a></center>"


@pytest.mark.parametrize("pager", [COUNTED, TRIED], ids=["counted", "tried"])
def test_an_article_of_endless_pages_is_a_reject(tmp_path, pager):
    url = "http://news.workercn.cn/32841/201901/18/190118124637372.shtml"
    pages = {
        urlsplit(urls.page_of(url, number)).path: page(
            f"<title>一篇文章的标题_中工网</title><h1>一篇文章的标题</h1><p>来源：工人日报 2019-01-18</p>"
            f"<div><p>第{number}页：{SENTENCE * 3}</p><p>{SENTENCE * 2}</p></div>{pager}"
        )
        for number in range(1, 40)
    }
    (tmp_path / "urls.txt").write_text(url)
    with serve(pages) as server:
        run = crawl(
            tmp_path, server.url, f"urls={tmp_path / 'urls.txt'}", **BOUNDED, MAX_ARTICLE_PAGES=20
        )
        assert len(server.asked) <= 1 + 20
    assert run.reasons == [("fetch", "too_many_pages")]
    assert run.records == []


# --- listings that link each other --------------------------------------------------------------

SECTIONS = 400
PAGES = 50  # of a section, at most


def everywhere(number: int, form: Callable[[int], str]) -> Answer:
    """A listing page with an article of its own, which links all the others, as entries as well."""
    links = "".join(f"<a href={form(n)}>第{n}页</a>" for n in range(SECTIONS))
    others = "".join(
        f"<li><h3><a href={form(n)}>第{n}页</a></h3>2026-10-02 15:41" for n in range(300)
    )
    return page(listing(entry(8_000_000 + number) + others) + links)


def test_sections_that_link_each_other_are_each_walked_once(tmp_path):
    answers = {f"/s{n}/": everywhere(n, lambda n: f"/s{n}/") for n in range(SECTIONS)}
    answers["/"] = answers["/s0/"]
    answers |= {f"/json/s{n}/index_{p}.json": page("[]") for n in range(SECTIONS) for p in (2, 3)}
    answers |= {f"/c/2026-10-02/{8_000_000 + n}.shtml": article() for n in range(SECTIONS)}
    with serve(answers) as server:
        run = crawl(tmp_path, server.url, **BOUNDED, MAX_SECTIONS=100)
    walked = {key for key, section in run.manifest["sections"].items() if section["listed"]}
    assert len(walked) == 100
    once(server)
    assert len(run.records) == 100
    assert run.code == 3
    assert ("listing", "too_many_sections") in run.reasons


def test_pages_that_lead_to_each_other_end(tmp_path):
    """Of the legacy site, whose 下一页 may lead anywhere: in a ring, and on and on."""
    ring = "/32841/32841_{}.shtml".format
    answers = {ring(n): legacy(n, ring((n + 1) % 7)) for n in range(7)}
    answers["/32841/32841.shtml"] = legacy(0, ring(1))
    answers["/"] = legacy(99, ring(100))
    answers |= {ring(n): legacy(n, ring(n + 1)) for n in range(100, 1100)}
    with serve(answers) as server:
        run = crawl(
            tmp_path,
            server.url,
            "sections=legacy:news/32841,legacy:news",
            "since=2019-01-01",
            "until=2019-01-01",
            **BOUNDED,
            MAX_LISTING_PAGES=PAGES,
        )
    asked = Counter(path for _, path in server.asked)
    assert sum(asked[ring(number)] for number in range(100, 1100)) == PAGES - 1
    assert sum(asked[ring(number)] for number in range(7)) < 7 + 4
    assert (run.code, run.reasons) == (3, [])  # of the ring without an end the rest was not seen


def legacy(number: int, next_page: str) -> Answer:
    links = "".join(f"<a href=/32841/32841_{n}.shtml>{n}</a>" for n in range(SECTIONS))
    return page(
        f"<ul id=leftList><li><h3><a href=/32841/201901/18/1901181246{number:05}.shtml>标题标题</a>"
        f"</h3><span>2019-01-18 12:46</span></li></ul>{links}<a href={next_page}>下一页</a>"
    )


def once(server: Hostile) -> None:
    asked = Counter(path for _, path in server.asked)
    assert [path for path, times in asked.items() if times > 1] == []
