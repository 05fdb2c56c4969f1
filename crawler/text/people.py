"""The people that words name: a chain of labels (`labels`), each with the names that belong to it.

`本报记者 张三 通讯员 李四`, `文/张三 图/李四`, `责编：张三 校对：李四`. Where something is neither
label, name nor organisation it is left unread: the words are a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from crawler.text import labels, names
from crawler.text.labels import EDITOR_ROLES, Label
from crawler.text.script import simplified
from crawler.text.widths import TWINS, translation


class Person(NamedTuple):
    name: str
    role: str


# '作者：', '责任编辑：' with nobody behind it is no text; '记者：谢谢' is an interview
_VACANT: Final = EDITOR_ROLES | {"author"}
# these are named in full, as behind everyday words; else pen names stand there too: '作者：小婷'
_IN_FULL: Final = frozenset(("reviewer", "proofreader", "producer"))
_MARK = re.compile(r"\s{0,3}[:/|]\s{0,3}")
# '字幕：周建国' beside labels that are known: what is named so has no role
_STRANGE = re.compile(r"(?:^|(?<=[\s,;、)\]]))([\u3400-\u9fff]{1,6}) ?[:/|] ?(?=[\u3400-\u9fff])")
# what stands before a byline and around it, and is no part of it
_ORNAMENTS: Final = dict.fromkeys("□■◆◇●○◎◉⊙▲△▼▽★☆▌▍▎▏▐█◢◣◤◥►▶▷◀◁♦⬛⬜▪▫❖✦✧※◈*＊", " ")
_plain: Final = translation(TWINS | str.maketrans(_ORNAMENTS | {"〈": "[", "〉": "]"}))
_EDGES: Final = " |·-#"
_SIGNS = re.compile(r"^[^\w()\[\]《「『“<{]+")  # '✍️ 记者：张三'
PAIRS: Final = frozenset(("()", "[]", "《》", "「」", "『』", "<>", "{}", "“”"))
# '(责编：张三(实习)、李四)', '作者：孙川（城东机械厂）'; what holds a label is none: '张三（文）'
_ASIDE = re.compile(r"(?<=[\u3400-\u9fff]) ?\(([^()]{1,20})\)")
# '【策划】张三': the bracket is the label's mark
_BOXED = re.compile(r"\[(\w{2,6})\](?=\s?\w)")
_BULLET = re.compile(r"(?<!\S)(?:·|[—-]{1,2}(?=\S))")  # within a name it stands behind a syllable
_ICON = re.compile(r"[\ue000-\uf8ff]")
# a closing bracket ends the names of a label: what follows in '（作者：孙川）未完待续' is another's
_BRACKETS: Final = str.maketrans("([)]", "  \n\n")
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
_BESIDE: Final = 5  # characters of a page's word behind a name: '已更新', '识别二维码'
_COUNT = re.compile(r"[\d,.]+[万亿]?[次条人]?|[大中小+-]|[到至]?")  # behind 阅读, 字号, 分享
# before 记者 without a blank: '南都', '《红周刊》'; a word of the language is a sentence: '他告诉'
EMPLOYER = re.compile(
    r"(?!.{0,15}[小前老名位个些]$)"
    r"(?:[^\s,;:、。!?他她我你们诉说向对在了的是曾被让这那]|在线){1,16}"  # '浙江在线'
)

# behind a name without a blank: '本报记者张三新华社记者李四'; the rest of '江南都市报' is no name
_NEXT_EMPLOYER = re.compile(
    r"(?:新华社|人民日报|人民网|光明日报|经济日报|工人日报|中新社|中国新闻社|央视|中央\w{2,8}台)$"
)


@dataclass
class PeopleReading:
    people: list[Person] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)  # the roles that a label names
    vacant: set[str] = field(default_factory=set)  # those whose label may stand without a name
    organisations: bool = False  # does one stand where a person may, behind 出品?
    doubted: list[str] = field(default_factory=list)  # like a pen name, behind a name and a blank
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


class Link(NamedTuple):
    """A label, and the words behind it up to the next label."""

    label: Label | None  # None before the first one
    marked: bool  # '作者：张三', '文/张三'
    loose: bool  # marked, or with a blank between label and words
    words: str
    end: int  # where the words end
    glued: bool  # to the next label: '中工网|记者'


def blank(match: re.Match[str]) -> str:
    """As many blanks, for a replacement that moves nothing."""
    return " " * len(match[0])


def plain_line(text: str) -> str:
    """Without ornaments and asides; of the same length."""
    text = _plain(text)
    if "(" in text:
        text = _ASIDE.sub(_without_aside, text)
    if "]" in text:
        text = _BOXED.sub(_as_marked, text)
    if "·" in text or "-" in text or "—" in text:
        text = _BULLET.sub(blank, text)
    return _without_icons(text) if _ICON.search(text) else text


def _without_aside(aside: re.Match[str]) -> str:
    """Blanks for what a bracket says of the person before it."""
    of_a_label = labels.ends(aside.string[: aside.start()])  # '责任编辑（于小淑）'
    said = labels.find(simplified(f" {aside[1]} "))
    return aside[0] if of_a_label or said else blank(aside)


def _as_marked(box: re.Match[str]) -> str:
    return f" {box[1]}:" if simplified(box[1]) in labels.CHINESE else box[0]


def _without_icons(text: str) -> str:
    """Without what a page's own font draws before a label; in a name it stays: `王\ue123`."""
    for label in labels.find(simplified(text)):
        if (
            _ICON.fullmatch(text, label.start - 1, label.start)
            and not text[: label.start - 1][-1:].isalnum()
        ):
            text = f"{text[: label.start - 1]} {text[label.start :]}"
    return text


