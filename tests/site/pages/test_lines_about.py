"""The line under a heading and the one under a text, as users of crawlers report them: each page
with one line changed, and what its record says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.pipelines.authors import Authors, Editors
from crawler.pipelines.publication_time import Dates
from crawler.pipelines.source_name import Sources
from crawler.site import page_table

from .small_pages import TEXT, URL, expected, page, seen

AT = "2025-03-11T07:45:00+08:00"


def record(markup: str) -> dict[str, Any]:
    found = page_table.parse(markup.encode(), URL)
    found.fetched_at = datetime(2025, 3, 12, tzinfo=UTC)
    for stage in (Dates(), Sources(), Authors(), Editors()):
        stage.fill(found)
    return found.record


def names(people: list[dict[str, str]]) -> list[str]:
    return [one["name"] for one in people]


TIMES = {
    **dict.fromkeys(
        (
            "2025年03月11日 07时45分", "2025年3月11日(星期二)07:45", "2025-03-11 (周二) 07:45",
            "2025/03/11/ 07:45", "2025.3.11 7:45", "2025—03—11 07:45", "2025－03－11　07：45",
            "2025 年 03 月 11 日 07 : 45", "2025-03-11 07:45 北京时间", "07:45 2025/3/11",
            "2025-03-11 上午 07:45", "2025-03-11 早上7:45", "2025-03-11 7:45AM",
            "2025-03-11 07点45分", "发稿时间：2025-03-11 07:45", "刊发日期：2025-03-11 07:45",
            "11 Mar 2025 07:45", "20250311 07:45", "２０２５年３月１１日０７：４５",
            "二〇二五年三月十一日 7:45", "2025-03-11, 07:45", "（2025-03-11 07:45）",
            "2025-03-11-07:45", "民國114年3月11日 07:45", "03-11 07:45", "3月11日 07:45",
            "更新时间：2025-03-12 10:00 发布时间：2025-03-11 07:45",
            "<!-- 2020-01-01 08:00 -->2025-03-11 07:45",
            '<input type="hidden" value="2020-01-01 08:00">2025-03-11 07:45',
            "<span>2025-03-11</span><span>07:45</span>",
        ),
        AT,
    ),
    "2025-03-11 07:45:09.0": "2025-03-11T07:45:09+08:00",
    "2025年3月11日7时45分9秒": "2025-03-11T07:45:09+08:00",
    "Tue Mar 11 07:45:09 CST 2025": "2025-03-11T07:45:09+08:00",
    "<b>2025</b><em>03</em>/<em>11</em><i>07:45:09</i>": "2025-03-11T07:45:09+08:00",
    "Mon, 10 Mar 2025 23:45:09 GMT": "2025-03-11T07:45:09+08:00",
    "2025-03-10T23:45:09Z": "2025-03-11T07:45:09+08:00",
    "2025年3月11日晚上9点06分": "2025-03-11T21:06:00+08:00",
    "2025-03-11 07:45:09 浏览：12:30": "2025-03-11T07:45:09+08:00",
}  # fmt: skip


@pytest.mark.parametrize("words", TIMES)
def test_times(words: str) -> None:
    found = record(page(info=f"{words} 来源：海港工人报"))
    assert (found["published_at"], found["source"]) == (TIMES[words], "海港工人报")


# the line -> source, authors, editors
LINES: dict[str, tuple[str | None, list[str], list[str]]] = {
    "来源：海港工人报 作者：罗晓峰 发布时间：2025-03-11 07:45 责任编辑：何晓桐": (
        "海港工人报", ["罗晓峰"], ["何晓桐"]
    ),
    "2025-03-11 07:45 | 来源：中工网 | 作者：罗晓峰 丁一鸣 | 编辑：何晓桐": (
        "中工网", ["罗晓峰", "丁一鸣"], ["何晓桐"]
    ),
    '2025-03-11 07:45 来源：<a href="http://www.xinhuanet.com/">新华网</a> <a href="#c">我要评论</a>': (
        "新华网", [], []
    ),
    '<span class="where">东岭中文站</span><span class="pubTime">2025年03月11日07:45</span>': (
        "东岭中文站", [], []
    ),
    "2025-03-11 07:45 来源：中国新闻网作者：罗晓峰": ("中国新闻网", ["罗晓峰"], []),
    "2025-03-11 07:45来源：中工网阅读：1286次": ("中工网", [], []),
    "2025-03-11 07:45（来源：海港工人报）": ("海港工人报", [], []),
    "2025-03-11 07:45 来源丨海港工人报": ("海港工人报", [], []),
    "文章来源：海港工人报 时间：2025-03-11 07:45": ("海港工人报", [], []),
    "来源：新华社 中工网 2025-03-11 07:45": ("新华社 中工网", [], []),
    "<p>来源：</p><p>海港工人报</p><p>2025-03-11 07:45</p>": ("海港工人报", [], []),
    **{
        f"2025-03-11 07:45 来源：海港工人报 {title}记者 罗晓峰": ("海港工人报", ["罗晓峰"], [])
        for title in ("本网", "本台", "本社", "特派", "驻站")
    },
    "<a href=/gn/>国内新闻</a> <a href=/b/>东岭时报</a> 2025-03-11 07:45": ("东岭时报", [], []),
    "<p><a href=/>东岭首页</a> &gt; <a href=/y/>娱乐频道</a> &gt; 正文</p>2025-03-11 07:45"
    '<span id="media_name"><a href=/m/>东岭音乐</a></span>': ("东岭音乐", [], []),
    "2025-03-11 07:45 <a href=/x/>新浪娱乐</a> <a href=/w/>腾讯微博</a>": ("新浪娱乐", [], []),
    "<b>21世纪经济报道</b> 2025-03-11 07:45": ("21世纪经济报道", [], []),
    "<span class=source>36氪</span> 2025-03-11 07:45": ("36氪", [], []),
    "<b>12条新闻</b> 2025-03-11 07:45": (None, [], []),
    "<b>3月11日</b> 2025-03-11 07:45": (None, [], []),
    "（2025-03-11 07:45）海港日报": ("海港日报", [], []),
    "海港日报 [2025-03-11 07:45]": ("海港日报", [], []),
    "2025-03-11 07:45 来源：本站": (None, [], []),
    "2025-03-11 07:45 来源：未知 作者：admin": (None, [], []),
    "2025-03-11 07:45 来源：《海港工人报》3月11日05版": ("海港工人报", [], []),
    "2025-03-11 07:45 Source: Workers' Daily Editor: Wang Fang": (
        "Workers' Daily", [], ["Wang Fang"]
    ),
    "By Sun Chuan 2025-03-11 07:45 Source: Xinhua": ("Xinhua", ["Sun Chuan"], []),
    "<dl><dt>作者</dt><dd>罗晓峰</dd><dt>来源</dt><dd>中工网</dd><dt>时间</dt><dd>2025-03-11 07:45</dd></dl>": (
        "中工网", ["罗晓峰"], []
    ),
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_lines_under_a_heading(line: str) -> None:
    found = record(page(info=line, signed=""))
    people = names(found["authors"]), names(found["editors"])
    assert (found["source"], *people) == LINES[line]
    assert found["published_at"] == AT


# Words of a page's own that stand behind names, and are of the length of one.
BUTTONS = """
    投诉 举报 我要纠错 挑错 报错 收藏 收藏本页 关闭窗口 返回顶部 打印 意见反馈 转发 评论 分享到微信 网友评论 手机看
    大字 听新闻 听全文 朗读 复制链接 微信扫一扫 点我纠错 更多 关注 订阅 字号 阅读 1286次阅读 大 分享 微博 我要评论
