"""Stray pieces in template pages: what is taken for text at once is text by every rule."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from crawler import clock
from crawler.extraction import body
from crawler.items import Page
from crawler.samplesite.site import Site
from crawler.site import page_table
from crawler.text import encoding

# what may stand on a page besides its template, in whatever place
STRAY = (
    *(
        "来源：中工网",
        "责任编辑：张三",
        "（记者 张三）",
        "作者：李四",
        "本报记者 王芳",
        "编辑",
        "打印",
    ),
    *(
        "相关阅读",
        "网友评论",
        "图为现场。",
        "（孙川 葛红普）",
        "2021-02-03 10:11",
        "——记某某",
        "——",
    ),
    *("<br>", "<b>强调</b>", "<a href='/x/1.html'>链接</a>", "&nbsp;", "\u200b", "&lt;b&gt;&amp;"),
    *(
        "<!-- x -->",
        "<script>var a='责任编辑：x';</script>",
        "<div>插入</div>",
        "</div>",
        "<p>",
        "</p>",
    ),
    *("<h1>另一个</h1>", "<h2>小标题</h2>", "<p>为什么？</p>", "<p></p>", "<p>转载请注明出处</p>"),
    *("<img src='/files/a/1.jpg'>", "<img src='/files/2020/01/02/3.jpg' alt='图为某某在工作'>"),
    *("<p style='display:none'>看不见。</p>", "<p hidden>看不见。</p>", "<ul><li>甲</li></ul>"),
    *("<table><tr><td>一</td><td>二</td></tr><tr><td>三</td><td>四</td></tr></table>",),
    *("<center>1 <a href=2>2</a> 下一页</center>", "<input name='__totalpage' value='3'>"),
    "<p>发布时间：2021年02月03日 10时11分11秒 星期三。</p>",
    "<p>转载自新华社，责任编辑：张三，校对：李四，审核：王五。</p>",
    "<p>（来源：新华社，转载请注明出处，未经授权不得使用，违者必究。</p>",
    *(
        "<span class='time'>2020-01-01 08:00</span>",
        "<div class='from'><span>来源：新华社</span></div>",
    ),
    *(
        "<div class='editor'>编辑：赵六</div>",
        "<div id='imgs'><img src='/files/2020/01/02/4.jpg'></div>",
    ),
    *("<p id='pretitle'>引题在此</p>", "<img src='/files/2020/01/02/3.jpg'><p>又一行</p>"),
    *("<video src='a.mp4'></video>", "<pre>一\n\n二</pre>", "<p>关于我们 | 版权声明</p>"),
)


# of each template, what stands in the line of its time or text
TEMPLATES = (
    *("signdate", "font-black1-12", "font-black1_12", "ad_tl_time", 'class="time"'),
    'id="ccontent"',
)

Served = tuple[str, str]  # markup, address


def pages_served() -> Iterator[Served]:
    site = Site(3, 10, legacy=60, json2021=40, papers=2, now=clock.now())
    for record in site.truth("legacy", "json2021", "paper"):
        if "reject" not in record:
            address = urlsplit(record["url"])
            document = site.find(address.netloc, address.path)
            assert document is not None
            yield encoding.decode(document.plain)[0], record["url"]


def read(several: list[Served]) -> list[Page]:
    return [page_table.parse(markup.encode(), url) for markup, url in several]


def with_strays(served: list[Served]) -> Iterator[Served]:
    """One page a template, with each stray piece in a few places near its article."""
    rng = random.Random(1)
    for mark in TEMPLATES:
        markup, url = next(one for one in served if mark in one[0])
        lines = markup.split("\n")
        first = next(n for n, line in enumerate(lines) if mark in line)
        for piece in STRAY:
            for at in rng.sample(range(first - 4, first + 16), 2):
                yield "\n".join([*lines[:at], piece, *lines[at:]]), url


def test_a_sentence_taken_for_text_at_once_is_text_by_every_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    several = list(with_strays(list(pages_served())))[::3]
    at_once = read(several)
    monkeypatch.setattr(body, "_TELLS", re.compile(""))  # every sentence may be something else
    assert read(several) == at_once
