"""Who wrote, photographed and edited an article, read from bylines and editor lines.

Words are read as a chain of labels (`labels`), each with the names that belong to it:
`本报记者 张三 通讯员 李四`, `文/张三 图/李四`, `责编：张三 校对：李四`. Where something is neither
label, name nor organisation the words are a sentence, and a sentence stays in the body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from . import labels, names
from .labels import AUTHOR_ROLES, EDITOR_ROLES, Label
from .script import simplified
from .widths import plain


class Person(NamedTuple):
    name: str
    role: str


# '作者：', '责任编辑：' with nobody behind it is no text; '记者：谢谢' is an interview
_VACANT: Final = EDITOR_ROLES | {"author"}
# these are named in full, as behind everyday words; else pen names stand there too: '作者：小婷'
_IN_FULL: Final = frozenset(("reviewer", "proofreader", "producer"))
_MARK = re.compile(r"\s{0,3}[:/|]\s{0,3}")

# what stands before a byline and around it, and is no part of it
_ORNAMENTS: Final = str.maketrans(
    dict.fromkeys("□■◆◇●○◎◉⊙▲△▼▽★☆▌▍▎▏▐█◢◣◤◥►▶▷◀◁♦⬛⬜▪▫❖✦✧※◈*", " ") | {"〈": "[", "〉": "]"}
)
_EDGES: Final = " |·-"
_PAIRS: Final = frozenset(("()", "[]", "《》", "「」", "『』", "<>", "{}", "“”"))
_ASIDE = re.compile(r"\((?:实习生?|见习|兼)\)")  # '(责编：张三(实习)、李四)'
_BRACKET = re.compile(r"[()\[\]]")
# '作者张三系中国劳动关系学院教授'
_AUTHOR_IS = re.compile(r"(作者[: ]{0,2}\w{2,3}?)(?:系|为|是)(?=\w{4})")
# '记者张三北京报道', '记者陈智 整合', '记者张三 发自北京', '记者张三台北21日电'
_VERB = re.compile(
    r"(?:(?:综合|联合|现场|独家|即时|专题)?报[道导]|采写|整理|整合|编译|供稿|撰稿|专稿|综述|提供"
    r"|发自\w{2,5}|(?:\d{1,2}月)?\d{1,2}日[电讯])$"
)
_IN_PLACE = re.compile(r"\ in\ [A-Z][a-z]+(?:\ [A-Z][a-z]+)?$")  # 'Sun Chuan in Beijing'
# '2024-02-29', and the dateline that stands in some bylines: '本报北京2月29日电'
_DATE = re.compile(r"\w{0,8}\d{1,2}月\d{1,2}日[电讯]?|[\d年月日:.-]+")
_COUNT = re.compile(r"[\d,.]+[万亿]?[次条人]?|[大中小+-]|[到至]?")  # behind 阅读, 字号, 分享
# before 记者 without a blank: '南都', '《红周刊》'; a word of the language is a sentence: '他告诉'
_EMPLOYER = re.compile(r"[^\s,;:、。!?他她我你们诉说向对在了的是曾被让这那]{1,16}")
_LONGEST_EMPLOYER: Final = 20  # characters
# a date, a clock, or another label: '作者 张三 栏目：时政'
_ELSE = re.compile(r"(?:19|20)\d\d\s?[-/.年]|\d{1,2}月\d|\d{1,2}:\d\d|(?<=\s)\w{2,6}\ ?:")
_BLANK = re.compile(r"\s")
_OUT = re.compile(r"(?:[^()\[\]]|\([^()]{0,20}\))*")  # as far as a bracket that began before


# --- public -----------------------------------------------------------------------------------


def authors(words: str) -> list[Person]:
    """The people who wrote and photographed, each once, in order; names without a label wrote.

    Roles: author, reporter, correspondent, photographer, intern, commentator.
    """
    return _read(words, "author").in_roles(AUTHOR_ROLES)


def editors(words: str) -> list[Person]:
    """The people at the desk, each once, in order; names without a label edited.

    Roles: editor, reviewer, proofreader, producer.
    """
    return _read(words, "editor").in_roles(EDITOR_ROLES)


def find(line: str, roles: frozenset[str]) -> str | None:
    """The words that name people of these roles in a line about the article, or None.

    `2024-02-29 09:06 来源：中工网 记者 孙川 责任编辑：于小淑` -> `记者 孙川`, or, asked for
    editors, `责任编辑：于小淑`.
    """
    if not labels.HINT.search(line):
        return None
    text = _plain(line)
    found: list[tuple[int, int]] = []
    for link in _links(text):
        if link.label is not None and link.label.role in roles:
            start, end = _extent(text, link, roles)
            if start < end and found and not text[found[-1][1] : start].strip(" ,;、|/"):
                start = found.pop()[0]
            if start < end:
                found.append((start, end))
    words = " ".join(line[start:end].strip() for start, end in found)
    if _names_someone(text, roles) and _people(words, roles) != _people(text, roles):
        return line.strip()  # '李四 摄', '张三/文 李四/图'
    return words or None


def lone_label(line: str) -> str | None:
    """The role of a line that is a label and nothing else: `责任编辑：`."""
    if not labels.HINT.search(line) or len(line) > _LONGEST_LABEL:
        return None
    text = _bare(line).removesuffix(":").rstrip()
    found = labels.find(simplified(text))
    whole = len(found) == 1 and found[0].end - found[0].start == len(text)
    return found[0].role if whole and not found[0].everyday else None


def split_byline(paragraph: str) -> tuple[str, str | None]:
    """What stays in the body, and the byline's words.

    A paragraph that is nothing but a byline leaves `""`; one that ends in a byline leaves the
    rest: `……新突破。（孙川 葛红普）` -> `("……新突破。", "（孙川 葛红普）")`. Names without a label
    are a byline only in brackets, and behind a sentence only where it has ended.
    """
    text = _plain(paragraph)
    if _is_line_of(text, AUTHOR_ROLES) or _is_names_in_brackets(text.strip()):
        return "", paragraph.strip()
    for at in _tails(text, _ENDED):
        tail = text[at:]
        if _is_line_of(tail, AUTHOR_ROLES):
            if tail[0] in "([" or _read(tail, "author").labelled & AUTHOR_ROLES != {"photographer"}:
                return _cut(paragraph, at)
        elif _SENTENCE_END.search(text[:at]) and _is_names_in_brackets(tail.strip()):
            return _cut(paragraph, at)
    return paragraph, None


def split_editors(paragraph: str) -> tuple[str, str | None]:
    """The same for an editor line: `责任编辑：于小淑`, `……突破。(责编：仝宗莉、岳弘彬)`.

    A line that names authors and editors is both's: `新京报记者 陆一夫 编辑 刘晓阳`.
    """
    text = _FILED.sub(_blank, _plain(paragraph))
    if _is_line_of(text, EDITOR_ROLES):
        return "", paragraph.strip()
    for at in _tails(text, _ENDED_OR_BLANK):
        tail = _bare(text[at:])
        if _is_line_of(tail, EDITOR_ROLES) and not names.split(_links(tail)[0].words):
            return _cut(paragraph, at)
    return paragraph, None


def inline_byline(paragraph: str) -> str | None:
    """The byline inside the first words of the text, which stays there, or None.

    `新京报讯（记者陆一夫）11月25日，…` -> `（记者陆一夫）`;
    `本报北京11月21日电 记者张三 通讯员李四报道：…` -> `记者张三 通讯员李四`.
    """
    text = labels.folded(paragraph)
    for pattern in (_INLINE_BRACKET, _INLINE):
        match = pattern.match(text)
        if match and text[match.end() :].strip():
            words = paragraph[match.start("byline") : match.end("byline")]
            reading = _read(words, "author")
            if reading.people and reading.labelled & AUTHOR_ROLES and not reading.unread:
                return words
    return None


def photographers(caption: str) -> str | None:
    """The words of a caption that name who took the picture, or None: `李四 摄`, `（张三摄）`."""
    credit = _CREDIT.search(labels.folded(caption))
    if credit is None:
        return None
    words = caption[credit.start() :].strip(" 。（）()")
    people = _read(words, "author").people
    return words if any(one.role == "photographer" for one in people) else None


# --- reading ----------------------------------------------------------------------------------


@dataclass
class _Reading:
    people: list[Person] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)  # the roles that a label names
    vacant: set[str] = field(default_factory=set)  # those whose label may stand without a name
    organisations: bool = False  # does one stand where a person may, behind 出品?
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

    label: Label | None  # None before the first one
    marked: bool  # '作者：张三', '文/张三'
    loose: bool  # marked, or with a blank between label and words
    words: str
    end: int  # where the words end
    glued: bool  # to the next label: '中工网|记者'


def _plain(text: str) -> str:
    """Without ornaments and asides; of the same length."""
    return _ASIDE.sub(_blank, plain(text).translate(_ORNAMENTS))


def _bare(text: str) -> str:
    """Without what encloses all of it, either."""
    bare = _plain(text).strip(_EDGES)
    while bare and bare[0] + bare[-1] in _PAIRS and bare[0] not in bare[1:]:
        bare = bare[1:-1].strip(_EDGES)
    return bare


@lru_cache(maxsize=64)  # whether words are a byline, and whom it names, is asked one by one
def _read(words: str, default: str) -> _Reading:
    """`default` is the role of names before the first label."""
    text = _BRACKET.sub(" ", _bare(words)).strip()
    reading = _Reading()
    role: str | None = default
    said: str | None = None  # what the label before said
    silent = False
    latest: list[Person] = []
    for link in _links(_AUTHOR_IS.sub(r"\1 作者系", text)):
        label = link.label
        if silent and not link.marked:
            continue
        if label and _follows_its_names(link, latest):
            if label.kind == "shot":
                reading.retitle(latest, "photographer")
            reading.labelled.add("photographer" if label.kind == "shot" else latest[0].role)
        elif label:
            silent = label.kind == "silent"
            role = said = _role(link, said)
            if role:
                reading.labelled.add(role)
            if role == "commentator" or (link.marked and role in _VACANT):
                reading.vacant.add(role)
        latest = []
        if role:
            latest = [Person(name, role) for name in _names(link, role, reading)]
            reading.people += latest
        elif label and label.kind == "nobody" and not link.marked:
            _check_nobody(link, reading)
    return reading


def _role(link: _Link, before: str | None) -> str | None:
    assert link.label is not None
    if link.label.kind == "intern" and not link.marked and before in EDITOR_ROLES:
        return before  # '(责编：张三、实习生李四)'
    return link.label.role


def _links(text: str) -> list[_Link]:
    found = [
        label
        for label, end in _with_ends(labels.find(simplified(text)), text)
        if not label.everyday or _labels_someone(text, label, end)
    ]
    if len(found) == 1 and found[0].everyday and not _MARK.match(text, found[0].end):
        found = []  # '采访 马云'; '文字 张三 图片 李四' are labels
    first = found[0].start if found else len(text)
    links = [_Link(None, False, False, text[:first], first, _is_glued(text, first))]
    for label, end in _with_ends(found, text):
        mark = _MARK.match(text, label.end, end)
        words = text[mark.end() if mark else label.end : end]
        loose = mark is not None or words[:1].isspace()
        links.append(_Link(label, bool(mark), loose, words, end, _is_glued(text, end)))
    return links


def _with_ends(found: list[Label], text: str) -> Iterator[tuple[Label, int]]:
    """Each label, and where the words behind it end."""
    ends = [label.start for label in found[1:]] + [len(text)]
    return zip(found, ends, strict=False)


def _labels_someone(text: str, label: Label, end: int) -> bool:
    """Is the everyday word a label here: 整理：张三, 整理 张三, 张三 整理?"""
    if _MARK.match(text, label.end, end):
        return True
    words = text[label.end : end]
    if label.trails and not words.strip():
        return True
    return words[:1].isspace() and any(map(names.is_name, names.split(words)[:1]))


def _is_glued(text: str, at: int) -> bool:
    return 0 < at < len(text) and (text[at - 1].isalnum() or text[at - 1] in "》”")


def _follows_its_names(link: _Link, latest: list[Person]) -> bool:
    """`李四 摄` and `张三/文` stand behind the name, `摄影 李四` and `文/张三` before it."""
    if link.label is None or not link.label.trails or link.marked or not latest:
        return False
    return link.label.kind != "shot" or not any(map(names.is_name, names.split(link.words)[:1]))


def _names(link: _Link, role: str, reading: _Reading) -> list[str]:
    """The names in the link's words; what is not understood goes to `reading.unread`."""
    found = []
    tokens = names.split(link.words)
    employer = tokens.pop() if link.glued and tokens and not names.is_name(tokens[-1]) else None
    if role == "producer" and any(map(names.is_nobody, tokens)):
        reading.vacant.add(role)
        reading.organisations = True
        return []
    in_full = role in _IN_FULL or (link.label is not None and link.label.everyday)
    for token in tokens:
        if name := _name(token, _is_any_name(link.loose, in_full)):
            found.append(name)
        elif not _is_understood(token):
            reading.unread.append(token)
    if employer and not _EMPLOYER.fullmatch(employer):
        reading.unread.append(employer)
    return found


