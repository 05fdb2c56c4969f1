"""Editor lines as Chinese news pages write them."""

from __future__ import annotations

import pytest

from crawler.text.bylines import editors, split_editors

E, R, P, D = "editor", "reviewer", "proofreader", "producer"
People = list[tuple[str, str]]

# (as it occurs, who)
EDITOR_LINES: list[tuple[str, People]] = [
    ("责任编辑：于小淑", [("于小淑", E)]),
    ("责任编辑:于小淑", [("于小淑", E)]),
    ("责任编辑： 龙慧", [("龙慧", E)]),
    ("责任编辑 张三", [("张三", E)]),
    ("责任编辑张三", [("张三", E)]),
    ("[责任编辑:刘斌]", [("刘斌", E)]),
    ("[责任编辑：刘斌]", [("刘斌", E)]),
    ("【责任编辑：姚昊】", [("姚昊", E)]),
    ("（责任编辑：李 伟 ）", [("李伟", E)]),
    ("责任编辑：李　伟", [("李伟", E)]),
    ("责任编辑：小婷", [("小婷", E)]),
    ("责任编辑：宪瑞", [("宪瑞", E)]),
    ("责任编辑：欧阳娜娜", [("欧阳娜娜", E)]),
    ("责任编辑：古丽·艾合买提", [("古丽·艾合买提", E)]),
    ("责任编辑：王芳 李明", [("王芳", E), ("李明", E)]),
    ("责任编辑：杨倩_NF4425", [("杨倩", E)]),
    ("责任编辑：刘晓阳_NQ5056", [("刘晓阳", E)]),
    ("责任编辑：史建磊_NBJ11331", [("史建磊", E)]),
    ("责任编辑：王芳 UN656", [("王芳", E)]),
    ("责任编辑：王芳(UN656)", [("王芳", E)]),
    ("责编：王芳 李明", [("王芳", E), ("李明", E)]),
    ("责编：王芳/李明", [("王芳", E), ("李明", E)]),
    ("责 编：王芳", [("王芳", E)]),
    ("(责编：仝宗莉、岳弘彬)", [("仝宗莉", E), ("岳弘彬", E)]),
    ("（责编：汤诗瑶(实习生)、丁涛）", [("汤诗瑶", E), ("丁涛", E)]),
    ("(责编：张三、实习生李四)", [("张三", E), ("李四", E)]),
    ("责编|陈梦莹", [("陈梦莹", E)]),
    ("责编丨陈梦莹", [("陈梦莹", E)]),
    ("责编/陈梦莹", [("陈梦莹", E)]),
    ("编辑：张三", [("张三", E)]),
    ("编辑 张三", [("张三", E)]),
    ("编 辑：张三", [("张三", E)]),
    ("编辑/张三", [("张三", E)]),
    ("本文编辑：张三", [("张三", E)]),
    ("执行编辑：张三", [("张三", E)]),
    ("新媒体编辑：张三", [("张三", E)]),
    ("网络编辑：张三", [("张三", E)]),
    ("主编：张三", [("张三", E)]),
    ("实习编辑：张三", [("张三", E)]),
    ("作者:张三 选稿:李四", [("李四", E)]),
    ("每经记者 张蕊 每经编辑 李四", [("李四", E)]),
    ("Editor in charge: Yu Xiaoshu", [("Yu Xiaoshu", E)]),
    ("Editor: Yu Xiaoshu", [("Yu Xiaoshu", E)]),
    ("Editors: Yu Xiaoshu, Li Si", [("Yu Xiaoshu", E), ("Li Si", E)]),
    ("Responsible editor: Yu Xiaoshu", [("Yu Xiaoshu", E)]),
    ("审核：张三", [("张三", R)]),
    ("（王五）　责任编辑：张三", [("张三", E)]),
    ("微编丨张三 监审丨李四", [("张三", E), ("李四", R)]),
    ("初审：张三 复审：李四 终审：王五", [("张三", R), ("李四", R), ("王五", R)]),
    ("一审：张三 二审：李四 三审：王五", [("张三", R), ("李四", R), ("王五", R)]),
    ("值班主任：张三", [("张三", R)]),
    ("编委：张三 编辑：李四", [("张三", R), ("李四", E)]),
    ("（责编：李元梅 丹增）", [("李元梅", E), ("丹增", E)]),
    ("(责编：李元梅 初梓瑞)", [("李元梅", E), ("初梓瑞", E)]),
    ("校对：张三", [("张三", P)]),
    ("审校：张三", [("张三", P)]),
    ("责任校对：张三", [("张三", P)]),
    ("监制：张三", [("张三", D)]),
    ("总监制：张三 李四", [("张三", D), ("李四", D)]),
    ("责编：张三 校对：李四 审核：王五", [("张三", E), ("李四", P), ("王五", R)]),
    ("编辑：张三  校对：李四  审核：王五", [("张三", E), ("李四", P), ("王五", R)]),
    ("监制：张三 | 责编：李四 | 编辑：王五", [("张三", D), ("李四", E), ("王五", E)]),
    ("责任编辑：张三　视频：李四　设计：王五", [("张三", E)]),
    (
        "编辑|禤志杰 责编|陈梦莹 校对|黄慧敏 来源|广州参考、羊城晚报",
        [("禤志杰", E), ("陈梦莹", E), ("黄慧敏", P)],
    ),
    ("新京报记者 陆一夫 编辑 刘晓阳 校对 李铭", [("刘晓阳", E), ("李铭", P)]),
    ("作者：宪瑞 编辑：宪瑞", [("宪瑞", E)]),
]

