"""Bylines as Chinese news pages write them."""

from __future__ import annotations

import pytest

from crawler.text import labels
from crawler.text.bylines import authors, inline_byline, split_byline

A, R, C = "author", "reporter", "correspondent"
P, N, M = "photographer", "intern", "commentator"
People = list[tuple[str, str]]

# (as it occurs, who)
BYLINES: list[tuple[str, People]] = [
    # names alone
    ("（孙川 葛红普）", [("孙川", A), ("葛红普", A)]),
    ("(Sun Chuan, Ge Hongpu)", [("Sun Chuan", A), ("Ge Hongpu", A)]),
    ("(Sun Chuan and Ge Hongpu)", [("Sun Chuan", A), ("Ge Hongpu", A)]),
    ("（王 伟）", [("王伟", A)]),
    ("（王　伟）", [("王伟", A)]),
    ("（王 伟 李小明）", [("王伟", A), ("李小明", A)]),
    ("（李小明 王 伟 张 三）", [("李小明", A), ("王伟", A), ("张三", A)]),
    ("（买买提·艾力）", [("买买提·艾力", A)]),
    ("（买买提•艾力、阿卜杜拉‧买买提）", [("买买提·艾力", A), ("阿卜杜拉·买买提", A)]),
    ("（欧阳娜娜）", [("欧阳娜娜", A)]),
    ("本报记者 文 勇 萧 桂", [("文勇", R), ("萧桂", R)]),
    ("本报记者 萧 桂 文 勇", [("萧桂", R), ("文勇", R)]),
    ("张三 文 李四 图", [("张三", A), ("李四", P)]),
    ("（欧阳 娜）", [("欧阳娜", A)]),
    ("石佳/中国青年报", [("石佳", A)]),
    ("浙江在线记者 张三 通讯员 李四", [("张三", R), ("李四", C)]),
    ("中国青年报·中青在线记者张三", [("张三", R)]),
    # 作者
    ("作者：张三", [("张三", A)]),
    ("作者:张三", [("张三", A)]),
    ("作者： 张三 李四", [("张三", A), ("李四", A)]),
    ("作者魏星", [("魏星", A)]),
    ("作 者：张三", [("张三", A)]),
    ("本文作者：张三", [("张三", A)]),
    ("作者丨张三", [("张三", A)]),
    ("作者/张三", [("张三", A)]),
    ("作者：小婷", [("小婷", A)]),
    ("作者：老猫", [("老猫", A)]),
    ("作者：宪瑞 编辑：宪瑞", [("宪瑞", A)]),
    ("作者：约翰·史密斯", [("约翰·史密斯", A)]),
    ("作者：J·K·罗琳", [("J·K·罗琳", A)]),
    ("作者：买买提・艾力", [("买买提·艾力", A)]),
    ("作者：John Smith", [("John Smith", A)]),
    ("（作者：张三，单位：中国劳动关系学院）", [("张三", A)]),
    ("（作者：张三 系中国劳动关系学院教授）", [("张三", A)]),
    ("（作者张三系中国劳动关系学院教授）", [("张三", A)]),
    ("作者：张三（中国劳动关系学院教授）", [("张三", A)]),
    ("【文/观察者网专栏作者 王文】", [("王文", A)]),
    ("来源：中工网 作者：张三 编辑：李四", [("张三", A)]),
    ("By Sun Chuan", [("Sun Chuan", A)]),
    ("By Sun Chuan & Ge Hongpu", [("Sun Chuan", A), ("Ge Hongpu", A)]),
    ("Author: Sun Chuan", [("Sun Chuan", A)]),
    # 文, 撰文, 图, 摄
    ("文/张三", [("张三", A)]),
    ("文丨张三", [("张三", A)]),
    ("文｜张三", [("张三", A)]),
    ("文 | 张三", [("张三", A)]),
    ("文：张三", [("张三", A)]),
    ("撰文/张三", [("张三", A)]),
    ("撰文：张三 摄影：李四", [("张三", A), ("李四", P)]),
    ("文/张三 图/李四", [("张三", A), ("李四", P)]),
    ("文/张三　摄影/李四", [("张三", A), ("李四", P)]),
    ("张三/文 李四/图", [("张三", A), ("李四", P)]),
    ("张三 文 李四 图", [("张三", A), ("李四", P)]),
    ("文/图 张三", [("张三", A)]),
    ("张三 文/图", [("张三", A)]),
    ("图文/张三", [("张三", A)]),
    ("文/张文", [("张文", A)]),
    ("李四 摄", [("李四", P)]),
    ("李四摄", [("李四", P)]),
    ("李四/摄", [("李四", P)]),
    ("摄影：李四", [("李四", P)]),
    ("摄影 李四", [("李四", P)]),
    ("张三 李四 摄", [("张三", P), ("李四", P)]),
    ("通讯员刘娟 摄", [("刘娟", P)]),
    ("新华社记者 李四 摄", [("李四", P)]),
    ("广州日报全媒体图片记者黎旭阳、李妍摄", [("黎旭阳", P), ("李妍", P)]),
    ("本报摄影记者 李四", [("李四", P)]),
    # 记者, 通讯员, 实习生, 评论员
    ("本报记者 张三", [("张三", R)]),
    ("本报记者张三", [("张三", R)]),
    ("记者：张三", [("张三", R)]),
    ("记者/张三", [("张三", R)]),
    ("中工网记者 李四 通讯员 王五 赵六", [("李四", R), ("王五", C), ("赵六", C)]),
    ("工人日报—中工网记者 刘旭", [("刘旭", R)]),
    ("工人日报-中工网记者 刘 旭", [("刘旭", R)]),
    ("《红周刊》记者 张三", [("张三", R)]),
    ("中国青年报·中国青年网记者 张三 李 四", [("张三", R), ("李四", R)]),
    ("澎湃新闻记者 段彦超 廖艳", [("段彦超", R), ("廖艳", R)]),
    ("每经记者 张蕊", [("张蕊", R)]),
    ("采写：南都见习记者 林子沛", [("林子沛", R)]),
    ("（记者 张三 李四 通讯员 王五）", [("张三", R), ("李四", R), ("王五", C)]),
    ("（记者张三、李四）", [("张三", R), ("李四", R)]),
    ("记者 张三，李四；王五／赵六", [("张三", R), ("李四", R), ("王五", R), ("赵六", R)]),
    ("记者张三和李四", [("张三", R), ("李四", R)]),
    ("记者 张三 与 李四", [("张三", R), ("李四", R)]),
    ("记者 张和平", [("张和平", R)]),
    ("记者 文明", [("文明", R)]),
    ("记者 陈方安生", [("陈方安生", R)]),
    ("记者 阿依努尔", [("阿依努尔", R)]),
    ("记者张三通讯员李四", [("张三", R), ("李四", C)]),
    ("本报记者 张三 本报通讯员 李四", [("张三", R), ("李四", C)]),
    ("（记者陈智 整合）", [("陈智", R)]),
    ("本报记者 张三 北京报道", [("张三", R)]),
    ("记者张三北京报道", [("张三", R)]),
    ("记者 张三 发自北京", [("张三", R)]),
    ("（本报北京2月29日电 记者 张三）", [("张三", R)]),
    ("每经记者 张蕊 每经编辑 李四", [("张蕊", R)]),
    ("文|新浪财经 徐苑蕾", [("徐苑蕾", A)]),
    ("本报记者 张三 摄影报道", [("张三", R)]),
    ("记者张三/文 李四/图", [("张三", R), ("李四", P)]),
    ("记者 张三 通讯员 李四 文/图", [("张三", R), ("李四", C)]),
    ("见习记者 张三", [("张三", R)]),
    ("首席记者 张三", [("张三", R)]),
    ("特约记者 张三", [("张三", R)]),
    ("新京报记者 陆一夫 编辑 刘晓阳 校对 李铭", [("陆一夫", R)]),
    ("Reporter: Zhang San; Editor: Li Si", [("Zhang San", R)]),
    ("通讯员 王五", [("王五", C)]),
    ("特约通讯员 王五", [("王五", C)]),
    ("实习生 周七", [("周七", N)]),
    ("记者 张三 实习生 周七", [("张三", R), ("周七", N)]),
    ("本报评论员 张三", [("张三", M)]),
    ("特约评论员 张三", [("张三", M)]),
    ("中工网评论员 张三", [("张三", M)]),
]

