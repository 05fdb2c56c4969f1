"""The answer of the site's search, in the forms that three users of it saw."""

import json

import pytest

from crawler.site.listings import search_answers
from crawler.site.listings.parsers import ListingError

URL = "https://www.workercn.cn/cms/front/search/result"

HITS = [
    {
        "title": "<em>产业工人</em>队伍建设改革&ldquo;再出发&rdquo;",
        "url": "https://www.workercn.cn/c/2024-02-29/8163816.shtml",
        "source": "中工网",
        "catalogName": "经济",
        "publishDate": "2024-02-29 09:06:11",
        "content": "……<em>产业工人</em>……",
    },
    {
        "title": "<font color='red'>产业工人</font>的一天",
        "artUrl": "http://news.workercn.cn/32841/201901/18/190118124637372_2.shtml",
        "source": "工人日报",
        "addTime": "2019-01-18 12:46:37",
    },
    {
        "title": "工匠",
        "artUrl": "/papers/grrb/2024/07/12/06/news-1.html",
        "source": "",
        "time": "2024-07-12",
    },
    {"title": "专题", "url": "https://www.workercn.cn/zt/2024/"},
    {"title": "博客通讯", "url": "http://news.workercn.cn/32841/201901/18/190118124637373.shtml"},
]


def answer(**changes):
    data = {"status": 1, "message": "OK", "data": {"total": 27, "data": HITS}}
    return json.dumps(data | changes, ensure_ascii=False).encode()


def test_an_answer():
    total, listing = search_answers.read(answer(), URL)
    assert total == 27
    assert [(e.url, e.id, e.title, e.published, e.source) for e in listing.entries] == [
        (
            "https://www.workercn.cn/c/2024-02-29/8163816.shtml",
            "8163816",
            "产业工人队伍建设改革“再出发”",
            "2024-02-29 09:06:11",
            "中工网",
        ),
        (
            "http://news.workercn.cn/32841/201901/18/190118124637372.shtml",
            "190118124637372",
            "产业工人的一天",
            "2019-01-18 12:46:37",
            "工人日报",
        ),
        (
            "https://www.workercn.cn/papers/grrb/2024/07/12/06/news-1.html",
            "grrb-20240712-6-1",
            "工匠",
            "2024-07-12",
            None,
        ),
    ]
    assert listing.skipped == ["https://www.workercn.cn/zt/2024/"]
    assert listing.no_news == 1


@pytest.mark.parametrize(
    "data", [{"total": 0, "data": []}, {"total": 0, "data": None}, {"total": "0"}]
)
def test_nothing_found(data):
    total, listing = search_answers.read(answer(data=data), URL)
    assert (total, listing.entries, listing.skipped) == (0, [], [])


def test_past_the_last_page():
    total, listing = search_answers.read(answer(data={"total": "27", "data": []}), URL)
    assert (total, listing.entries) == (27, [])


@pytest.mark.parametrize(
    ("body", "reason", "says"),
    [
        (b"<html>busy</html>", "not_json", "<html>"),
        (b"", "unknown_form", "None"),
        (b"[]", "unknown_form", "[]"),
        (answer(status=0, message="系统繁忙"), "bad_status", "系统繁忙"),
        (b'{"message": "x"}', "bad_status", "None"),
        (answer(data=None), "unknown_form", "None"),
        (answer(data=[]), "unknown_form", "[]"),
        (answer(data={"total": 3, "data": {"0": {}}}), "unknown_form", "data.data"),
        (answer(data={"total": 3, "data": ["x"]}), "unknown_form", "data.data"),
        (answer(data={"total": 3, "data": [{"headline": "甲"}]}), "unknown_form", "artUrl"),
        (answer(data={"total": None, "data": []}), "unknown_form", "data.total"),
        (answer(data={"total": -1, "data": []}), "unknown_form", "-1"),
        (answer(data={"total": True, "data": []}), "unknown_form", "True"),
        (answer(data={"data": HITS}), "unknown_form", "data.total"),
    ],
)
def test_what_is_no_answer(body, reason, says):
    with pytest.raises(ListingError) as caught:
        search_answers.read(body, URL)
    assert caught.value.reason == reason
    assert says in str(caught.value)
