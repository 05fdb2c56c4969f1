"""Titles with the suffixes that sites put behind them, and headings as they stand on pages."""

from __future__ import annotations

import pytest

from crawler.extraction import heading, traversal


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("山东滨州：创新举措、精准发力 - 经济 - 中工网", "山东滨州：创新举措、精准发力"),
        ("让更多技术工人成为“香饽饽”-评论-中工网", "让更多技术工人成为“香饽饽”"),
        ("债券市场是否存在泡沫？_新浪财经_新浪网", "债券市场是否存在泡沫？"),
        ("郑板桥画了几笔兰花当嫁妆--文化--人民网", "郑板桥画了几笔兰花当嫁妆"),
        ("陈同佳刑满出狱 鞠躬致歉|香港_新浪新闻", "陈同佳刑满出狱 鞠躬致歉"),
        ("知道创宇发布新版ZoomEye-CSDN.NET", "知道创宇发布新版ZoomEye-CSDN.NET"),
        ("亚马逊登陆拼多多_网易科技", "亚马逊登陆拼多多"),
        ("C919-首架机交付仪式举行", "C919-首架机交付仪式举行"),
        ("我们——记一支青年突击队", "我们——记一支青年突击队"),
        ("中工网", "中工网"),
    ],
)
def test_suffix(title: str, expected: str) -> None:
    assert heading.without_suffix(title) == expected


def read(body: str, title: str) -> heading.Heading:
    return heading.find(traversal.read(f"<title>{title}</title><body>{body}</body>"))


TITLE = "一把锉刀锉出精彩人生"
TAG = f"{TITLE} - 人物 - 中工网"


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{TITLE}</h1>",
        f"<h1><a href=/>中工网</a></h1><h2>{TITLE}</h2>",
        f"<div>{TITLE}</div>",
        "<h1>一把锉刀<br>锉出精彩人生</h1>",
        f"<ul><li><a href=/c/1.shtml>{TITLE}</a></li></ul><h3>{TITLE}</h3>",
        f"<h1>{TITLE}<span>2024-02-29</span></h1>",
        f'<h1><span class="tag">要闻</span>{TITLE}</h1>',
        f"<h1>{TITLE}-中工网</h1>",
        f"<h1></h1><div>{TITLE}</div>",
        f"<h2>人物</h2><center><font><b>{TITLE}</b></font></center>",
        "",
    ],
)
def test_title(body: str) -> None:
    assert read(body, TAG).title == TITLE


def test_heading_that_is_not_the_title_tags() -> None:
    found = read("<h1>车间里的“发明家”</h1>", "中工网-新闻详情")
    assert (found.title, found.by) == ("车间里的“发明家”", "generic")
    assert found.warning == "title: the heading is not the title tag's"


@pytest.mark.parametrize("tag", ["", "中工网", "人民网", "新浪新闻"])
def test_a_sites_name_is_no_title(tag: str) -> None:
    assert read("<p>系统繁忙</p>", tag).title is None


@pytest.mark.parametrize(
    ("over", "under", "pretitle", "subtitle"),
    [
        ("<p class=yinti>大国工匠</p>", "", "大国工匠", None),
        ("<h3>工会、法院、人社部门联动</h3>", "", "工会、法院、人社部门联动", None),
        ("<div>引题：走近一线职工</div>", "", "走近一线职工", None),
        ("", "<div>——记全国劳动模范陈志强</div>", None, "——记全国劳动模范陈志强"),
        ("", "<p class=sub-title>八部门出台指导意见</p>", None, "八部门出台指导意见"),
        ("<div>人物</div>", "<div>2024-02-29 来源：中工网</div>", None, None),
        ("<div><a href=/>首页</a> > 正文</div>", "<div>作者：张三</div>", None, None),
        ("<div>中工娱乐</div>", "<div>分享到：</div>", None, None),
        ("", "<div>工人日报客户端</div><div>2024-02-29 09:06</div>", None, None),
        ("", "<div>走进职工服务中心</div><div>2024-02-29 09:06</div>", None, "走进职工服务中心"),
        (
            "",
            "<div>记者走进新落成的职工服务中心</div><div>2024-02-29 09:06</div>",
            None,
            "记者走进新落成的职工服务中心",
        ),
    ],
)
def test_neighbours(over: str, under: str, pretitle: str | None, subtitle: str | None) -> None:
    found = read(f"<div>{over}<h1>{TITLE}</h1>{under}<p>清晨六点，灯已经亮了。</p></div>", TAG)
    assert (found.pretitle, found.title, found.subtitle) == (pretitle, TITLE, subtitle)


