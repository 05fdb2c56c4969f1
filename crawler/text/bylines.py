"""Who wrote, photographed and edited an article, read from bylines and editor lines.

A line is a byline where `people` leaves nothing of it unread; a sentence stays in the body.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from crawler.text import labels, names
from crawler.text.labels import AUTHOR_ROLES, EDITOR_ROLES, Label
from crawler.text.people import (
    EMPLOYER,
    PAIRS,
    Link,
    Person,
    bare,
    blank,
    links,
    plain_line,
    read,
    role_of,
)
from crawler.text.script import simplified

_ASKED: Final = 256  # lines, more than a page has: several rules ask about each
_LONGEST_EMPLOYER: Final = 20  # characters
# a date, a clock, or another label: '作者 张三 栏目：时政'
_ELSE = re.compile(r"(?:19|20)\d\d\s?[-/.年]|\d{1,2}月\d|\d{1,2}:\d\d|(?<=\s)\w{2,6}\ ?:")
_BLANK = re.compile(r"\s")
_OUT = re.compile(r"(?:[^()\[\]]|\([^()]{0,20}\))*")  # as far as a bracket that began before


def authors(words: str) -> list[Person]:
    """The people who wrote and photographed, each once, in order; names without a label wrote.

    Roles: author, reporter, correspondent, photographer, intern, commentator.
    """
    return read(words, "author").in_roles(AUTHOR_ROLES)


def editors(words: str) -> list[Person]:
    """The people at the desk, each once, in order; names without a label edited.

    Roles: editor, reviewer, proofreader, producer.
    """
    return read(words, "editor").in_roles(EDITOR_ROLES)


def doubted(words: str) -> list[str]:
    """What stands behind a name and a blank, may be a pen name, and counts as none."""
    return [token for token in read(words, "author").doubted if not names.is_nobody(token)]


@lru_cache(maxsize=_ASKED)
def find(line: str, roles: frozenset[str]) -> str | None:
    """The words that name people of these roles in a line about the article, or None.

    `2024-02-29 09:06 来源：中工网 记者 孙川 责任编辑：于小淑` -> `记者 孙川`, or, asked for
    editors, `责任编辑：于小淑`.
    """
    if not labels.may_name(line, roles):
        return None
    if not any(label.role in roles for label in labels.find(simplified(bare(line)))):
        return None
    text = plain_line(line)
    found: list[tuple[int, int]] = []
    role: str | None = None
    for link in links(text):
        role = role_of(link, role)
        if role in roles:
            start, end = _extent(text, link, roles)
            if start < end and found and not text[found[-1][1] : start].strip(" ,;、|/"):
                start = found.pop()[0]
            if start < end:
                found.append((start, end))
    words = " ".join(line[start:end].strip() for start, end in found)
    if words == line.strip():
        return words
    if _names_someone(text, roles) and _people(words, roles) != _people(text, roles):
        return line.strip()  # '李四 摄', '张三/文 李四/图'
    return words or None


@lru_cache(maxsize=_ASKED)
def lone_label(line: str) -> str | None:
    """The role of a line that is a label and nothing else: `责任编辑：`."""
    if len(line) > _LONGEST_LABEL or not labels.may_name(line):
        return None
    text = bare(line).removesuffix(":").rstrip()
    found = labels.find(simplified(text))
    whole = len(found) == 1 and found[0].end - found[0].start == len(text)
    return found[0].role if whole and not found[0].everyday else None


def is_craft(line: str) -> bool:
    """Is it who cut, drew or planned, `剪辑：张三 设计：李四`? They have no role in a record."""
    if len(line) > _LONGEST or not _MARKED.search(line) or _SENTENCE.search(line):
        return False
    first, *others = links(bare(line))
    return bool(others) and not first.words.strip() and all(map(_names_craft, others))


def _names_craft(link: Link) -> bool:
    persons = names.split(link.words)
    named = link.label is not None and link.label.kind == "craft" and link.marked
    return named and bool(persons) and all(map(names.is_name, persons))


@lru_cache(maxsize=_ASKED)
def split_byline(paragraph: str) -> tuple[str, str | None]:
    """What stays in the body, and the byline's words.

    A paragraph that is nothing but a byline leaves `""`; one that ends in a byline leaves the
    rest: `……新突破。（孙川 葛红普）` -> `("……新突破。", "（孙川 葛红普）")`. Names without a label
    are a byline only in brackets, and behind a sentence only where it has ended.
    """
    text = plain_line(paragraph)
    if _is_line_of(text, AUTHOR_ROLES) or _is_names_in_brackets(text.strip()):
        return "", paragraph.strip()
    for at in _tails(text, _ENDED):
        tail = text[at:]
        if _is_line_of(tail, AUTHOR_ROLES):
            if tail[0] in "([" or read(tail, "author").labelled & AUTHOR_ROLES != {"photographer"}:
                return _cut(paragraph, at)
        elif _SENTENCE_END.search(text[:at]) and _is_names_in_brackets(tail.strip()):
            return _cut(paragraph, at)
    return paragraph, None


def names_before_editors(line: str) -> str | None:
    """Who wrote it, of `（孙川）　责任编辑：于小淑`."""
    text = plain_line(line)
    bracket = _OPENING_BRACKET.match(text)
    if bracket is None or not _is_names_in_brackets(bracket[0]):
        return None
    return line[: bracket.end()] if _is_line_of(text[bracket.end() :], EDITOR_ROLES) else None


@lru_cache(maxsize=_ASKED)
def split_editors(paragraph: str) -> tuple[str, str | None]:
    """The same for an editor line: `责任编辑：于小淑`, `……突破。(责编：仝宗莉、岳弘彬)`.

    A line that names authors and editors is both's: `新京报记者 陆一夫 编辑 刘晓阳`.
    """
    if not labels.may_name(paragraph, EDITOR_ROLES):
        return paragraph, None
    text = _FILED.sub(blank, plain_line(paragraph))
    if _is_line_of(text, EDITOR_ROLES):
        return "", paragraph.strip()
    for at in _tails(text, _ENDED_OR_BLANK):
        tail = bare(text[at:])
        if _is_line_of(tail, EDITOR_ROLES) and not names.split(links(tail)[0].words):
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
            reading = read(words, "author")
            told = reading.labelled & AUTHOR_ROLES or _DATELINE.match(text)
            if reading.people and told and not reading.unread:
                return words
    return None


def photographers(caption: str) -> str | None:
    """The words of a caption that name who took the picture, or None: `李四 摄`, `（张三摄）`."""
    credit = _CREDIT.search(labels.folded(caption))
    if credit is None:
        return None
    words = caption[credit.start() :].strip(" 。（）()")
    people = read(words, "author").people
    return words if any(one.role == "photographer" for one in people) else None


# --- in a line about the article --------------------------------------------------------------


def _names_someone(words: str, roles: frozenset[str]) -> bool:
    """Are the words labels and names of people with these roles, or the organisation of 出品?"""
    if not _is_line_of(words, roles):
        return False
    reading = read(words.strip(), _default(roles))
    return bool(reading.in_roles(roles) or (reading.organisations and roles is EDITOR_ROLES))


def _people(words: str, roles: frozenset[str]) -> list[Person]:
    return read(words.strip(), _default(roles)).in_roles(roles)


def _extent(text: str, link: Link, roles: frozenset[str]) -> tuple[int, int]:
    """From the label, or who employs its people, to the last name; empty where nobody is named."""
    assert link.label is not None
    nowhere = (link.label.start, link.label.start)
    start = _start(text, link, link.label)
    if start is None:
        return nowhere
    for end in _ends(text, link, link.label):
        if _names_someone(text[start:end], roles):
            enclosed = text[start - 1 : start] + text[end : end + 1] in PAIRS
            return start - enclosed, end + enclosed
    return nowhere


def _start(text: str, link: Link, label: Label) -> int | None:
    """Where the label begins, or who employs its people; None if it stands within a sentence."""
    if _SENTENCE.search(text, 0, label.start):
        return None  # '图为服务站。本报记者 李四 摄': a caption
    at = _last_word(text, max(0, label.start - _LONGEST_EMPLOYER), label.start)
    before = text[at : label.start]
    if before and EMPLOYER.fullmatch(before) and not names.is_name(before):
        return at
    return label.start if link.marked or not before else None


def _ends(text: str, link: Link, label: Label) -> list[int]:
    """Where the label's names may end, the farthest first."""
    after, end = label.end, link.end
    if link.glued:
        employer = _last_word(text, after, end)
        end = end if names.is_name(text[employer:end]) else employer
    if other := _ELSE.search(text, after + 1, end):
        end = other.start()
    if (bracket := _OUT.match(text, after, end)) and bracket.end() < end:
        end = bracket.end()
    if not link.marked:
        return [end]
    blanks = [blank.start() for blank in _BLANK.finditer(text, after + 1, end)]
    return [end, *blanks[:-10:-1]]


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
_MARKED = re.compile(r"[:：/／|丨】\]]")
_SENTENCE = re.compile(r"[。!?…]")
_SENTENCE_END = re.compile(r"[。.!?…”’」』\"]\s*$")
_CLOSING_BRACKET = re.compile(r"[(\[](?:[^()\[\]]|\([^()]{1,6}\)){2,80}[)\]]\s*$")
_OPENING_BRACKET = re.compile(r"[(\[][^()\[\]]{2,80}[)\]](?=\s?.)")
_ENDED = re.compile(r"[。!?…”’」』)\]]\s{0,3}(?=\S)")
_ENDED_OR_BLANK = re.compile(rf"{_ENDED.pattern}|\s(?=\S)")
_FILED = re.compile(r"(?<=[)\]])\s?\d{6,8}\s*$")  # '（編輯：蘇龍麒）1120221'
_EDITOR_LABEL = re.compile(r"[(\[]?\s?(?:责任编辑|责\s?编|本文编辑)\s?[:|]")

