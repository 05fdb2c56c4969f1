"""A small article page with one thing changed, and what a reader sees of it."""

from __future__ import annotations

from typing import Any

from crawler.site import page_table
from crawler.text import bylines, sources

URL = "https://www.workercn.cn/c/2025-03-11/8400123.shtml"
TITLE = "港口夜班工人用上了暖心餐车"
FIRST = "三月十日晚上九点，东岭港集装箱码头的作业区灯火通明，一辆银白色的餐车缓缓停在三号泊位旁，热汤和米饭的香味飘了出来。"
SECOND = "码头工会主席介绍，餐车每晚来回跑四趟，把热饭送到岸桥司机、绑扎工和理货员手里，饭菜价格不超过十元。"
THIRD = (
    "今年，工会还打算在堆场东侧建一间休息室，配上微波炉、饮水机和急救箱，让夜班工人有个歇脚的地方。"
)
TEXT = [FIRST, SECOND, THIRD]
INFO = "2025-03-11 07:45 来源：海港工人报"
FOLDER = "/upload/resources/image/2025/03/11/"


def page(
    *text: str,
    info: str = INFO,
    head: str = f"<h1>{TITLE}</h1>",
    title: str = f"{TITLE} - 工会 - 中工网",
    signed: str = "责任编辑：何晓桐",
    box: str = '<div class="text">',
    **more: str,
) -> str:
    """`text`: paragraphs, in markup if they begin with `<`. More: what stands in the `meta` part,
    `before` the article, over its text (`lead`), or `after` it."""
    inner = "".join(one if one.startswith("<") else f"<p>{one}</p>" for one in text or TEXT)
    get = more.get
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{get('meta', '')}"
        f"</head><body><div><a href=/>首页</a> <a href=/edu/>教育</a></div>{get('before', '')}"
        f'<div class="wrap">{head}<div class="about">{info}</div>{get("lead", "")}{box}{inner}</div>'
        f"<div>{signed}</div>{get('after', '')}</div><div>关于我们 | 版权声明 Copyright © 2008-2025 by "
        "www.workercn.cn. all rights reserved</div></body></html>"
    )


def image(number: int, more: str = "") -> str:
    return f'<img src="{FOLDER}{number}.jpg" {more}>'


def seen(markup: str) -> dict[str, Any]:
    """Title, subtitle, time, source, people, paragraphs and pictures (file, caption)."""
    read = page_table.parse(markup.encode(), URL)
    return {
        "title": read.title,
        "subtitle": read.subtitle,
        "published": read.published,
        "source": sources.name(read.source or ""),
        "authors": [one.name for words in read.authors for one in bylines.authors(words)],
        "editors": [one.name for words in read.editors for one in bylines.editors(words)],
        "text": [block.text for block in read.blocks if block.text],
        "images": [(one.url.rpartition("/")[2], one.caption) for one in read.pictures],
    }


def expected(**differs: Any) -> dict[str, Any]:
    """What is seen of the page as it is, but for what differs."""
    return {
        "title": TITLE,
        "subtitle": None,
        "published": "2025-03-11 07:45",
        "source": "海港工人报",
        "authors": [],
        "editors": ["何晓桐"],
        "text": TEXT,
        "images": [],
    } | differs