def bare(text: str) -> str:
    """Without what encloses all of it, either."""
    bare = _SIGNS.sub("", plain_line(text)).strip(_EDGES)
    while bare and bare[0] + bare[-1] in PAIRS and bare[0] not in bare[1:]:
        bare = bare[1:-1].strip(_EDGES)
    return bare


@lru_cache(maxsize=64)  # whether words are a byline, and whom it names, is asked one by one
def read(words: str, default: str) -> PeopleReading:
    """`default` is the role of names before the first label."""
    return _read(bare(words).translate(_BRACKETS).strip(), default)


@lru_cache(maxsize=64)  # '(责编:雷辉)' and '（责编：雷辉）' are the same words
def _read(text: str, default: str) -> PeopleReading:
    reading = PeopleReading()
    role: str | None = default
    said: str | None = None  # what the label before said
    silent = False
    latest: list[Person] = []
    chain = links(_AUTHOR_IS.sub(_with_label, text))
    if default in EDITOR_ROLES and len(chain) > 1 and chain[1].marked:
        role = "author"  # of the names before it: '（张三） 责任编辑：李四'
    for link in chain:
        label = link.label
        if silent and not link.marked:
            continue
        if label and _follows_its_names(link, latest):
            # '记者 张三 文/图' is a reporter's still
            wrote = "author" if latest[0].role in EDITOR_ROLES else latest[0].role
            role_shown = "photographer" if label.kind == "shot" else wrote
            reading.retitle(latest, role_shown)
            reading.labelled.add(role_shown)
        elif label:
            silent = label.kind == "silent"
            role = said = role_of(link, said)
            if role:
                reading.labelled.add(role)
            if role == "commentator" or (link.marked and role in _VACANT):
                reading.vacant.add(role)
        latest = []
        if role:
            latest = [Person(name, role) for name in _names(link, role, reading)]
            reading.people += latest
        elif label and label.kind in ("craft", "nobody") and not link.marked:
            _check_nobody(link, reading)
    return reading


def _with_label(author: re.Match[str]) -> str:  # a template for it takes 4 µs, match or not
    return f"{author[1]} 作者系"


def role_of(link: Link, before: str | None) -> str | None:
    """What the label says of the people behind it; `before`: what the one before it said."""
    if link.label is None:
        return None
    if link.label.kind == "intern" and not link.marked and before in EDITOR_ROLES:
        return before  # '(责编：张三、实习生李四)'
    return link.label.role


