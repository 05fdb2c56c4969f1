"""Who wrote, photographed and edited an article, read from bylines and editor lines.

Words are read as a chain of labels, each with the names that belong to it:
`本报记者 张三 通讯员 李四`, `文/张三 图/李四`, `责编：张三 校对：李四`. Where something is neither
label, name nor organisation the words are a sentence, and a sentence stays in the body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
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

# --- labels, in plain text --------------------------------------------------------------------

_START = r"(?:(?<=[\s,;、()\[\]。.!?”])|^)"
_STOP = r"(?=[\s,;、()\[\]。.]|$)"
_MARKED = r"(?=\ ?[:/|])"
# what labels begin with: most characters are tried for none of them
_FIRST = (
    r"\ A-Za-z图照数资视素题封作工单邮电热本稿来转出供提策统设制剪美排版海配主发时日标人点责审"
    r"初复终一二三值校总监网选执文新微编实特通摄见首驻全融记评专撰采整"
)
_LABEL = re.compile(
    rf"""
    (?=[{_FIRST}]) (?:
      (?P<silent> (?:图片|照片|数据|资料|视频|素材|题图|封面图?)来源 | [图照]片?由
        | 作者(?:系|为|是|单位|简介) | (?:工作)?单位{_MARKED} | 邮箱 | 电话 | 热线 )
    | (?P<nobody> (?:本文|稿件)?来源于? | 转自 | 出处 | 供图 | 提供 | 策划 | 统筹 | 出品人?
        | 设计 | 制[图作] | 剪辑 | 美编 | 排版 | 版式 | 视频 | 海报 | 配音 | 主播 | 发布时间 | 时间
        | 日期 | 标签 | 人气 | 点击 | (?i:\bsource\b) )
    | (?P<reviewer> (?:责任)?审核 | [初复终一二三]审 | 审[签阅稿] | 值班(?:主任|编委|总编|领导)
        | (?i:\b(?:reviewers?|reviewed\ by)\b) )
    | (?P<proofreader> (?:责任)?校对 | 审校 | 责校 | (?i:\b(?:proofreaders?|proofread\ by)\b) )
    | (?P<producer> 总?监制 | 制片人? | (?i:\b(?:producers?|produced\ by)\b) )
    | (?P<editor> 责任编辑 | 责\ ?编 | 网编 | [主总]编 | 总编辑 | 选稿
        | (?:本文|执行|网络|值班|视频|文字|本期|本版|新媒体|微信)?编\ ?辑(?!部|室|人员|委|们)
        | (?i:\b(?:responsible\ |executive\ )?editors?(?:[\ -]in[\ -]ch(?:arge|ief))?\b)
        | (?i:\bedited\ by\b) )
    | (?P<intern> 实习生 | 实习记者 )
    | (?P<correspondent> (?:特约)?通讯员 | (?i:\bcorrespondents?\b) )
    | (?P<photographer> (?:摄影|图片)记者 | 摄影师
        | (?i:\b(?:photographers?|photos?(?:\ by)?)\b) )
    | (?P<reporter> (?:见习|首席|特约|特派|驻站|资深|全媒体|融媒体)?记者 | (?i:\breporters?\b) )
    | (?P<commentator> (?:特约|首席)?评论员 )
    | (?P<author> (?:本文|专栏|特约)?作\ ?者 | 撰文 | 撰稿人? | 执笔
        | (?:采写|编译|整理|供稿|文字){_MARKED} | ^By\b | (?i:\b(?:authors?|written\ by)\b) )
    | (?P<both> 文\ ?[/、&|]\ ?(?:图|摄影?)(?!\w) | 图\ ?[/、&|]\ ?文(?!\w)
        | (?:图文|文图)(?!\w) | 摄影报道 )
    | (?P<wrote> {_START}文{_MARKED} | (?<=/)\ ?文{_STOP}
        | (?<=\ )文{_STOP}(?!\ [\u4e00-\u9fff](?:\ |$)) )  # '记者 文 勇' is padded
    | (?P<shot> {_START}[图摄]{_MARKED} | (?<=/)\ ?图{_STOP} | (?<=\ )图{_STOP}
        | 摄影(?!部|家|队|大赛|作品) | 摄{_STOP} ) )
    """,
    re.VERBOSE,
)
# one of these is in every label; most paragraphs have none, and _LABEL takes 0.3 ms on a long one
_HINT = re.compile(r"[编责记校审监摄撰执采值文图]|作 ?者|通讯|实习|评论|制片|整理|供稿|[A-Za-z]{2}")
_ROLES: Final = {"both": "author", "wrote": "author", "shot": "photographer"}
# '作者：', '责任编辑：' with nobody behind it is no text; '记者：谢谢' is an interview
_VACANT: Final = _EDITOR_ROLES | {"author"}
_MARK = re.compile(r"\s{0,3}[:/|]\s{0,3}")

_ASIDE = re.compile(r"\((?:实习生?|见习|兼)\)")  # '(责编：张三(实习)、李四)'
_BRACKET = re.compile(r"[()\[\]]")
# '作者张三系中国劳动关系学院教授'
_AUTHOR_IS = re.compile(r"(作者[: ]{0,2}\w{2,3}?)(?:系|为|是)(?=\w{4})")
# '记者张三北京报道', '记者陈智 整合', '记者张三 发自北京'
_VERB = re.compile(
    r"(?:(?:综合|联合|现场|独家)?报道|采写|整理|整合|编译|供稿|撰稿|专稿|综述|发自\w{2,5})$"
)
# '2024-02-29', and the dateline that stands in some bylines: '本报北京2月29日电'
_DATE = re.compile(r"\w{0,8}\d{1,2}月\d{1,2}日[电讯]?|[\d年月日:.-]+")
# before 记者 without a blank: '南都', '《红周刊》'; a word of the language is a sentence: '他告诉'
_EMPLOYER = re.compile(r"[^\s,;:、。!?他她我你们诉说向对在了的]{1,16}")


# --- public -----------------------------------------------------------------------------------


def authors(words: str) -> list[Person]:
    """The people who wrote and photographed, each once, in order; names without a label wrote.

    Roles: author, reporter, correspondent, photographer, intern, commentator.
    """
    return _read(words, "author").in_roles(_AUTHOR_ROLES)


def editors(words: str) -> list[Person]:
    """The people at the desk, each once, in order; names without a label edited.

    Roles: editor, reviewer, proofreader, producer.
    """
    return _read(words, "editor").in_roles(_EDITOR_ROLES)


def split_byline(paragraph: str) -> tuple[str, str | None]:
    """What stays in the body, and the byline's words.

    A paragraph that is nothing but a byline leaves `""`; one that ends in a bracketed byline
    leaves the rest: `……新突破。（孙川 葛红普）` -> `("……新突破。", "（孙川 葛红普）")`. Names
    without a label are a byline only in brackets, and behind a sentence only where it has ended.
    """
    text = plain(paragraph)
    if _is_line_of(text, "author", _AUTHOR_ROLES) or _is_names_in_brackets(text.strip()):
        return "", paragraph.strip()
    bracket = _CLOSING_BRACKET.search(text)
    if bracket is None:
        return paragraph, None
    if _is_line_of(bracket[0], "author", _AUTHOR_ROLES) or (
        _SENTENCE_END.search(text[: bracket.start()]) and _is_names_in_brackets(bracket[0])
    ):
        return _cut(paragraph, bracket.start())
    return paragraph, None


def split_editors(paragraph: str) -> tuple[str, str | None]:
    """The same for an editor line: `责任编辑：于小淑`, `……突破。(责编：仝宗莉、岳弘彬)`.

    A line that names authors and editors is both's: `新京报记者 陆一夫 编辑 刘晓阳`.
    """
    text = plain(paragraph)
    if _is_line_of(text, "editor", _EDITOR_ROLES):
        return "", paragraph.strip()
    for pattern in (_CLOSING_BRACKET, _EDITOR_TAIL):
        tail = pattern.search(text)
        if tail and _is_line_of(tail[0], "editor", _EDITOR_ROLES):
            return _cut(paragraph, tail.start())
    return paragraph, None


def inline_byline(paragraph: str) -> str | None:
    """The byline inside the first words of the text, which stays there, or None.

    `新京报讯（记者陆一夫）11月25日，…` -> `（记者陆一夫）`;
    `本报北京11月21日电 记者张三 通讯员李四报道：…` -> `记者张三 通讯员李四`.
    """
    text = plain(paragraph)
    for pattern in (_INLINE_BRACKET, _INLINE):
        match = pattern.match(text)
        if match and text[match.end() :].strip():
            words = paragraph[match.start("byline") : match.end("byline")]
            reading = _read(words, "author")
            if reading.people and reading.labelled & _AUTHOR_ROLES and not reading.unread:
                return words
    return None


# --- reading ----------------------------------------------------------------------------------


@dataclass
class _Reading:
    people: list[Person] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)  # the roles that a label names
    vacant: set[str] = field(default_factory=set)  # those whose label may stand without a name
    unread: list[str] = field(default_factory=list)  # neither label nor name nor organisation

    def in_roles(self, roles: frozenset[str]) -> list[Person]:
        """Each person once, in the role named first."""
        once: dict[str, Person] = {}
        for one in self.people:
            if one.role in roles:
                once.setdefault(one.name, one)
        return list(once.values())

    def retitle(self, people: list[Person], role: str) -> None:
        self.people = [one._replace(role=role) if one in people else one for one in self.people]


class _Link(NamedTuple):
    """A label, and the words behind it up to the next label."""

    kind: str | None  # a group of _LABEL; None before the first label
    marked: bool  # '作者：张三', '文/张三'
    loose: bool  # marked, or with a blank between label and words
    words: str
    glued: bool  # to the next label: '中工网|记者'


@lru_cache(maxsize=64)  # whether words are a byline, and whom it names, is asked one by one
def _read(words: str, default: str) -> _Reading:
    """`default` is the role of names before the first label."""
    text = _BRACKET.sub(" ", _ASIDE.sub(" ", plain(words))).strip()
    reading = _Reading()
    role: str | None = default
    silent = False
    latest: list[Person] = []
    for link in _links(_AUTHOR_IS.sub(r"\1 作者系", text)):
        if silent and not link.marked:
            continue
        if link.kind and _follows_its_names(link, latest):
            if link.kind == "shot":
                reading.retitle(latest, "photographer")
            reading.labelled.add("photographer" if link.kind == "shot" else latest[0].role)
        elif link.kind:
            silent = link.kind == "silent"
            role = _role(link.kind, role)
            if role:
                reading.labelled.add(role)
            if role == "commentator" or (link.marked and role in _VACANT):
                reading.vacant.add(role)
        latest = []
        if role:
            latest = [Person(name, role) for name in _names(link, reading)]
            reading.people += latest
    return reading


def _role(kind: str, before: str | None) -> str | None:
    if kind in ("silent", "nobody"):
        return None
    if kind == "intern" and before in _EDITOR_ROLES:
        return before  # '(责编：张三、实习生李四)'
    return _ROLES.get(kind, kind)


def _links(text: str) -> list[_Link]:
    labels = list(_LABEL.finditer(text))
    ends = [label.start() for label in labels[1:]] + [len(text)]
    first = labels[0].start() if labels else len(text)
    links = [_Link(None, False, False, text[:first], _is_glued(text, first))]
    for label, end in zip(labels, ends, strict=False):
        mark = _MARK.match(text, label.end(), end)
        words = text[mark.end() if mark else label.end() : end]
        loose = mark is not None or words[:1].isspace()
        links.append(_Link(label.lastgroup, bool(mark), loose, words, _is_glued(text, end)))
    return links


def _is_glued(text: str, at: int) -> bool:
    return 0 < at < len(text) and (text[at - 1].isalnum() or text[at - 1] in "》”")


def _follows_its_names(link: _Link, latest: list[Person]) -> bool:
    """`李四 摄` and `张三/文` stand behind the name, `摄影 李四` and `文/张三` before it."""
    if link.kind not in _ROLES or link.marked or not latest:
        return False
    return link.kind != "shot" or not any(map(names.is_name, names.split(link.words)[:1]))


def _names(link: _Link, reading: _Reading) -> list[str]:
    """The names in the link's words; what is not understood goes to `reading.unread`."""
    found = []
    tokens = names.split(link.words)
    employer = tokens.pop() if link.glued and tokens and not names.is_name(tokens[-1]) else None
    for token in tokens:
        if name := _name(token, link.loose):
            found.append(name)
        elif not _is_understood(token):
            reading.unread.append(token)
    if employer and not _EMPLOYER.fullmatch(employer):
        reading.unread.append(employer)
    return found


