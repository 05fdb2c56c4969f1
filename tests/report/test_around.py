"""What a report says of the runs around it, of changed articles, and of numbers out of the usual."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler import report
from tests.report import reports
from tests.report.reports import DEGRADED, FAILED, article, make
from tests.report.test_run import read, section, words, written


def nights(tmp_path, *changes):
    return [make(tmp_path, night, **one) for night, one in enumerate(changes)]


def test_a_good_run_says_how_many_there_were_in_a_row(tmp_path):
    *_, last = nights(tmp_path, FAILED, {}, {}, {})
    assert "3 good runs in a row." in words(written(last, tmp_path).css_first("header"))


def test_a_first_good_run_after_a_bad_one_says_nothing_of_a_row(tmp_path):
    *_, last = nights(tmp_path, FAILED, {})
    assert "in a row" not in words(written(last, tmp_path).css_first("header"))


def test_a_bad_run_links_the_last_good_one_and_the_one_before(tmp_path):
    _, good, bad, last = nights(tmp_path, {}, {}, FAILED, DEGRADED)
    for run in (good, bad):
        report.write(run, output=tmp_path)
    page = written(last, tmp_path)
    header = page.css_first("header")
    assert "last good run: 2026-09-22 03:00" in words(header)
    links = {words(link): link.attributes["href"] for link in header.css("a")}
    assert links["2026-09-22 03:00"].endswith(f"{good.name}/report.html")
    assert links["previous run"].endswith(f"{bad.name}/report.html")
    assert "next run" not in links


def test_a_report_made_again_links_the_next_run(tmp_path):
    first, second, third = nights(tmp_path, {}, {}, {})
    for run in (third, second):
        report.write(run, output=tmp_path)
    links = {words(a): a.attributes["href"] for a in written(first, tmp_path).css("header a")}
    assert links["next run"].endswith(f"{second.name}/report.html")


@pytest.mark.parametrize(
    ("usual", "value", "marked"),
    [(100, 51, False), (100, 49, True), (100, 200, False), (100, 201, True), (4, 9, False)],
)
def test_what_is_out_of_the_usual_is_marked(tmp_path, usual, value, marked):
    counts = {"counts": {"new": usual}}
    *_, last = nights(tmp_path, counts, counts, counts, {"counts": {"new": value}})
    (tile,) = [
        one for one in written(last, tmp_path).css(".tiles > div") if words(one).startswith("new ")
    ]
    assert (tile.attributes.get("class") == "deviates") == marked


def test_the_paper_without_an_issue_is_nothing_missing(tmp_path):
    nothing = {"listed": 0, "pages": 1, "new": 0, "newest_published_at": None}
    run = make(tmp_path, 1, sections={"paper": nothing, "edu": nothing})
    off = [
        words(row.css_first("th")) for row in written(run, tmp_path).css("#sections ~ table tr.off")
    ]
    assert off == ["教育 edu"]


def test_a_section_without_an_article_tonight_has_its_name_all_the_same(tmp_path):
    named = article(1, sections=[{"slug": "edu", "name": "教育"}])
    make(tmp_path, 1, articles=[named])
    run = make(tmp_path, 2, articles=[article(2)])
    assert "教育 edu" in section(written(run, tmp_path), "sections")


def test_what_has_changed_in_an_article(tmp_path):
    make(tmp_path, 1, articles=[article(1, revision=1, title="旧题"), article(2, revision=1)])
    make(tmp_path, 2, articles=[article(1, revision=2, title="中间的题", change="updated")])
    changed = {"change": "updated", "changed_fields": ["title", "body"]}
    run = make(
        tmp_path,
        3,
        articles=[
            article(1, revision=3, title="新题", **changed),
            article(2, revision=2, change="removed"),
            article(3, revision=1),
        ],
    )
    found = section(written(run, tmp_path), "updates")
    assert "新题 updated: title, body · title before: 中间的题" in found
    assert "removed" in found
    assert article(3)["title"] not in found


def test_a_run_without_changed_articles_has_no_such_section(tmp_path):
    page = written(make(tmp_path, 1, articles=[article(1)]), tmp_path)
    assert page.css_first("[aria-labelledby=updates]") is None
    assert not page.css("a[href='#updates']")


def test_only_the_five_slowest_over_a_second(tmp_path):
    run = make(tmp_path, 1)
    slow = [{"url": f"https://www.workercn.cn/{n}", "seconds": n / 2} for n in range(16, 0, -1)]
    page = written(run, tmp_path, {"slowest": slow, "failing": []})
    assert len(page.css("[aria-labelledby=addresses] tbody tr")) == 5
    page = written(run, tmp_path, {"slowest": slow[-2:], "failing": []})
    assert "No response took longer than a second." in section(page, "addresses")


def test_the_index_has_a_strip_of_days(tmp_path):
    for night in (0, 1, 3):
        make(tmp_path, night, **(DEGRADED if night == 1 else {}))
    report.write_index(tmp_path)
    days = read(tmp_path / "index.html").css(".days li")
    assert [day.attributes["class"] for day in days] == ["good", "doubtful", "none", "good"]
    labels = [day.css_first("[aria-label]").attributes["aria-label"] for day in days]
    first = (reports.FIRST + timedelta(hours=8)).date()
    assert labels == [
        f"{first}: ok",
        f"{first + timedelta(days=1)}: degraded",
        f"{first + timedelta(days=2)}: no run",
        f"{first + timedelta(days=3)}: ok",
    ]


def test_the_index_has_a_trend_of_each_section(tmp_path):
    nights(tmp_path, {}, {}, {})
    report.write_index(tmp_path)
    names = [
        svg.attributes["aria-label"]
        for svg in read(tmp_path / "index.html").css("details .tiles svg")
    ]
    assert [name.partition(":")[0] for name in names][:2] == [
        "人物 (character)",
        "教育 (edu)",
    ]
