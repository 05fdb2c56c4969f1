"""One article in the layouts of Chinese news sites: whatever the markup, the same words are read."""

from __future__ import annotations

import pytest

from crawler.site.pages import generic
from crawler.text import bylines, sources

TITLE = "某市推进产业工人队伍建设改革取得新突破"
TEXT = [
    "近日，某市总工会组织召开产业工人队伍建设改革推进会，全市各有关单位负责人参加会议。",
    "会议指出，要聚焦目标任务，扎实推动各项任务落地见效，切实把改革成果转化为发展动力。",
    "会议强调，要加强组织领导，压实工作责任，创新工作举措，取得实实在在的成效。",
]
PARAGRAPHS = "".join(f"<p>　　{text}</p>" for text in TEXT)
NAVIGATION = (
    "<div><ul>" + "".join(f"<li><a href=/{n}/>频道{n}</a></li>" for n in range(20)) + "</ul></div>"
)
RELATED = (
    "<div><h3>相关新闻</h3><ul>"
    + "".join(
        f"<li><a href=/{n}.html>另一篇新闻的标题有这么长{n}号</a><span>2020-01-0{n}</span></li>"
        for n in range(1, 7)
    )
    + "</ul></div>"
)
FOOTER = (
    "<div><a>关于我们</a> | <a>联系我们</a><p>Copyright © 2019 版权所有 京ICP备12345号</p></div>"
)
COMMENTS = "<div><div>评论</div>" + "".join(
    f"<div><b>网友{n}</b><i>2019-11-26 0{n}:00</i><p>说得很有道理，支持一下这个观点，"
    "希望这样的活动越来越多，大家都来看看吧，一起关注。</p></div>"
    for n in range(9)
)

SUMMARY = "这是它的摘要，写得很长，比正文还要长，里面有逗号，也有句号。"
SUMMARIES = "".join(
    f"<div><h4><a href=/{n}.html>另一篇新闻的标题有这么长{n}号</a></h4><p>{SUMMARY * n}</p></div>"
    for n in range(1, 7)
)
INFO = "<div>来源：某某日报 2019-11-25 16:04</div>"

