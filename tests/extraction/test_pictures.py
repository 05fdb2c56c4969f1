"""Pictures, their addresses and captions, and the markup of the blocks."""

from __future__ import annotations

import pytest

from crawler.items import Page
from crawler.site.pages import generic

LEAD = "清晨六点，车间里的灯已经亮了，工人们陆续走上各自的岗位，开始一天的工作。"


def read(body: str) -> Page:
    markup = f"<title>标题标题标题</title><h1>标题标题标题</h1><p>2024-02-29 09:06</p><div><p>{LEAD}</p>{body}<p>{LEAD}完。</p></div>"
    return generic.parse(markup.encode(), "https://www.workercn.cn/c/2024-02-29/8163816.shtml")


@pytest.mark.parametrize(
    ("image", "url"),
    [
        (
            'src="/upload/resources/image/2024/02/29/1.jpg?r=1709168760000"',
            "https://www.workercn.cn/upload/resources/image/2024/02/29/1.jpg?r=1709168760000",
        ),
        ('src="/img/loading.gif" data-src="//img.e.cn/a.png"', "https://img.e.cn/a.png"),
        ('src="data:image/gif;base64,R0" data-original="a.jpg#x"', "https://www.workercn.cn/c/2024-02-29/a.jpg"),
        ('srcset="/a-600.jpg 600w, /a-900.jpg 900w"', "https://www.workercn.cn/a-900.jpg"),
        ('src="/1x1.gif" width="1" height="1"', None),
        ('src="/img/qrcode_wx.png"', None),
        ('src="/a.jpg" alt="扫一扫关注"', None),
        ('src="/static/logo.png"', None),
        ('src="/upload/a_w16_h16.png"', None),
        ('src="/a.jpg" width="30"', None),
        ('src="javascript:void(0)"', None),
        ('src="http://[broken/a.jpg"', None),
    ],
)  # fmt: skip
def test_address(image: str, url: str | None) -> None:
    assert [picture.url for picture in read(f"<p><img {image}></p>").pictures] == (
        [url] if url else []
    )


@pytest.mark.parametrize(
    ("body", "caption"),
    [
        ('<p><img src=a.jpg alt="图为会议现场"></p>', "图为会议现场"),
        ('<p><img src=a.jpg alt="图为会议现场。张三摄"></p><p>图为会议现场。张三摄</p>', "图为会议现场。张三摄"),
        ("<p><img src=a.jpg></p><p>▲陈志强在锉削工件。 刘旭 摄</p>", "陈志强在锉削工件。 刘旭 摄"),
        ("<figure><img src=a.jpg><figcaption>车间一角</figcaption></figure>", "车间一角"),
        ("<div><img src=a.jpg><span>车间一角</span></div>", "车间一角"),
        ("<p>图为会议现场。张三 摄</p><p><img src=a.jpg></p>", "图为会议现场。张三 摄"),
        ("<center><img src=a.jpg></center><center>车间一角</center>", "车间一角"),
        ("<p><img src=a.jpg></p><p>车间一角</p><p>车间一角</p>", "车间一角"),
        ("<p>车间一角</p><p><img src=a.jpg></p><p>车间一角</p>", "车间一角"),
        ("<p>车间一角</p><p><img src=a.jpg alt=车间一角></p>", "车间一角"),
        ('<p><img src=a.jpg alt="标题标题标题"></p>', None),
        ('<p><img src=a.jpg alt="IMG_0123.JPG"></p>', None),
        ("<p><img src=a.jpg></p><p>“机器做不了的，就得靠手上的功夫。”他说。</p>", None),
    ],
)  # fmt: skip
def test_caption(body: str, caption: str | None) -> None:
    page = read(body)
    assert [picture.caption for picture in page.pictures] == [caption]
    if caption:
        assert [block.text for block in page.blocks if block.text] == [LEAD, f"{LEAD}完。"]


def test_one_picture_once() -> None:
    assert len(read("<p><img src=a.jpg></p><p><img src=a.jpg></p>").pictures) == 1


@pytest.mark.parametrize(
    ("body", "html", "text"),
    [
        (
            '<p>他说：<b>“好”</b>，见<a href="/x">报道</a>。</p>',
            '<p>他说：<strong>“好”</strong>，见<a href="https://www.workercn.cn/x">报道</a>。</p>',
            "他说：“好”，见报道。",
        ),
        ('<p>见<a href="javascript:go()">专题</a>和1 &lt; 2。</p>', "<p>见专题和1 &lt; 2。</p>", "见专题和1 < 2。"),
        ("<h3>误差<br></h3>", "<h3>误差</h3>", "误差"),
        ("<h6>误差</h6>", "<h4>误差</h4>", "误差"),
        ("<ul><li>甲，乙</li><li>丙</li></ul>", "<ul><li>甲，乙</li><li>丙</li></ul>", "甲，乙\n丙"),
        ("<blockquote>心里不慌。</blockquote>", "<blockquote><p>心里不慌。</p></blockquote>", "心里不慌。"),
        (
            "<table><tr><th>月</th><th>起</th></tr><tr><td>4月</td><td>12</td></tr></table>",
            "<table><tbody><tr><td>月</td><td>起</td></tr><tr><td>4月</td><td>12</td></tr></tbody></table>",
            "月 起\n4月 12",
        ),
    ],
)  # fmt: skip
def test_block(body: str, html: str, text: str) -> None:
    assert [(block.html, block.text) for block in read(body).blocks[1:-1]] == [(html, text)]


def test_figure() -> None:
    block = read('<p><img src="/a.jpg?r=1&amp;s=2"></p><p>图为“现场”。</p>').blocks[1]
    assert block.text == ""
    assert block.html == (
        '<figure><img src="https://www.workercn.cn/a.jpg?r=1&amp;s=2" alt="图为“现场”。">'
        "<figcaption>图为“现场”。</figcaption></figure>"
    )
