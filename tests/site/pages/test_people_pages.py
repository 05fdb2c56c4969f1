"""Small pages with their people as newsrooms write them, and lines that name nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.items import Page
from crawler.pipelines.authors import Authors, Editors
from crawler.site import page_table

from .small_pages import FIRST, INFO, SECOND, TEXT, THIRD, URL, image, page

A, R, C = "author", "reporter", "correspondent"
P, N, M = "photographer", "intern", "commentator"
E_, V, F, D = "editor", "reviewer", "proofreader", "producer"
People = list[tuple[str, str]]


def read(markup: str) -> Page:
    """The page with its record's authors and editors."""
    found = page_table.parse(markup.encode(), URL)
    found.fetched_at = datetime(2025, 3, 12, tzinfo=UTC)
    for stage in (Authors(), Editors()):
        stage.fill(found)
    return found


def people(found: Page) -> People:
    record = found.record
    return [(one["name"], one["role"]) for one in (*record["authors"], *record["editors"])]


def text(found: Page) -> list[str]:
    return [block.text for block in found.blocks if block.text]


# what it shows, the page, who is named; the text is that of every small page
PAGES: list[tuple[str, str, People]] = [
    (
        "ends with dash byline",
        page(FIRST, SECOND, THIRD, "——本报记者 罗晓峰", signed=""),
        [("罗晓峰", R)],
    ),
    (
        "star list",
        page(
            FIRST,
            SECOND,
            THIRD,
            "★文/罗晓峰",
            "★图/谭思雨",
            "★视频/蔡云舟",
            "★编辑/苏婉清",
            "★审核/陶立言",
            signed="",
        ),
        [("罗晓峰", A), ("谭思雨", P), ("蔡云舟", P), ("苏婉清", E_), ("陶立言", V)],
    ),
    (
        "bar separated credits",
        page(FIRST, SECOND, THIRD, signed="记者丨罗晓峰　摄影丨谭思雨　编辑丨苏婉清　校对丨方知行"),
        [("罗晓峰", R), ("谭思雨", P), ("苏婉清", E_), ("方知行", F)],
    ),
    (
        "reviews",
        page(signed="审签：陶立言　审稿：方知行　值班编委：蔡云舟　值班总编：邹明远"),
        [("陶立言", V), ("方知行", V), ("蔡云舟", V), ("邹明远", V)],
    ),
    (
        "reviews as paragraphs",
        page(
            *TEXT,
            "<p>【初审】苏婉清</p>",
            "<p>【复审】陶立言</p>",
            "<p>【终审】邹明远</p>",
            signed="",
        ),
        [("苏婉清", V), ("陶立言", V), ("邹明远", V)],
    ),
    (
        "brackets around the label only",
        page(*TEXT, "【记者】罗晓峰 【编辑】苏婉清", signed=""),
        [("罗晓峰", R), ("苏婉清", E_)],
    ),
    (
        "brackets around label in signature",
        page(signed="【责任编辑】苏婉清 【校对】方知行"),
        [("苏婉清", E_), ("方知行", F)],
    ),
    ("angle brackets label", page(signed="〔責編〕蘇婉清"), [("蘇婉清", E_)]),
    (
        "first review slash",
        page(signed="一审/苏婉清 二审/陶立言 三审/邹明远"),
        [("苏婉清", V), ("陶立言", V), ("邹明远", V)],
    ),
    (
        "review in one bracket",
        page(*TEXT, "（一审：苏婉清 二审：陶立言 三审：邹明远）", signed=""),
        [("苏婉清", V), ("陶立言", V), ("邹明远", V)],
    ),
    (
        "numbers before",
        page(signed="责任编辑：苏婉清　签发：邹明远"),
        [("苏婉清", E_), ("邹明远", V)],
    ),
    (
        "organisation behind 出品",
        page(signed="出品：海港融媒体中心　制片人：罗晓峰　监制：陶立言"),
        [("罗晓峰", D), ("陶立言", D)],
    ),
    ("organisation 联合出品", page(*TEXT, "联合出品：海港工人报 市总工会", signed=""), []),
    ("供稿 org", page(*TEXT, "供稿：海港区总工会", signed=""), []),
    ("供稿 person", page(*TEXT, "供稿：谭思雨", signed=""), [("谭思雨", A)]),
    ("供稿 org person", page(*TEXT, "供稿：海港区总工会 谭思雨", signed=""), [("谭思雨", A)]),
    (
        "trad tw",
        page(info="2025-03-11 07:45", lead="<div>記者羅曉峰／高雄報導</div>", signed=""),
        [("羅曉峰", R)],
    ),
    (
        "trad photo",
        page(*TEXT, "攝影／譚思雨　實習生／蔡雲舟", signed=""),
        [("譚思雨", P), ("蔡雲舟", N)],
    ),
    (
        "trad 撰文",
        page(*TEXT, "撰文：羅曉峰　圖片：譚思雨", signed="總編輯：鄒明遠"),
        [("羅曉峰", A), ("譚思雨", P), ("鄒明遠", V)],
    ),
    (
        "trad related",
        page(
            *TEXT,
            "<p>延伸閱讀</p>",
            '<ul><li><a href="/c/2025-03-01/1.shtml">港口工人的新家園</a></li></ul>',
            signed="責任編輯：蘇婉清",
        ),
        [("蘇婉清", E_)],
    ),
    (
        "dotted",
        page(*TEXT, "（记者 阿卜杜热合曼．吐尔逊 古丽米热•买买提）", signed=""),
        [("阿卜杜热合曼·吐尔逊", R), ("古丽米热·买买提", R)],
    ),
    (
        "dotted latin",
        page(*TEXT, "记者 迪丽娜尔.艾尼 摄影 巴特尔", signed=""),
        [("迪丽娜尔·艾尼", R), ("巴特尔", P)],
    ),
    (
        "rare",
        page(*TEXT, "本报记者 王\ue1f0 李𬭎 \U0003134b小平", signed=""),
        [("王\ue1f0", R), ("李𬭎", R), ("\U0003134b小平", R)],
    ),
    (
        "padded",
        page(*TEXT, "本报记者 罗　峰　谭 雨 蔡云舟", signed="责任编辑：苏　清　方 行"),
        [("罗峰", R), ("谭雨", R), ("蔡云舟", R), ("苏清", E_), ("方行", E_)],
    ),
    (
        "padded labels",
        page(*TEXT, "记　者：罗　峰　　摄　影：谭　雨", signed="责　编：苏　清"),
        [("罗峰", R), ("谭雨", P), ("苏清", E_)],
    ),
    (
        "english",
        page("By Luo Xiaofeng and Tan Siyu", *TEXT, signed="Editor: Su Wanqing"),
        [("Luo Xiaofeng", A), ("Tan Siyu", A), ("Su Wanqing", E_)],
    ),
    (
        "english in head",
        page(
            info="By LUO XIAOFENG | Harbour Workers Daily | Updated: 2025-03-11 07:45",
            signed="Editor in Charge: Su Wanqing",
        ),
        [("LUO XIAOFENG", A), ("Su Wanqing", E_)],
    ),
    (
        "english by xinhua",
        page(info="By Luo Xiaofeng, Xinhua 2025-03-11 07:45", signed=""),
        [("Luo Xiaofeng", A)],
    ),
    (
        "english bracket",
        page(*TEXT, "(Reporter: Luo Xiaofeng; Photographer: Tan Siyu)", signed=""),
        [("Luo Xiaofeng", R), ("Tan Siyu", P)],
    ),
    (
        "网络整理",
        page(info="2025-03-11 07:45 来源：海港工人报 作者：网络整理", signed="责任编辑：HN666"),
        [],
    ),
    (
        "未知",
        page(
            info="2025-03-11 07:45 来源：海港工人报 作者：未知 编辑：系统管理员",
            signed="责任编辑：",
        ),
        [],
    ),
    (
        "the author in brackets before the editor",
        page(signed="（罗晓峰）　责任编辑：何晓桐"),
        [("罗晓峰", A), ("何晓桐", E_)],
    ),
    (
        "the editors of another article",
        page(
            signed="责任编辑：苏婉清<br>校对：方知行",
            after="<p><a href=/1>河西港举办职工技能大赛</a></p><p>2025-03-10 编辑：谭思雨</p>",
        ),
        [("苏婉清", E_), ("方知行", F)],
    ),
    ("空编辑后文", page(signed="责任编辑：", after="<div>何以为家</div><div>王者归来</div>"), []),
    ("作者 org", page(info="2025-03-11 07:45 来源：海港工人报 作者：海港区总工会", signed=""), []),
    ("小编", page(signed="编辑：小编"), []),
    (
        "author with unit",
        page(*TEXT, "（作者：罗晓峰 单位：海港区总工会）", signed=""),
        [("罗晓峰", A)],
    ),
    (
        "table box",
        page(
            info="<table><tr><td>发布时间：2025-03-11 07:45</td><td>来源：海港工人报</td><td>作者：罗晓峰</td></tr></table>",
            signed="",
        ),
        [("罗晓峰", A)],
    ),
    (
        "dl box",
        page(
            info=INFO,
            lead="<dl><dt>作者</dt><dd>罗晓峰</dd><dt>编辑</dt><dd>苏婉清</dd></dl>",
            signed="",
        ),
        [("罗晓峰", A), ("苏婉清", E_)],
    ),
    (
        "span names",
        page(
            info="<span>2025-03-11 07:45</span><span>来源：<a href=/x>海港工人报</a></span><span>作者：<a href=/a>罗晓峰</a> <a href=/b>谭思雨</a></span>",
            signed="",
        ),
        [("罗晓峰", A), ("谭思雨", A)],
    ),
    (
        "no blank",
        page(info="2025-03-11 07:45来源：海港工人报作者：罗晓峰编辑：苏婉清", signed=""),
        [("罗晓峰", A), ("苏婉清", E_)],
    ),
    ("原创", page(info="原创 罗晓峰 海港工人报 2025-03-11 07:45", signed=""), []),
    (
        "views",
        page(info="2025-03-11 07:45 作者：罗晓峰 阅读：1023 评论：3", signed=""),
        [("罗晓峰", A)],
    ),
    ("本报评论员", page("本报评论员 罗晓峰", *TEXT, signed=""), [("罗晓峰", M)]),
    (
        "实习生 in editor",
        page(signed="（责编：苏婉清、实习生谭思雨）"),
        [("苏婉清", E_), ("谭思雨", E_)],
    ),
    ("both", page(*TEXT, "记者 罗晓峰 文/图", signed=""), [("罗晓峰", R)]),
    (
        "摄影报道",
        page(*TEXT, "本报记者 罗晓峰 通讯员 谭思雨 摄影报道", signed=""),
        [("罗晓峰", R), ("谭思雨", C)],
    ),
    ("文并摄", page(*TEXT, "罗晓峰 文/摄", signed=""), [("罗晓峰", A)]),
    (
        "来源 and 编辑 at end",
        page(*TEXT, "来源：海港工人报  记者：罗晓峰  编辑：苏婉清", signed=""),
        [("罗晓峰", R), ("苏婉清", E_)],
    ),
    (
        "tail in brackets both",
        page(*TEXT[:2], TEXT[2] + "（文/罗晓峰 图/谭思雨）", signed=""),
        [("罗晓峰", A), ("谭思雨", P)],
    ),
    ("icon font", page(info="\ue601作者：罗晓峰 2025-03-11 07:45", signed=""), [("罗晓峰", A)]),
    ("编发", page(signed="编发：苏婉清　审发：邹明远"), [("苏婉清", E_), ("邹明远", V)]),
    ("责任编辑 + tel", page(signed="责任编辑：苏婉清　电话：010-84151598"), [("苏婉清", E_)]),
    ("纠错", page(signed="【纠错】 责任编辑：苏婉清"), [("苏婉清", E_)]),
    ("上一篇", page(signed="责任编辑：苏婉清 上一篇：港口新规"), [("苏婉清", E_)]),
    ("hash signs", page(*TEXT, "#记者：罗晓峰#", signed=""), [("罗晓峰", R)]),
    ("an emoji", page(*TEXT, "✍️记者：罗晓峰", signed=""), [("罗晓峰", R)]),
    ("two colons", page(signed="责任编辑：：苏婉清"), [("苏婉清", E_)]),
    ("blanks around the colon", page(signed="责任编辑&nbsp;：&nbsp;苏 清"), [("苏清", E_)]),
    ("a broadcaster", page(*TEXT, "总台记者丨罗晓峰", signed=""), [("罗晓峰", R)]),
    ("an employer", page(*TEXT, "文/海港工人报 罗晓峰", signed=""), [("罗晓峰", A)]),
    (
        "source and name in brackets",
        page(*TEXT, "（来源：海港工人报 记者 罗晓峰）", signed=""),
        [("罗晓峰", R)],
    ),
    (
        "without surnames",
        page(*TEXT, "记者 扎西顿珠 通讯员 次仁卓玛", signed="审核：巴桑次仁"),
        [("扎西顿珠", R), ("次仁卓玛", C), ("巴桑次仁", V)],
    ),
    (
        "story and photos",
        page(*TEXT, "Story by Luo Xiaofeng, photos by Tan Siyu", signed=""),
        [("Luo Xiaofeng", A), ("Tan Siyu", P)],
    ),
    (
        "names with hyphens",
        page("By Li Ka-shing and Ouyang Nana", *TEXT, signed=""),
        [("Li Ka-shing", A), ("Ouyang Nana", A)],
    ),
    ("an address behind", page(signed="责任编辑：苏婉清 投稿邮箱：a@b.cn"), [("苏婉清", E_)]),
    (
        "comments",
        page(signed="责任编辑：苏婉清", after="<div>网友评论</div><div>作者：谭思雨</div>"),
        [("苏婉清", E_)],
    ),
    (
        "links of others",
        page(
            signed="责任编辑：苏婉清",
            after="<ul><li><a href=/c/1.shtml>摄影：海港晨曲</a></li></ul>",
        ),
        [("苏婉清", E_)],
    ),
    (
        "a label without its colon over the name",
        page(signed="<p>责任编辑</p><p>苏婉清</p>"),
        [("苏婉清", E_)],
    ),
    (
        "words of the navigation",
        page(before="<div>摄影</div><div>编辑</div><div>何以笙</div>"),
        [("何晓桐", E_)],
    ),
]


