"""Source, authors and editors in the page's words, labels included."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.extraction import boilerplate
from crawler.extraction.body import Body
from crawler.extraction.density import is_end, is_signature
from crawler.extraction.document import Document, Line, squeeze
from crawler.extraction.surroundings import Surroundings, cells
from crawler.items import Extractor
from crawler.text import bylines, dates, labels, names, sources
from crawler.text.labels import AUTHOR_ROLES, EDITOR_ROLES
from crawler.text.script import simplified

_LONGEST = 200  # characters of a line that tells about the article
_METAS = ("source", "mediaid", "og:article:source", "article:source", "contentsource", "apub:from")
_PUBLISHER = "article:author"  # some put the publisher here, and some the author

_SOURCE = re.compile(
    r"[来來]源|[来來]自|摘自|出[处處]|稿源|[转轉]自|[转轉][载載]自|source", re.IGNORECASE
)
_SOURCE_ALONE = re.compile(r"(?:来源于?|来自|出处|稿源|转自|source)\s?[：:]?$", re.IGNORECASE)
# '来源：' and no name: nobody, whatever stands near; '图片来源：' is another's
_SOURCE_LABEL = re.compile(r"(?<![片据料])(?:来源|出处|稿源|转自)\s?[：:]")
_SOURCE_OF = re.compile(r"来源于\s(?=\S)")  # '来源于 财新网': no colon
_SOURCE_CLASS = re.compile(
    r"source|media|copyfrom|laiyuan|origin|publisher|(?<![a-z])(?:sour|from|where)(?![a-z])",
    re.IGNORECASE,
)
# '每日经济新闻', '北京发布', '证券市场红周刊', 'China Daily'; not '发布' or '新闻' alone
_ORGANISATION = re.compile(
    r"\S{2}(?:网|报|社|台|新闻|客户端|频道|在线|杂志|周刊|公众号|发布|财经|广播|电视|传媒|观察|经济报道"
    r"|\ ?(?:News|Daily|Times|Network))$|^(?:新浪|搜狐|网易|腾讯|凤凰)\S{2,4}$"
)
_CRUMBS = re.compile(r"[>＞»›→].*(?:[>＞»›→]|正文\s*$)|位置\s?[：:]")  # '首页 > 娱乐频道 > 正文'
# a section of the site, which stands there as well
_SECTION = re.compile(
    r"(?:国内|国际|社会|体育|娱乐|财经|科技|时政|图片|视频|本地|地方|滚动|综合|最新|热点|即时|军事|教育"
    r"|健康|文化|产经|行业|宏观|要闻|民生|法治|本网|今日|推荐|头条|工会|旅游|汽车|房产)"
    r"(?:新闻|频道|财经|观察|在线)"
)
# '21世纪经济报道', '36氪': no count, '12条新闻', and no time
_NUMBERED = re.compile(r"\d+(?![\d条次人个篇位张页年月日号天周时小分秒点期])[\u3400-\u9fff]")
# '某某日报　【大 中 小】', '石佳/中国青年报', '原创 | 南方都市报'
_APART = re.compile(r"[/|｜丨·\n]|(?<=[\u3400-\u9fff\d])\s+|\s+(?=[\u3400-\u9fff])|\s{2,}")
_AUTHOR_CLASS = re.compile(r"author|writer|reporter|zuozhe|jizhe", re.IGNORECASE)
_JUST_AFTER = 6  # lines
_TITLE = 8  # characters, at least, of another article's title
_LABEL_TAGS = frozenset(("dt", "th", "td"))
_TELLING = 4  # characters of a label that is one without its colon: 责任编辑
_UNDER = 3  # lines, where the page names authors elsewhere, too
_TIME_LABEL = re.compile(r"(?:发布|发表|更新|发稿)(?:时间|日期|于)?\s?[：:]?$|时间|日期")


def source(
    document: Document, around: Surroundings, time: Line | None
) -> tuple[str, Extractor] | None:
    """The source's words and how they were found; `time` is the line that shows the time."""
    nobody = False
    for lines in (around.head, around.foot):
        for order, line in enumerate(lines):
            if len(line.text) <= _LONGEST and _SOURCE.search(line.text):
                words = _labelled(line, lines[order + 1 : order + 3])
                if words and sources.name(words):
                    return words, "label"
                nobody = nobody or _SOURCE_LABEL.search(simplified(line.text)) is not None
    if time is not None and not nobody and (words := _beside(time, document, around.head)):
        return words, "generic"
    for name in _METAS:
        value = document.metas.get(name, "")
        if 2 <= len(value) <= 40 and value != "default" and sources.name(value):
            return value, "meta"
    return None