def _name(token: str, labelled: bool) -> str | None:
    without_verb = _VERB.sub("", token)
    if without_verb == token:
        is_name = names.is_labelled_name if labelled else names.is_name
        return token if is_name(token) else None
    for place in names.PLACES:
        without_verb = without_verb.removesuffix(place)
    return without_verb if names.is_name(without_verb) else None


def _is_understood(token: str) -> bool:
    return (
        names.is_nobody(token)
        or _VERB.sub("", token) in names.PLACES | {""}
        or _DATE.fullmatch(token) is not None
    )


# --- splitting --------------------------------------------------------------------------------

_LONGEST: Final = 120  # characters; a longer line is text
_LONGEST_STRANGE: Final = 40  # for an editor line with a name nobody understands
_SENTENCE = re.compile(r"[。!?…]")
_SENTENCE_END = re.compile(r"[。.!?…”’」』\"]\s*$")
_CLOSING_BRACKET = re.compile(r"[(\[](?:[^()\[\]]|\([^()]{1,6}\)){2,80}[)\]]\s*$")
_EDITOR_TAIL = re.compile(r"(?<=[。!?”)\s])(?:责任编辑|责编|编辑)\s?[:|].{0,60}$")
_EDITOR_LABEL = re.compile(r"[(\[]?\s?(?:责任编辑|责\s?编|本文编辑)\s?[:|]")