# '新京报讯（记者陆一夫）', '中工网北京2月29日电（记者 张三）', '（记者张三）',
# '3月17日消息：（记者 张三）', '【财新网】（记者 张三）', '[环球网报道 记者 张三]'
_INLINE_BRACKET = re.compile(
    r"(?:[^。!?()]{0,40}(?:[电讯]|消息|报道)(?:\]|[:,])?|\[[^。!?()\[\]]{2,16}\])?"
    r"\s{0,3}(?P<byline>\([^()]{2,60}\)|\[[^()\[\]]{2,40}\])"
)
# '中新网昆明4月27日电 (张三)': behind a dateline names need no label
_DATELINE = re.compile(r"[^。!?()]{0,30}\d日[电讯]\s{0,3}\(")
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
    text = text.strip().removesuffix("。")
    if len(text) > _LONGEST or _SENTENCE.search(text) or not labels.may_name(text, roles):
        return False
    reading = read(text, _default(roles))
    if reading.unread:
        return (
            roles is EDITOR_ROLES
            and len(text) <= _LONGEST_STRANGE
            and _EDITOR_LABEL.match(simplified(text)) is not None
        )
    return bool(reading.labelled & roles and (reading.in_roles(roles) or reading.vacant & roles))


def _is_names_in_brackets(text: str) -> bool:
    bracket = _CLOSING_BRACKET.fullmatch(text.removesuffix("。"))
    if bracket is None:
        return False
    reading = read(text, "author")
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


def _cut(paragraph: str, at: int) -> tuple[str, str]:
    return paragraph[:at].rstrip(), paragraph[at:].strip()