def _is_any_name(loose: bool, in_full: bool) -> Callable[[str], bool]:
    if not loose:
        return names.is_name
    return names.is_full_name if in_full else names.is_labelled_name


def _name(token: str, is_name: Callable[[str], bool]) -> str | None:
    cut = _IN_PLACE.sub("", token)
    verb = _VERB.search(simplified(cut))
    if verb is None:
        return cut if is_name(cut) else None
    cut = cut[: verb.start()]
    for place in names.PLACES:
        if simplified(cut).endswith(place):
            cut = cut[: -len(place)]
            break
    return cut if names.is_name(cut) else None


def _is_understood(token: str) -> bool:
    words = simplified(token)
    return (
        names.is_nobody(token)
        or _VERB.sub("", words) in names.PLACES | {""}
        or _DATE.fullmatch(words) is not None
    )


def _check_nobody(link: _Link, reading: _Reading) -> None:
    """`阅读 1286 次` stands beside a byline; `阅读 心得` makes a sentence of it."""
    for token in names.split(link.words):
        if not (names.is_name(token) or _is_understood(token) or _COUNT.fullmatch(token)):
            reading.unread.append(token)


# --- in a line about the article --------------------------------------------------------------


def _names_someone(words: str, roles: frozenset[str]) -> bool:
    """Are the words labels and names of people with these roles, or the organisation of 出品?"""
    if not _is_line_of(words, roles):
        return False
    reading = _read(words.strip(), _default(roles))
    return bool(reading.in_roles(roles) or (reading.organisations and roles is EDITOR_ROLES))


