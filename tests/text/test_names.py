from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.text import bylines, dates, names, sources
from crawler.text.widths import plain
from tests.support.growth import STEP, grows

NAMES = """
    王伟 鲍晓明 邬丽 萧璐 谈小红 葛红普 于小淑 仝宗莉 禤志杰 欧阳娜娜 司马光 上官婉儿 陈方安生 張三豐
    买买提·艾力 约翰·史密斯 阿卜杜拉·买买提·吐尔逊 J·K·罗琳
"""
PINYIN_NAMES = ["Sun Chuan", "Ge Hongpu", "Yu Xiaoshu", "LI Ming", "Ouyang Nana", "Li Ka-shing"]
PEN_NAMES = ["小婷", "宪瑞", "老猫", "阿依努尔", "John Smith", "Mary O'Brien", "John F. Kennedy"]
NOBODY = """
    新华社 中工网 人民日报社 工人日报 央视新闻 宣传部 市总工会 编辑部 路透社 网络整理 未知 佚名
    系统管理员 admin 本站 小编 综合 北京 内蒙古 中国劳动关系学院 融媒体中心 澎湃新闻·澎湃号·客户端
"""
WORDS = "完 左二 见图 化名 高度重视 周三 单位 全文完 金融 王 张三李四王五"


@pytest.mark.parametrize("name", [*NAMES.split(), *PINYIN_NAMES])
def test_a_name_wherever_it_stands(name: str) -> None:
    assert names.is_name(name)
    assert names.is_labelled_name(name)


@pytest.mark.parametrize("name", PEN_NAMES)
def test_a_name_behind_a_label_only(name: str) -> None:
    assert not names.is_name(name)
    assert names.is_labelled_name(name)


@pytest.mark.parametrize("text", [*NOBODY.split(), "China Daily", "Xinhua News Agency"])
def test_nobody(text: str) -> None:
    assert names.is_nobody(text)
    assert not names.is_name(text)
    assert not names.is_labelled_name(text)


@pytest.mark.parametrize(
    "text", [*WORDS.split(), "Hong Kong", "Red Star", "Beijing", "sun chuan", ""]
)
def test_no_name(text: str) -> None:
    assert not names.is_name(text)


@pytest.mark.parametrize(
    ("words", "apart"),
    [
        ("张三 李四", ["张三", "李四"]),
        ("张三、李四，王五；赵六", ["张三", "李四", "王五", "赵六"]),
        ("张三／李四,王五;赵六/周七", ["张三", "李四", "王五", "赵六", "周七"]),
        ("王 伟", ["王伟"]),
        ("王　伟　李小明　张 三", ["王伟", "李小明", "张三"]),
        ("欧阳 娜娜", ["欧阳娜娜"]),
        ("张三和李四", ["张三", "李四"]),
        ("张和平与李与时", ["张和平", "李与时"]),
        ("张三 & 李四", ["张三", "李四"]),
        ("Sun Chuan, Ge Hongpu and Yu Xiaoshu", ["Sun Chuan", "Ge Hongpu", "Yu Xiaoshu"]),
        ("买买提•艾力", ["买买提·艾力"]),
        ("杨倩_NF4425", ["杨倩"]),
        ("王芳 UN656 李明 UN657", ["王芳", "李明"]),
        ("HN666", []),
        ("张三。", ["张三"]),
        (" — ", []),
        ("", []),
    ],
)
def test_split(words: str, apart: list[str]) -> None:
    assert names.split(words) == apart


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("２０２４－０２－２９　０９：０６", "2024-02-29 09:06"),
        ("（来源：中工网）【完】", "(来源:中工网)[完]"),
        ("编辑丨张三｜李四", "编辑|张三|李四"),
        ("买买提•艾力‧・", "买买提·艾力··"),
        ("a\u00a0b\u200bc\td", "a b c d"),
    ],
)
def test_plain_text_has_the_same_length(text: str, same: str) -> None:
    assert plain(text) == same
    assert len(plain(text)) == len(text)


HOSTILE = [
    "记者",
    "（",
    "(记者张三",
    "来源：",
    "2024-",
    "2024年2月29日 ",
    "1",
    " ",
    "张三 ",
    "A",
    "Sun Chuan ",
    "编辑/",
]
SIZES = (800, 800 * STEP, 800 * STEP * STEP)  # characters
READERS: list[Callable[[str], object]] = [
    bylines.authors,
    bylines.editors,
    bylines.split_byline,
    bylines.split_editors,
    bylines.inline_byline,
    sources.find,
    sources.name,
    dates.find,
]


@pytest.mark.parametrize(
    "reader", READERS, ids=lambda reader: f"{reader.__module__}.{reader.__name__}"
)
@pytest.mark.parametrize("words", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(
    reader: Callable[[str], object], words: str
) -> None:
    assert not grows(reader, [words * (size // len(words)) for size in SIZES]), words
