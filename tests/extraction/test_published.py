"""When an article was published, on small pages: what stands beside the day, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy.settings import Settings

from crawler.pipelines import validation
from crawler.pipelines.stage import chain
from crawler.site import page_table

URL = "https://www.workercn.cn/c/2024-02-29/8163816.shtml"
NOW = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
TITLE = "矿区小学的第一堂音乐课"
PARAGRAPHS = [
    "矿区小学的孩子们上周等来了第一位音乐老师，她是从城里报名来支教的退休职工，行李里装着三十支口琴。",
    "上课铃一响，教室里坐满了人，连窗外也站着刚下班的父亲，大家跟着老师一个音一个音地学，谁也舍不得走。",
    "学校说，今后每周二、周四都有音乐课，放假前孩子们要在矿上的礼堂里开一场自己的音乐会。",
]


def page(about, head="", after="", tail="责任编辑：王小满", before="", title=TITLE, ps=PARAGRAPHS):
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title} - 教育 - 中工网</title>{head}</head><body>{before}<div class="m"><h1>{title}</h1>{about}<div class="c">'
        + "".join(f"<p>{p}</p>" for p in ps)
        + f'</div><div>{tail}</div>{after}</div><div class="footer">关于我们 Copyright © 2008-2024 by www.workercn.cn</div></body></html>'
    )


def info(words):
    return f'<div class="info">{words}</div>'


# (page, clock of 29 February 2024, published_at, precision, source, warn?)
SOURCE = "中工网"
CASES = {
    "sep lines": (
        page(info("2024-02-29") + info("09:06") + info("来源：中工网")),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "clock line first": (
        page(info("09:06:11") + info("2024年2月29日") + info("来源：中工网")),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "td": (
        page(
            "<table><tr><td>日期：2024-02-29</td><td>时间：09:06</td><td>来源：中工网</td></tr></table>"
        ),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "spans": (
        page(info("<span>2024-02-29</span><span>09:06:11</span><span>来源：中工网</span>")),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "spans rev": (
        page(info("<span>09:06:11</span><span>2024-02-29</span><span>来源：中工网</span>")),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "apart": (page(info("2024-02-29 来源：中工网 09:06")), "09:06:00", "minute", SOURCE),
    "apart2": (page(info("2024-02-29 | 中工网 | 09:06:11")), "09:06:11", "second", SOURCE),
    "others clock": (page(info("2024-02-29 来源：中工网 更新：10:30")), "00:00:00", "day", SOURCE),
    "read time": (page(info("2024-02-29 来源：中工网 阅读 12:30")), "00:00:00", "day", SOURCE),
    "duration": (page(info("2024-02-29 时长：03:25 来源：中工网")), "00:00:00", "day", SOURCE),
    "meta completes": (
        page(
            info("2024-02-29 来源：中工网"),
            '<meta property="article:published_time" content="2024-02-29T09:06:11+08:00">',
        ),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "meta utc": (
        page(
            info("2024-02-29 来源：中工网"),
            '<meta property="article:published_time" content="2024-02-29T01:06:11Z">',
        ),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "meta midnight": (
        page(
            info("2024-02-29 来源：中工网"),
            '<meta property="article:published_time" content="2024-02-29T00:00:00+08:00">',
        ),
        "00:00:00",
        "day",
        SOURCE,
    ),
    "meta contradicts": (
        page(
            info("2024-02-29 09:06 来源：中工网"),
            '<meta property="article:published_time" content="2024-02-27T10:00:00+08:00">',
        ),
        "09:06:00",
        "minute",
        SOURCE,
        True,
    ),
    "meta other minute": (
        page(
            info("2024-02-29 09:06 来源：中工网"),
            '<meta property="article:published_time" content="2024-02-29T10:00:00+08:00">',
        ),
        "09:06:00",
        "minute",
        SOURCE,
        True,
    ),
    "meta seconds": (
        page(
            info("2024-02-29 09:06 来源：中工网"),
            '<meta property="article:published_time" content="2024-02-29T09:06:11+08:00">',
        ),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "time tag": (
        page(info('<time datetime="2024-02-29T09:06:11+08:00">2月29日</time> 来源：中工网')),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "time tag ago": (
        page(info('<time datetime="2024-02-29T09:06:11+08:00">3小时前</time> 来源：中工网')),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "time tag words": (
        page(info('<time datetime="2024-02-29T09:06:11+08:00">上周四</time> 来源：中工网')),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "time tag related": (
        page(
            info("2024-02-29 来源：中工网"),
            after='<div class="rel"><h3>相关阅读</h3><a href="/c/2024-02-28/1.shtml">另一篇</a> <time datetime="2024-02-29T11:11:11+08:00">2024-02-29</time></div>',
        ),
        "00:00:00",
        "day",
        SOURCE,
    ),
    "time tag contradicts": (
        page(
            info('<time datetime="2024-02-28T09:06:11+08:00">2024-02-29 09:06</time> 来源：中工网')
        ),
        "09:06:00",
        "minute",
        SOURCE,
        True,
    ),
    "hidden": (
        page(
            '<div style="display:none">2024-02-28 08:00</div>'
            + info("2024-02-29 09:06 来源：中工网")
        ),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "comment html": (
        page(info("2024-02-29 来源：中工网") + "<!-- 发布时间：2024-02-29 10:10:10 -->"),
        "00:00:00",
        "day",
        SOURCE,
    ),
    "updated": (
        page(info("更新时间：2024-02-29 18:00:00 发布时间：2024-02-29 09:06:11 来源：中工网")),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "updated2": (
        page(info("发布时间：2024-02-29 09:06:11 最后更新：2024-02-29 18:00:00 来源：中工网")),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "updated trad": (
        page(info("更新時間：2024-02-29 18:00:00 發布時間：2024-02-29 09:06:11 來源：中工網")),
        "09:06:11",
        "second",
        None,
    ),
    "comments": (
        page(
            info("来源：中工网"),
            after='<div class="comments"><h3>网友评论</h3><p>李大海 发表于 2024-02-29 10:00:00</p><p>写得真好</p></div>',
        ),
        "00:00:00",
        "day",
        SOURCE,
        True,
    ),
    "comments nohead": (
        page(
            info("来源：中工网"),
            after='<div class="cmt"><p>李大海 发表于 2024-02-29 10:00:00</p><p>写得真好</p></div>',
        ),
        "00:00:00",
        "day",
        SOURCE,
        True,
    ),
    "counter": (page(info("中工网 2024-02-29 09:06:11 1286次阅读")), "09:06:11", "second", SOURCE),
    "counter glued": (
        page(info("来源：中工网 2024-02-29 09:06:11<b>1286</b>次阅读")),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "unread": (page(info("2024-02-29 25:70 来源：中工网")), "00:00:00", "day", SOURCE, True),
    "unread2": (page(info("来源：中工网 2024-02-29 9:6:99")), "00:00:00", "day", SOURCE, True),
    "unread+meta": (
        page(
            info("2024-02-29 25:70 来源：中工网"),
            '<meta property="article:published_time" content="2024-02-29T09:06:11+08:00">',
        ),
        "09:06:11",
        "second",
        SOURCE,
        True,
    ),
    "doubted": (page(info("2002-02-20 09:06 来源：中工网")), "00:00:00", "day", SOURCE, True),
    "impossible": (page(info("2024-02-30 09:06 来源：中工网")), "00:00:00", "day", SOURCE, True),
    "impossible beside": (page(info("中工网 2024-02-30 09:06")), "00:00:00", "day", SOURCE, True),
    "unread beside": (page(info("中工网 2024-02-29 25:70")), "00:00:00", "day", SOURCE, True),
    "noyear": (page(info("02-29 09:06 来源：中工网")), "09:06:00", "minute", SOURCE),
    "noyear zh": (page(info("2月29日 下午2点05分 来源：中工网")), "14:05:00", "minute", SOURCE),
    "noyear before": (page(info("09:06 2月29日 来源：中工网")), "09:06:00", "minute", SOURCE),
    "pm": (page(info("2024/2/29 PM 2:05 来源：中工网")), "14:05:00", "minute", SOURCE),
    "trad": (
        page(info("發佈時間：2024年2月29日 下午2時05分 來源：中工網")),
        "14:05:00",
        "minute",
        None,
    ),
    "weekday": (
        page(info("2024年02月29日（星期四）09:06　来源：中工网")),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "gmt": (page(info("2024-02-29 09:06 (GMT+8) 来源：中工网")), "09:06:00", "minute", SOURCE),
    "beijing": (
        page(info("北京时间2024年2月29日 09:06 来源：中工网")),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "english": (
        page(info("Published: Feb 29, 2024 2:05 PM Source: 中工网")),
        "14:05:00",
        "minute",
        SOURCE,
    ),
    "english lower": (
        page(info("Posted on 29 Feb 2024, 14:05 | 来源：中工网")),
        "14:05:00",
        "minute",
        SOURCE,
    ),
    "fw": (
        page(info("２０２４－０２－２９　０９：０６：１１　来源：中工网")),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "24": (page(info("2024-02-28 24:00 来源：中工网")), "00:00:00", "minute", SOURCE),
    "today above": (
        page(
            info("2024-02-29 09:06 来源：中工网"),
            before="<div>今天是2024年3月1日 星期五 10:20</div>",
        ),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "colon trad": (page(info("2024-02-29 09︰06 来源：中工网")), "09:06:00", "minute", SOURCE),
    "nbsp entity": (
        page(info("2024-02-29&nbsp;&nbsp;09:06&emsp;来源：中工网")),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "zcms": (
        page(
            info("2024-02-29 来源：中工网"),
            '<meta name="publishdate" content="2024-02-29">',
            after="<!-- App=ZCMS(ZCMS) 2.4.1,PublishDate=2024-02-29 09:34:55 -->",
        ),
        "00:00:00",
        "day",
        SOURCE,
    ),
    "jsonld": (
        page(
            info("2024-02-29 来源：中工网"),
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-02-29T09:06:11+08:00"}</script>',
        ),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "script date": (
        page(info("2024-02-29 来源：中工网"), '<script>var pubtime="2024-02-29 10:10:10"</script>'),
        "00:00:00",
        "day",
        SOURCE,
    ),
    "bracket": (page(info("[2024-02-29 09:06:11] 来源：中工网")), "09:06:11", "second", SOURCE),
    "body date": (
        page(
            info("来源：中工网 2024-02-29 09:06"),
            ps=["2023年5月1日10:30，矿区小学开学了。" + PARAGRAPHS[0], *PARAGRAPHS[1:]],
        ),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "views clock": (
        page(info("2024-02-29 09:06 阅读 12:30? 来源：中工网")),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "dayafter": (page(info("2024-02-29 上午 来源：中工网")), "00:00:00", "day", SOURCE),
    "one line all": (
        page(info("来源：中工网 2024-02-29 9点零6分 字号：大 中 小")),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "dot": (page(info("2024.02.29. 09:06 来源：中工网")), "09:06:00", "minute", SOURCE),
    "iso": (page(info("2024-02-29T09:06:11.123+08:00 来源：中工网")), "09:06:11", "second", SOURCE),
    "relative meta": (
        page(
            info("3小时前 来源：中工网"),
            '<meta property="article:published_time" content="2024-02-29T09:06:11+08:00">',
        ),
        "09:06:11",
        "second",
        SOURCE,
    ),
    "space digits": (
        page(info("2024 - 02 - 29 09 : 06 来源：中工网")),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "day clock newline br": (
        page(info("2024-02-29<br>09:06<br>来源：中工网")),
        "09:06:00",
        "minute",
        SOURCE,
    ),
    "am cn suffix": (page(info("2024-02-29 2:05下午来源：中工网")), "14:05:00", "minute", SOURCE),
}

# What stands apart from the day, in one line with the source or in the next: (lines about the
# article, clock of 29 February 2024, precision)
APART = [
    # the part of the day belongs to the clock wherever that stands
    ("2024-02-29 来源：中工网 下午2:05", "14:05:00", "minute"),
    ("2024-02-29 来源：中工网 2:05 PM", "14:05:00", "minute"),
    ("2024-02-29 来源：中工网 晚上八点", "20:00:00", "minute"),
    ("2024-02-29 来源：中工网 09时06分", "09:06:00", "minute"),
    ("2024-02-29 来源：中工网 时间：09:06", "09:06:00", "minute"),
    ("2024-02-29 来源：中工网 凌晨零点05分", "00:05:00", "minute"),
    ("09:06 来源：中工网 2024-02-29", "09:06:00", "minute"),
    ("下午2:05:09 来源：中工网 2024-02-29", "14:05:09", "second"),
    ("2024-02-29|09:06 来源：中工网", "09:06:00", "minute"),
    ("2024-02-29|来源：中工网 09:06", "09:06:00", "minute"),
    ("2024-02-29|下午2:05 来源：中工网", "14:05:00", "minute"),
    ("来源：中工网 09:06:11|2024-02-29", "09:06:11", "second"),
    # … and what no reader takes for the article's
    ("2024-02-29 来源：中工网 8点健闻", "00:00:00", "day"),
    ("2024-02-29 来源：中工网 上午好", "00:00:00", "day"),
    ("2024-02-29 来源：中工网 时长 下午场 03:25", "00:00:00", "day"),
    ("2024-02-29 来源：中工网 热线：010-84151598", "00:00:00", "day"),
    ("直播 09:06 来源：中工网 2024-02-29", "00:00:00", "day"),
    ("2024-02-29|来源：中工网 阅读 12:30", "00:00:00", "day"),
    (
        "2024-02-29|早8点，孩子们在矿区门口等着新来的老师，谁也不肯先进教室。|来源：中工网",
        "00:00:00",
        "day",
    ),
    # the label stands behind the time
    ("2024-02-29 10:06更新 2024-02-29 09:06发布 来源：中工网", "09:06:00", "minute"),
    ("2024-02-29 10:06 更新 ｜ 2024-02-29 09:06 发布 来源：中工网", "09:06:00", "minute"),
    ("2024-02-29 09:06 （2024-02-29 10:06更新） 来源：中工网", "09:06:00", "minute"),
    ("发布 2024-02-29 09:06 更新 2024-02-29 10:06 来源：中工网", "09:06:00", "minute"),
    ("来源：中工网 2024-02-29 09:06 发布者：小刘 更新 2024-02-29 10:06", "09:06:00", "minute"),
    # the time of something else
    ("2024-02-29 09:06|活动时间：2024-02-28 10:00|来源：中工网", "09:06:00", "minute"),
    ("会议时间：2024年2月28日 14:00|2024-02-29 09:06|来源：中工网", "09:06:00", "minute"),
    ("发布时间：2024-02-29 09:06 来源：中工网 截止日期：2024-03-10", "09:06:00", "minute"),
    ("录入时间：2024-02-29 09:06 来源：中工网", "09:06:00", "minute"),
    ("<b>来源：中工网</b><i>时间：2024-02-29 09:06</i>", "09:06:00", "minute"),
    ("<b>来源：中工网</b><i>作者：小刘</i><i>时间：2024-02-29 09:06</i>", "09:06:00", "minute"),
    ("来源：中工网时间：2024-02-29 09:06", "09:06:00", "minute"),
    ("更新时间：2024-02-29 09:06 来源：中工网", "09:06:00", "minute"),
    ("编号 20240229090611 来源：中工网", "09:06:11", "second"),
]


@pytest.mark.parametrize(("about", "clock", "precision"), APART)
def test_apart_from_the_day(about, clock, precision):
    found = record(page("".join(map(info, about.split("|")))))
    expected = (f"2024-02-29T{clock}+08:00", precision, "中工网")
    read = (found["published_at"], found["published_precision"], found["source"])
    assert (read, found["warnings"]) == (expected, [])


@pytest.mark.parametrize("label", ["活动时间：", "开庭时间 ", "报名日期："])
def test_a_time_that_is_perhaps_of_something_else(label):
    found = record(page(info(f"{label}2024-02-29 09:06") + info("来源：中工网")))
    assert found["published_at"] == "2024-02-29T09:06:00+08:00"
    assert [words for words in found["warnings"] if "something else" in words]


def record(html, url=URL):
    page = page_table.parse(html.encode(), url)
    page.fetched_at, page.fetched_precision = NOW, None
    settings = Settings()
    settings.setmodule("crawler.settings")
    for stage in chain(settings):
        if not isinstance(stage, validation.Validation):
            stage.fill(page)
    return validation.complete(page)


@pytest.mark.parametrize("name", CASES)
def test_published(name):
    html, clock, precision, source, *doubted = CASES[name]
    found = record(html)
    expected = (f"2024-02-29T{clock}+08:00", precision)
    assert (found["published_at"], found["published_precision"]) == expected
    assert source is None or found["source"] == source
    doubts = [words for words in found["warnings"] if words.startswith("published_at")]
    assert bool(doubts) == bool(doubted), doubts
    assert [editor["name"] for editor in found["editors"]] == ["王小满"]
    assert found["body"].count("\n\n") == 2


SAVED = "https://news.example.cn/s?id=1643978"  # an address without a day


@pytest.mark.parametrize(
    ("about", "at"),
    [
        ("<b>发布时间：24-02-29</b><i>09:06</i><i>某某日报官方帐号</i>", "2024-02-29T09:06"),
        ("24-02-29 09:06 来源：中工网", "2024-02-29T09:06"),
        ("24-02-29 09:06", None),  # nothing says that it is a date of ours
        ("发布时间：24-02-30 09:06", None),
        (
            "<time class='entry-date published'>2024年2月29日</time>"
            "<time class='updated'>2024年3月1日</time>",
            "2024-02-29T00:00",
        ),
        (
            "<time itemprop='dateModified'>2024-03-01 10:00</time> "
            "<time itemprop='datePublished'>2024-02-29 09:06</time>",
            "2024-02-29T09:06",
        ),
    ],
)
def test_an_address_without_a_day(about, at):
    found = record(page(info(about)), SAVED).get("published_at")
    assert (found and found[:16]) == at


@pytest.mark.parametrize(
    ("first", "last", "meta", "at"),
    [
        ("", "2024年2月29日", "", "2024-02-29T00:00"),
        ("", "（2024-02-29 12:00） 午间新闻", "", "2024-02-29T12:00"),
        ("某某社2024.2.29 张三/矿区报道", "", "", "2024-02-29T00:00"),
        ("", "2024年2月29日，学校开学。", "", None),
        ("", "2024年2月29日", '<meta name="publishdate" content="2024-03-01">', "2024-03-01T00:00"),
    ],
)
def test_the_date_in_a_line_of_the_text(first, last, meta, at):
    lines = [line for line in (first, *PARAGRAPHS, last) if line]
    found = record(page("", head=meta, ps=lines), SAVED).get("published_at")
    assert (found and found[:16]) == at
