"""Every label that names people, in every way it is written."""

from __future__ import annotations

from itertools import cycle, product

import pytest

from crawler.text import bylines, labels
from crawler.text.labels import AUTHOR_ROLES, EDITOR_ROLES, ENGLISH

from .labelled import LINES, PEOPLE, TO_TRADITIONAL


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.long)])
def test_a_line_is_read_whatever_stands_before_and_around_it(step: int) -> None:
    assert len(LINES) > 30_000
    for line, people in LINES[::step]:  # no step has a factor of the numbers of marks
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


@pytest.mark.parametrize("step", [23, pytest.param(7, marks=pytest.mark.long)])
@pytest.mark.parametrize("neighbours", NEIGHBOURS)
def test_a_label_beside_time_and_source(neighbours: str, step: int) -> None:
    for line, people in LINES[::step]:
        if line[-1:] in "）)】]〕〉》」" or (" |" in line or "|" in line[:2]):
            continue
        roles = EDITOR_ROLES if people[0][1] in EDITOR_ROLES else AUTHOR_ROLES
        words = bylines.find(neighbours % line, roles)
        assert words, neighbours % line
        read = bylines.editors if roles is EDITOR_ROLES else bylines.authors
        assert [tuple(one) for one in read(words)] == people, neighbours % line


def test_two_labels_in_a_line() -> None:
    pairs = product(PEOPLE.items(), repeat=2)
    gaps = cycle((" ", "\u3000", "；", " | "))
    for ((one, (role, _)), (other, (second, _))), gap in zip(pairs, gaps, strict=False):
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
    chinese = {label: role for label, (role, _) in PEOPLE.items()}
    english = {label: kind for label, kind in ENGLISH.items() if kind != "nobody"}
    for label, role in {**chinese, **english}.items():
        hints, roles = (
            ("_EDITORS", EDITOR_ROLES) if role in EDITOR_ROLES else ("_AUTHORS", AUTHOR_ROLES)
        )
        lacking = f"{label}: labels.{hints} has nothing of it, so no text is searched for it"
        assert labels.may_name(label, roles), lacking
        assert labels.may_name(label.translate(TO_TRADITIONAL), roles), lacking
        assert labels.may_name(" ".join(label), roles) or label in ENGLISH, lacking
        assert labels.may_name(f"的{label}"), lacking


# None of them names anybody, or is a byline that leaves the text.
SENTENCES = [
    *"""
    记者从市总工会获悉 记者在现场看到 记者节 记者站 记者王芳了解到 编辑部 编辑部的故事 编辑王芳告诉我们
    整理房间 文字工作者 图为现场 图文并茂 摄影爱好者张三说 摄影爱好者张三 摄影作品 审核通过 审核：通过
    审核：未通过 审核已完成 一审宣判 二审：维持原判 终审判决 总编辑王某某在会上说 供稿单位：城东区总工会
    责任编辑部 校对工作 监制品 监制的 视频直播 视频：现场直播 采访对象 执笔写信 作者系中国劳动关系学院教授
    通讯员队伍 评论员文章 值班主任说
    """.split(),  # noqa: SIM905
    "整理 房间",
    "新闻工作者 王芳",
    "总编辑 王某某",
    "采访 马云",
    "他告诉记者 张三",
    "By 2030, China will build more stations",
    "By the end of the year",
    "Editors and reporters",
]


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
