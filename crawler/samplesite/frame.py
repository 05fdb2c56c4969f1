"""What surrounds the text on every page of the embedded site: head, navigation, side boxes and the
footer, in the weight of a real page. None of it is the article's, much of it looks as if it were.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cache
from html import escape

from crawler.samplesite.articles import ORIGIN, SECTIONS, Story

# Rules of CSS and functions of JavaScript a theme: they make the weight.
WEIGHTS = {
    "columns": (170, 40),
    "semantic": (330, 60),
    "table": (150, 45),
    "app": (560, 110),
    "listing": (260, 60),
    "legacy": (90, 25),
    "paper": (60, 15),
}
NOT_SECTIONS = (
    ("/about/", "关于我们"),
    ("/login/", "登录"),
    ("/search/", "搜索"),
    ("/papers/grrb/2026/10/02/1/page.html", "工人日报数字报"),
    ("/papers/", "报纸"),
    ("/character/dgrw/", "大国工匠"),
    ("/special/2026/lianghui/", "专题"),
    ("/app/workercn.apk", "客户端下载"),
    ("/upload/resources/file/2026/09/30/report.pdf", "年度报告"),
    ("https://www.acftu.org/", "中华全国总工会"),
    ("https://weibo.com/workercn", "微博"),
    ("javascript:void(0)", "繁体"),
    ("javascript:setHome();", "设为首页"),
    ("mailto:tougao@workercn.cn", "投稿"),
    ("#top", "返回顶部"),
)
PROVINCES = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆"
)
FRIENDS = (
    "人民网 新华网 央视网 中国网 国际在线 中国日报网 央广网 中国经济网 光明网 求是网 中青在线 "
    "法治网 中国新闻网 中国军网 中国台湾网 消费日报网 农民日报 经济参考报 科技日报 学习时报"
)
FOOTER = (
    "媒体矩阵",
    "中工网客户端",
    "中工网微信号",
    "中工网微博号",
    "中工网抖音号",
    "亿万职工的网上家园",
    "马上体验",
)
ENGLISH_FOOTER = (
    "Media Matrix",
    "China Industrial Network Client",
    "Microsignal of China Industrial Network",
    "Zhonggong Weibo account",
    "CAMCE voice signal",
    "The online home of hundreds of millions of employees",
    "Experience now",
)


def text(words: str) -> str:
    return escape(words, quote=False)


def attribute(words: str) -> str:
    return escape(words)


def headline(words: str) -> str:
    """A title, in text or attribute, with the site's habit of writing a space as an entity."""
    return escape(words).replace(" ", "&#32;")


@cache
def style(theme: str) -> str:
    rng = random.Random(theme)
    blocks = ("nav", "banner", "sidebar", "swiper-slide", "foot-links", "share", "toolbar", "modal")
    parts = ("li", "a:hover", "img", "h4", ".item em", ".more", ".ico::before", "p span")
    rules = [
        f".{theme}-{rng.choice(blocks)}-{number} {rng.choice(parts)}"
        f"{{margin:{rng.randrange(40)}px {rng.randrange(40)}px;padding:0 {rng.randrange(30)}px;"
        f"color:#{rng.randrange(0x1000000):06x};font-size:{rng.randrange(12, 32)}px}}"
        for number in range(WEIGHTS[theme][0])
    ]
    return "<style>\n" + "\n".join(rules) + "\n</style>"


@cache
def script(theme: str) -> str:
    rng = random.Random(theme)
    names = ("lazyload", "swiper", "share", "stat", "popup", "menu", "fontSize", "qrcode", "player")
    functions = [
        f"function {rng.choice(names)}{number}(el,opt){{var t=el.getAttribute('data-"
        f"{rng.randrange(0x10000):x}');if(!t||opt.delay>{rng.randrange(9000)}){{return false;}}"
        f"el.className=el.className.replace('off','on');setTimeout(function(){{{rng.choice(names)}"
        f"{number}(el,{{delay:{rng.randrange(9000)}}});}},{rng.randrange(900)});}}"
        for number in range(WEIGHTS[theme][1])
    ]
    return (
        "<script>\nvar serverTime = '2019-05-20 11:22:33', siteId = 122;\n"
        + "\n".join(functions)
        + "\n</script>"
    )


