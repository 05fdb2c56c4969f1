"""Every label that names people, in every way it is written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product

import pytest

from crawler.text import bylines, labels
from crawler.text.labels import AUTHOR_ROLES, CHINESE, EDITOR_ROLES, ENGLISH
from crawler.text.script import _SIMPLIFIED, _TRADITIONAL

ROLE_OF = {"both": "author", "shot": "photographer"}
# label -> role, and whether it needs a mark
PEOPLE = {
    word: (ROLE_OF.get(kind, kind), everyday)
    for word, (kind, everyday) in CHINESE.items()
    if kind not in ("silent", "nobody")
} | {"文": ("author", True), "图": ("photographer", True), "摄": ("photographer", True)}
ORNAMENTS = "□■◆◇●○◎▲△▼★☆·•▌|"
BEFORE = ["", *ORNAMENTS, *(f"{sign} " for sign in ORNAMENTS), "——"]
AROUND = ["（）", "()", "【】", "[]", "〔〕", "〈〉", "《》", "「」"]
DECORATED = [f"{sign}%s" for sign in BEFORE] + [f"{one}%s{other}" for one, other in AROUND]
MARKS = ["：", ":", " : ", "／", "/", "|", "丨"]
LOOSE = [*MARKS, " ", "\u3000", ""]
NAMES = [["孙川"], ["葛红普", "王芳"], ["欧阳娜娜", "买买提·艾力", "李小明"], ["王伟"]]
WRITTEN = ["孙川", "葛红普 王芳", "欧阳娜娜、买买提．艾力，李小明", "王\u3000伟"]
TO_TRADITIONAL = str.maketrans(_SIMPLIFIED[::-1], _TRADITIONAL[::-1])


def lines() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each label in each decoration, with each mark; names and script in turn."""
    turns = cycle(product(zip(WRITTEN, NAMES, strict=True), (False, True)))
    for (label, (role, everyday)), decoration in product(PEOPLE.items(), DECORATED):
        for mark in MARKS if everyday else LOOSE:
            (written, people), traditional = next(turns)
            word = label.translate(TO_TRADITIONAL) if traditional else label
            yield decoration % f"{word}{mark}{written}", [(name, role) for name in people]


LINES = list(lines())


def test_a_line_is_read_whatever_stands_before_and_around_it() -> None:
    assert len(LINES) > 30_000
    for line, people in LINES:
        desk = people[0][1] in EDITOR_ROLES
        read = bylines.editors if desk else bylines.authors
        assert [tuple(one) for one in read(line)] == people, line
        split = bylines.split_editors if desk else bylines.split_byline
        assert split(line) == ("", line.strip()), line
        assert bylines.find(line, EDITOR_ROLES if desk else AUTHOR_ROLES), line
        assert not bylines.find(line, AUTHOR_ROLES if desk else EDITOR_ROLES), line


NEIGHBOURS = [
    "2024-02-29 09:06 来源：中工网 %s",
    "来源：中工网 %s 2024-02-29 09:06",
    "2024-02-29 09:06:11　%s　阅读 1286",
    "%s 分享 打印",
    "栏目：工会 %s 浏览次数：33",
]


@pytest.mark.parametrize("neighbours", NEIGHBOURS)
def test_a_label_beside_time_and_source(neighbours: str) -> None:
    for line, people in LINES[::7]:
        if line[-1:] in "）)】]〕〉》」" or (" |" in line or "|" in line[:2]):
            continue
        roles = EDITOR_ROLES if people[0][1] in EDITOR_ROLES else AUTHOR_ROLES
        words = bylines.find(neighbours % line, roles)
        assert words, neighbours % line
        read = bylines.editors if roles is EDITOR_ROLES else bylines.authors
        assert [tuple(one) for one in read(words)] == people, neighbours % line


def test_two_labels_in_a_line() -> None:
    for (one, (role, _)), (other, (second, _)) in product(PEOPLE.items(), repeat=2):
        for gap in (" ", "\u3000", "；", " | "):
            line = f"{one}：孙川{gap}{other}：葛红普"
            people = {("孙川", role), ("葛红普", second)}
            found = {*map(tuple, bylines.authors(line)), *map(tuple, bylines.editors(line))}
            assert found == people, line


@pytest.mark.parametrize("label", ENGLISH)
def test_english_labels(label: str) -> None:
    kind = ENGLISH[label]
    for word in (label, label.capitalize(), label.replace(" by", "s by")):
        for line in (f"{word}: Sun Chuan", f"({word} Sun Chuan and Ge Hongpu)"):
            found = bylines.editors(line) if kind in EDITOR_ROLES else bylines.authors(line)
            wanted = set() if kind == "nobody" else {kind}
            assert {one.role for one in found} == wanted, line


def test_one_of_the_hints_is_in_every_label() -> None:
    for label in (*PEOPLE, *ENGLISH):
        assert labels.HINT.search(label), label
        assert labels.HINT.search(label.translate(TO_TRADITIONAL)), label
        assert labels.HINT.search(" ".join(label)) or label in ENGLISH, label


# None of them names anybody, or is a byline that leaves the text.
SENTENCES = ["", "记者从市总工会获悉", "记者在现场看到", "记者节", "记者站", "记者王芳了解到", "编辑部", "编辑部的故事", "编辑王芳告诉我们", "整理房间", "整理 房间", "文字工作者", "新闻工作者 王芳", "图为现场", "图文并茂", "摄影爱好者张三说", "摄影爱好者张三", "摄影作品", "审核通过", "审核：通过", "审核：未通过", "审核已完成", "一审宣判", "二审：维持原判", "终审判决", "总编辑王某某在会上说", "总编辑 王某某", "供稿单位：城东区总工会", "责任编辑部", "校对工作", "监制品", "监制的", "视频直播", "视频：现场直播", "采访 马云", "采访对象", "执笔写信", "他告诉记者 张三", "作者系中国劳动关系学院教授", "通讯员队伍", "评论员文章", "值班主任说", "By 2030, China will build more stations", "By the end of the year", "Editors and reporters", ""][1:-1]  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_byline(sentence: str) -> None:
    assert bylines.split_byline(sentence) == (sentence, None)
    assert bylines.split_editors(sentence) == (sentence, None)
    assert bylines.find(sentence, AUTHOR_ROLES) is None
    assert bylines.find(sentence, EDITOR_ROLES) is None


NOBODY = ["网络整理", "未知", "HN666", "系统管理员", "", "新华社", "城东区总工会", "本报编辑部"]


@pytest.mark.parametrize("words", NOBODY)
def test_a_label_with_nobody_behind_it(words: str) -> None:
    for label in PEOPLE:
        for line in (f"{label}：{words}", f"■{label}: {words}"):
            assert bylines.authors(line) == bylines.editors(line) == [], line
