"""Which organisation an article comes from, read from the words behind 来源."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from crawler.text import labels
from crawler.text.clean import letters
from crawler.text.labels import folded
from crawler.text.tries import any_of

# --- patterns, over folded text ----------------------------------------------------------------

# '来源：', '稿件来源:', '来源于：', '来源 | ', '【来源】', '转自：', '出处：', 'Source: '. What
# stands before must end a word: '图片来源' and 'Photo source' say where a picture comes from
_LABEL = re.compile(
    r"""
    (?: ^ | (?<=[\s\d\[\](),;。|/:>年月日时點点半分秒前午晚晨早夜mM·-]) )
    (?<!图片\ )(?<!数据\ )(?<!资料\ )
    (?: \[ (?=[^\[\]:]{2,6}\]) )?
    (?:本文|稿件|信息|文章|新闻|消息|内容|原文)?
    (?: 来源于? | 来自 | 摘自 | 转自 | 转载自 | 出处 | 稿源
      | (?i:(?<!photo\ )(?<!image\ )(?<!picture\ )(?<!data\ )source) )
    (?: \ {0,3} [:|/] | \] ) \ {0,4}
    """,
    re.VERBOSE | re.MULTILINE,
)
# '来源CSDN', '1164次阅读 | 来源 CSDN | 0 条评论', '09:06 来源 中工网': no colon where nothing else
# is said
_UNMARKED = re.compile(
    r"(?:^|(?<=\|)|(?<=\d)(?=\s))\s*"
    r"(?P<words>来源\s*(?P<name>(?![不于广可多国])[^\s|,。:、/]{2,16}))"
    r"\s*(?:$|\||(?<=\s)(?=20\d\d\D|作者|编辑|责编|责任编辑|记者))",
    re.MULTILINE,
)
_MENTION = re.compile(r"来源|来自|摘自|转自|转载自|出处|稿源|source", re.IGNORECASE)

_LABELS: Final = any_of(dict.fromkeys(labels.CHINESE, ""))
_PEOPLE: Final = any_of(
    {
        word: "(?![部站])"
        for word in labels.CHINESE
        if word.endswith(("作者", "责编", "编辑", "记者", "通讯员", "评论员"))
    }
)
# What ends a name wherever it comes: a sign, a date, the next label, …
_END = re.compile(
    rf"""
      [\n\r|,。;!?()\[\]<>]
    | (?:19|20)\d\d\ ?[-/.年] | [〇一二]{{1,2}}[〇一二三四五六七八九]{{2}}年
    | \d{{1,2}}月\d | \d{{1,2}}:\d\d
    | {_PEOPLE}
    | (?: 作\ 者 | 编\ 辑 | {_LABELS} | 字[号体] | 分享
        | (?:发布|发表|更新)?(?:时间|日期|于) | (?:浏览|点击|阅读)[量数]? | 人气 | 评论
        | 标签 | 关键[词字] | 原标题 | (?:稿件|信息|文章)?来源 ) \ ?[:|/]
    | \b(?:Author|Editor|Reporter|Published|Updated|Date|Time)s?\b
    """,
    re.VERBOSE,
)
# … and what ends it behind a blank: a button of the page, a count
_TOOL = re.compile(
    r"作者|编辑|记者|通讯员|字号|字体|调整|[大小]字|[大中小](?!\w)|分享|评论|参与|跟帖|时间|发布|发表|"
    r"日期|更新|最后|浏览|点击|阅读|人气|举报|打印|收藏|点赞|订阅|关注|原标题|原文|标签|关键|扫|我要|"
    r"查看|下载|手机[看上扫]|A[+-]|(?:Author|Editor|Reporter|By|Published|Updated|Date|Time)\b"
)
# a name of two words: '新华社 中工网', '中国 工人杂志'
_ORGANISATION = re.compile(r"[网报社台]$|客户端$|频道$|杂志$|公众号$|新闻$|周刊$|电视$|广播$")
_BLANKS = re.compile(r"( +)")
_AROUND: Final = frozenset(("《》", "()", "[]", "【】"))
_LONGEST: Final = 40  # characters; longer is a sentence

_NOBODY: Final = frozenset(
    (
        *("未知", "不详", "网络", "互联网", "网络整理", "本站", "本站原创", "其他", "其它"),
        *("无", "暂无", "原创", "转载", "佚名"),
    )
)


# --- public -----------------------------------------------------------------------------------


def find(text: str) -> str | None:
    """The words of the first source label with a name behind it, as they occur, or None.

    `2024-02-29 09:06来源：中工网 作者：张三` -> `来源：中工网`. Where a picture or figures come
    from (图片来源, 数据来源) is not the article's source.
    """
    span = _span(text)
    return text[span[0] : span[2]] if span else None


def name(words: str) -> str | None:
    """The organisation alone: `来源：《人民日报》` -> `人民日报`; None where nobody is named.

    Words without a label are the name.
    """
    span = _span(words)
    if span:
        words = words[span[1] : span[2]]
    elif _LABEL.match(folded(words).lstrip(" ([")):
        return None
    text = " ".join(_plain_punctuation(words).split()).strip(" :;,。、|/")
    if text[:1] + text[-1:] in _AROUND and text[-1] not in text[1:-1]:
        text = text[1:-1].strip()
    return None if not text or folded(text) in _NOBODY else text


def agree(a: str, b: str) -> bool:
    """Whether two names mean one organisation: `中工网` and `中工网-工人日报` do."""
    one, other = letters(a), letters(b)
    return bool(one and other) and (one in other or other in one)


# --- reading ----------------------------------------------------------------------------------


@lru_cache(maxsize=64)  # a page's rules ask about the same few lines
def _span(text: str) -> tuple[int, int, int] | None:
    """Where a label begins, where its name does, and where that ends."""
    text = folded(text)
    if not _MENTION.search(text):
        return None
    for label in _LABEL.finditer(text):
        end = _end_of_name(text, label.end())
        if label.end() < end <= label.end() + _LONGEST:
            return label.start(), label.end(), end
    if (bare := _UNMARKED.search(text)) and not _TOOL.match(bare["name"]):
        return bare.start("words"), bare.start("name"), bare.end("name")
    return None


def _end_of_name(text: str, start: int) -> int:
    ending = _END.search(text, start)
    words = text[start : ending.start() if ending else len(text)]
    kept, *more = _BLANKS.split(words)
    if _TOOL.match(kept):  # '来源： 分享到微信': nobody is named
        return start
    for blank, token in zip(more[::2], more[1::2], strict=True):
        latin = token.isalpha() and (kept[-1:] + token).isascii()  # 'China Industrial Network'
        if _TOOL.match(token) or not (latin or _ORGANISATION.search(token)):
            break
        kept += blank + token
    return start + len(kept)


def _plain_punctuation(text: str) -> str:
    """NFKC for signs and blanks; letters and digits stay as the site wrote them."""
    if text.isalnum():
        return text  # most names
    return "".join(
        unicodedata.normalize("NFKC", sign) if unicodedata.category(sign)[0] in "PSZ" else sign
        for sign in text
    )