def _people(words: str, roles: frozenset[str]) -> list[Person]:
    return _read(words.strip(), _default(roles)).in_roles(roles)


def _extent(text: str, link: _Link, roles: frozenset[str]) -> tuple[int, int]:
    """From the label, or who employs its people, to the last name; empty where nobody is named."""
    assert link.label is not None
    start, after, end = link.label.start, link.label.end, link.end
    if _SENTENCE.search(text, 0, start):
        return start, start  # '图为服务站。本报记者 李四 摄': a caption
    employer = _last_word(text, max(0, start - _LONGEST_EMPLOYER), start)
    if employer < start:
        if _EMPLOYER.fullmatch(text[employer:start]) and not names.is_name(text[employer:start]):
            start = employer
        elif not link.marked:
            return start, start
    if link.glued:
        employer = _last_word(text, after, end)
        end = end if names.is_name(text[employer:end]) else employer
    if other := _ELSE.search(text, after + 1, end):
        end = other.start()
    if (bracket := _OUT.match(text, after, end)) and bracket.end() < end:
        end = bracket.end()
    ends = [end]
    if link.marked:
        ends += [blank.start() for blank in _BLANK.finditer(text, after + 1, end)][:-10:-1]
    for end in ends:
        if _names_someone(text[start:end], roles):
            enclosed = text[start - 1 : start] + text[end : end + 1] in _PAIRS
            return start - enclosed, end + enclosed
    return link.label.start, link.label.start


