"""Pages of pictures or a film without an article's text, and pages that are no article at all."""

from __future__ import annotations

import pytest

from crawler.items import Page
from crawler.site.pages import generic

TITLE = "高清组图：春运一线的坚守"
HEAD = f"<h1>{TITLE}</h1><div>来源：中工网 2025-01-20 08:00</div>"
FOOT = (
    "<div>媒体矩阵<br>中工网客户端<br>关于我们 | 版权声明<br>Copyright © 2008-2024<br>扫码关注"
    '<br><img src="/upload/foot.jpg"></div>'
)
ASIDE = "<div><h3>热点</h3>" + "".join(
    f'<p><a href="/c/2025-01-19/{n}.shtml"><img src="/upload/t{n}.jpg"></a></p>'
    f"<p><a href=/c/2025-01-19/{n}.shtml>另一篇新闻的标题{n}</a></p>"
    for n in range(8400001, 8400005)
)
SUMMARIES = "".join(
    f"<div><h4><a href=/c/2025-01-19/{n}.shtml>另一篇新闻的标题{n}</a></h4><p>另一篇新闻的摘要，"
    "写得很长，比什么都长，里面有逗号，也有句号。</p></div>"
    for n in range(8400001, 8400005)
)


def read(body: str, title: str = TITLE) -> Page:
    markup = f'<title>{title} - 图片 - 中工网</title><img src="/upload/banner.jpg">{body}{FOOT}'
    return generic.parse(markup.encode(), "https://www.workercn.cn/c/2025-01-20/8400000.shtml")


def words(page: Page) -> list[str]:
    return [block.text for block in page.blocks if block.text]


@pytest.mark.parametrize("count", [1, 2, 8])
@pytest.mark.parametrize(
    "item",
    [
        "<p><img src=/upload/{n}.jpg></p>",
        "<div><img src=/upload/{n}.jpg></div>",
        "<img src=/upload/{n}.jpg><br>",
        "<p><img src=/upload/{n}.jpg></p><p>图{n}。</p>",
        '<p><a href="/upload/{n}.jpg"><img src=/upload/{n}.jpg></a></p>',
        '<p><a href="8400000_{n}.shtml"><img src=/upload/{n}.jpg></a></p>',
    ],
)
@pytest.mark.parametrize(
    "page",
    [
        "{head}<div>{items}</div><div>责任编辑：赵新</div>",
        "{head}{items}<div>责任编辑：赵新</div>",
        "{head}<div>{items}</div><div>责任编辑：赵新</div>{aside}",
        "{head}<div>{items}</div>{aside}",
        "{head}<div>{items}</div>{summaries}",
    ],
)
def test_pictures_without_text(page: str, item: str, count: int) -> None:
    items = "".join(item.format(n=n) for n in range(1, count + 1))
    found = read(page.format(head=HEAD, items=items, aside=ASIDE, summaries=SUMMARIES))
    assert (found.kind, words(found)) == ("gallery", [])
    assert [one.url.rpartition("/")[2] for one in found.pictures] == [
        f"{n}.jpg" for n in range(1, count + 1)
    ]
    assert found.published == "2025-01-20 08:00"
    assert found.editors == (["责任编辑：赵新"] if "责任编辑" in page else [])


def test_a_title_of_two_characters() -> None:
    page = read("<h1>图集</h1><div>2025-01-20 08:00</div><p><img src=/upload/1.jpg></p>", "图集")
    assert (page.title, page.kind, len(page.pictures)) == ("图集", "gallery", 1)


@pytest.mark.parametrize(
    "player",
    [
        '<div id=player></div><script>new Player({url:"https://v.example.com/a.mp4"})</script>',
        '<div data-url="/upload/a.mp4"></div>',
        '<p><img src=/upload/1.jpg></p></div><div><script>play("/upload/a.m3u8")</script>',
        "<video src=/upload/a.mp4></video>",
    ],
)
def test_a_player_without_text(player: str) -> None:
    page = read(f"{HEAD}<div>{player}</div><div>责任编辑：赵新</div>{ASIDE}")
    assert (page.kind, words(page), page.editors) == ("video", [], ["责任编辑：赵新"])


@pytest.mark.parametrize("aside", [ASIDE, SUMMARIES])
def test_neither_text_nor_picture_nor_player(aside: str) -> None:
    page = read(f"{HEAD}<div></div><div>责任编辑：赵新</div>{aside}")
    assert (page.kind, page.blocks, page.pictures) == ("article", [], [])
    assert "body: not found" in page.warnings


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("安全验证", "<p>您的请求过于频繁，请完成安全验证后继续访问本站，谢谢您的理解和支持。</p>"),
        ("系统繁忙", "<h1>系统繁忙</h1><p>系统繁忙，请稍后再试。</p><p>如有疑问，请联系我们。</p>"),
        ("404 Not Found", "<h1>404 Not Found</h1><img src=/upload/e.jpg><p>三秒后返回首页。</p>"),
        ("用户登录", "<h1>用户登录</h1><p>请输入您的用户名和密码，登录后继续阅读本文。</p>"),
        ("页面不存在", "<h1>页面不存在</h1><p><img src=/upload/404bg.jpg></p>"),
    ],
)
def test_a_servers_words_are_no_article(title: str, body: str) -> None:
    page = read(body, title)
    assert (page.kind, page.blocks, page.pictures) == ("article", [], [])


@pytest.mark.parametrize(
    "about",
    [
        "<div>2025-01-20 08:00</div>",
        "<div>来源：中工网</div>",
        "<div>责任编辑：赵新</div>",
        "<div>作者：孙川</div>",
    ],
)
def test_a_flash_is_an_article(about: str) -> None:
    page = read(f"<h1>{TITLE}</h1>{about}<p>春运今日开始。</p>")
    assert words(page) == ["春运今日开始。"]


def test_a_long_text_is_an_article_without_time_and_source() -> None:
    text = "清晨六点，车间里的灯已经亮了，工人们陆续走上各自的岗位，开始一天的工作。" * 3
    assert words(read(f"<h1>{TITLE}</h1><p>{text}</p>")) == [text]
