"""Where an article comes from, as Chinese news pages write it."""

from __future__ import annotations

import pytest

from crawler.text.sources import agree, find, name

# (text, the label's words as they occur, the organisation)
SOURCES: list[tuple[str, str, str]] = [
    ("来源：中工网", "来源：中工网", "中工网"),
    ("来源: 新华社", "来源: 新华社", "新华社"),
    ("来源 | 央视新闻", "来源 | 央视新闻", "央视新闻"),
    ("来源丨央视新闻", "来源丨央视新闻", "央视新闻"),
    ("来源/新华社", "来源/新华社", "新华社"),
    ("来源于： 东区办事处", "来源于： 东区办事处", "东区办事处"),
    ("稿件来源：新华网", "稿件来源：新华网", "新华网"),
    ("信息来源：市总工会", "信息来源：市总工会", "市总工会"),
    ("文章来源：人民网", "文章来源：人民网", "人民网"),
    ("本文来源：新京报", "本文来源：新京报", "新京报"),
    ("转自：央视网", "转自：央视网", "央视网"),
    ("出处：快科技", "出处：快科技", "快科技"),
    ("稿源：中新网", "稿源：中新网", "中新网"),
    ("（来源：工人日报客户端）", "来源：工人日报客户端", "工人日报客户端"),
    ("【来源：工人日报】", "来源：工人日报", "工人日报"),
    ("来源：《人民日报》", "来源：《人民日报》", "人民日报"),
    ("来源：《工人日报》（2024年2月29日 02版）", "来源：《工人日报》", "工人日报"),
    ("来源：中工网-工人日报", "来源：中工网-工人日报", "中工网-工人日报"),
    ("来源：中工网－工人日报", "来源：中工网－工人日报", "中工网-工人日报"),
    ("来源：人民网-文化频道", "来源：人民网-文化频道", "人民网-文化频道"),
    ("来源：澎湃新闻·澎湃号·政务", "来源：澎湃新闻·澎湃号·政务", "澎湃新闻·澎湃号·政务"),
    ("来源：新浪财经-自媒体综合", "来源：新浪财经-自媒体综合", "新浪财经-自媒体综合"),
    ("来源：参考消息、海外网等", "来源：参考消息、海外网等", "参考消息、海外网等"),
    ("来源：新华社  中工网", "来源：新华社  中工网", "新华社 中工网"),
    ("来源：人民日报评论", "来源：人民日报评论", "人民日报评论"),
    ("来源：36氪", "来源：36氪", "36氪"),
    ("来源：EETOP 最后更新: 2019-09-07", "来源：EETOP", "EETOP"),
    (
        "Source: China Industrial Network",
        "Source: China Industrial Network",
        "China Industrial Network",
    ),
    ("Source: China Daily Editor: Li Si", "Source: China Daily", "China Daily"),
    ("Source: Xinhua\n2024-02-29 09:06", "Source: Xinhua", "Xinhua"),
    # in a longer line
    ("2024-02-29 09:06来源：中工网 作者：张三", "来源：中工网", "中工网"),
    ("2026年11月5日 晚上9点来源：光明日报", "来源：光明日报", "光明日报"),
    ("来自：联合早报", "来自：联合早报", "联合早报"),
    ("3小时前来源：央广网", "来源：央广网", "央广网"),
    ("2024年2月29日09时06分来源：中工网", "来源：中工网", "中工网"),
    ("2024年2月29日来源：中工网", "来源：中工网", "中工网"),
    ("来源：中工网 2024-02-29 09:06", "来源：中工网", "中工网"),
    ("来源：中工网2024-02-29 09:06", "来源：中工网", "中工网"),
    ("来源：工人日报 2024年02月29日", "来源：工人日报", "工人日报"),
    ("来源：工人日报 2月29日", "来源：工人日报", "工人日报"),
    ("来源:中国新闻网编辑:张三", "来源:中国新闻网", "中国新闻网"),
    ("来源：中工网责任编辑：于小淑", "来源：中工网", "中工网"),
    ("来源：新华社记者 张三", "来源：新华社", "新华社"),
    ("来源: 新京报 举报", "来源: 新京报", "新京报"),
    ("来源: 长江网 调整字体", "来源: 长江网", "长江网"),
    ("来源：中工网 字号：大 中 小", "来源：中工网", "中工网"),
    ("来源：中工网 分享到新浪微博", "来源：中工网", "中工网"),
    ("来源：中工网|时间：09:06", "来源：中工网", "中工网"),
    ("来源： 澎湃新闻网 1032 人参与 308 评论", "来源： 澎湃新闻网", "澎湃新闻网"),
    ("校对|黄慧敏 来源|广州参考、羊城晚报 扫描", "来源|广州参考、羊城晚报", "广州参考、羊城晚报"),
    ("图片来源：新华社 来源：中工网", "来源：中工网", "中工网"),
    # no colon where nothing else is said
    ("来源CSDN", "来源CSDN", "CSDN"),
    ("来源 中工网", "来源 中工网", "中工网"),
    ("1164次阅读 | 来源 CSDN | 0 条评论", "来源 CSDN", "CSDN"),
]

NO_SOURCE = [
    "来源：",
    "来源： 作者：张三",
    "来源： 分享到微信",
    "转自：",
    "图片来源：新华社",
    "图片 来源：新华社",
    "数据来源：国家统计局",
    "（资料来源：参考消息、海外网等）",
    "Photo source: Xinhua",
    "以租金为主要盈利来源的共享充电宝行业",
    "收入来源：工资和奖金",
    "来源于生活",
    "来源不明",
    "来源：" + "这句话太长不可能是一个机构的名称" * 3,
    "作者：张三",
    "",
]


@pytest.mark.parametrize(("text", "words", "organisation"), SOURCES)
def test_source(text: str, words: str, organisation: str) -> None:
    assert find(text) == words
    assert name(words) == organisation
    assert name(text) == organisation


@pytest.mark.parametrize("text", NO_SOURCE)
def test_no_source(text: str) -> None:
    assert find(text) is None


# (words of a listing or a meta tag, the organisation)
NAMES = [
    ("工人日报客户端", "工人日报客户端"),
    (" 新华社\u3000", "新华社"),
    ("China   Industrial\nNetwork", "China Industrial Network"),
    ("中工网（北京）", "中工网(北京)"),
    ("（工人日报客户端）", "工人日报客户端"),
    ("《人民日报》《光明日报》", "《人民日报》《光明日报》"),
    ("来源：", None),
    ("来源：未知", None),
    ("来源：网络", None),
    ("来源：本站", None),
    ("来源：本站原创", None),
    ("", None),
    ("  ", None),
]


@pytest.mark.parametrize(("words", "organisation"), NAMES)
def test_name(words: str, organisation: str | None) -> None:
    assert name(words) == organisation


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("中工网", "中工网", True),
        ("中工网", "中工网-工人日报", True),
        ("工人日报客户端", "工人日报", True),
        ("ＣＣＴＶ", "cctv", True),
        ("《人民日报》", "人民日报", True),
        ("中国 新闻网", "中国新闻网", True),
        ("澎湃新闻·澎湃号", "澎湃新闻•澎湃号", True),
        ("新华社", "中工网", False),
        ("", "中工网", False),
        ("、", "中工网", False),
    ],
)
def test_agree(a: str, b: str, same: bool) -> None:
    assert agree(a, b) is same
    assert agree(b, a) is same