def _labelled(line: Line, after: list[Line]) -> str | None:
    text = _SOURCE_OF.sub("来源于：", " | ".join(cells(line)))
    if words := sources.find(text):
        return None if _is_byline(line, sources.name(words)) else words
    if not _SOURCE_ALONE.search(simplified(line.text)):
        return None
    for other in after:  # the label is a line, and the name the next
        if other.index - line.index <= 2 and 2 <= len(other.text) <= 30:
            if dates.find(other.text) or not may_be_source(other.text) or _authors(other):
                return None
            return f"{line.text} {other.text}"
    return None


def _is_byline(line: Line, name: str | None) -> bool:
    """Does an element begin with the name and sign an article with it, as `中工网记者 石子涵` does
    behind `来源：`? No source is named then.
    """
    if not name:
        return False
    for part, _, _ in line.parts:
        text = labels.folded(part.strip())
        if text.startswith(labels.folded(name)) and any(
            label.role in AUTHOR_ROLES and label.start <= len(name) for label in labels.find(text)
        ):
            return True
    return False


def _beside(time: Line, document: Document, head: list[Line]) -> str | None:
    """An organisation's name that stands beside the time without a label."""
    known = {document.metas.get(name) for name in (*_METAS, _PUBLISHER)}
    best: tuple[float, str] | None = None
    for line in head:
        distance = abs(line.index - time.index)
        if distance > 2 or _SOURCE.search(line.text) or _CRUMBS.search(line.text):
            continue
        shown = dates.find(line.text)
        for part, node, _ in line.parts:
            for piece in _APART.split(_without(shown, part)):
                word = piece.lstrip("）)】]").rstrip("（([【")  # '（2020-10-04 15:05）聯合報'
                if not may_be_source(word):
                    continue
                hint = any(map(_is_hinted, (node, node.parent, line.box.node)))
                score = 2.0 * (word in known) + 1.5 * _is_organisation(word) + hint
                if score and (best is None or score - distance / 10 > best[0]):
                    best = score - distance / 10, word
    return best[1] if best else None


def _is_hinted(node: LexborNode | None) -> bool:
    if node is None:
        return False
    get = node.attributes.get
    return _SOURCE_CLASS.search(f"{get('class')} {get('id')}") is not None


def _without(shown: list[str], text: str) -> str:
    """The text in pieces where a time stood: `2020-10-04 15:05聯合報`."""
    for words in shown:
        text = text.replace(words, "\n")
    return text


def _is_organisation(name: str) -> bool:
    name = simplified(name)
    return _ORGANISATION.search(name) is not None and _SECTION.fullmatch(name) is None


def may_be_source(word: str) -> bool:
    """Of words without a label: no count, no time, no other label, no button."""
    if not 2 <= len(word) <= 24 or boilerplate.is_tool(word):
        return False
    if word[0].isdigit() and not _NUMBERED.match(word):
        return False
    if "：" in word or ":" in word:  # '发布者：中工网'
        return False
    return not _TIME_LABEL.search(word) and not any(
        label.role and not label.trails for label in labels.find(labels.folded(word))
    )


# --- people -------------------------------------------------------------------------------------


