"""The site's own search: over the socket, as its page's script asks."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from crawler.samplesite import Server, Site, serve
from crawler.samplesite.pieces import GENERATIONS
from tests.samplesite.client import NOW, ask
from tests.samplesite.older import Record

TAG = re.compile(r"</?(?:em|font)[^>]*>")


def search(server: Server, query: str, **parameters: object) -> dict[str, Any]:
    asked = {"query": query, "siteID": 122, "type": "", "sort": "publishDate", "catalogID": ""}
    answer = ask(server, "/cms/front/search/result?" + urlencode(asked | parameters))
    assert (answer.status, answer.headers["content-type"]) == (
        200,
        "application/json; charset=utf-8",
    )
    found: dict[str, Any] = json.loads(answer.body)
    return found


def results(server: Server, query: str, **parameters: object) -> tuple[int, list[Record]]:
    """The total and what can be paged to."""
    shown: list[Record] = []
    while True:
        answer = search(server, query, pageIndex=len(shown) // 15, pageSize=15, **parameters)
        assert answer["status"] == 1
        shown += answer["data"]["data"]
        if len(answer["data"]["data"]) < 15:
            return answer["data"]["total"], shown


def address(result: Record) -> str:
    (key,) = {"url", "artUrl"} & set(result)
    return str(result[key])


def day(result: Record) -> str:
    (key,) = {"publishDate", "time", "addTime"} & set(result)
    return str(result[key])[:10]


@pytest.fixture(scope="module")
def records(site: Site) -> list[Record]:
    return site.truth(*GENERATIONS)


def matching(records: list[Record], *words: str, fields: tuple[str, ...] = ("title", "body")):
    """The addresses of what has every word in one of the fields."""
    return {
        record["url"]
        for record in records
        if all(any(word in record[field] for field in fields) for word in words)
    }


# --- what is found --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words", "fields"),
    [
        ("产业工人", ["产业工人"], ("title", "body")),
        ("title:职工", ["职工"], ("title",)),
        ("content:王𫖯", ["王𫖯"], ("body",)),
        ("title:工会 title", ["工会", "title"], ("title",)),
        ("塔吊司机 潜水员", ["塔吊司机", "潜水员"], ("title", "body")),
        ("没有这个词", ["没有这个词"], ("title", "body")),
    ],
)
def test_what_has_the_words(
    server: Server, records: list[Record], query: str, words: list[str], fields: tuple[str, ...]
) -> None:
    expected = matching(records, *words, fields=fields)
    total, shown = results(server, query)
    assert {address(result) for result in shown} == expected
    assert total == len(shown) == len(expected) < 100


def test_every_generation_is_found(server: Server, records: list[Record]) -> None:
    _, shown = results(server, "title:职工")
    generations = {record["url"]: record["generation"] for record in records}
    assert {generations[address(result)] for result in shown} == set(GENERATIONS)


def test_a_result_says_what_the_truth_says(server: Server, records: list[Record]) -> None:
    truth = {record["url"]: record for record in records}
    forms: Counter[str] = Counter()
    for result in results(server, "title:职工")[1]:
        record = truth[address(result)]
        assert TAG.sub("", result["title"]) == record["title"]
        assert result["source"] == (record["source"] or "")
        assert result["catalogName"] == record["sections"][0]["name"]
        length = {"second": 19, "minute": 16, "day": 10}[record["published_precision"]]
        assert record["published_at"].replace("T", " ")[:length] in result.values()
        text = result.get("content", result.get("summary"))
        assert record["body"].replace("\n\n", "").startswith(TAG.sub("", text))
        assert TAG.search(result["title"])
        forms.update(result.keys())
        forms.update(TAG.findall(result["title"])[:1])
    keys = ("url", "artUrl", "publishDate", "time", "addTime", "content", "summary")
    assert all(forms[key] for key in (*keys, "<em>", '<font color="red">'))


def test_newest_first_or_by_weight(server: Server) -> None:
    _, newest = results(server, "塔吊司机")
    days = [day(result) for result in newest]
    assert days == sorted(days, reverse=True)
    _, weighed = results(server, "塔吊司机", sort="")
    assert weighed != newest
    assert sorted(map(address, weighed)) == sorted(map(address, newest))


# --- windows, pages, the cap ----------------------------------------------------------------


def test_a_window_has_both_its_days(server: Server, records: list[Record]) -> None:
    words = matching(records, "职工")
    days = sorted({r["published_at"][:10] for r in records if r["url"] in words})
    first, last = days[5], days[12]
    total, shown = results(server, "职工", startDate=first, endDate=last)
    expected = {
        record["url"]
        for record in records
        if record["url"] in words and first <= record["published_at"][:10] <= last
    }
    assert {address(result) for result in shown} == expected
    assert total == len(expected) > 5
    assert {first, last} <= {day(result) for result in shown}


def test_no_more_than_a_hundred_can_be_paged_to_but_the_total_is_whole(
    server: Server, records: list[Record]
) -> None:
    total, shown = results(server, "职工")
    assert total == len(matching(records, "职工")) > 200
    assert len(shown) == len({address(result) for result in shown}) == 100
    assert len(search(server, "职工", pageIndex=6, pageSize=15)["data"]["data"]) == 10
    beyond = search(server, "职工", pageIndex=7, pageSize=15)
    assert beyond["data"] == {"total": total, "data": []}


def test_windows_halved_by_date_bring_everything(server: Server, records: list[Record]) -> None:
    gathered: set[str] = set()
    windows = [(date(2015, 1, 1), NOW.date())]
    while windows:
        since, until = windows.pop()
        total, shown = results(server, "职工", startDate=since, endDate=until)
        if total > len(shown) and since < until:
            half = since + (until - since) // 2
            windows += [(since, half), (half + timedelta(days=1), until)]
        else:
            assert total == len(shown)
            gathered |= {address(result) for result in shown}
    assert gathered == matching(records, "职工")


@pytest.mark.parametrize(("size", "entries"), [(10, 10), (15, 15), (50, 15), (3, 3), ("", 10)])
def test_page_sizes(server: Server, size: object, entries: int) -> None:
    assert len(search(server, "职工", pageSize=size)["data"]["data"]) == entries


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": ""},
        {"query": "   "},
        {"startDate": "2026-13-01"},
        {"endDate": "yesterday"},
        {"pageIndex": "x"},
        {"pageIndex": -1},
        {"pageSize": 0},
    ],
    ids=str,
)
def test_a_wrong_question_is_answered_without_data(server: Server, wrong: Record) -> None:
    answer = search(server, **({"query": "职工"} | wrong))
    assert (answer["status"], answer["data"]) == (0, None)
    assert answer["message"].startswith("参数错误")


def test_another_sites_search_finds_nothing(server: Server) -> None:
    assert search(server, "职工", siteID=1)["data"] == {"total": 0, "data": []}


def test_the_search_is_that_of_www(server: Server) -> None:
    path = "/cms/front/search/result?query=a&siteID=122"
    assert ask(server, path, host="news.workercn.cn").status == 404


def test_articles_appear_when_published_and_go_when_withdrawn() -> None:
    site = Site(1, 12, NOW, held=6, legacy=0, json2021=0, papers=0)
    with serve(site) as server:
        before = results(server, "的")[0]
        site.release()
        assert before == 6
        assert results(server, "的")[0] == 12
        site.withdraw(site.truth()[0]["id"])
        assert results(server, "的")[0] == 11
