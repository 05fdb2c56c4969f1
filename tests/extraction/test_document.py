"""Markup as it occurs, and the lines a reader sees."""

from __future__ import annotations

import pytest

from crawler.extraction import traversal


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>一</p><p>二</p>", ["一", "二"]),
        ("一<br>二<br><br>三", ["一", "二", "三"]),
        ("<div>一<div>二</div>三</div>", ["一", "二", "三"]),
        ("<p>a<b>b</b><span> c</span></p>", ["ab c"]),
        ("<p>　　首行&nbsp;&nbsp;缩进\n换行 </p>", ["首行 缩进 换行"]),
        ("<p>零\u200b宽&#8203;字</p>", ["零宽字"]),
        ("<table><tr><td>甲<td>乙<tr><td>丙</table>", ["甲", "乙", "丙"]),
        ("<script>var a='没有';</script><style>p{}</style><!-- 没有 --><p>有</p>", ["有"]),
        ("<select><option>没有</option></select><textarea>没有</textarea><p>有</p>", ["有"]),
        ("<pre>一。\n二，\n三\n\n四\n　　五</pre>", ["一。", "二， 三", "四", "五"]),
        ("<pre>\n\n一。\n\n\n\n二\n\n</pre>三", ["一。", "二", "三"]),
        ("<pre><b>一</b>\n\n<b>二</b>\n<b>三</b></pre>", ["一", "二 三"]),
        ("<pre>甲<b>乙。\n丙</b>丁</pre>", ["甲乙。", "丙丁"]),
        ("<p>一。\n\n二</p>", ["一。 二"]),
        ("<p>前</body></html><p>后</p>", ["前", "后"]),
        ("", []),
    ],
)
def test_lines(markup: str, lines: list[str]) -> None:
    assert [line.text for line in traversal.read(markup).lines] == lines


def test_metas_by_any_attribute_the_first_counts() -> None:
    found = traversal.read(
        '<meta name="PubDate" content="2024-02-29"><meta property="og: time" content="09:06">'
        '<meta itemprop="datePublished" content="x"><meta name="pubdate" content="later">'
    ).metas
    assert found == {"pubdate": "2024-02-29", "og:time": "09:06", "datepublished": "x"}


@pytest.mark.parametrize(
    "tag", ["div", "span", "div><b><section", "div></td", "div></div好", "div></div-x"]
)
def test_absurd_depth(tag: str) -> None:
    """A hundred thousand open tags neither exhaust the stack nor take the parser's square time."""
    line = traversal.read(f"<{tag}>" * 100_000 + "<p>文</p>").lines[-1]
    assert line.text == "文"
    assert line.box.depth <= 201


def test_line_cut_short() -> None:
    (line,) = traversal.read("<p>第一句。<b>第二句。</b>（孙川）</p>").lines
    short = line.cut("第一句。第二句。")
    assert (short.text, [part[0] for part in short.parts]) == (
        "第一句。第二句。",
        ["第一句。", "第二句。"],
    )
