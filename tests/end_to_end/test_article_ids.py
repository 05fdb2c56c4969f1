"""Addresses of other hosts or folders that end in one number: one article, or two."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from crawler.site import urls
from tests.end_to_end.test_same_pages import TITLES, Pages
from tests.end_to_end.test_walk import site
from tests.support.harness import command, crawl, published, run

NUMBER = "190118124637372"
DAY = "2019-01-18"
NEWS = f"/32841/201901/18/{NUMBER}.shtml"
HB = f"/31000/201901/18/{NUMBER}.shtml"
HB2 = f"/31001/201901/18/{NUMBER}.shtml"
SAME, OTHER, THIRD = 1000001, 1000002, 1000003


def page(number, time=f"{DAY} 12:46:37"):
    text = f"{TITLES[number]}，记者来到现场，老师傅们围在一起商量新的办法。"
    return (
        f"<title>{TITLES[number]}-新闻-中工网</title><h1 class='ctitle'>{TITLES[number]}</h1>"
        f"<div class='signdate'><span>{time}</span><span>中工网</span></div>"
        f"<div class='ccontent'><p>{text}</p><p>{text * 3}</p></div><div class='editor'>责任编辑：于小淑</div>"
    )


def section(*entries, time=f"{DAY} 12:46"):
    items = "".join(
        f"<li><h3><a href='{href}'>{TITLES[number]}</a></h3><span>{time}</span></li>"
        for href, number in entries
    )
    return f"<title>新闻-中工网</title><ul id='leftList'>{items}</ul>"


def night(tmp_path, pages, *words):
    with site(Pages(pages)) as (mirror, asked):
        return crawl(tmp_path, mirror, *words), asked


NEWS_SECTION, HB_SECTION = "sections=legacy:news/32841", "sections=legacy:hb/31000"


def test_two_articles_of_one_number_in_one_listing(tmp_path):
    other = f"http://hb.workercn.cn{HB}"
    pages = {"/32841/32841.shtml": section((NEWS, SAME), (other, OTHER))}
    pages |= {NEWS: page(SAME), HB: page(OTHER)}
    done, _ = night(tmp_path, pages, NEWS_SECTION)
    assert {r["id"]: r["title"] for r in done.records} == {
        NUMBER: TITLES[SAME],
        f"hb-{NUMBER}": TITLES[OTHER],
    }
    assert done.code == 0, done.last_line


def test_the_later_one_has_its_host_before_it_and_keeps_it(tmp_path):
    pages = {
        "/32841/32841.shtml": section((NEWS, SAME)), NEWS: page(SAME),
        "/31000/31000.shtml": section((HB, OTHER)), HB: page(OTHER),
    }  # fmt: skip
    night(tmp_path, pages, NEWS_SECTION)
    night(tmp_path, pages, HB_SECTION)
    ids = {r["title"]: r["id"] for r in published(tmp_path)}
    assert ids == {TITLES[SAME]: NUMBER, TITLES[OTHER]: f"hb-{NUMBER}"}
    # asked for again, each is itself: nothing is published
    done, asked = night(tmp_path, pages, f"{HB_SECTION},legacy:news/32841", "full=1")
    assert (HB in asked, NEWS in asked) == (True, True)
    assert done.records == []
    # … and when the state is made again from the folders
    made = run(command("feed", "rebuild-state", OUTPUT_DIR=tmp_path))
    assert made.returncode == 0, made.stderr
    done, _ = night(tmp_path, pages, f"{HB_SECTION},legacy:news/32841", "full=1")
    assert done.records == []
    made = run(command("feed", "verify", OUTPUT_DIR=tmp_path))
    assert made.returncode == 0, made.stderr


def test_extract_prints_the_plain_one(tmp_path):
    """It has no state: of two articles of one number it knows the one it reads."""
    file = tmp_path / "page.html"
    file.write_text(page(OTHER), "utf-8")
    done = run(command("extract", str(file), "--url", f"http://hb.workercn.cn{HB}"))
    assert json.loads(done.stdout)["id"] == NUMBER


def test_a_third_one_has_host_and_folder(tmp_path):
    pages = {
        "/32841/32841.shtml": section((NEWS, SAME)), NEWS: page(SAME),
        "/31000/31000.shtml": section((HB, OTHER), (HB2, THIRD)), HB: page(OTHER), HB2: page(THIRD),
    }  # fmt: skip
    night(tmp_path, pages, NEWS_SECTION)
    done, _ = night(tmp_path, pages, HB_SECTION)
    assert {r["id"] for r in done.records} == {f"hb-{NUMBER}", f"hb-31001-{NUMBER}"}


def test_one_article_at_two_addresses_is_one(tmp_path):
    """Title and time agree, as exactly as both say them."""
    pages = {
        "/32841/32841.shtml": section((NEWS, SAME)), NEWS: page(SAME),
        "/31000/31000.shtml": section((HB, SAME), time=DAY), HB: page(SAME),
    }  # fmt: skip
    night(tmp_path, pages, NEWS_SECTION)
    done, _ = night(tmp_path, pages, HB_SECTION)
    assert done.records == []
    assert {r["id"] for r in published(tmp_path)} == {NUMBER}


def test_one_title_and_another_time_are_two(tmp_path):
    late = f"{DAY} 18:00"
    pages = {
        "/32841/32841.shtml": section((NEWS, SAME)), NEWS: page(SAME),
        "/31000/31000.shtml": section((HB, SAME), time=late), HB: page(SAME, f"{late}:00"),
    }  # fmt: skip
    night(tmp_path, pages, NEWS_SECTION)
    done, _ = night(tmp_path, pages, HB_SECTION)
    assert [r["id"] for r in done.records] == [f"hb-{NUMBER}"]


@pytest.mark.parametrize(("number", "ids"), [(SAME, {NUMBER}), (OTHER, {NUMBER, f"hb-{NUMBER}"})])
def test_addresses_without_titles_are_told_apart_by_their_pages(tmp_path, number, ids):
    pages = {"/32841/32841.shtml": section((NEWS, SAME)), NEWS: page(SAME), HB: page(number)}
    night(tmp_path / "out", pages, NEWS_SECTION)
    file = tmp_path / "urls.txt"
    file.write_text(f"http://hb.workercn.cn{HB}\n")
    done, _ = night(tmp_path / "out", pages, f"urls={file}")
    assert {r["id"] for r in published(tmp_path / "out")} == ids
    assert done.code == 0, done.last_line


def test_replay_takes_it_from_what_was_published(tmp_path):
    pages = {
        "/32841/32841.shtml": section((NEWS, SAME)), NEWS: page(SAME),
        "/31000/31000.shtml": section((HB, OTHER)), HB: page(OTHER),
    }  # fmt: skip
    night(tmp_path, pages, NEWS_SECTION)
    night(tmp_path, pages, HB_SECTION)
    done = run(command("replay", OUTPUT_DIR=tmp_path))
    assert done.returncode == 0, done.stderr
    newest = {r["id"]: (r["title"], r["revision"]) for r in published(tmp_path)}
    assert newest == {NUMBER: (TITLES[SAME], 1), f"hb-{NUMBER}": (TITLES[OTHER], 1)}
    done = run(command("replay", "-a", "full=1", OUTPUT_DIR=tmp_path))
    (folder,) = (tmp_path / "trials").glob("*[0-9a-f]")
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["id"] for line in lines} == {NUMBER, f"hb-{NUMBER}"}


@pytest.mark.parametrize(
    "several",
    [
        [
            "https://www.workercn.cn/c/2024-02-29/8163816.shtml",
            "https://news.workercn.cn/c/2024-02-29/8163816.shtml",
        ],
        ["http://news.workercn.cn" + NEWS, "http://www.workercn.cn" + NEWS],
    ],
)
def test_news_and_www_are_one(several):
    assert all(urls.place(one) == urls.place(other) for one, other in pairwise(several))


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        (
            "https://www.workercn.cn/c/2024-02-29/8163816.shtml",
            ["8163816", "www-8163816", "www-c-8163816"],
        ),
        (
            "http://www.workercn.cn/cj/34179/6650123.shtml",
            ["6650123", "www-6650123", "www-cj-34179-6650123"],
        ),
    ],
)
def test_what_an_id_may_be(url, ids):
    assert list(urls.ids(url)) == ids