NOBODY = [
    "责任编辑：",
    "责任编辑： HN666",
    "责任编辑：系统管理员",
    "责任编辑：网络整理",
    "责任编辑：admin",
    "责任编辑：未知",
    "编辑：小编",
    "编辑：中工网",
    "编委会",
    "编辑：新闻中心",
    "编辑：XX编辑部",
    "编辑部",
    "本报记者 张三",
    "",
]


@pytest.mark.parametrize(("words", "people"), EDITOR_LINES)
def test_editors(words: str, people: People) -> None:
    assert [tuple(person) for person in editors(words)] == people


@pytest.mark.parametrize("words", NOBODY)
def test_nobody(words: str) -> None:
    assert editors(words) == []


def test_names_without_a_label_edited() -> None:
    assert editors("于小淑 王芳") == [("于小淑", E), ("王芳", E)]


WHOLE_PARAGRAPHS = [words for words, _ in EDITOR_LINES] + [
    "责任编辑：",
    "责任编辑： HN666",
    "责任编辑：系统管理员",
    "编辑：小编",
    "责任编辑：xiaoli",  # a name nobody understands is no part of the text either
    " 责任编辑：于小淑 ",
]

ENDS_IN_EDITORS = [
    ("力争新突破。(责编：仝宗莉、岳弘彬)", "力争新突破。", "(责编：仝宗莉、岳弘彬)"),
    ("力争新突破。（责编：汤诗瑶(实习)、丁涛）", "力争新突破。", "（责编：汤诗瑶(实习)、丁涛）"),
    ("力争新突破。 [责任编辑:刘斌]", "力争新突破。", "[责任编辑:刘斌]"),
    ("力争新突破。【编辑：姚昊】", "力争新突破。", "【编辑：姚昊】"),
    ("力争新突破。责任编辑：于小淑", "力争新突破。", "责任编辑：于小淑"),
    ("力争新突破。（孙川）责任编辑：于小淑", "力争新突破。（孙川）", "责任编辑：于小淑"),
    ("力争新突破。编辑：张三 校对：李四", "力争新突破。", "编辑：张三 校对：李四"),
]

NO_EDITORS = [
    "与会人员作了交流发言。",
    "编辑部",
    "编辑：这篇文章写了什么",
    "编辑：您怎么看？",
    "他曾任责任编辑。",
    "责任编辑于小淑在会上发言",
    "新突破。（孙川 葛红普）",
    "新突破。（完）",
    "审核通过",
    "校对工作",
    "本报记者 张三",
    "",
]


@pytest.mark.parametrize("paragraph", WHOLE_PARAGRAPHS)
def test_paragraph_that_is_an_editor_line(paragraph: str) -> None:
    assert split_editors(paragraph) == ("", paragraph.strip())


@pytest.mark.parametrize(("paragraph", "text", "words"), ENDS_IN_EDITORS)
def test_paragraph_that_ends_in_editors(paragraph: str, text: str, words: str) -> None:
    assert split_editors(paragraph) == (text, words)


@pytest.mark.parametrize("paragraph", NO_EDITORS)
def test_paragraph_without_editors(paragraph: str) -> None:
    assert split_editors(paragraph) == (paragraph, None)