NOBODY = [
    "本报评论员",
    "作者：",
    "作者：网络整理",
    "作者：未知",
    "作者：佚名",
    "作者：admin",
    "作者：HN666",
    "作者：系统管理员",
    "作者：本站",
    "作者：小编",
    "作者：综合",
    "作者：新华社",
    "作者：中工网",
    "作者：新浪",
    "作者：人民日报社",
    "作者：XX编辑部",
    "作者：市委宣传部",
    "作者：滨州市总工会",
    "作者：中国劳动关系学院",
    "作者：China Daily",
    "作者：一只特立独行的猪",
    "作者系中国劳动关系学院教授",
    "图片由滨州市总工会提供",
    "滨州市总工会供图",
    "图片来源：新华社",
    "图片来源：每经记者 张蕊 摄",
    "责任编辑：于小淑",
    "中工网",
    "",
]


@pytest.mark.parametrize(("words", "people"), BYLINES)
def test_authors(words: str, people: People) -> None:
    assert [tuple(person) for person in authors(words)] == people


@pytest.mark.parametrize("words", NOBODY)
def test_nobody(words: str) -> None:
    assert authors(words) == []


def test_each_author_stands_once_where_first_named() -> None:
    assert authors("文/张三 李四 图/张三") == [("张三", A), ("李四", A)]