@pytest.mark.parametrize(
    ("body", "tag"),
    [
        (f"<h1>{TAG}</h1><h1>{TITLE}</h1>", TAG),
        (f"<h2>{TITLE}</h2><p>清晨六点。</p><h2>{TAG}</h2>", TAG),
        (f"<div>{TAG}</div><div>{TITLE}</div>", TAG),
        (f"<h1>{TITLE}（组图）</h1><h1>{TITLE}</h1>", TAG),
        (f"<h2>{TITLE} - 车间里</h2><h2>{TITLE}</h2>", f"{TITLE} - 车间里"),  # no known suffix
    ],
)
def test_of_two_of_a_rank_the_one_without_the_suffix(body: str, tag: str) -> None:
    assert read(body, tag).title == TITLE


def test_a_dash_within_the_title_is_no_suffix() -> None:
    title = "夜班不夜心——东岭港餐车记"
    assert read(f"<h1>夜班不夜心</h1><h1>{title}</h1>", f"{title} - 工会 - 中工网").title == title


@pytest.mark.parametrize("tag", ["", "中工网", "人民网"])
@pytest.mark.parametrize(
    "shown", [f"<h2>{TITLE}</h2>", f"<div class='art-title'>{TITLE}</div>", f"<h1>{TITLE}</h1>"]
)
def test_where_the_title_tag_tells_nothing(tag: str, shown: str) -> None:
    about = "<p>2024-02-29 09:06 来源：中工网</p><p>清晨六点，灯已经亮了。</p>"
    found = read(f"<h2>人物频道</h2>{shown}{about}<h2>热门新闻</h2>", tag)
    assert (found.title, found.by) == (TITLE, "generic")


@pytest.mark.parametrize(
    ("tag", "shown", "title"),
    [
        ("某某广播公司全球资讯网", f"<div>{TITLE}</div>", TITLE),
        ("某某廣播公司全球資訊網", f"<div>{TITLE}</div>", TITLE),
        ("-公視新聞網", f"<div>{TITLE}</div>", TITLE),
        ("某某新闻网", f"<h1><a href=/>某某新闻网</a></h1><h2>{TITLE}</h2>", TITLE),
        ("某某新闻网", f"<h1>某某新闻网</h1><h2>{TITLE}</h2>", TITLE),
        ("织密职工权益保障网", "<h1>织密职工权益保障网</h1>", "织密职工权益保障网"),
        ("织密职工权益保障网", "<img src=1.jpg>", "织密职工权益保障网"),
        ("织密职工权益保障网", "<div>人物</div>", "织密职工权益保障网"),
        ("某某广播公司", f"<div><a href=/1>{TITLE}</a></div>", "某某广播公司"),
        ("某某广播公司", f"<p>{TITLE}。</p>", "某某广播公司"),
    ],
)
def test_where_the_title_tag_is_the_sites_alone(tag: str, shown: str, title: str) -> None:
    body = f"<div>首页 > 人物</div>{shown}<div>2024-02-29 09:06 来源：某某社</div><p>正文。</p>"
    assert read(body, tag).title == title


@pytest.mark.parametrize("mark", ["…", "...", "……"])
def test_a_title_tag_that_is_cut_off(mark: str) -> None:
    body = f"<ul><li><a href=/1>{TITLE}</a></li></ul><div>{TITLE}</div><p>{TITLE}的故事。</p>"
    found = read(body, f"{TITLE[:8]}{mark} - 中工网")
    assert (found.title, found.by) == (TITLE, "label")


@pytest.mark.parametrize("tag", [f"某某新闻网-{TITLE}", f"{TITLE}-某某新闻网", f"{TITLE[:8]}…", ""])
def test_a_button_in_the_heading(tag: str) -> None:
    about = "<p>2024-02-29 09:06 来源：中工网</p><p>清晨六点，灯已经亮了。</p>"
    found = read(f"<h1><span>{TITLE}</span><a href=#c>评论</a></h1>{about}", tag)
    assert found.title == TITLE
