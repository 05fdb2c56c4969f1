"""Which organisation an article comes from, read from the words behind 来源."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from .widths import plain

# '来源：', '稿件来源:', '来源于：', '来源 | ', '（来源：', '转自：', '出处：', '稿源：'; not the end of
# '图片来源', '数据来源', '资料来源': what stands before must end a word
_LABEL_WORDS = r"(?:本文|稿件|信息|文章|新闻|消息|内容|原文)?(?:来源于?|转自|转载自|出处|稿源)"
_BEFORE = r"(?:(?<=[\s\d\[\](),;。|/:>年月日时分秒·-])|^)(?<!图片 )(?<!数据 )(?<!资料 )"
_LABEL = re.compile(rf"{_BEFORE}{_LABEL_WORDS}\s{{0,3}}[:|/]\s{{0,4}}", re.MULTILINE)
_LABEL_ENGLISH = re.compile(
    r"(?:^|(?<=[\s\d(|]))(?<!photo )(?<!image )(?<!data )(?<!picture )source\s?:\s{0,4}",
    re.IGNORECASE | re.MULTILINE,
)
# '来源CSDN', '| 来源 CSDN |': without a colon only where nothing else is said
_BARE = re.compile(r"(?:^|\|)\s*来源\s*(?![不于广可多国])(?P<name>[^\s|,。:、]{2,16})\s*(?:$|\|)", re.MULTILINE)

# the next label, a control of the page, a count, a date
_STOP = re.compile(
    r"\s*(?:作者|撰文|编辑|责任编辑|责编|主编|校对|审核|本报记者|记者|通讯员|见习|实习|摄影|字号|字体|调整字体|"
    r"大字|分享|评论|参与|跟帖|时间|发布|发表|日期|更新|最后|浏览|点击|阅读|人气|举报|打印|收藏|订阅|"
    r"关注|原标题|原文|标签|关键|扫|我要|查看|来源|责任|A\+|"
    r"(?:Editor|Author|Reporter|By|Published|Updated|Date|Time)\b|"
    r"\d{1,4}[-/.年月]\s?\d|[〇一二]{1,2}[〇一二三四五六七八九]{2,3}年|\d{1,2}:\d\d|\d+\s?(?:次|人|条|评)|"
    r"\s\d)"
)
_END = re.compile(r"[\n\r|,。;!?()\[\]<>]")
_ORGANISATION_ENDS: Final = ("网", "报", "社", "台", "客户端", "频道", "杂志", "公众号", "新闻", "日报")
_LONGEST: Final = 40  # characters; longer is a sentence

_NOBODY: Final = frozenset(
    ("未知", "不详", "网络", "互联网", "网络整理", "本站", "本站原创", "其他", "其它", "无", "暂无", "原创", "转载", "佚名")
)


def find(text: str) -> str | None:
    """The words of the first source label with a name behind it, as they occur, or None.

    `2024-02-29 09:06来源：中工网 作者：张三` -> `来源：中工网`. Where a picture or figures come from
    (图片来源, 数据来源) is not the article's source.
    """
    words = plain(text)
    for label in _labels(words):
        end = _end_of_name(words, label.end())
        if end - label.end() <= _LONGEST and words[label.end() : end].strip():
            return text[label.start() : end].strip()
    if bare := _BARE.search(words):
        return text[bare.start() : bare.end("name")].lstrip("|｜丨 \u3000\u00a0\n").rstrip()
    return None


def name(words: str) -> str | None:
    """The organisation alone: `来源：《人民日报》` -> `人民日报`; None where nobody is named."""
    text = words.strip()
    shown = plain(text)
    if label := _first_label(shown):
        text = text[label.end() :]
    elif bare := _BARE.fullmatch(shown):
        text = text[bare.start("name") : bare.end("name")]
    text = "".join(
        unicodedata.normalize("NFKC", sign) if unicodedata.category(sign)[0] in "PSZ" else sign
        for sign in text
    )
    text = " ".join(text.split()).strip(" :;,。、|/()[]【】")
    if text.startswith("《") and text.endswith("》") and text.count("《") == 1:
        text = text[1:-1].strip()
    return None if not text or text in _NOBODY else text


def agree(a: str, b: str) -> bool:
    """Whether two names mean one organisation: `中工网` and `中工网-工人日报` do."""
    one, other = _bare_letters(a), _bare_letters(b)
    if not one or not other:
        return False
    return one in other or other in one


def _labels(words: str) -> list[re.Match[str]]:
    return sorted(
        [*_LABEL.finditer(words), *_LABEL_ENGLISH.finditer(words)], key=lambda match: match.start()
    )


def _first_label(words: str) -> re.Match[str] | None:
    labels = _labels(words)
    return labels[0] if labels and not words[: labels[0].start()].strip("([ ") else None


def _end_of_name(words: str, start: int) -> int:
    """Where the name that begins at `start` ends: at the next label, sign or foreign word."""
    closing = _END.search(words, start)
    end = closing.start() if closing else len(words)
    at = start
    while at < end:
        if _STOP.match(words, at) and (at > start or not words[at].isalnum()):
            return at
        if words[at] == " " and not _goes_on(words[at:end].strip(), words[start:at]):
            return at
        at += 1
    return end


def _goes_on(rest: str, so_far: str) -> bool:
    """Whether a blank stands inside the name: `China Daily`, `新华社 中工网`."""
    token = rest.split(" ", 1)[0]
    if not token or _STOP.match(rest):
        return False
    if token.isascii() and so_far[-1:].isascii():
        return True
    return token.endswith(_ORGANISATION_ENDS)


def _bare_letters(words: str) -> str:
    text = unicodedata.normalize("NFKC", words).casefold()
    return "".join(sign for sign in text if sign.isalnum())
