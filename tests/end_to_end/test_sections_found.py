"""Sections that the home page links, and those of the table that are not there."""

from __future__ import annotations

import pytest

from tests.end_to_end.test_walk import item, listing, site
from tests.support.harness import crawl


def home(*slugs):
    return "".join(f'<a href="{slug}">{slug}</a>' for slug in slugs)


NIGHT = {"/edu/": listing(item(1000001)), "/character/": listing(item(1000002))}


@pytest.mark.parametrize("answer", [404, 500, "<p>关于我们</p>", ""])
def test_a_discovered_section_is_not_judged_before_it_has_listed_something(tmp_path, answer):
    pages = NIGHT | {"/": home("/edu/", "/character/", "/zhuanti/"), "/zhuanti/": answer}
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, RETRY_TIMES=0)
    assert run.code == 0, run.last_line
    assert len(run.records) == 2


def test_and_is_from_then_on(tmp_path):
    pages = NIGHT | {"/": home("/edu/", "/character/", "/zhuanti/")}
    with site(pages | {"/zhuanti/": listing(item(1000003))}) as (mirror, _):
        assert crawl(tmp_path, mirror).code == 0
    with site(pages | {"/zhuanti/": "<p>关于我们</p>"}) as (mirror, _):
        run = crawl(tmp_path, mirror)
    assert run.code == 3
    assert "zhuanti" in run.last_line


@pytest.mark.parametrize("words", [["sections=zhuanti"], ["sections=pl/pl"]])
def test_one_that_was_asked_for_is_judged(tmp_path, words):
    with site(NIGHT) as (mirror, _):
        assert crawl(tmp_path, mirror, *words).code == 3


def test_one_of_the_table_that_is_linked_is_judged(tmp_path):
    with site({"/": home("/edu/", "/character/"), "/edu/": listing(item(1))}) as (mirror, _):
        run = crawl(tmp_path, mirror)
    assert run.code == 3
    assert "character" in run.last_line


def test_two_levels(tmp_path):
    """By argument and, where the table has them, with all."""
    pages = NIGHT | {
        "/": home("/edu/", "/character/"),
        "/pl/pl/": listing(item(1000003), name="评论"),
    }
    with site(pages) as (mirror, asked):
        run = crawl(tmp_path / "a", mirror, "sections=pl/pl")
        assert [r["sections"] for r in run.records] == [[{"slug": "pl/pl", "name": "评论"}]]
        assert run.code == 0, run.last_line
        assert "/json/pl/pl/index_2.json" in asked
        run = crawl(tmp_path / "b", mirror)
    assert len(run.records) == 3
    assert run.manifest["sections"]["pl/pl"]["listed"] == 1


def test_what_is_not_taken_is_named_once(tmp_path):
    pages = NIGHT | {"/": home("/edu", "/character/index.shtml", "/edu/gongyi/", "/edu/gongyi/")}
    with site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror)
    assert run.code == 0, run.last_line
    assert run.stderr.count("https://www.workercn.cn/edu/gongyi/") == 1


# --- sections that lead to others ----------------------------------------------------------------


def away(target):
    return (302, {"Location": f"https://www.workercn.cn{target}"})


def test_a_section_that_leads_to_another_is_listed_once_as_that_one(tmp_path):
    pages = NIGHT | {"/": home("/edu/", "/character/", "/jiaoyu/"), "/jiaoyu/": away("/edu/")}
    with site(pages) as (mirror, asked):
        run = crawl(tmp_path, mirror)
    assert run.code == 0, run.last_line
    assert {s["slug"] for r in run.records for s in r["sections"]} == {"edu", "character"}
    assert "jiaoyu leads to edu" in run.stderr
    assert "jiaoyu" not in run.manifest["sections"]
    assert asked.count("/json/edu/index_2.json") == 1


def test_and_as_that_one_where_nothing_else_names_it(tmp_path):
    pages = {"/jiaoyu/": away("/edu/"), "/jy/": away("/edu/"), "/edu/": NIGHT["/edu/"]}
    with site(pages) as (mirror, asked):
        run = crawl(tmp_path, mirror, "sections=jiaoyu,jy")
    assert run.code == 0, run.last_line
    assert [r["sections"] for r in run.records] == [[{"slug": "edu", "name": "教育"}]]
    assert list(run.manifest["sections"]) == ["edu"]
    assert asked.count("/json/edu/index_2.json") == 1


def test_it_degrades_a_run_where_it_was_one_of_its_own(tmp_path):
    with site(NIGHT | {"/jiaoyu/": listing(item(1000003))}) as (mirror, _):
        assert crawl(tmp_path, mirror, "sections=jiaoyu,edu").code == 0
    with site(NIGHT | {"/jiaoyu/": away("/edu/")}) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=jiaoyu,edu")
    assert run.code == 3
    assert "jiaoyu" in run.last_line