# the whole paragraph is a byline
WHOLE_PARAGRAPHS = [
    words
    for words, _ in BYLINES
    if words not in ("石佳/中国青年报", "来源：中工网 作者：张三 编辑：李四")
] + ["本报评论员", "作者：", "作者：网络整理", " （孙川 葛红普） "]

# (paragraph, its text, its byline)
ENDS_IN_A_BYLINE = [
    ("力争改革实现新突破。（孙川 葛红普）", "力争改革实现新突破。", "（孙川 葛红普）"),
    ("to achieve new breakthroughs. (Sun Chuan, Ge Hongpu)", None, "(Sun Chuan, Ge Hongpu)"),
    ("“我们会坚持下去。” （王 伟）", "“我们会坚持下去。”", "（王 伟）"),
    ("他们做到了！（买买提·艾力）", "他们做到了！", "（买买提·艾力）"),
    ("他说。（记者 张三 通讯员 李四）", "他说。", "（记者 张三 通讯员 李四）"),
    ("他说（记者张三）", "他说", "（记者张三）"),
    ("他说。(工人日报—中工网记者 刘旭)", "他说。", "(工人日报—中工网记者 刘旭)"),
    ("他说。【作者：张三】", "他说。", "【作者：张三】"),
    ("他说。（作者：张三，单位：大学）", "他说。", "（作者：张三，单位：大学）"),
    ("工人在作业。（李四 摄）", "工人在作业。", "（李四 摄）"),
]

NO_BYLINE = [
    "与会人员作了交流发言。",
    "新突破。（完）",
    "新突破。（图片来源：新华社）",
    "新突破。（据新华社）",
    "新突破。（本报北京2月29日电）",
    "新突破。（责编：张三、实习生李四）",
    "新突破。（见图）",
    "图为会议现场（左二）",
    "站在中间的是他。（左二）",
    "小花（化名）",
    "他说。（化名）",
    "他说。（BBC）",
    "他说。（作者系中国劳动关系学院教授）",
    "他说。（高度重视）",
    "他说。（金融时报）",
    "他说。（周三）",
    "他说。(Hong Kong)",
    "他说。(China Daily)",
    "市总工会主席（张三）",  # before the sentence ends it is part of it
    "记者：请问您怎么看？",
    "记者：谢谢",
    "记者从市总工会获悉",
    "他告诉记者",
    "他告诉记者 张三",
    "作者：我为什么写这本书",
    "作者：孙川 已经在车间里干了三十年",
    "作者：已更新 未完待续",
    "记者：李明 后来呢",
    "记者 孙川 已更新",
    "（实习生王金茹对此文亦有贡献）",
    "（作者：张三）未完待续",
    "（作者：张三）返回搜狐，查看更多",
    "张三 李四",  # a list of winners has such lines
    "买买提·艾力",
    "图文",
    "摄影",
    "责任编辑：于小淑",
    "图片来源：每经记者 张蕊 摄",
    "（完）",
    "",
]


@pytest.mark.parametrize("words", ["已更新", "未完待续", "关注我们", "联系我们", "识别二维码"])
def test_a_byline_beside_a_word_of_the_page(words: str) -> None:
    """Behind a label with its mark and a full name no sentence goes on in a word or two."""
    paragraph = f"作者：孙川 {words}"
    assert split_byline(paragraph) == ("", paragraph)
    assert [one.name for one in authors(paragraph)] == ["孙川"]
    paragraph = f"文字：葛红普 责任编辑：于小淑 {words}"
    assert split_byline(paragraph) == ("", paragraph)


@pytest.mark.parametrize("paragraph", WHOLE_PARAGRAPHS)
def test_paragraph_that_is_a_byline(paragraph: str) -> None:
    assert split_byline(paragraph) == ("", paragraph.strip())


@pytest.mark.parametrize(("paragraph", "text", "byline"), ENDS_IN_A_BYLINE)
def test_paragraph_that_ends_in_a_byline(paragraph: str, text: str | None, byline: str) -> None:
    text = text or paragraph.removesuffix(byline).rstrip()
    assert split_byline(paragraph) == (text, byline)