def people(document: Document, body: Body, around: Surroundings) -> tuple[list[str], list[str]]:
    """The authors' words and the editors', outside the text's own paragraphs, in page order."""
    authors: list[str] = []
    editors: list[str] = []
    text_to = last = body.last if body.lines else len(document.lines)  # last: of the credits so far
    for line in _short_lines(body, around):
        is_near = line.index <= last + (_UNDER if authors else _JUST_AFTER)
        author = _authors(line) or _below(document, line, AUTHOR_ROLES) if is_near else None
        editor = _named(line, EDITOR_ROLES) or _below(document, line, EDITOR_ROLES)
        if line.index > text_to and (author or editor or bylines.is_craft(line.text)):
            if last > text_to and _is_titled(document, last, line):
                break
            last = line.index
        _add(authors, author)
        _add(editors, editor)
    if not editors:  # under the box of other articles, say
        after = document.lines[body.last + 1 :] if body.lines else []
        own = [line for line in after if line.linked < len(line.text)]
        far = next((line for line in own if is_signature(line.text)), None)
        _add(editors, _named(far, EDITOR_ROLES) if far else None)
    return authors or list(filter(None, map(_marked_author, around.head))), editors


def _is_titled(document: Document, last: int, line: Line) -> bool:
    """Is the line another article's, whose linked title stands before it?"""
    between = document.lines[last + 1 : line.index]
    return any(one.is_link and len(one.text) >= _TITLE for one in between)


def _short_lines(body: Body, around: Surroundings) -> list[Line]:
    lines = {line.index: line for line in (*around.head, *body.labels, *around.foot)}
    return [
        line
        for _, line in sorted(lines.items())
        if len(line.text) <= _LONGEST and (line.index < body.first or line.linked < len(line.text))
    ]


def _add(words: list[str], more: str | None) -> None:
    if more and more not in words:
        words.append(more)


def _authors(line: Line) -> str | None:
    if words := _named(line, AUTHOR_ROLES):
        return words
    if line.text.startswith(("（", "(")):  # '（孙川 葛红普）' beside the text's box
        rest, byline = bylines.split_byline(line.text)
        if byline and not rest and bylines.authors(byline):
            return byline
        return bylines.names_before_editors(line.text)
    if "/" not in line.text:
        return None
    person, slash, organisation = line.text.partition("/")  # '石佳/中国青年报'
    if slash and names.is_name(person.strip()) and _is_organisation(organisation.strip()):
        return person.strip()
    return None


def _marked_author(line: Line) -> str | None:
    """A person's name in an element that its class calls the author's, without a label."""
    for text, node, _ in line.parts:
        if _AUTHOR_CLASS.search(node.attributes.get("class") or ""):
            name = squeeze(text).strip(" ·|")
            if names.is_name(name):
                return name
    return None


def _below(document: Document, line: Line, roles: frozenset[str]) -> str | None:
    """A label that is a line of its own, and the names in the next."""
    if bylines.lone_label(line.text) not in roles:
        return None
    sure = line.text.endswith(("：", ":")) or line.box.tag in _LABEL_TAGS
    if not sure and (line.linked or len(line.text) < _TELLING):
        return None  # '编辑', of the navigation
    below = document.lines[line.index + 1 : line.index + 2]
    if not below or is_end(below[0].text):
        return None
    return f"{line.text} {below[0].text}" if _is_another_name(below[0].text) else None


def _named(line: Line, roles: frozenset[str]) -> str | None:
    """The words of the line that name people, element by element, else of the line as a whole."""
    if not labels.may_name(line.text, roles):
        return None
    found: list[str] = []
    named = False
    texts = cells(line)
    for cell in texts:
        words = bylines.find(cell, roles)
        if words is None and named and _is_another_name(cell):
            words = cell  # '作者：' and two links
        named = words is not None
        if words:
            found.append(words)
    return " ".join(found) or (bylines.find(line.text, roles) if len(texts) > 1 else None)


def _is_another_name(cell: str) -> bool:
    persons = names.split(cell)
    return bool(persons) and all(map(names.is_name, persons)) and not boilerplate.is_tool(cell)
