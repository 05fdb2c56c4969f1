"""Who wrote, photographed and edited an article, read from bylines and editor lines.

Words are read as a chain of labels, each with the names that belong to it: `本报记者 张三 通讯员 李四`,
`文/张三 图/李四`, `责编：张三 校对：李四`. A chain in which something is neither label, name nor the
organisation before 记者 is a sentence, and stays in the body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from . import names
from .widths import plain


class Person(NamedTuple):
    name: str
    role: str


_AUTHOR_ROLES: Final = frozenset(
    ("author", "reporter", "correspondent", "photographer", "intern", "commentator")
)
_EDITOR_ROLES: Final = frozenset(("editor", "reviewer", "proofreader", "producer"))

_EDGE = r"(?:(?<=[\s,;、()\[\]。.!?！？”])|^)"  # before a label of one character: 文 ends names too
_LABEL = re.compile(
    rf"""
      (?P<silent> (?:图片|照片|数据|资料|视频|素材|题图|封面图)来源 | [图照]片?由 | 作者(?:系|为|是|单位|简介|：?均?系)
        | 工?作?单位(?=:) | 邮箱 | 电话 | 热线 )
    | (?P<nobody> (?:本文|稿件)?来源于? | 转自 | 出处 | 供图 | 提供 | 策划 | 统筹 | 出品人? | 设计 | 制图 | 制作 | 剪辑
        | 美编 | 排版 | 视频 | 海报 | 配音 | 主播 | 发布时间 | 时间 | 日期 | 标签 | 人气 | 点击 | \bSource\b )
    | (?P<reviewer> (?:责任)?审核 | [初复终一二三]审 | 审签 | 审阅 | 审稿 | 值班(?:主任|编委|总编|领导)
        | \b(?:Reviewers?|Reviewed\ by)\b )
    | (?P<proofreader> (?:责任)?校对 | 审校 | 责校 | \b(?:Proofreaders?|Proofread\ by)\b )
    | (?P<producer> 总?监制 | 制片人? | \b(?:Producers?|Produced\ by)\b )
    | (?P<editor> 责任编辑 | 责\ ?编 | (?:本文|执行|网络|值班|视频|文字|本期|本版|新媒体|微信)?编\ ?辑(?!部|室|人员|委|们)
        | 网编 | 主编 | 总编辑? | \b(?:(?:Responsible\ |Executive\ )?Editors?(?:[\ -]in[\ -][Cc]h(?:arge|ief))?|Edited\ by)\b )
    | (?P<intern> 实习生 | 实习记者 )
    | (?P<correspondent> (?:特约)?通讯员 | \bCorrespondents?\b )
    | (?P<photographer> (?:摄影|图片)记者 | 摄影师 | \b(?:Photographers?|Photos?(?:\ by)?)\b )
    | (?P<reporter> (?:见习|首席|特约|特派|驻站|资深|全媒体|融媒体)?记者(?!站|获悉|了解|从|在) | \bReporters?\b )
    | (?P<commentator> (?:特约|首席)?评论员 )
    | (?P<author> (?:本文|专栏|特约)?作\ ?者 | 撰文 | 撰稿人? | 执笔 | 采写(?=\ ?[:/|]) | (?:编译|整理|供稿|文字)(?=\ ?[:/|])
        | ^\ *By\b | \b(?:Authors?|Written\ by)\b )
    | (?P<both> (?:文\ ?[/、&|]\ ?(?:图|摄影|摄) | 图\ ?[/、&|]\ ?文 | 图文 | 文图)(?!\w) )
    | (?P<wrote> {_EDGE}文(?=\ ?[:/|]) | (?<=/)\ ?文(?!\w) | (?<=\ )文(?=\ |$|[,;、]) )
    | (?P<shot> {_EDGE}[图摄](?=\ ?[:/|]) | (?<=/)\ ?[图摄](?!\w) | (?<=\ )图(?=\ |$|[,;、])
        | 摄影报道 | 摄影(?!部|家|队|大赛|作品) | 摄(?=\ *(?:$|[,;、)\]。.])) )
    """,
    re.VERBOSE,
)
_ROLES: Final = {"wrote": "author", "shot": "photographer", "both": "author"}
_MARK = re.compile(r"\s{0,3}[:/|]\s{0,3}")
_ASIDE = re.compile(r"\((?:实习|实习生|见习|兼)\)")
_BRACKETS = re.compile(r"[()\[\]]")
# '作者张三系中国劳动关系学院教授'
_AUTHOR_IS = re.compile(r"(作者[: ]{0,2}\w{2,3}?)(?:系|为|是|,单位)(?=\w{4})")
# what a reporter's names end in: '张三北京报道', '陈智 整合'
_VERB = re.compile(r"(?:(?:综合|联合|摄影|现场|独家)?报道|采写|整理|整合|编译|供稿|撰稿|专稿|综述|摄制?|文|图)$")
_ORGANISATION_GLUED = re.compile(r"[^\s,;:、。!?他她我你们诉说向对在了的]{1,16}")
_DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日[电讯]?|[\d年月日:.-]+")


def authors(words: str) -> list[Person]:
    """The people who wrote and photographed, each once, in order; names without a label wrote."""
    return [one for one in _read(words, "author").people if one.role in _AUTHOR_ROLES]


def editors(words: str) -> list[Person]:
    """The people at the desk, each once, in order; names without a label edited."""
    return [one for one in _read(words, "editor").people if one.role in _EDITOR_ROLES]


def split_byline(paragraph: str) -> tuple[str, str | None]:
    """What stays in the body, and the byline's words.

    A paragraph that is nothing but a byline leaves `""`; one that ends in a bracketed byline
    leaves the rest: `……新突破。（孙川 葛红普）` -> `("……新突破。", "（孙川 葛红普）")`.
    """
    return _split(paragraph, _AUTHOR_ROLES, "author")


def split_editors(paragraph: str) -> tuple[str, str | None]:
    """The same for an editor line: `责任编辑：于小淑`, `(责编：仝宗莉、岳弘彬)`."""
    return _split(paragraph, _EDITOR_ROLES, "editor")


# '新京报讯（记者陆一夫）11月25日，…', '中工网北京2月29日电（记者 张三）', '（记者张三）…'
_INLINE_BRACKET = re.compile(r"(?:[^。!?()]{0,40}(?:[电讯]|消息|报道))?\s{0,3}(?P<byline>\([^()]{2,60}\))")
# '本报北京11月21日电 记者张三 通讯员李四报道：', '本报讯 记者张三报道', '本报记者 张三 北京报道：'
_INLINE = re.compile(
    r"(?:[^。!?()]{0,30}[电讯]\s{1,3})?(?P<byline>[^。!?,:()\n]{0,16}(?:记者|通讯员|实习生)[^。!?,:()\n]{2,50}?)(?=\s{0,2}(?:摄影)?报道)"
)


def inline_byline(paragraph: str) -> str | None:
    """The byline inside the first words of the text, which stays there, or None.

    `新京报讯（记者陆一夫）11月25日，…` -> `（记者陆一夫）`.
    """
    text = plain(paragraph)
    for pattern in (_INLINE_BRACKET, _INLINE):
        match = pattern.match(text)
        if match is None or not text[match.end() :].strip():
            continue
        words = paragraph[match.start("byline") : match.end("byline")].strip()
        reading = _read(words, "author")
        if reading.labels & _AUTHOR_ROLES and reading.people and not reading.unread:
            return words
    return None


# --- reading ----------------------------------------------------------------------------------


@dataclass
class _Reading:
    people: list[Person] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)  # the roles that a label names
    unread: list[str] = field(default_factory=list)  # neither label nor name nor organisation


class _Link(NamedTuple):
    """A label and the words behind it, up to the next label."""

    kind: str | None  # a group of _LABEL; None before the first label
    marked: bool  # '作者：', '文/'
    words: str
    glued: bool  # the next label follows without a blank: '中工网|记者'


def _read(words: str, default: str) -> _Reading:
    text = _BRACKETS.sub(" ", _ASIDE.sub(" ", plain(words)))
    links = _links(_AUTHOR_IS.sub(r"\1 作者系", text).strip())
    reading = _Reading()
    role: str | None = default
    easy = silent = False
    latest: list[Person] = []
    for link in links:
        if link.kind and silent and not link.marked:
            continue
        if link.kind in ("wrote", "shot", "both") and _belongs_to_before(link, latest):
            latest = _retitle(reading, latest, link.kind)
        elif link.kind:
            silent = link.kind == "silent"
            role = None if link.kind in ("silent", "nobody") else _ROLES.get(link.kind, link.kind)
            easy = link.marked or link.words[:1].isspace() or link.kind not in ("reporter", "author")
        if link.kind and role:
            reading.labels.add(role)
        if role is None:
            latest = []
            continue
        latest = [Person(name, role) for name in _names(link, easy, reading)] or latest
        for person in latest:
            if person.name not in (one.name for one in reading.people):
                reading.people.append(person)
    return reading


def _links(text: str) -> list[_Link]:
    labels = list(_LABEL.finditer(text))
    starts = [match.start() for match in labels] + [len(text)]
    links = [_Link(None, False, text[: starts[0]], _is_glued(text, starts[0]))]
    for match, end in zip(labels, starts[1:], strict=True):
        mark = _MARK.match(text, match.end())
        begin = min(mark.end(), end) if mark else match.end()
        links.append(_Link(match.lastgroup, bool(mark), text[begin:end], _is_glued(text, end)))
    return links


def _is_glued(text: str, at: int) -> bool:
    return 0 < at < len(text) and (text[at - 1].isalnum() or text[at - 1] in "》”")


def _belongs_to_before(link: _Link, latest: list[Person]) -> bool:
    """`李四 摄` and `张三/文` follow the name, `摄影：李四` and `文/张三` go before it."""
    if not latest or link.marked:
        return False
    return link.kind != "shot" or not any(map(names.is_name, names.split(link.words)[:1]))


def _retitle(reading: _Reading, latest: list[Person], kind: str) -> list[Person]:
    """`记者张三/文` stays a reporter, `记者李四/图` is the photographer."""
    if kind == "shot":
        changed = [Person(one.name, "photographer") for one in latest]
        reading.people = [one for one in reading.people if one not in latest] + changed
        reading.labels.add("photographer")
        return changed
    return latest


def _names(link: _Link, easy: bool, reading: _Reading) -> list[str]:
    tokens = names.split(link.words)
    found = []
    for at, token in enumerate(tokens):
        before_label = link.glued and at == len(tokens) - 1
        name = _name(token, easy and not before_label)
        if name:
            found.append(name)
        elif not (
            names.is_nobody(token)
            or _DATE.fullmatch(token)
            or _VERB.fullmatch(token)
            or (before_label and _ORGANISATION_GLUED.fullmatch(token))
        ):
            reading.unread.append(token)
    return found


def _name(token: str, easy: bool) -> str | None:
    is_name = names.is_labelled_name if easy else names.is_name
    if is_name(token) and not _VERB.fullmatch(token):
        return token
    without = _VERB.sub("", token)
    for place in names.PLACES:
        if without != token and without.endswith(place):
            without = without.removesuffix(place)
            break
    return without if without != token and names.is_name(without) else None


# --- splitting --------------------------------------------------------------------------------

_CLOSING_BRACKET = re.compile(r"[(\[](?P<inside>[^()\[\]]{2,80})[)\]]\s*$")
_SENTENCE_END = re.compile(r"[。.!?！？…”’」』\"]\s*$")
_SENTENCE = re.compile(r"[。!?！？…]")
_LONGEST: Final = 120
_EDITOR_TAIL = re.compile(r"(?<=[。.!?！？”)\s])(?P<tail>(?:责任编辑|责编)\s?:.{0,40})$")


def _split(paragraph: str, roles: frozenset[str], default: str) -> tuple[str, str | None]:
    text = plain(paragraph)
    if _is_line_of(text, roles, default):
        return "", paragraph.strip()
    bracket = _CLOSING_BRACKET.search(text) or (
        _EDITOR_TAIL.search(text) if default == "editor" else None
    )
    if bracket is None:
        return paragraph, None
    rest = text[: bracket.start()]
    reading = _read(bracket[0], default)
    if reading.unread or not rest.strip():
        return paragraph, None
    named = reading.labels & roles and (reading.people or default == "editor")
    bare = default == "author" and not reading.labels and reading.people
    if named or (bare and _SENTENCE_END.search(rest)):
        return paragraph[: bracket.start()].rstrip(), paragraph[bracket.start() :].strip()
    return paragraph, None


def _is_line_of(text: str, roles: frozenset[str], default: str) -> bool:
    text = text.strip()
    if not text or len(text) > _LONGEST or _SENTENCE.search(text):
        return False
    reading = _read(text, default)
    if reading.unread:
        return False
    if reading.labels & roles:
        return True
    bracketed = text[0] in "([" and text[-1] in ")]"
    return bool(bracketed and default == "author" and reading.people and not reading.labels)
