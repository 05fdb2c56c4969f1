"""The labels behind which people are named: one vocabulary for all that looks for people.

Words stand in simplified script; text is compared with them by `folded`, which knows both scripts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from crawler.text.script import in_both, simplified
from crawler.text.tries import any_of
from crawler.text.widths import plain

AUTHOR_ROLES: Final = frozenset(
    ("author", "reporter", "correspondent", "photographer", "intern", "commentator")
)
EDITOR_ROLES: Final = frozenset(("editor", "reviewer", "proofreader", "producer"))

# What a label says of the names behind it -> the words it occurs in. A word with `:` is an
# everyday word too: it is a label only before a mark, or a blank and a name. `silent`: nobody is
# named until a label with a mark comes; `craft` and `nobody`: who is named has no role in a record,
# but the first stand among those who have; `shot` and
# `both` may stand behind the names.
_VOCABULARY: Final[dict[str, str]] = {
    "silent": """
        图片来源 照片来源 数据来源 资料来源 视频来源 素材来源 题图来源 封面来源 封面图来源
        图由 照片由 图片由 作者系 作者为 作者是 作者单位 作者简介 供稿单位: 工作单位: 出品单位:
        审核单位: 主办单位: 承办单位: 指导单位: 联合出品单位: 单位: 邮箱 电话 热线""",
    "craft": """
        策划 总策划 统筹 总统筹 设计 制图 制作 剪辑 美编 美术编辑 排版 版式 海报 配音 主播 播音
        编导 解说: 录音: 协助: 鸣谢: 动画: 调色: 灯光: 技术: 运营: 美术: 脚本: 导演: 手绘: 绘制:
        执行: 录入: 上传: 发布人:
        出镜: 字幕: 视觉: 后期: 绘图: 插画: 插图: 漫画: 译者: 翻译: 包装: 特效:""",
    "nobody": """
        来源 来源于 本文来源 稿件来源 转自 出处 稿源 供图 提供 出品方: 发布时间 更新时间 时间 日期
        标签 关键词 人气 点击 点击数 点击量 阅读 阅读量 阅读数 浏览 浏览量 浏览次数 评论数
        字号 字体 分享 打印""",
    "reviewer": """
        审核 责任审核 内容审核 审核人 一审 二审 三审 初审 复审 终审 一审一校: 二审二校: 三审三校:
        监审 审签 审阅 审稿 审发 审定 审读 签发 签审 核稿 复核 编审 值班主任 值班编委 值班总编
        值班总编辑 值班副总编辑 值班领导 值班总监 编委: 总编 总编辑 副总编 副总编辑""",
    "proofreader": "校对 责任校对 责校 审校 校审 校稿 一校 二校 三校 初校 复校 终校",
    "producer": "监制 总监制 制片 制片人 总制片 总制片人 出品 出品人 总出品 总出品人 联合出品",
    "editor": "编辑 责编 网编 编校: 主编 副主编 选稿 微编: 编发: 编者:",
    "intern": "实习生 实习记者",
    "correspondent": "通讯员 报道员:",
    "photographer": "摄影师 摄影记者 图片记者 图片: 照片: 视频:",
    "shot": "摄影 摄像: 拍摄: 航拍:",
    "reporter": "记者",
    "commentator": "评论员",
    "author": """
        作者 撰文 撰稿 撰稿人 执笔 执笔人 主笔 采写: 采访: 采编: 编译: 整理: 供稿: 供稿人: 文字:
        文稿: 文案: 口述: 撰写:""",
    "both": "图文 文图 摄影报道",
}
# Titles before some of them, as '记者张三特约记者李四' needs them; others are read as an employer.
_TITLES: Final[dict[str, str]] = {
    "记者": "见习 首席 特约 特派 驻站 资深 高级 全媒体 融媒体 本报 本网 本刊 本台 本社",
    "通讯员": "特约 本报",
    "评论员": "特约 首席 本报 本网",
    "作者": "本文 专栏 特约",
    "撰稿人": "特约",
    "设计": "海报 视觉 版式 平面 图表 封面 页面",
    "制作": "视频 音频 图表 页面 后期 海报",
    "剪辑": "视频 音频 后期",
    "策划": "报道 选题 内容 项目",
    "统筹": "报道 内容 项目 微信",
    "编辑": """
        责任 本文 执行 网络 网站 值班 视频 文字 图片 图文 本期 本版 新媒体 融媒体 微信 实习 助理""",
}
# Everyday words that begin with one of them.
_NO_LABELS: Final = """
    编辑部 编辑室 编辑人员 编辑委员 编辑们 编辑器 编审会 摄影部 摄影家 摄影队 摄影展 摄影大赛
    摄影作品 摄影爱好者 摄影协会 摄影比赛 记者部 记者站 记者会 记者节 记者团 记者们 记者证 记者协会
    作者群 作者们 通讯员队伍 评论员文章 监制品 制片厂 出品公司 图文并茂 图文直播 图文电视 图文店
    设计师 设计院 主编单位 校对机 审核员 实习生们
    编委会