@pytest.mark.parametrize("paragraph", NO_BYLINE)
def test_paragraph_without_a_byline(paragraph: str) -> None:
    assert split_byline(paragraph) == (paragraph, None)


# (how the text begins, the byline in it)
INLINE = [
    ("新京报讯（记者陆一夫）11月25日，新京报记者登录", "（记者陆一夫）"),
    ("新京报讯（记者 陆一夫）11月25日", "（记者 陆一夫）"),
    ("中工网北京2月29日电（记者 张三）今天", "（记者 张三）"),
    (
        "中工网讯 （工人日报-中工网记者 张三 通讯员 李四）近日",
        "（工人日报-中工网记者 张三 通讯员 李四）",
    ),
    ("长江网10月4日讯（记者陈智 整合） 国庆中秋", "（记者陈智 整合）"),
    ("据新华社北京2月29日电（记者张三、李四）国务院", "（记者张三、李四）"),
    ("本报讯 （通讯员 王五）近日", "（通讯员 王五）"),
    ("（记者张三）今天上午", "（记者张三）"),
    ("本报北京11月21日电 记者张三 通讯员李四报道：今天", "记者张三 通讯员李四"),
    ("本报讯 记者张三报道 昨天", "记者张三"),
    ("本报记者 张三 北京报道：今天", "本报记者 张三 北京"),
    ("【某新网】（记者 张三）今天", "（记者 张三）"),
    ("[某球网报道 记者 张三]今天", "[某球网报道 记者 张三]"),
    ("【某球时报驻韩国特约记者 张三】今天", "【某球时报驻韩国特约记者 张三】"),
    ("【文/观察者网 王文】今天", "【文/观察者网 王文】"),
    ("〔記者張三／台北報導〕今天", "〔記者張三／台北報導〕"),
    ("某新网昆明4月27日电 (王龙飞)  昆明市", "(王龙飞)"),
    ("某新网客户端北京9月7日电（谢艺、李明）今天", "（谢艺、李明）"),
]
NOT_INLINE = [
    "记者从市总工会获悉，张三报道",
    "据新华社报道（图）今天",
    "王文（化名）说，他今年四十岁。",
    "在场的记者纷纷报道了这一消息。",
    "他说完就走了。新京报讯（记者陆一夫）",
    "新京报讯 11月25日，新京报记者登录",
    "某新网9月7日电 (综合)今天",
    "某新网9月7日电 (高考)今天",
    "某新网9月7日电 (华商报)今天",
    "本报讯（王伟）今天",
    "【某球时报综合报道】今天",
    "【记者观察】今天上午",
    "[图集]今天",
    "【作者简介：王伟，教授】今天",
    "【编辑/王伟】今天",
    "（记者张三）",  # a byline of its own, not inside a text
    "",
]


@pytest.mark.parametrize(("paragraph", "byline"), INLINE)
def test_byline_inside_the_first_words(paragraph: str, byline: str) -> None:
    assert inline_byline(paragraph) == byline
    assert authors(byline)


@pytest.mark.parametrize("paragraph", NOT_INLINE)
def test_no_byline_inside_the_first_words(paragraph: str) -> None:
    assert inline_byline(paragraph) is None


LABELS = """
    图片来源 照片来源 数据来源 资料来源 视频来源 素材来源 题图来源 封面来源 图由 照片由 作者简介 工作单位: 单位:
    邮箱 电话 热线 本文来源 稿件来源 来源 转自 出处 供图 提供 策划 统筹 出品 设计 制图 剪辑 美编 排版 版式 视频 海报
    配音 主播 发布时间 时间 日期 标签 人气 点击 source 责任审核 审核 初审 复审 终审 一审 二审 三审 审签 值班主任
    reviewer 责任校对 校对 审校 责校 proofreader 总监制 监制 制片人 producer 责任编辑 责编 网编 主编 总编 选稿
    本文编辑 执行编辑 网络编辑 值班编辑 视频编辑 文字编辑 本期编辑 新媒体编辑 微信编辑 编辑 Editor 实习生 实习记者
    特约通讯员 通讯员 correspondent 摄影记者 图片记者 摄影师 photographer 见习记者 首席记者 特派记者 驻站记者
    资深记者 全媒体记者 融媒体记者 记者 reporter 特约评论员 评论员 本文作者 专栏作者 作者 撰文 撰稿 执笔 采写:
    编译: 整理: 供稿: author written 文/图 图/文 图文 摄影报道 文: 图: 摄: 摄影
""".split()  # noqa: SIM905


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_seen_from_its_first_sign_on(label: str) -> None:
    words = f"{label} by" if label == "written" else label
    label = labels.find(labels.folded(f"王,{words} 李"))[0]
    assert label.start <= 2 < label.end + 2
