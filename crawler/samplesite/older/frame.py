"""What surrounds the text on the pages of the older generations: scripts, navigation, boxes of
other articles with dates of theirs, the footer.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from crawler.samplesite import frame
from crawler.samplesite.frame import headline, text
from crawler.samplesite.pieces import Piece

META = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />\n'
CHANNELS = (
    ("news", "新闻"), ("finance", "财经"), ("world", "国际"), ("job", "就业"), ("ent", "娱乐"),
    ("sports", "体育"), ("tour", "旅游"), ("auto", "汽车"), ("military", "军事"), ("edu", "教育"),
    ("comment", "评论"), ("theory", "理论"), ("right", "维权"), ("character", "人物"),
    ("acftu", "工会"), ("firm", "企业"), ("blog", "博客"),
)  # fmt: skip


def head(title: str, *, declared: bool = True) -> str:
    """From the doctype to the end of the head; `declared`: it says gb2312."""
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml">\n<head>\n{META if declared else ""}'
        f"<title>{text(title)}</title>\n"
        '<meta name="keywords" content="中工网,工会" />\n'
        "<!-- published by ZCMS at 2021-12-30 18:22:41 -->\n"
        f"{frame.style('legacy')}\n{frame.script('legacy')}\n</head>\n"
    )


@cache
def navigation() -> str:
    links = "\n".join(
        f'<li><a href="http://{channel}.workercn.cn/">{name}</a></li>' for channel, name in CHANNELS
    )
    return (
        '<div class="top"><a href="http://www.workercn.cn/">'
        f'<img src="/static/logo.gif" alt="中工网" /></a><ul class="nav">\n{links}\n</ul>'
        '<form action="http://www.workercn.cn/search.shtml"><input name="q" /></form>'
        "<script>document.write(showDate());</script></div>\n"
    )


def side_box(heading: str, pieces: Iterable[Piece]) -> str:
    lines = "\n".join(
        f'<li><a href="{piece.url}" target="_blank">{headline(piece.title)}</a>'
        f"<em>{piece.published:%m-%d}</em></li>"
        for piece in pieces
    )
    return f'<div class="hot"><h2>{heading}</h2><ul class="hotlist">\n{lines}\n</ul></div>\n'


def footer(year: int) -> str:
    friends = " ".join(
        f'<a href="http://www.example.cn/">{name}</a>' for name in frame.FRIENDS.split()
    )
    return (
        f'<div class="foot"><div class="friends">{friends}</div>\n'
        "<p>关于我们 | 版权声明 | 联系我们 | 违法和不良信息举报电话：010-84151598</p>\n"
        "<p>京ICP备11015995号 互联网新闻信息服务许可证10120170024</p>\n"
        f"<p>Copyright &copy; 2008-{year} by www.workercn.cn. all rights reserved</p>"
        '<p>扫码关注 中工网微信 中工网微博</p></div>\n<script src="/static/stat.js"></script>\n'
        "</body>\n</html>\n"
    )
