"""The lines around the article's text, where its time, source, authors and editors are named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .body import Body
from .density import is_end
from .document import Document, Line, squeeze
from .heading import Heading

OVER = 8  # lines before the heading that may hold its time
_UNDER = 60  # lines after it, at most
_AFTER = 40  # lines after the text in which an editor may be named

# Where one labelled thing ends and the next begins: '出处：快科技 作者：宪瑞 编辑：宪瑞'
_FIELD = re.compile(
    r"""(?: (?<=[\s|丨｜\d)）\]】]) | ^ )
    (?= (?: 责任编辑 | 责编 | 编辑 | 作者 | 记者 | 来源 | 稿源 | 出处 | 校对 | 审核 | 监制 | 摄影
      | 发布时间 | 时间 | 日期 | 字号 | 字体 | 分享 | 评论 | 阅读 | 浏览 | 点击 | 人气 | 标签
      | 关键词 )
      \s?[：:|丨／/\s] )
    | (?<=\s)(?=[\u4e00-\u9fff]{2,6}\s?[：:])""",
    re.VERBOSE,
)
_LABEL_ENDS = ("：", ":", "|", "丨", "/", "来源", "来源于", "作者", "编辑", "责编", "出处")


@dataclass(slots=True)
class Surroundings:
    head: list[Line]  # between heading and text, and just above the heading
    foot: list[Line]  # labelled lines in the text, and those right after it


def find(document: Document, heading: Heading, body: Body, *, over: int = OVER) -> Surroundings:
    """`over`: how many lines above the heading may tell about the article."""
    lines = document.lines
    text_from = body.first if body.lines else len(lines)
    if 0 <= heading.first < max(text_from, 1):
        begin, end = heading.first - over, heading.last + _UNDER
    else:
        begin, end = text_from - _UNDER // 2, text_from
    taken = {line.index for line in body.lines if line.index < text_from}
    head = [
        line
        for line in lines[max(0, begin) : min(text_from, end)]
        if line.text and not heading.first <= line.index <= heading.last and line.index not in taken
    ]
    foot = [line for line in body.labels if line.index >= text_from]
    inside = {line.index for line in foot}
    for line in lines[body.last + 1 :][:_AFTER] if body.lines else ():
        if is_end(line.text):
            break
        if line.text and line.index not in inside:
            foot.append(line)
    return Surroundings(head, foot)


def cells(line: Line) -> str:
    """The line with a bar between neighbouring elements: `来源： 证券市场红周刊 | 举报`."""
    groups: list[tuple[int, str]] = []
    for text, node, _ in line.parts:
        number = node.mem_id
        if groups and (groups[-1][0] == number or text.isspace()):
            groups[-1] = groups[-1][0], groups[-1][1] + text
        else:
            groups.append((number, text))
    joined = ""
    for _, group in groups:
        if text := squeeze(group):
            joined += "" if not joined else " " if joined.endswith(_LABEL_ENDS) else " | "
            joined += text
    return joined


def fields(line: Line) -> list[str]:
    """Its labelled things one by one: `出处：快科技`, `作者：宪瑞`, `编辑：宪瑞`."""
    pieces = (piece for cell in cells(line).split(" | ") for piece in _FIELD.split(cell))
    return [piece for piece in (one.strip(" |丨｜") for one in pieces) if piece]