# layout: (what stands in the body tag, what differs from the usual answer)
LAYOUTS: dict[str, tuple[str, dict[str, object]]] = {
    "time and source in one line, buttons glued to the source": (
        f"<h1>\n{TITLE}\n</h1><div>2019年11月25日 16:04　来源：<a>某某日报</a><a>参与互动</a></div>"
        f"<div>{PARAGRAPHS}</div><div><div>【编辑:张三丰】</div></div>",
        {"published": "2019年11月25日 16:04"},
    ),
    "year, day and clock apart, over the heading": (
        "<div><span><em>2019</em></span><span><em> 11</em>/<em>25</em></span>"
        f"<span> 16:04:30</span></div><div>来源：某某日报</div><h1><span>{TITLE}</span></h1>"
        f"<div>{PARAGRAPHS}</div><span>【纠错】</span><span>【责任编辑:张三丰】</span>",
        {"published": "2019/11/25 16:04:30"},
    ),
    "title in a div, editor glued to a button": (
        f"<div>{TITLE}</div><div><span>2019-11-25 16:04</span>&nbsp;来源： <em> 某某日报</em></div>"
        f"<div>{PARAGRAPHS}</div><div><span>【纠错】</span><span>责任编辑： 张三丰 </span></div>",
        {},
    ),
    "a tag in the heading, the original title, nobody behind the editor's label": (
        f"<h1>{TITLE}<span>原创</span></h1><span>2019-11-25 16:04</span><span>来源:<a>某某日报</a>"
        f"</span><article><p>原标题：{TITLE}</p>{PARAGRAPHS}<p>责任编辑：<span></span></p>"
        "<a>返回首页，查看更多</a></article><p>声明：该文观点仅代表作者本人。</p>",
        {"editors": []},
    ),
    "source and author in one element, title in an h3": (
        f"<h3>{TITLE}</h3><p>2019-11-25 16:04</p><div><span><span>来源：</span><a>某某日报</a></span>"
        f"<span>作者：李四光</span></div><article><section>{PARAGRAPHS}</section></article>"
        "<div><span>责编：张三丰</span><a>版权作品，未经书面授权，严禁转载。</a></div>",
        {"authors": ["李四光"]},
    ),
    "editor in square brackets, padded": (
        f"<h1>{TITLE}</h1><div><span>2019-11-25 16:04</span><span>来源：<a>某某日报</a></span></div>"
        f"<div>{PARAGRAPHS}<div><span>[ 责编：张三丰 ]</span></div></div>",
        {},
    ),
    "two editors in two elements": (
        f"<h1>{TITLE}</h1><div>来源：某某日报&nbsp;|&nbsp;2019-11-25 16:04</div><div>{PARAGRAPHS}</div>"
        "<div><span>编辑：张三丰</span><span>责任编辑：王五</span></div>",
        {"editors": ["张三丰", "王五"]},
    ),
    "a subtitle, the author beside the time": (
        f"<header><h1>{TITLE}</h1><p>全市各单位负责人参加会议，要求取得新成效</p></header><p><span>"
        "<a>李四光</a> · </span><span>2019-11-25 16:04</span><span>来源：某某日报</span><span>浏览 2.3w"
        f"</span></p><div>{PARAGRAPHS}<p>未经正式授权严禁转载本文，侵权必究。</p></div>",
        {"editors": [], "subtitle": "全市各单位负责人参加会议，要求取得新成效"},
    ),
    "a source without a label beside the time": (
        f"<h1>{TITLE}</h1><div><span>2019-11-25 16:04</span><a>某某日报</a> <span>作者：李四光</span>"
        f"</div><div>{PARAGRAPHS}<div>（责任编辑：张三丰 HN666）</div></div>",
        {"authors": ["李四光"]},
    ),
    "tables, <br><br>, a source without a label in the time's line": (
        f"<table><tr><td><b>{TITLE}</b></td></tr><tr><td>2019-11-25 16:04　某某日报　【<a>大</a> "
        f"<a>中</a> <a>小</a>】【<a>打印</a>】</td></tr><tr><td><br>　　{'<br><br>　　'.join(TEXT)}"
        "</td></tr><tr><td align=right>责任编辑：张三丰</td></tr></table>",
        {},
    ),
    "the source at the end, a code for an editor": (
        f"<h1>{TITLE}</h1><div><div>2019-11-25 16:04</div></div><div>{PARAGRAPHS}"
        "<p>（文章来源：某某日报）</p><p>（责任编辑：DF010）</p></div>",
        {"editors": []},
    ),
    "author and editor at the head of the text": (
        f"<h1>{TITLE}</h1><p><span>某某日报</span> <span>2019-11-25 16:04</span></p>"
        f"<div><p>每经记者：李四光&nbsp;&nbsp;&nbsp;每经编辑：张三丰</p>{PARAGRAPHS}</div>",
        {"authors": ["李四光"]},
    ),
    "everything labelled, an update time too": (
        f"<div>今天是2026年11月22日 星期日</div><h1>{TITLE}</h1><span>来源：某某日报</span> "
        "<span>发布时间：2019-11-25 16:04</span> <span>更新时间：2019-11-26 08:00</span>"
        f"<div>{PARAGRAPHS}</div><p>责任编辑：张三丰</p>",
        {},
    ),
    "nested sections, a byline and an editor as paragraphs": (
        f"<h2>{TITLE}</h2><div><span>某某日报</span> <em>2019-11-25 16:04</em></div><div>"
        + "".join(f"<section><section><p>{text}</p></section></section>" for text in TEXT)
        + "<p>某某日报记者 李四光</p><p>编辑 张三丰</p><p>校对 王五</p></div>",
        {"authors": ["李四光"], "editors": ["张三丰", "王五"]},
    ),
    "comments longer than the text": (
        f"<h1>{TITLE}</h1><div>来源：某某日报 时间：2019-11-25 16:04</div><div>{PARAGRAPHS}</div>"
        f"<div>责任编辑：张三丰</div>{COMMENTS}",
        {},
    ),
    "every paragraph in an unclosed div": (
        f"<h1>{TITLE}</h1><div>来源：某某日报 2019-11-25 16:04</div>"
        + "".join(f"<div><p>{text}" for text in TEXT)
        + "<p>责任编辑：张三丰",
        {},
    ),
    "the site's name in the first h1": (
        f"<h1><a href=/>某某网</a></h1><h2>{TITLE}</h2><span>2019-11-25 16:04</span>"
        f"<span>来源：某某日报</span><div>{PARAGRAPHS}</div><p>(责任编辑 张三丰)</p>",
        {},
    ),
    "a hidden copy for telephones": (
        f"<h1>{TITLE}</h1>{INFO}<div>{PARAGRAPHS}<p>（李四光）</p></div><div style='display: none'>"
        f"<h1>{TITLE}</h1>{INFO}<div>{PARAGRAPHS}<p>（李四光）</p></div><p>责任编辑：张三丰</p></div>",
        {"authors": ["李四光"], "editors": []},
    ),
    "a hidden copy in the box of the text": (
        f"<h1>{TITLE}</h1>{INFO}<div><div>{PARAGRAPHS}</div><p>（李四光）</p><div hidden>{PARAGRAPHS}"
        f"{PARAGRAPHS}<p>（李四光）</p></div></div><p>责任编辑：张三丰</p>",
        {"authors": ["李四光"]},
    ),
    "nothing but hidden text, which a script shows": (
        f"<h1>{TITLE}</h1>{INFO}<div style='display:none'>{PARAGRAPHS}</div><p>责任编辑：张三丰</p>",
        {},
    ),
    "summaries longer than the text, before it": (
        f"<h1>{TITLE}</h1><div>{SUMMARIES}</div><div>{INFO}<div>{PARAGRAPHS}</div><p>责任编辑：张三丰</p></div>",
        {},
    ),
    "summaries longer than the text, after it, and no editor between": (
        f"<div><h1>{TITLE}</h1>{INFO}<div>{PARAGRAPHS}</div></div><div>{SUMMARIES}</div>",
        {"editors": []},
    ),
    "other boxes of text after the authors in brackets": (
        f"<div><h1>{TITLE}</h1>{INFO}<div>{PARAGRAPHS}<p>（李四光）</p></div></div><div>"
        + "".join(f"<div><b>别的栏目</b><p>{text}{text}</p></div>" for text in TEXT)
        + "</div>",
        {"authors": ["李四光"], "editors": []},
    ),
    "the editor's label and name in two boxes": (
        f"<h1>{TITLE}</h1>{INFO}<div>{PARAGRAPHS}</div><div>责任编辑：</div><div>张三丰</div>",
        {},
    ),
    "the editor's label and nobody, then the footer": (
        f"<h1>{TITLE}</h1>{INFO}<div>{PARAGRAPHS}</div><div>责任编辑：</div><div>关于我们</div>"
        "<div>媒体矩阵</div>",
        {"editors": []},
    ),
    "preformatted text": (
        f"<h1>{TITLE}</h1>{INFO}<pre>　　{TEXT[0]}\n　　{TEXT[1]}\n\n{TEXT[2]}\n（李四光）</pre>"
        "<div>责任编辑：张三丰</div>",
        {"authors": ["李四光"]},
    ),
    "a byline that names nobody": (
        f"<h1>{TITLE}</h1>{INFO}<div>{PARAGRAPHS}<p>（本报评论员）</p></div><p>责任编辑：张三丰</p>",
        {},
    ),
}