def head(theme: str, title: str, meta: str = "", language: str = "zh-CN") -> str:
    """From the doctype to the end of the head."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1.0">\n'
        f"<title>{text(title)}</title>\n{meta}"
        '<meta name="author" content="中工网">\n<link rel="icon" href="/favicon.ico">\n'
        "<!-- published by ZCMS at 2021-06-30 18:22:41 -->\n"
        f"{style(theme)}\n{script(theme)}\n</head>\n"
    )


@cache
def navigation() -> str:
    """The links to the sections, and many that lead elsewhere."""
    links = []
    for number, (slug, name) in enumerate(SECTIONS.items()):
        origin = ORIGIN if number % 2 else ""
        links.append(f'<li><a href="{origin}/{slug}/" target="_blank">{name}</a></li>')
    links += [f'<li><a href="{href}">{name}</a></li>' for href, name in NOT_SECTIONS]
    return (
        '<div class="top"><div class="logo"><a href="/"><img src="/static/logo.png" alt="中工网">'
        '</a></div><ul class="nav">\n<li><a href="/">首页</a></li>\n' + "\n".join(links) + "\n</ul>"
        '<form action="/search/"><input name="q" placeholder="请输入关键词"></form>'
        "<script>document.write(new Date().toLocaleDateString());</script></div>\n"
    )


def side_box(heading: str, stories: Iterable[Story]) -> str:
    """A box of links to other articles, each with a date that is not this page's."""
    lines = "\n".join(
        f'<li><a href="{story.path}" title="{headline(story.title)}" target="_blank">'
        f"{headline(story.title)}</a><i>{story.published:%m-%d}</i></li>"
        for story in stories
    )
    return f'<div class="side-box"><h4>{heading}</h4><ul>\n{lines}\n</ul></div>\n'


def comments(story: Story) -> str:
    """What readers said under an article, with times of their own."""
    return (
        f'<div class="comments"><h4>网友评论</h4><div class="c"><b>工友8823</b>'
        f"<em>{story.modified:%Y-%m-%d %H:%M}</em><p>为一线劳动者点赞，向你们致敬！</p></div>"
        f'<div class="c"><b>老张头</b><em>{story.modified:%Y-%m-%d %H:%M}</em>'
        "<p>说到我们心坎里去了，希望政策早点落地。</p></div></div>\n"
    )


@cache
def footer(year: int, language: str = "zh-Hans") -> str:
    """The boilerplate under every page, and the end of the document."""
    places = " ".join(
        f'<a href="https://www.workercn.cn/local/">{name}</a>' for name in PROVINCES.split()
    )
    friends = " ".join(
        f'<a href="https://www.example.cn/" rel="nofollow">{n}</a>' for n in FRIENDS.split()
    )
    rights = f"Copyright © 2008-{year} by www.workercn.cn. all rights reserved"
    if language == "en":
        lines = ENGLISH_FOOTER
        about = "About us | Copyright Notice |Illegal and bad information report hotline"
        codes = ("Scan code for attention", "CAMCE WeChat", "CAMCE Weibo", "CAMCE Treble")
        paper = "Workers' Daily<br>client"
    else:
        lines = FOOTER
        about = "关于我们 | 版权声明 | 违法和不良信息举报电话"
        codes = ("扫码关注", "中工网微信", "中工网微博", "中工网抖音")
        paper = "工人日报<br>客户端"
    matrix = "".join(f"<li>{line}</li>" for line in lines)
    scans = "".join(
        f'<div class="code"><img src="/static/qr{number}.png" alt=""><p>{name}</p></div>'
        for number, name in enumerate(codes)
    )
    return (
        f'<div class="foot"><div class="local">{places}</div><div class="friends">{friends}</div>'
        f'<ul class="matrix">{matrix}</ul><p>{about}：010-84151598</p><p>{rights}</p>'
        f'<div class="codes">{scans}<div class="code"><p>{paper}</p></div>'
        '<span class="close">×</span></div></div>\n<script src="/static/stat.js"></script>\n'
        "</body>\n</html>\n"
    )