@pytest.mark.parametrize(
    ("markup", "named"), [case[1:] for case in PAGES], ids=[c[0] for c in PAGES]
)
def test_people_of_a_page(markup: str, named: People) -> None:
    found = read(markup)
    assert people(found) == named
    assert text(found) == TEXT


# each is a paragraph of the text, and names nobody
LINES = [
    "供稿单位：海港区总工会",
    "记者了解到，这样的餐车明年还要增加六辆",
    "编辑部地址：海港路六号",
    "编辑短信发送到平台即可报名",
    "整理好的衣物由工会统一发放",
    "图为餐车驶入码头",
    "文字工作者孙一鸣也来帮忙",
    "摄影爱好者孙一鸣说，他每周都来",
    "摄影爱好者：孙一鸣",
    "审核通过",
    "审核：已通过",
    "总编辑何晓桐在会上作了讲话",
    "值班主任罗晓峰介绍了餐车的路线",
    "监制单位：海港区食品公司",
    "图片说明：餐车驶入码头",
    "视频：餐车夜巡",
    "校对完成后由工会盖章",
    "（作者系海港区总工会干部）",
    "（作者单位：海港区总工会）",
    "记者从街道工会获悉",
    "记者手记",
    "编者按",
    "编者的话",
    "小记者 罗晓峰",
    "前记者罗晓峰",
    "图源：网络",
    "作者简介：罗晓峰，海港区总工会干部",
    "Photo courtesy of the union",
    "Contact the writer at luo@example.com",
    "By the end of 2025 the port will open six more stations",
    "By Xinhua News Agency",
    "记者：后来呢",
    "出镜：罗晓峰",
    "字幕：罗晓峰 视觉：谭思雨",
    "嘉宾：罗晓峰 地点：东岭港",
    "编辑部收到罗晓峰（东岭港）的来信。",
    "港口的值班主任是罗晓峰。",
    "（港口的夜班工人罗晓峰）。",
    "记者：后来呢。",
    "主演：罗晓峰 编剧：谭思雨 摄影：蔡云舟",
    "记者：谢谢您",
    "二审：维持",
    "罗晓峰 谭思雨 蔡云舟",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_text(line: str) -> None:
    for paragraphs in ([*TEXT, line], [line, *TEXT], [FIRST, line, SECOND, THIRD]):
        found = read(page(*paragraphs, signed=""))
        assert people(found) == []
        assert text(found) == paragraphs


# One that no vocabulary has, among labels that are known; what a bracket says of a person; a full
# stop behind a line of people.
CREDITS: list[tuple[str, People]] = [
    ("视觉：蔡云舟 责任编辑：苏婉清", [("苏婉清", E_)]),
    ("责任编辑：苏婉清 航拍手：蔡云舟 校对：方知行", [("苏婉清", E_), ("方知行", F)]),
    ("字幕：蔡云舟 撰稿：罗晓峰", [("罗晓峰", A)]),
    ("文丨罗晓峰 漫画丨蔡云舟", [("罗晓峰", A)]),
    ("文/罗晓峰 绘/蔡云舟", [("罗晓峰", A)]),
    ("采写：罗晓峰 出镜主持：蔡云舟 编辑：苏婉清", [("罗晓峰", A), ("苏婉清", E_)]),
    ("作者：罗晓峰 指导老师：蔡云舟", [("罗晓峰", A)]),
    ("文案：罗晓峰 摄影：谭思雨", [("罗晓峰", A), ("谭思雨", P)]),
    ("作者：罗晓峰（东岭港机械厂）", [("罗晓峰", A)]),
    ("作者：罗晓峰（全国劳模）", [("罗晓峰", A)]),
    ("作者：罗晓峰 (笔名)", [("罗晓峰", A)]),
    ("记者 罗晓峰（左） 通讯员 谭思雨（海港区总工会）", [("罗晓峰", R), ("谭思雨", C)]),
    ("（作者：罗晓峰 东岭港机械厂职工）", [("罗晓峰", A)]),
    ("罗晓峰（文） 谭思雨（图）", [("罗晓峰", A), ("谭思雨", P)]),
    ("责任编辑（苏婉清）", [("苏婉清", E_)]),
    ("本报记者 罗晓峰。", [("罗晓峰", R)]),
    ("（罗晓峰 谭思雨）。", [("罗晓峰", A), ("谭思雨", A)]),
    ("责任编辑：苏婉清。", [("苏婉清", E_)]),
    ("一审：苏婉清；二审：方知行；三审：陶立言。", [("苏婉清", V), ("方知行", V), ("陶立言", V)]),
    ("〖记者 罗晓峰〗", [("罗晓峰", R)]),
    # what stands behind the bracket that holds the label is no name of its people
    ("（作者：罗晓峰）<a href=/>返回港报，查看更多</a>", [("罗晓峰", A)]),
    ("（作者：罗晓峰）返回港报，查看更多", [("罗晓峰", A)]),
    ("【责任编辑：苏婉清】<a href=/>阅读原文</a>", [("苏婉清", E_)]),
    ("（记者 罗晓峰）（摄影 谭思雨）", [("罗晓峰", R), ("谭思雨", P)]),
    ("（记者 罗晓峰） 编辑：苏婉清", [("罗晓峰", R), ("苏婉清", E_)]),
]


@pytest.mark.parametrize(("line", "named"), CREDITS)
def test_a_line_of_credits(line: str, named: People) -> None:
    found = read(page(*TEXT, line, signed=""))
    assert (people(found), text(found)) == (named, TEXT)


# words of a page behind a name and a blank
PAGE_WORDS = """
    更多精彩 精彩推荐 延伸阅读 相关新闻 全文完 上一篇 下一页 返回列表 查看全文 进入专题 今日要闻 版权声明 扫码关注 首页 时政 国际 社会
    权益 文化 党建 简体 繁体 独家 置顶 图集 专题 直播 深度 中国 周四 今天 上午 更新中 头版 副刊 参与讨论 夜间模式 无障碍 适老化
    搜索 导航 信息公开 转发量 敬请关注 欢迎投稿
""".split()  # noqa: SIM905


@pytest.mark.parametrize("word", PAGE_WORDS)
def test_words_of_the_page_behind_a_name(word: str) -> None:
    signed = page(*TEXT, signed=f"责任编辑：苏婉清 {word}")
    inside = page(*TEXT, f"责任编辑：苏婉清\u3000{word}", signed="")
    about = page(info=f"{INFO} 记者 罗晓峰 {word}", signed=f"作者：谭思雨 {word}")
    assert [people(read(one)) for one in (signed, inside)] == [[("苏婉清", E_)]] * 2
    assert people(read(about)) == [("罗晓峰", R), ("谭思雨", A)]
    nobody = page(info=f"{INFO} 作者：{word}", signed=f"责任编辑：{word}")
    assert people(read(nobody)) == []


def test_perhaps_a_name() -> None:
    found = read(page(*TEXT, "作者：罗晓峰 木子", signed="责任编辑：小婷 木子"))
    assert people(found) == [("罗晓峰", A), ("小婷", E_), ("木子", E_)]
    assert found.warnings == ["authors: 木子 in '作者：罗晓峰 木子' is perhaps a name"]
    found = read(page(*TEXT, "作者：罗晓峰、木子 央金 阿依努尔", signed=""))
    assert [name for name, _ in people(found)] == ["罗晓峰", "木子", "央金", "阿依努尔"]
    assert found.warnings == []


def test_credits_of_many_lines() -> None:
    crafts = ["编导丨覃思", "解说丨贺梅", "录音丨程华", "统筹丨马阳", "协助丨海港广播电视台"]
    lines = [
        "监制丨苏婉清",
        *crafts,
        "记者丨罗晓峰",
        "剪辑丨范鸣",
        "摄像丨谭思雨 林远",
        "责任编辑：何晓桐",
    ]
    expected = [("罗晓峰", R), ("谭思雨", P), ("林远", P), ("苏婉清", D), ("何晓桐", E_)]
    for credits in (lines, [f"<p>{'<br>'.join(lines)}</p>"]):
        found = read(page(*TEXT, *credits, signed=""))
        assert (people(found), text(found)) == (expected, TEXT)


def test_crafts_in_square_brackets() -> None:
    crafts = ["【策划】马阳", "【海报设计】程华", "微信统筹丨林远", "录入：范鸣"]
    found = read(page(*TEXT, "【撰文】罗晓峰", *crafts, signed=""))
    assert (people(found), text(found)) == ([("罗晓峰", A)], TEXT)


def test_credits_line_by_line() -> None:
    lines = [
        "文字：罗晓峰",
        "摄影：谭思雨",
        "剪辑：蔡云舟",
        "责编：苏婉清",
        "校对：方知行",
        "监制：陶立言",
    ]
    found = read(page(*TEXT, f"<p>{'<br>'.join(lines)}</p>", signed=""))
    names = [("罗晓峰", A), ("谭思雨", P), ("苏婉清", E_), ("方知行", F), ("陶立言", D)]
    assert (people(found), text(found)) == (names, TEXT)


def test_those_who_made_a_film_are_in_the_text() -> None:
    made = ["导演：罗晓峰", "编剧：谭思雨", "制片人：蔡云舟", "摄影：苏婉清"]
    found = read(page(FIRST, *made, SECOND, THIRD))
    assert people(found) == [("何晓桐", E_)]
    assert text(found) == [FIRST, *made, SECOND, THIRD]


def test_an_interview() -> None:
    lines = ["记者：您每晚几点出车", "罗晓峰：九点整", *TEXT, "记者：谢谢您"]
    found = read(page(*lines, signed=""))
    assert (people(found), text(found)) == ([], lines)


@pytest.mark.parametrize(
    ("opening", "named"),
    [
        ("【本报讯】（记者 罗晓峰 通讯员 谭思雨）", [("罗晓峰", R), ("谭思雨", C)]),
        ("新华社海港3月10日电（记者罗晓峰、谭思雨）", [("罗晓峰", R), ("谭思雨", R)]),
        ("（中央社記者羅曉峰台北10日電）", [("羅曉峰", R)]),
        ("〔記者羅曉峰／台北報導〕", [("羅曉峰", R)]),
        ("本报讯（记者 罗晓峰 通讯员 港工宣）", [("罗晓峰", R)]),
        ("[海港网报道 记者 罗晓峰]", [("罗晓峰", R)]),
        ("【海港时报驻外特约记者 罗晓峰】", [("罗晓峰", R)]),
        ("【海港时报综合报道】", []),
        ("记者从港口工会获悉，", []),
        ("总编辑王某某在会上说，", []),
    ],
)
def test_the_first_words_stay(opening: str, named: People) -> None:
    found = read(page(opening + FIRST, SECOND, THIRD, signed=""))
    assert (people(found), text(found)) == (named, [opening + FIRST, SECOND, THIRD])


GALLERY = (
    "三月十日，工人在餐车前排队。新华社记者 罗晓峰 摄",
    "三月十日，岸桥司机吃上热饭。新华社发（谭思雨 摄）",
    "餐车驶向泊位。新华社记者罗晓峰摄",
)


def pictures(captions: tuple[str, ...]) -> list[str]:
    return [f"<p>{image(number)}</p><p>{one}</p>" for number, one in enumerate(captions, 1)]


def test_the_photographers_of_a_gallery_are_its_authors() -> None:
    found = read(page(*pictures(GALLERY), signed=""))
    assert found.kind == "gallery"
    assert people(found) == [("罗晓峰", P), ("谭思雨", P)]
    assert [one.caption for one in found.pictures] == list(GALLERY)


def test_who_lent_the_pictures_of_a_gallery_is_not() -> None:
    lent = ("工人在餐车前排队。海港区总工会供图", "岸桥司机吃上热饭。资料图", "餐车驶来。中工图")
    assert people(read(page(*pictures(lent), signed=""))) == []


def test_nor_is_the_photographer_in_an_article() -> None:
    found = read(page(FIRST, *pictures(GALLERY[:1]), SECOND, THIRD, signed=""))
    assert (people(found), text(found)) == ([], TEXT)


CENTRED = f'<p style="text-align: center;">{image(1)}</p>'


@pytest.mark.parametrize(
    ("paragraphs", "named", "captions"),
    [
        # set as the text is, and not as its picture, at the end: who took all there are
        ((CENTRED, "<p>罗晓峰 摄</p>"), [("罗晓峰", P)], [None]),
        ((CENTRED, "<p>（本报记者 罗晓峰 摄）</p>"), [("罗晓峰", P)], [None]),
        ((f"<p>{image(1)}</p>", "<p>摄影：罗晓峰</p>"), [("罗晓峰", P)], [None]),
        ((f"<figure>{image(1)}</figure>", "<p>罗晓峰 摄</p>"), [("罗晓峰", P)], [None]),
        # of its picture
        ((f"<figure>{image(1)}<p>罗晓峰 摄</p></figure>",), [], ["罗晓峰 摄"]),
        ((CENTRED, '<p style="text-align: center;">罗晓峰 摄</p>'), [], ["罗晓峰 摄"]),
        ((CENTRED, "<p>罗晓峰 摄</p>", THIRD), [], ["罗晓峰 摄"]),
        ((CENTRED, "<p>图为餐车。罗晓峰 摄</p>"), [], ["图为餐车。罗晓峰 摄"]),
        ((f"<p>{image(1)}</p>", "<p>罗晓峰 摄</p>"), [], ["罗晓峰 摄"]),
    ],
)
def test_a_photographer_at_the_end_of_the_text(
    paragraphs: tuple[str, ...], named: People, captions: list[str | None]
) -> None:
    found = read(page(FIRST, SECOND, *paragraphs, signed="责任编辑：苏婉清"))
    assert people(found) == [*named, ("苏婉清", E_)]
    assert [one.caption for one in found.pictures] == captions


def test_only_the_words_of_an_organisation() -> None:
    found = read(page(*TEXT, signed="出品：海港融媒体中心"))
    assert (people(found), found.editors) == ([], ["出品：海港融媒体中心"])


def test_characters_that_few_fonts_have_stay_with_a_warning() -> None:
    line = "本报记者 王\ue1f0 李𬭎 \U00030f54小平"
    found = read(page(*TEXT, line, signed="责任编辑：苏\ue200"))
    assert people(found) == [("王\ue1f0", R), ("李𬭎", R), ("\U00030f54小平", R), ("苏\ue200", E_)]
    assert found.warnings == [
        "authors: 王\ue1f0 has U+E1F0, which few fonts have",
        "authors: \U00030f54小平 has U+30F54, which few fonts have",
        "editors: 苏\ue200 has U+E200, which few fonts have",
    ]


def test_traditional_script_stays_as_written() -> None:
    info = "2025-03-11 07:45　來源：海港工人報　作者：羅曉峰"
    found = read(page(*TEXT, "延伸閱讀", info=info, signed="責任編輯：蘇婉清　校對：方知行"))
    assert people(found) == [("羅曉峰", A), ("蘇婉清", E_), ("方知行", F)]
    assert (found.source, found.authors) == ("來源：海港工人報", ["作者：羅曉峰"])
    assert text(found) == TEXT