""".split()  # noqa: SIM905
# … and what they must not stand behind: 新闻工作者
_NOT_BEHIND: Final = {"作者": "工创写合制操著", "编辑": "可被", "审核": "未待被", "记者": "问答"}
# In English, in the singular and in small letters.
_ENGLISH: Final[dict[str, str]] = {
    "nobody": "source, designer, designed by, translator, translated by, updated, published, date",
    "reviewer": "reviewer, reviewed by",
    "proofreader": "proofreader, proofread by",
    "producer": "producer, produced by",
    "editor": """
        editor, responsible editor, executive editor, copy editor, chief editor, editor in charge,
        editor in chief, edited by""",
    "intern": "intern",
    "correspondent": "correspondent",
    "photographer": """
        photographer, photo, photo by, photograph by, photographed by, picture by, image by,
        video by""",
    "reporter": "reporter, reported by",
    "author": "author, writer, contributor, written by, story by, text by, word by",
}


# `wrote` and `shot` are 文 and 图, 摄. These may stand behind the names: '李四 摄', '张三 文/图'
_WITHOUT_ROLE: Final = frozenset(("silent", "craft", "nobody"))
_ROLES: Final = {"both": "author", "wrote": "author", "shot": "photographer"}


class Label(NamedTuple):
    """One as it stands in a text."""

    kind: str
    start: int
    end: int
    everyday: bool  # a label only before a mark or a name

    @property
    def role(self) -> str | None:
        return None if self.kind in _WITHOUT_ROLE else _ROLES.get(self.kind, self.kind)

    @property
    def trails(self) -> bool:
        """May it stand behind the names?"""
        return self.kind in _ROLES


def folded(text: str) -> str:
    """The text as labels are looked for in it: plain, in simplified script; same length."""
    return simplified(plain(text))


@lru_cache(maxsize=64)  # a line is asked for its authors, for its editors and as a byline
def find(text: str) -> tuple[Label, ...]:
    """The labels in a folded text, in order."""
    found = []
    for match in _LABEL.finditer(text):
        kind, everyday = _kind(match)
        found.append(Label(kind, match.start(), match.end(), everyday))
    return tuple(found)


def opens(text: str, roles: frozenset[str]) -> bool:
    """Does the text begin with a label of these roles and its colon? `■ 一審：王芳`."""
    beginning = folded(text[:24])
    start = _SIGN.search(beginning)
    label = _LABEL.match(beginning, start.start()) if start else None
    if label is None or _kind(label)[0] not in roles:
        return False
    return beginning[label.end() :].lstrip()[:1] in (":", "|", "/")


def ends(text: str) -> bool:
    """Is its last word a label, with its colon or without one?"""
    words = folded(text[-24:]).rstrip(" ").removesuffix(":").rstrip(" ")
    if words[-1:] in _LAST and words.endswith(_WORDS):
        return True
    return text.endswith(("|", "丨", "/"))


def _table() -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = {}
    for kind, words in _VOCABULARY.items():
        for word in words.split():
            found[word.rstrip(":")] = kind, word.endswith(":")
    for word, titles in _TITLES.items():
        for title in titles.split():
            found.setdefault(title + word, found[word])
    return found


CHINESE: Final = _table()  # word -> kind, and whether it is an everyday word
ENGLISH: Final = {
    " ".join(word.split()): kind for kind, words in _ENGLISH.items() for word in words.split(",")
}

_WORDS: Final = tuple(word for word, (_, everyday) in CHINESE.items() if not everyday)
_LAST: Final = frozenset(word[-1] for word in _WORDS)  # tells most texts before they are compared

# --- the pattern ------------------------------------------------------------------------------

_START = r"(?:(?<=[\s,;、()\[\]。.!?”])|^)"
_STOP = r"(?=[\s,;、()\[\]。.]|$)"
_MARKED = r"(?=\ ?[:/|])"


def _chinese(word: str) -> str:
    """What makes no label of the word's end: 编辑, not 编辑部."""
    ends = {base for base in CHINESE if word.endswith(base)}
    longer = {
        other.removeprefix(base) for base in ends for other in _NO_LABELS if other.startswith(base)
    }
    before = f"(?<![{_NOT_BEHIND[word]}]{word})" if word in _NOT_BEHIND else ""
    return before + (f"(?!{'|'.join(sorted(longer))})" if longer else "")