def _last_word(text: str, begin: int, end: int) -> int:
    """Where the word begins that ends at `end`; `end` where there is none."""
    at = end
    while at > begin and text[at - 1] not in _WORD_ENDS and not text[at - 1].isdigit():
        at -= 1
    return at


_WORD_ENDS: Final = frozenset(" ,;:、。!?|/()[]")


# --- splitting --------------------------------------------------------------------------------

_LONGEST_LABEL: Final = 20
_LONGEST: Final = 120  # characters; a longer line is text
_LONGEST_STRANGE: Final = 40  # for an editor line with a name nobody understands
_SENTENCE = re.compile(r"[。!?…]")
_SENTENCE_END = re.compile(r"[。.!?…”’」』\"]\s*$")
_CLOSING_BRACKET = re.compile(r"[(\[](?:[^()\[\]]|\([^()]{1,6}\)){2,80}[)\]]\s*$")
_ENDED = re.compile(r"[。!?…”’」』)\]]\s{0,3}(?=\S)")
_ENDED_OR_BLANK = re.compile(rf"{_ENDED.pattern}|\s(?=\S)")
_FILED = re.compile(r"(?<=[)\]])\s?\d{6,8}\s*$")  # '（編輯：蘇龍麒）1120221'
_EDITOR_LABEL = re.compile(r"[(\[]?\s?(?:责任编辑|责\s?编|本文编辑)\s?[:|]")