# '新京报讯（记者陆一夫）', '中工网北京2月29日电（记者 张三）', '（记者张三）'
_INLINE_BRACKET = re.compile(
    r"(?:[^。!?()]{0,40}(?:[电讯]|消息|报道))?\s{0,3}(?P<byline>\([^()]{2,60}\))"
)
# '本报北京11月21日电 记者张三 通讯员李四报道', '本报讯 记者张三报道', '本报记者 张三 北京报道'
_INLINE = re.compile(
    r"(?:[^。!?()]{0,30}[电讯]\s{1,3})?"
    r"(?P<byline>[^。!?,:()\n]{0,16}(?:记者|通讯员|实习生)[^。!?,:()\n]{2,50}?)\s{0,2}(?:摄影)?报道"
)


def _is_line_of(text: str, default: str, roles: frozenset[str]) -> bool:
    """Whether the words are labels of these roles and their names, and nothing else."""
    text = text.strip()
    if len(text) > _LONGEST or _SENTENCE.search(text) or not _HINT.search(text):
        return False
    reading = _read(text, default)
    if reading.unread:
        return (
            roles is _EDITOR_ROLES
            and len(text) <= _LONGEST_STRANGE
            and _EDITOR_LABEL.match(text) is not None
        )
    return bool(reading.labelled & roles and (reading.in_roles(roles) or reading.vacant & roles))


def _is_names_in_brackets(text: str) -> bool:
    bracket = _CLOSING_BRACKET.fullmatch(text)
    if bracket is None:
        return False
    reading = _read(text, "author")
    return bool(reading.people) and not reading.labelled and not reading.unread


def _cut(paragraph: str, at: int) -> tuple[str, str]:
    return paragraph[:at].rstrip(), paragraph[at:].strip()
