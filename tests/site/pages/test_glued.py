"""Buttons of the page between paragraphs or glued to one, and paragraphs that begin like them."""

from __future__ import annotations

import pytest

from .small_pages import FIRST, SECOND, TEXT, THIRD, TITLE, expected, page, seen

BUTTONS = [
    "返回海港网，查看更多", "点击查看图集", "转播到腾讯微博", "扫码关注海港工人报", "阅读原文",
    "展开全文", "分享到：微信 微博 QQ空间", "打印", "字号：大 中 小", "返回首页", "查看原文",
    "扫描下方二维码关注我们", "點擊查看更多", "閱讀原文", "分享到", "掃碼關注我們", "列印本頁",
    "【打印】【关闭】", "点此查看全文", "点击展开全文 ▼", "分享让更多人看到", "看更多", "關閉視窗",
    "关注公众号", "微信搜索“海港工人报”关注我们", "打开APP阅读全文", "（点击图片查看大图）", "广告",
    "原標題：東嶺港的餐車", "版權聲明：未經授權不得轉載",
    "点击加载更多", "继续阅读", "欢迎转发分享", "点赞在看", "点我查看", "戳这里看视频", "点击 观看",
]  # fmt: skip


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("place", range(4))
def test_a_button_in_a_line_of_its_own(button: str, place: int) -> None:
    text = [*TEXT[:place], f"<p>{button}</p>", *TEXT[place:]]
    assert seen(page(*text)) == expected()


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_glued_to_the_last_paragraph(button: str) -> None:
    assert seen(page(FIRST, SECOND, f"<p>{THIRD}<a href=/x>{button}</a></p>")) == expected()


@pytest.mark.parametrize(
    "button",
    [
        "返回海港网，查看更多", "点击查看图集", "转播到腾讯微博", "扫码关注海港工人报", "阅读原文", "展开全文", "點擊查看圖集",
        "返回列表", "更多精彩内容，请扫码关注", "打开APP查看更多", "点击下载客户端", "點擊下載用戶端", "我要评论", "查看大图",
        "特别声明：以上内容仅代表作者观点", "更多内容请关注海港工人报微信公众号", "点击左下角阅读原文", "↓↓↓", "欢迎转发分享",
        "投稿邮箱：a@example.com", "上一篇：另一篇稿件", "扫一扫，分享到微信", "未经授权不得转载", "欢迎扫码关注！",
    ],
)  # fmt: skip
@pytest.mark.parametrize("glued", ["{}{}", "{}<span>【{}】</span>", "{} [{}]"])
def test_a_button_without_a_link(button: str, glued: str) -> None:
    assert seen(page(FIRST, f"<p>{glued.format(SECOND, button)}</p>", THIRD)) == expected()


@pytest.mark.parametrize(
    "words",
    [
        "（完）",
        "“欢迎再来”",
        "小周说",
        "他们这样评论",
        "关注的人越来越多",
        "大家都看了原文，",
        "一二三",
        "2025",
    ],
)
def test_words_behind_the_last_full_stop(words: str) -> None:
    assert seen(page(FIRST, f"<p>{SECOND}{words}</p>", THIRD))["text"][1] == SECOND + words


@pytest.mark.parametrize("button", ["评论", "我要评论", "网友评论", "评论区", "参与讨论"])
@pytest.mark.parametrize("place", ["head", "lead"])
def test_a_button_for_comments_over_a_short_text(button: str, place: str) -> None:
    head = f"<h1>{TITLE}</h1>"
    markup = (
        page(FIRST, THIRD, head=f"{head}<div>{button}</div>")
        if place == "head"
        else page(FIRST, THIRD, lead=f"<div>{button}</div>")
    )
    assert seen(markup) == expected(text=[FIRST, THIRD])


def test_comments_under_a_film_are_no_text() -> None:
    film = "<video src=/1.mp4></video>"
    comments = f"<h3>网友评论</h3><div class=list><p>{FIRST}</p><p>{THIRD}</p></div>"
    assert seen(page(film, signed="", box="<div>", after=comments))["text"] == []


@pytest.mark.parametrize("place", range(4))
def test_the_source_in_traditional_script(place: int) -> None:
    found = seen(page(*TEXT[:place], "來源：海港工人報", *TEXT[place:], info="2025-03-11 07:45"))
    assert found == expected(source="海港工人報")


def test_a_button_before_the_first_words() -> None:
    assert seen(page(FIRST, f"<p>【点击查看图集】{SECOND}</p>", THIRD)) == expected()


@pytest.mark.parametrize(
    "sentence",
    [
        "扫码支付在餐车上已成习惯，老工人也学会了。",
        "扫描二维码即可预约热饭，理货员小周说。",
        "“扫码就能吃上热饭，真方便！”小周说。",
        "打印店的老板说，订单比去年多了三成。",
        "点击查看进度的人越来越多，平台为此扩容。",
        "分享到群里的菜单，第二天就有上百人回复。",
        "阅读原文有助于理解条例，律师这样建议。",
        "展开全文检索后，馆员找到了三份旧档案。",
        "返回海港的船员都要先做体检，这是老规矩。",
        "转播到社区的比赛吸引了不少夜班工人。",
        "下载安装这款应用的职工，已超过三千人。",
        "评论认为，餐车开进码头，是把服务送到了职工手边。",
        "<strong>扫码点餐受关注</strong>",
        "看图纸的老师傅常用<a href=/x>打印</a>出来的图样，他说这样踏实。",
    ],
)
@pytest.mark.parametrize("place", range(4))
def test_a_paragraph_that_begins_like_a_button(sentence: str, place: int) -> None:
    words = sentence.replace("<strong>", "").replace("</strong>", "")
    words = words.replace("<a href=/x>", "").replace("</a>", "")
    text = [*TEXT[:place], f"<p>{sentence}</p>", *TEXT[place:]]
    assert seen(page(*text))["text"] == [*TEXT[:place], words, *TEXT[place:]]


@pytest.mark.parametrize(
    "heading",
    ["相关阅读", "延伸閱讀", "相關新聞", "推薦閱讀：", "【延伸阅读】", "更多新聞", "相關報導"],
)
def test_other_articles(heading: str) -> None:
    links = "".join(
        f"<li><a href=/c/2025-03-0{n}/{n}.shtml>另一篇讲港口食堂的稿件{n}</a></li>" for n in (1, 2)
    )
    box = f"<div><h4>{heading}</h4><ul>{links}</ul></div>"
    line = f"<p>{heading}<a href=/c/2025-03-01/1.shtml>另一篇讲港口食堂的稿件</a></p>"
    assert seen(page(FIRST, box, SECOND, line, THIRD)) == expected()
