"""The paper: issues by day, plates, stories and PDFs."""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest

from crawler.samplesite import Server, Site
from tests.samplesite.client import NOW, ask
from tests.samplesite.older import Record, assert_in_order, found, markup, served, squeeze, visible

SITE = Site(1, 5, NOW)
TRUTH = SITE.truth("paper")
DAYS = [NOW.date() - timedelta(days=back) for back in range(10)]
PIECES = {piece.id: piece for piece in SITE._paper.pieces()}


def front(day: date) -> str:
    return f"https://www.workercn.cn/papers/grrb/{day:%Y/%m/%d}/1/page.html"


def listed(source: str, css: str) -> list[str]:
    """The items of `ul#css` inside `div.holder`."""
    holder = source.partition('<div class="holder">')[2]
    items = re.search(rf'<ul id="{css}">(.*?)</ul>', holder, re.S)
    assert items
    return re.findall(r"<li>.*?</li>", items[1], re.S)


def plates(day: date) -> list[tuple[str, str | None]]:
    """(page, PDF or None) of each plate, as its front page links them."""
    found_ = []
    for item in listed(markup(SITE, front(day), "utf-8"), "pageUrl"):
        links = re.findall(r'<a [^>]*?href="([^"]*)"', item)
        pdf = re.search(r'<a class="pdf" href="([^"]*)"', item)
        page = urljoin(front(day), links[1])
        found_.append((page, urljoin(front(day), pdf[1]) if pdf else None))
    return found_


def stories(page: str) -> list[str]:
    items = listed(markup(SITE, page, "utf-8"), "pageTitle")
    return [urljoin(page, re.findall(r'href="([^"]*)"', item)[0]) for item in items]


ISSUES = [day for day in DAYS if found(SITE, front(day))]


def test_eight_of_the_last_ten_days_have_an_issue() -> None:
    assert len(ISSUES) == 8
    assert len({record["published_at"][:10] for record in TRUTH}) == 8
    assert found(SITE, front(DAYS[-1] - timedelta(days=1))) is None
    assert found(SITE, front(DAYS[0] + timedelta(days=1))) is None


def test_an_issue_stays_as_it_is_when_the_clock_moves() -> None:
    later = Site(1, 5, NOW + timedelta(days=3))
    for day in ISSUES[:-3]:
        assert served(later, front(day)) == served(SITE, front(day))
    assert {r["id"] for r in later.truth("paper")} & {r["id"] for r in TRUTH}


@pytest.mark.parametrize("day", ISSUES, ids=str)
def test_plates_lead_to_every_story_of_the_truth(day: date) -> None:
    pages = plates(day)
    assert 4 <= len(pages) <= 8
    assert [page.split("/")[-2] for page, _ in pages] == [str(n + 1) for n in range(len(pages))]
    links = [(story, pdf) for page, pdf in pages for story in stories(page)]
    expected = [
        (record["url"], record["paper"]["pdf"])
        for record in TRUTH
        if record["published_at"].startswith(str(day))
    ]
    assert links == expected
    assert all(record["published_at"].endswith("T00:00:00+08:00") for record in TRUTH)


def test_every_plate_page_shows_the_plates_of_its_issue() -> None:
    for page, _ in plates(ISSUES[0]):
        items = listed(markup(SITE, page, "utf-8"), "pageUrl")
        assert len(items) == len(plates(ISSUES[0]))


def test_a_plate_without_a_pdf_occurs_and_the_others_are_pdfs(server: Server) -> None:
    pdfs = [pdf for day in ISSUES for _, pdf in plates(day)]
    assert None in pdfs
    for url in filter(None, pdfs):
        assert re.fullmatch(
            r"https://www\.workercn\.cn/papers/grrb/[\d/]+/(\d)/grrb\d{8}\1\.pdf", url
        )
        assert served(SITE, url).startswith(b"%PDF-1.4\n")
    answer = ask(server, next(filter(None, pdfs))[len("https://www.workercn.cn") :])
    assert answer.headers["content-type"] == "application/pdf"


def test_a_pdf_is_valid() -> None:
    """Its table says where each object begins, and its last lines where the table does."""
    pdf = served(SITE, next(pdf for _, pdf in plates(ISSUES[0]) if pdf))
    start = int(pdf.split(b"startxref\n")[1].split(b"\n")[0])
    assert pdf[start:].startswith(b"xref\n0 6\n")
    offsets = [int(line.split()[0]) for line in pdf[start:].split(b"\n")[3:8]]
    for number, offset in enumerate(offsets, start=1):
        assert pdf[offset:].startswith(b"%d 0 obj\n" % number)
    stream = pdf.split(b"stream\n")[1].removesuffix(b"\nend")
    assert b"/Length %d " % len(stream) in pdf


@pytest.mark.parametrize("record", TRUTH, ids=lambda record: record["id"])
def test_a_story_says_what_the_truth_says_in_order(record: Record) -> None:
    source = markup(SITE, record["url"], "utf-8")
    piece = PIECES[record["id"]]
    title = html.escape(record["title"], quote=False)
    assert f"<title>{title}-工人日报-中工网</title>" in source
    shown = {
        name: squeeze(html.unescape(re.search(rf'id="{name}">(.*?)</', source)[1]))
        for name in ("pretitle", "ctitle")
    }
    assert shown == {
        "pretitle": squeeze(record["pretitle"] or ""),
        "ctitle": squeeze(record["title"]),
    }
    images = source.partition('<div id="imgs">')[2].partition("</div>")[0]
    assert [urljoin(record["url"], src) for src in re.findall(r'<img src="([^"]*)"', images)] == [
        image["url"] for image in record["images"]
    ]
    for image in record["images"]:
        assert served(SITE, image["url"]).startswith(b"\xff\xd8\xff")
    body = visible(source.partition('<div id="ccontent">')[2].partition("</div>")[0])
    byline = piece.byline
    expected = [byline.words if byline and byline.place == "head" else None]
    expected += record["body"].split("\n\n")
    expected += [byline.words if byline and byline.place in ("tail", "own") else None]
    assert_in_order(body, expected)


def test_ids_say_day_plate_and_story() -> None:
    for record in TRUTH:
        day, plate, story = re.fullmatch(
            r"https://www\.workercn\.cn/papers/grrb/([\d/]{10})/(\d)/news-(\d)\.html", record["url"]
        ).groups()
        assert record["id"] == f"grrb-{day.replace('/', '')}-{plate}-{story}"
        assert record["paper"]["plate"] == int(plate)
        assert record["paper"]["story"] == int(story)
        assert record["published_precision"] == "day"
        assert record["source"] == "工人日报"
        assert record["editors"] == []


def test_some_stories_have_a_pretitle_and_pictures() -> None:
    pretitles = Counter(bool(record["pretitle"]) for record in TRUTH)
    assert min(pretitles.values()) > 10
    assert sum(bool(record["images"]) for record in TRUTH) > 10


@pytest.mark.parametrize(
    "path",
    ["9/page.html", "0/page.html", "1/news-9.html", "1/news-0.html", "1/index.html", "1/grrb1.pdf"],
)
def test_what_is_not_there_is_a_404(path: str) -> None:
    assert found(SITE, front(ISSUES[0]).replace("1/page.html", path)) is None


def test_the_thirtieth_of_february_is_no_day() -> None:
    assert found(SITE, "https://www.workercn.cn/papers/grrb/2026/02/30/1/page.html") is None