@pytest.mark.parametrize("base", ["http://[", "http://[::1", "//["])
def test_a_base_that_is_no_address(base: str) -> None:
    markup = f'<base href="{base}"><title>{TITLE}</title><h1>{TITLE}</h1>{INFO}{PARAGRAPHS}<img src=a.jpg>'
    page = generic.parse(markup.encode(), "https://news.example.com/a/1.html")
    assert [one.url for one in page.pictures] == ["https://news.example.com/a/a.jpg"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout(layout: str) -> None:
    inside, differs = LAYOUTS[layout]
    markup = (
        f"<html><head><title>{TITLE}_社会_某某网</title></head><body>"
        f"{NAVIGATION}<div>{inside}</div>{RELATED}{FOOTER}</body></html>"
    )
    page = generic.parse(markup.encode(), "https://news.example.com/a/1.html")
    authors = [one.name for words in page.authors for one in bylines.authors(words)]
    editors = [one.name for words in page.editors for one in bylines.editors(words)]
    assert {
        "title": page.title,
        "subtitle": page.subtitle,
        "published": page.published,
        "source": sources.name(page.source or ""),
        "authors": authors,
        "editors": editors,
        "text": [block.text for block in page.blocks],
    } == {
        "title": TITLE,
        "subtitle": None,
        "published": "2019-11-25 16:04",
        "source": "某某日报",
        "authors": [],
        "editors": ["张三丰"],
        "text": TEXT,
    } | differs