@lru_cache(maxsize=64)  # a line is looked through for a byline, and then read as one
def links(text: str) -> tuple[Link, ...]:
    found = [
        label
        for label, end in _with_ends(labels.find(simplified(text)), text)
        if not label.everyday or _labels_someone(text, label, end)
    ]
    if len(found) == 1 and found[0].everyday and not _MARK.match(text, found[0].end):
        found = []  # '采访 马云'; '文字 张三 图片 李四' are labels
    found = _with_strange(found, text)
    first = found[0].start if found else len(text)
    links = [Link(None, False, False, text[:first], first, _is_glued(text, first))]
    for label, end in _with_ends(found, text):
        mark = _MARK.match(text, label.end, end)
        words = text[mark.end() if mark else label.end : end]
        loose = mark is not None or words[:1].isspace()
        links.append(Link(label, bool(mark), loose, words, end, _is_glued(text, end)))
    return tuple(links)


def _with_strange(found: list[Label], text: str) -> list[Label]:
    """The labels, and between them what stands like one before a person's name."""
    if not found:
        return found
    known = {at for label in found for at in range(label.start, label.end)}
    strange = [
        Label("craft", *word.span(1), everyday=True)
        for word in _STRANGE.finditer(text)
        if known.isdisjoint((*range(*word.span(1)), word.end()))  # '孙 川/文' is padded
        and not names.is_name(word[1])
        and any(map(names.is_name, names.split(text[word.end() :])[:1]))
    ]
    return sorted([*found, *strange], key=lambda label: label.start) if strange else found


def _with_ends(found: Sequence[Label], text: str) -> Iterator[tuple[Label, int]]:
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


def _follows_its_names(link: Link, latest: list[Person]) -> bool:
    """`李四 摄` and `张三/文` stand behind the name, `摄影 李四` and `文/张三` before it."""
    if link.label is None or not link.label.trails or link.marked or not latest:
        return False
    return link.label.kind != "shot" or not any(map(names.is_name, names.split(link.words)[:1]))


def _names(link: Link, role: str, reading: PeopleReading) -> list[str]:
    """The names in the link's words; what is not understood goes to `reading.unread`."""
    found: list[str] = []
    if not link.words:
        return found
    own, _, behind = link.words.partition("\n")
    pieces = names.pieces(own)
    last = pieces[-1] if pieces else []
    employer = last.pop() if link.glued and last and not names.is_name(last[-1]) else None
    if employer and role == "reporter" and (known := _NEXT_EMPLOYER.search(simplified(employer))):
        before = employer[: known.start()]
        last += [before] * names.is_name(before)
    if role == "producer" and any(names.is_nobody(token) for piece in pieces for token in piece):
        reading.vacant.add(role)
        reading.organisations = True
        return []
    in_full = role in _IN_FULL or (link.label is not None and link.label.everyday)
    is_any_name = _is_any_name(link.loose, in_full)
    beside = _BESIDE if link.marked and role in _VACANT else 0
    for piece in pieces:
        found += _names_in_row(piece, is_any_name, beside, reading)
    for token in names.split(behind) if behind else ():
        if names.is_name(token):
            found.append(token)
        elif not _is_understood(token):
            reading.unread.append(token)
    if employer and not EMPLOYER.fullmatch(employer):
        reading.unread.append(employer)
    return found


def _names_in_row(
    tokens: list[str], is_any_name: Callable[[str], bool], beside: int, reading: PeopleReading
) -> list[str]:
    """The names among words with only blanks between them: `张三 李四 台北`. Behind a full name,
    words of up to `beside` characters are the page's.
    """
    found: list[str] = []
    sure = False  # is a name found that needs no label before it?
    for token in tokens:
        if name := _name(token, names.is_next_name if sure else is_any_name):
            found.append(name)
            sure = sure or names.is_full_name(name)
        elif sure and is_any_name(token):
            reading.doubted.append(token)
        elif not (sure and len(token) <= beside) and not _is_understood(token):
            reading.unread.append(token)
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
    said = _VERB.sub("", words)
    return (
        names.is_nobody(token)
        or (said != words and names.is_nobody(said))  # '环球网报道'
        or (words.endswith("宣") and len(words) <= 4)  # '通讯员 鲁工宣', a desk
        or said in names.PLACES | {""}
        or _DATE.fullmatch(words) is not None
    )


def _check_nobody(link: Link, reading: PeopleReading) -> None:
    """`阅读 1286 次` stands beside a byline; `阅读 心得` makes a sentence of it."""
    for token in names.split(link.words):
        if not (names.is_name(token) or _is_understood(token) or _COUNT.fullmatch(token)):
            reading.unread.append(token)
