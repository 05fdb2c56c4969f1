"""The article's heading: the line that equals the title tag less its suffix, and what stands
directly over (引题) and under it (副题)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.extraction.boilerplate import is_footer, is_tool, standfirst
from crawler.extraction.document import HEADINGS, Document, Line, Part, squeeze
from crawler.items import Extractor
from crawler.text import bylines, dates, sources
from crawler.text.clean import key
from crawler.text.script import simplified

_NAME = 6  # characters of a site's name
_SHORTEST = 4  # characters of a title; a shorter match is a section's name
_LONGEST = 80  # characters of a 引题 or 副题
_PLAIN = 8  # characters, at least, of a title that only its place tells
# ' - 经济 - 中工网', '_新浪财经_新浪网', '--文化--人民网', '|香港_新浪新闻', '-CSDN.NET',
# 'GDP-财经-中工网'
_SEPARATOR = re.compile(
    r"\s*(?:[_|｜丨]+|--+|——|\s[-–—»>]\s|(?<=[\u3400-\u9fff”’》？！?!）)])-(?=\S)"
    r"|-(?=[\u3400-\u9fff]{2,6}-[\u3400-\u9fff]{2,6}网$))\s*"
)
_PUBLISHER = re.compile(
    r"网|新闻|频道|日报|晚报|早报|时报|商报|杂志|资讯|在线|门户|客户端|中心|公报|媒体|电视台|社$"
    r"|\.(?:com|cn|net|org)\b",
    re.IGNORECASE,
)
# a whole title tag that is only the site's: '中国广播公司全球资讯网', '某某县人民政府门户网站'
_SITE = re.compile(
    r".{2,16}(?:网|网站|门户|频道|客户端|电视台|电台|公司|日报|晚报|时报|通讯社|首页)"
)
_CUT_OFF = re.compile(r"…|\.\.\.")
_OVER_HINT = re.compile(r"pre|yin|kicker|eyebrow|shoulder|above|over|sub|small", re.IGNORECASE)
_UNDER_HINT = re.compile(r"sub|fu(?![a-z])|futi|second|under|small|deck", re.IGNORECASE)
_TITLE_HINT = re.compile(r"(?<![a-z])(?:tit(?:le)?|headline|biaoti)(?![a-z])", re.IGNORECASE)
_LABELLED_PRETITLE = re.compile(r"引题\s?[：:]\s?|眉题\s?[：:]\s?")
_LABELLED_SUBTITLE = re.compile(r"副(?:标)?题\s?[：:]\s?")
_CRUMBS = re.compile(r"[>＞»›/]|正文|首页|当前位置|\bHome\b", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
# the end of what is no 引题: '工会新闻', '人物频道'
_SECTION = re.compile(
    r"(?:网|频道|新闻|栏目|专栏|首页|评论|娱乐|中心|客户端|日报|视频|图片|专题|正文)$"
)
_PUBLISHER_ALONE = re.compile(r".{2,8}(?:[日晚早时時]报|日報|网|網|频道|頻道|客户端|通讯社)")
_NEAR = 3  # boxes between a 引题 or 副题 and what holds it and the heading
_RANK = {"h1": 4, "h2": 3, "h3": 2, "h4": 1}


@dataclass(slots=True)
class Heading:
    title: str | None = None
    by: Extractor | None = None
    first: int = -1  # lines of the document, inclusive; -1 if the title is in no line
    last: int = -1
    pretitle: str | None = None
    subtitle: str | None = None
    warning: str | None = None


def find(document: Document) -> Heading:
    references = [document.title, document.metas.get("og:title", "")]
    telling = [one for one in references if not _names_a_site(one)]
    heading = _matched(document.lines, telling)
    if not any(telling):
        heading = _over_a_dateline(document)
        if heading.title is None:  # an article's title may end so, too
            heading = _matched(document.lines, references)
    if heading.title is None and (cut := _CUT_OFF.search(references[0])):
        heading = _whole(document.lines, references[0][: cut.start()])
    if heading.title is None:
        title = references[1].strip(" -_|") or without_suffix(references[0])
        name = simplified(title)
        if len(title) <= _NAME and _PUBLISHER.search(name):
            title = ""  # '中工网', '人民网' alone are no title
        heading = _likest(document, references) if title else _over_a_dateline(document)
        if title and heading.title is None and _SITE.fullmatch(name):
            heading = _over_a_dateline(document)
        if title and heading.title is None:
            heading.title, heading.by = title, "meta"
    if heading.first >= 0:
        _neighbours(document, heading)
    return heading


def _names_a_site(title: str) -> bool:
    title = title.strip(" -_|")
    return _SITE.fullmatch(simplified(title)) is not None and not _SEPARATOR.search(title)


def _matched(lines: list[Line], references: list[str]) -> Heading:
    for reference in references:
        if reference and (found := _match(lines, reference)):
            return found
    return Heading()


def _whole(lines: list[Line], cut_off: str) -> Heading:
    """The line that begins as a title tag does that was cut off: `城东机械厂启用… - 中工网`."""
    begins = key(cut_off)
    if len(begins) < 2 * _SHORTEST:
        return Heading()
    for line in lines:
        short = len(line.text) <= _LONGEST and not line.text.endswith("。")
        if short and _may_be_one(line) and key(line.text).startswith(begins):
            return Heading(_words(line), "label", line.index, line.index)
    return Heading()


@lru_cache(maxsize=8)  # a page's title tag is asked about by several rules
def without_suffix(title: str) -> str:
    """`标题 - 栏目 - 中工网` -> `标题`: drops the segments at the end that name a site or section.

    A segment goes if it, or one after it, names a publisher, and something as long remains.
    """
    end = len(title)
    named = False
    for piece in reversed(list(_SEPARATOR.finditer(title))):
        segment = title[piece.end() : end]
        named = named or _PUBLISHER.search(simplified(segment)) is not None
        if not named or len(segment) > 16 or piece.start() < _SHORTEST:
            break
        end = piece.start()
    return title[:end].strip()


def _match(lines: list[Line], reference: str) -> Heading | None:
    """The line, or the lines of one broken heading, that the reference begins with or contains.

    Of two of one rank the one that is the reference less its suffix, known to be one or not.
    """
    wanted = key(reference)
    bare = key(without_suffix(reference))
    starts = [mark.start() for mark in _SEPARATOR.finditer(reference)]
    cuts = {key(reference[:start]) for start in starts}
    first = key(reference[: starts[0]]) if starts else wanted
    longest = len(reference) + 40
    signs = {*reference, *wanted}
    best: tuple[tuple[bool, int, int, int], Heading] | None = None
    for line in lines:
        shown = line.text
        if not shown or len(shown) > longest:
            continue
        rank = _RANK.get(line.box.tag, 0)
        if not rank and (shown[0] not in signs or key(shown[:_SHORTEST]) not in wanted):
            continue  # most lines
        found = _equal(lines, line, wanted, reference, rank)
        short = rank == _RANK["h1"] and key(line.text) == first  # '图集', too short to be sure else
        if found is None and short:
            found = line.text, line.index
        if found is None and rank and key(own := without_suffix(line.text)) == bare:
            found = own, line.index  # '<h1>标题-中工网</h1>'
        if found is None:
            continue
        text, last = found
        length = len(key(text))
        apart = not wanted.startswith(key(text))
        if (length < _SHORTEST and not short) or (apart and length * 2 < len(wanted)):
            continue
        if line.is_link and rank == 0:
            continue  # a related article's title, or this one's in a list
        # A heading tag decides, unless it holds only a small part (a section's name in an h2).
        whole = length * 2 >= len(wanted) or length >= 12
        one = key(text)
        equal = 0 if one == wanted and cuts else 2 if one == bare else one in cuts
        score = (whole, rank, equal, length)
        if best is None or score > best[0]:
            best = (score, Heading(text, "label", line.index, last))
    return best[1] if best else None


def _equal(
    lines: list[Line], line: Line, wanted: str, reference: str, rank: int
) -> tuple[str, int] | None:
    """(the title's words, its last line) if the line is a title of this reference."""
    words = _words(line) if rank and 0 < line.linked < len(line.text) else line.text
    have = key(words)
    if len(have) >= _SHORTEST and have in wanted:
        last = line.index
        joined = have
        for other in lines[line.index + 1 : line.index + 5]:  # a heading broken by <br>
            more = joined + key(other.text)
            if not other.text or more not in wanted or other.box.parent is not line.box.parent:
                break
            joined, last = more, other.index
        if last == line.index:
            return words, last
        return _spelling(reference, joined), last
    if rank:  # a time or a button inside the heading: '<h1>标题<span>2024-02-29</span></h1>'
        for part in line.parts:
            text = squeeze(part[0])
            if len(text) >= 2 * _SHORTEST and wanted.startswith(key(text)):
                return text, line.index
        if have.startswith(wanted) and len(wanted) >= 2 * _SHORTEST:  # the tag's is the shorter
            return words, line.index
    return None


def _spelling(reference: str, wanted: str) -> str:
    """The stretch of the reference whose key is `wanted`."""
    start = key(reference).find(wanted)
    position = 0
    begin = end = None
    for index, sign in enumerate(reference):
        if position == start and begin is None and not sign.isspace():
            begin = index
        position += len(key(sign))
        if position >= start + len(wanted):
            end = index + 1
            break
    return reference[begin or 0 : end].strip()


def _likest(document: Document, references: list[str]) -> Heading:
    """The heading tag most like the title tag, else the first h1."""
    best: tuple[float, Heading] | None = None
    for line in document.lines:
        rank = _RANK.get(line.box.tag, 0)
        if rank < 2 or not _may_be_one(line):
            continue
        have = set(key(line.text))
        likeness = max(len(have & set(key(text))) / len(have) for text in references)
        if likeness < 0.6 and rank < 4:
            continue
        score = likeness * 2 + rank / 4
        if best is None or score > best[0]:
            best = (score, Heading(_words(line), "generic", line.index, line.index))
            if likeness < 0.6 and references[0]:
                best[1].warning = "title: the heading is not the title tag's"
    return best[1] if best else Heading()


def _over_a_dateline(document: Document) -> Heading:
    """Where the title tag tells nothing: what is set apart over the line about the article, else
    the first h1.
    """
    best: tuple[float, Heading] | None = None
    for line in document.lines:
        rank = _RANK.get(line.box.tag, 0)
        if not (rank or _hinted(line, _TITLE_HINT)) or not _may_be_one(line):
            continue
        under = [_is_dateline(one.text) for one in document.lines[line.index :][: _NEAR + 1]]
        if under[0] or not (any(under) or rank == _RANK["h1"]) or _SECTION.search(_words(line)):
            continue
        score = rank / 4 + (0.5 / under.index(True) if any(under) else 0)
        if best is None or score > best[0]:
            best = (score, Heading(_words(line), "generic", line.index, line.index))
    return best[1] if best else _plain_over_a_dateline(document)


def _plain_over_a_dateline(document: Document) -> Heading:
    """The first line of some words, in an element of its own, over one with a day and a clock."""
    for line in document.lines:
        if (
            _PLAIN <= len(line.text) <= _LONGEST
            and line.box.first == line.box.last
            and not line.linked
            and _may_be_one(line)
            and not (line.text.endswith("。") or _CRUMBS.search(line.text) or is_tool(line.text))
            and not _is_dateline(line.text)
            and any(map(dates.has_clock, _dates_under(document, line)))
        ):
            return Heading(line.text, "generic", line.index, line.index)
    return Heading()


def _dates_under(document: Document, line: Line) -> list[str]:
    under = (one.text for one in document.lines[line.index + 1 :][: _NEAR - 1])
    return [words for text in under if len(text) <= _LONGEST for words in dates.find(text)]


def _words(line: Line) -> str:
    """The line without the buttons in it: `<h1>标题<a href=#c>评论</a></h1>`."""
    if not line.linked:
        return line.text
    own = [text for text, _, linked in line.parts if not (linked and is_tool(squeeze(text)))]
    return squeeze("".join(own)) or line.text


def _may_be_one(line: Line) -> bool:
    return len(line.text) >= _SHORTEST and not line.is_link and not is_footer(line.text)


def _neighbours(document: Document, heading: Heading) -> None:
    lines = document.lines
    title = lines[heading.first]
    over = next((line for line in reversed(lines[: heading.first][-2:]) if line.text), None)
    if over:
        words = _LABELLED_PRETITLE.sub("", over.text)
        bare = len(_HAN.findall(words)) >= 5 and not _SECTION.search(words)
        if (
            words != over.text
            or (bare and words not in document.title)
            or _set_apart(over, _OVER_HINT)
        ) and _may_be_by(over, title):
            heading.pretitle = words
            heading.first = over.index
    under = [line for line in lines[heading.last + 1 :][:4] if line.text][:2]
    beneath = bool(under) and under[0].index == heading.last + 1  # and not under a picture
    if beneath and len(under[0].text) <= _LONGEST:
        words = _LABELLED_SUBTITLE.sub("", under[0].text)
        bare = len(_HAN.findall(words)) >= 6 and not words.endswith("。")
        bare = bare and not _PUBLISHER_ALONE.fullmatch(words)
        marked = (
            words != under[0].text or words.startswith("——") or _set_apart(under[0], _UNDER_HINT)
        )
        if (
            (marked or (bare and len(under) > 1))
            and _may_be_by(under[0], title)
            and (marked or _is_dateline(under[1].text))
        ):
            heading.subtitle = words
            heading.last = under[0].index


def _may_be_by(line: Line, title: Line) -> bool:
    """Few words, no link, no label, near the heading in the page's tree."""
    text = line.text
    if not _SHORTEST <= len(text) <= _LONGEST or line.linked or _CRUMBS.search(text):
        return False
    around = next((box for box in title.box.ancestors() if line.box.within(box)), None)
    if around is None or max(title.box.depth, line.box.depth) - around.depth > _NEAR:
        return False
    if (
        is_tool(text)
        or standfirst(text) is not None
        or key(text) == key(title.text)
        or _is_dateline(text)
    ):
        return False
    return not (bylines.split_byline(text)[1] or bylines.split_editors(text)[1])


def _is_dateline(text: str) -> bool:
    return text.startswith("来源") or bool(dates.find(text)) or sources.find(text) is not None


def _set_apart(line: Line, hint: re.Pattern[str]) -> bool:
    return line.box.tag in HEADINGS or _hinted(line, hint)


def _hinted(line: Line, hint: re.Pattern[str]) -> bool:
    """Does the line's element, or one between its text and its box, say so by its class or id?"""
    nodes = [line.box.node]
    if line.parts:
        part: Part = line.parts[0]
        nodes.append(part[1])
    for node in nodes:
        attributes = node.attributes
        if hint.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
    return False