# '新京报讯（记者陆一夫）', '中工网北京2月29日电（记者 张三）', '（记者张三）'
_INLINE_BRACKET = re.compile(
    r"(?:[^。!?()]{0,40}(?:[电讯]|消息|报道))?\s{0,3}(?P<byline>\([^()]{2,60}\))"
)
# '本报北京11月21日电 记者张三 通讯员李四报道', '本报讯 记者张三报道', '本报记者 张三 北京报道'
_INLINE = re.compile(
    r"(?:[^。!?()]{0,30}[电讯]\s{1,3})?"
    r"(?P<byline>[^。!?,:()\n]{0,16}(?:记者|通讯员|实习生)[^。!?,:()\n]{2,50}?)\s{0,2}(?:摄影)?报[道导]"
)
# at the end of a caption: '李四 摄', '新华社发（张三摄）', '摄影：李四', 'Photo by Li Si'
_CREDIT = re.compile(
    r"""
      (?: [^\s。,;!?()]{0,16}记者\ ? )? [^\s。,;!?()图]{2,12} (?: [ 、][^\s。,;!?()图]{1,4} ){0,3}
      \s? /? \s? 摄 [。)\]]? \s* $
    | (?: 摄影 | 图片 | 图 | 摄 )(?: 报道 )? \s? [:/|] \s? [^。,;!?]{2,24} [。)\]]? \s* $
    | [Pp]hotos?\ by\ [^。]{2,60} $""",
    re.VERBOSE,
)


def _default(roles: frozenset[str]) -> str:
    return "editor" if roles is EDITOR_ROLES else "author"


def _is_line_of(text: str, roles: frozenset[str]) -> bool:
    """Whether the words are labels of these roles and their names, and nothing else."""
    text = text.strip()
    if len(text) > _LONGEST or _SENTENCE.search(text) or not labels.HINT.search(text):
        return False
    reading = _read(text, _default(roles))
    if reading.unread:
        return (
            roles is EDITOR_ROLES
            and len(text) <= _LONGEST_STRANGE
            and _EDITOR_LABEL.match(simplified(text)) is not None
        )
    return bool(reading.labelled & roles and (reading.in_roles(roles) or reading.vacant & roles))


def _is_names_in_brackets(text: str) -> bool:
    bracket = _CLOSING_BRACKET.fullmatch(text)
    if bracket is None:
        return False
    reading = _read(text, "author")
    return bool(reading.people) and not reading.labelled and not reading.unread


def _tails(text: str, ended: re.Pattern[str]) -> list[int]:
    """Where the last words of a text may be a line of their own, the longest first."""
    last = text.rstrip()[-1:]
    if not last or last in "。!?…":
        return []
    begin = max(0, len(text) - _LONGEST)
    begin = max([begin, *(mark.end() for mark in _SENTENCE.finditer(text, begin))])
    found = {mark.end() for mark in ended.finditer(text, max(0, begin - 1))}
    if bracket := _CLOSING_BRACKET.search(text, begin):
        found.add(bracket.start())
    return sorted(at for at in found - {0} if not _is_inside_bracket(text, at))


def _is_inside_bracket(text: str, at: int) -> bool:
    return text.count(")", at) > text.count("(", at) or text.count("]", at) > text.count("[", at)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _cut(paragraph: str, at: int) -> tuple[str, str]:
    return paragraph[:at].rstrip(), paragraph[at:].strip()