""".split()  # noqa: SIM905


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("between", [" ", " | ", "　|　"])
def test_buttons_behind_names(button: str, between: str) -> None:
    about = f"2025-03-11 07:45 来源：中工网 作者：罗晓峰{between}{button}"
    found = record(page(info=about, signed=f"责任编辑：何晓桐{between}{button}"))
    assert (names(found["authors"]), names(found["editors"])) == (["罗晓峰"], ["何晓桐"])


def test_a_desk_that_looks_like_a_person() -> None:
    found = record(page(*TEXT, "（记者 罗晓峰 通讯员 鲁工宣）"))
    assert names(found["authors"]) == ["罗晓峰"]


def test_a_sentence_over_the_text_is_none() -> None:
    first = "3月11日，餐车开进码头。"
    assert seen(page(f"<p>{first}</p>", *TEXT)) == expected(text=[first, *TEXT])


def test_a_summary_by_a_machine_is_none_of_the_text() -> None:
    lead = "<div><b>AI摘要</b><p>本文介绍了码头工会用餐车给夜班工人送热饭的情况，饭菜不超过十元。</p></div>"
    assert seen(page(lead=lead)) == expected()
    assert len(seen(page(lead=lead.replace("AI摘要", "核心提示")))["text"]) == len(TEXT) + 1


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("刚刚 来源：海港工人报", "2025-03-12T08:00"),
        ("来源：海港工人报 | 昨天", "2025-03-11T00:00"),
        ("<i>前天</i> <i>来源：海港工人报</i>", "2025-03-10T00:00"),
    ],
)
def test_words_for_days_beside_a_source(words: str, at: str) -> None:
    found = record(page(info=words))
    assert (found["published_at"][:16], found["source"]) == (at, "海港工人报")
