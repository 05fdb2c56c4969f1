"""Which words are a picture's caption: under it, over it, or in its tag."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.extraction.document import HEADINGS, Box, Line
from crawler.text.clean import key
from crawler.text.script import simplified

_CAPTION_HINT = re.compile(
    r"caption|des(?:cr)?\b|(?:img|image|pic|photo).?(?:txt|text|des|title|info|note|intro)|tuzhu|tushuo",
    re.IGNORECASE,
)
_CENTRED = re.compile(r"text-align\s*:\s*(?:-webkit-)?center", re.IGNORECASE)
# 'center', 'text-center', 'tc', 'al-center'
_CENTRED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:cent(?:er|re)(?:ed)?|tc|juzhong)(?:$|[\s_-])", re.IGNORECASE
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
# '一、缘起', '（二）做法', '第一章'
_NUMBERED = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|第[一二三四五六七八九十]{1,3}[章节回]|0\d\s"
    r"|\W{0,4}(?:(?:PART|Part|NO|No)\W?)?\s?\d{1,2}\W{0,4}$"
)
# '图为会议现场。', '图中左二', '资料图', '通讯员刘娟 摄', '小花母亲供图', '新华社发（张三摄）'; not
# '从食堂门口出发。', '乡村振兴新蓝图'
_CAPTION = re.compile(
    r"^[▲△↑⬆]|^[◎●■*（(]?\s?(?:上图|下图|左图|右图|图为|图中|图片?[：:]|图片说明|资料图|图源|图片来源|注[：:]"
    r"|图\s?\d{1,2}\b|图[①-⑳]|截图)"
    r"|[。；\s]图为|(?:(?<![拍跟航])摄|供图|供稿|制图|配图|资料图?|(?:资料|网络|视频|示意)(?:图片|照片)|(?:\w{2}[社网报台]|\s)发"
    r"|[\s/／](?:图|图片|绘|摄影)|[\s。]\w{2,4}摄影|截图)"
    r"\s?[。）)】]?$"
    r"|\s(?:摄|图)[/／]?\S{2,8}$|[。）)](?:摄|图)[/／：:]\S{2,12}$|图片?(?:由|来自|来源)[^。]{2,24}(?:提供|网络)?[。）)]?$"
    r"|(?:Courtesy of|Photo by|Photo:|The picture shows)\b",
    re.IGNORECASE,
)
_POINTS_UP = ("▲", "△", "↑", "⬆")
_SURE_CAPTION = re.compile(r"^[▲△↑⬆]?\s?图(?:为|中)[^\n]{2,200}$|^[▲△↑⬆][^\n]{2,200}$")
_OVER = re.compile(r"[▼▽↓⬇⇩👇]")
_INTRODUCES = re.compile(r"如下|如图|下图|点击|戳|见|[。？！：:]\s?\W$")
_LONGEST_HEADING = 40  # characters
_LONGEST_MARKED = 160
_LONGEST_BARE = 60  # … of several sentences that nothing marks
_FULL_STOP = re.compile(r"[。！？]")
_DEEPEST = 12  # inline elements looked through
_LONGEST_OVER = 60  # characters of a caption over its picture whose mark is at its end
_MARKS = re.compile(
    r"^[▲△↑⬆▼▽↓⬇⇩👇◎\s\ufe0f]{1,9}|[▲△↑⬆▼▽↓⬇⇩👇\s\ufe0f]{1,9}$|^[图圖](?:片[说說]明|[说說]|[注註]|片描述)\s?[：:]\s?"
)
# '点击查看高清原图', 'image.png', '图片', 'IMG_0123.JPG', '1'
_NO_CAPTION = re.compile(
    r"点击[^。]{0,10}|.{0,60}\.(?:jpe?g|png|gif|webp|bmp)|(?:新闻)?(?:图片|插图|配图|大图|原图)\d{0,4}|图\d{0,3}|"
    r"[\w\-.=]{0,60}|img\W?.{0,20}|image\W?.{0,20}|undefined|null|输入图片.{0,10}",
    re.IGNORECASE | re.ASCII,
)


def alternative(node: LexborNode, title: str | None) -> str | None:
    """The picture's own words (alt, else title), if they say more than a file's name does."""
    attributes = node.attributes
    for name in ("alt", "title"):
        text = clean(" ".join((attributes.get(name) or "").split()))
        if len(text) >= 4 and not _NO_CAPTION.fullmatch(text) and key(text) != key(title or ""):
            return text
    return None


def clean(text: str) -> str:
    """A caption without the mark that points at the picture."""
    return _MARKS.sub("", text).strip()


def is_surely_one(text: str) -> bool:
    """`图为会议现场。` is one, wherever it stands near a picture."""
    begins = simplified(text[:3])  # which tells most paragraphs
    if "图" not in begins and not begins.startswith(_POINTS_UP):
        return False
    return _SURE_CAPTION.match(simplified(text)) is not None


def stands_over(text: str) -> bool:
    """`▼服务站外景`, `服务站外景↓`: does it point at what stands under it?"""
    if _OVER.match(text):
        return len(text) <= 250
    return (
        bool(_OVER.match(text[-1:])) and len(text) <= _LONGEST_OVER and not _INTRODUCES.search(text)
    )


def looks_like_one(text: str) -> bool:
    return _is_marked(text) or "图为" in text or "圖為" in text


def _is_marked(text: str) -> bool:
    """Does it begin or end as captions do?"""
    return len(text) <= _LONGEST_MARKED and _CAPTION.search(simplified(text)) is not None


def is_heading(line: Line) -> bool:
    """Is it bold as a whole, or numbered, and says nothing that only a caption says?"""
    if line.box.tag in HEADINGS:
        return True
    if len(line.text) > _LONGEST_HEADING or _is_marked(line.text):
        return False
    return _NUMBERED.match(line.text) is not None or all(
        _is_bold(node, line.box.node) for text, node, _ in line.parts if text.strip()
    )


def _is_bold(node: LexborNode, box: LexborNode) -> bool:
    element: LexborNode | None = node
    for _ in range(_DEEPEST):
        if element is None:
            break
        if element.tag in ("b", "strong") or _BOLD.search(element.attributes.get("style") or ""):
            return True
        if element.mem_id == box.mem_id:
            break
        element = element.parent
    return False


def tells_about(
    text: str, line: Line, picture: Line, words: str | None, body: Box, *, followed: bool
) -> bool:
    """Do these words, the next after the picture, tell what it shows?

    They do if they repeat its alternative text, share its element, carry a photographer's name, or
    are short and set off from the paragraphs (centred, or so named by their class); not if they are
    `followed` by what they may be the heading of.
    """
    if words and _same(text, words):
        return True
    if len(text) > 250:
        return False
    if _is_marked(text):
        return True
    if line.box.tag == "figcaption" or _hinted(line, body):
        return True
    if followed and is_heading(line):
        return False
    if line is picture and len(text) > _LONGEST_HEADING and text.endswith("。"):
        return False  # a paragraph in which the picture floats
    if len(text) <= 120 and _shares_element(line.box, picture.box, body):
        return len(text) <= _LONGEST_BARE or len(_FULL_STOP.findall(text)) < 2
    return len(text) <= 60 and not picture.text and is_centred(line, body)


def _same(a: str, b: str) -> bool:
    one, other = key(a), key(b)
    if len(one) < 6 or len(other) < 6:
        return one == other
    return one.startswith(other) or other.startswith(one)


def _shares_element(caption: Box, picture: Box, body: Box) -> bool:
    """Is there an element, smaller than the body, that holds the two and hardly more?"""
    for box in picture.ancestors(below=body):
        if box.last - box.first > 3:
            return False
        if caption.within(box):
            return True
    return False


def _hinted(line: Line, body: Box) -> bool:
    nodes = [line.parts[0][1], *(box.node for box in line.box.ancestors(below=body))]
    return any(_CAPTION_HINT.search(node.attributes.get("class") or "") for node in nodes[:4])


def is_centred(line: Line, body: Box) -> bool:
    for box in line.box.ancestors(below=body):
        attributes = box.node.attributes
        if box.tag == "center" or (attributes.get("align") or "").lower() == "center":
            return True
        if _CENTRED.search(attributes.get("style") or ""):
            return True
        if _CENTRED_CLASS.search(attributes.get("class") or ""):
            return True
    return False