_FIRST = "".join(sorted({word[0] for word in CHINESE} | set("文图摄")))
_FIRST_LETTERS = "".join(sorted({word[0] for word in ENGLISH}))
_PLURALS = any_of(dict.fromkeys(ENGLISH, "s?")).replace(r"\ ", r"s?[\ -]")
_LABEL: Final = re.compile(
    rf"""
    (?=[{_FIRST}]) (?:
        (?P<both> 文\ ?[/、&|]\ ?(?:图|摄影?)(?!\w) | [图摄]\ ?[/、&|]\ ?文(?!\w) )
      | (?P<wrote> {_START}文{_MARKED} | (?<=/)\ ?文{_STOP}
          | (?<=\ )文{_STOP}(?!\ [\u4e00-\u9fff](?:\ |$)) )  # '记者 文 勇' is padded
      | (?P<shot> {_START}[图摄]{_MARKED} | (?<=/)\ ?图{_STOP} | (?<=\ )图{_STOP} )
      | (?P<chinese> {any_of({word: _chinese(word) for word in CHINESE})}
          | (?<![\u4e00-\u9fff])(?=.\ ) {any_of({" ".join(word): "" for word in CHINESE})} )
      | (?P<taken> 摄{_STOP} ) )
    | \b (?: (?P<english> (?i: (?=[{_FIRST_LETTERS}]) {_PLURALS} ) \b )
      | (?P<author> (?:(?<=[\s(\[])|^)(?:By|BY)(?=\ [A-Z]) ) )
    """,
    re.VERBOSE,
)
_SIGN = re.compile(r"\w")
_PLURAL = re.compile(r"s\b")

# --- which texts have none --------------------------------------------------------------------


class _Hint:
    """What one of is in every label, in either script: most paragraphs have none, and _LABEL takes
    .3 ms on a long one."""

    def __init__(self, signs: str, words: str, english: str) -> None:
        """`words`: of two characters, which may be padded."""
        signs, pairs = signs.replace(" ", ""), words.split()
        # a class first, since what cannot begin a match is then passed over without a try
        first = in_both(f"[{signs}{''.join(sorted({word[0] for word in pairs}))}]")
        rest = "|".join(f"(?<=[{word[0]}])\\ ?{word[1]}" for word in pairs)
        self.chinese = re.compile(f"{first}(?:{in_both(f'(?<=[{signs}])|{rest}')})")
        self.english = english.split()

    def is_in(self, text: str) -> bool:
        if self.chinese.search(text):
            return True
        if not _LATIN.search(text):
            return False
        lower = text.lower()
        return any(map(lower.__contains__, self.english))


_LATIN = re.compile("[A-Za-z]{2}")
_EDITORS = ("编审校监签核", "制片 出品 值班 选稿", "edit review proof produc")
_AUTHORS = (
    "记摄撰采文图拍",
    "作者 主笔 执笔 通讯 道员 实习 评论 整理 编译 供稿 口述 照片 视频",
    "report correspond intern photo picture image video author writ contribut by",
)
_HINTS: Final = {
    EDITOR_ROLES: _Hint(*_EDITORS),
    AUTHOR_ROLES: _Hint(*_AUTHORS),
    EDITOR_ROLES | AUTHOR_ROLES: _Hint(*map(" ".join, zip(_EDITORS, _AUTHORS, strict=True))),
}


def may_name(text: str, roles: frozenset[str] = EDITOR_ROLES | AUTHOR_ROLES) -> bool:
    """May a label of these roles be in the text? Only a no is sure."""
    return _HINTS[roles].is_in(text)


def _kind(match: re.Match[str]) -> tuple[str, bool]:
    words, group = match[0], match.lastgroup
    if group == "chinese":
        return CHINESE[words.replace(" ", "")]
    if group == "english":
        return ENGLISH[_PLURAL.sub("", words.lower().replace("-", " "))], False
    return ("shot" if group == "taken" else group or ""), False
