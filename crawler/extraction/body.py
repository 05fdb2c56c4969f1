"""The lines of the article's text, in order, less the furniture that stands among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from crawler.extraction import boilerplate, density, lead
from crawler.extraction.density import Density
from crawler.extraction.document import Box, Document, Line, squeeze
from crawler.extraction.heading import Heading
from crawler.text import bylines, dates, labels, sources
from crawler.text.clean import key

_LONGEST_LABEL = 120  # characters of a line that only tells about the article
_LONGEST_SENTENCE = 60  # … of one with a full stop that names editors: '一审：王芳；二审：李明。'
_MOST_ELSE = 30  # characters of it that are no date
_LITTLE = 0.3  # of the weight before it: what follows the editor's line is then no more the article
_GROUPS = frozenset(("ul", "ol", "blockquote"))
_LABELLED_DATE = re.compile(
    r"(?:发布|发表|发稿|更新|修改|刊发)?(?:时间|日期|于)\s?[：:]|^(?:Published|Updated)\b"
)
# what no date is written with, which tells sentences before anybody looks for dates in them
_NO_DATE = re.compile(
    r"(?![〇零一二两三四五六七八九十半年月日号號时時点點分秒钟整小头天个以前今昨刚才"
    r"凌清早晨上午中下傍晚间深夜星期周礼拜])[\u4e00-\u9fff。、]"
)
# plain words, because every line of a text is looked at and a pattern costs five times as much
_SOURCE_WORDS = (
    "来源", "來源", "来自", "來自", "摘自", "出处", "出處", "稿源",
    "转自", "轉自", "转载自", "轉載自", "ource",
)  # fmt: skip
# any of these, and the colon of a labelled date; with a class among them it takes twice as long
_TELLS = re.compile(
    r"来源|来自|摘自|出处|稿源|转自|转载自|ource|编\s?辑|责\s?编|编\s|校对|审核|审校|监制|ditor|Producer"
    r"|Published|Updated|：|:|丨|\|"
)
_CLOSED = re.compile(r"[)\]）】].")  # '（作者：张三）返回首页'
_OPENING = ("[", "【", "（", "(", "转", "轉")  # what may be glued to the first words begins so
_SENTENCE_ENDS = ("。", "！", "？", "”", ".")
_OF_A_WORK = re.compile(
    r"\W?(?:编剧|編劇|(?:领衔|領銜)?主演|演员|演員|作曲|作词|作詞|演唱|原著)\s?[：:]"
)
_NEAR = 3  # lines
_TOOL_BEFORE = re.compile(r"^(?:[【\[][^】\]]{1,5}[】\]]\s?)+(?=\S)")  # '【纠错】责任编辑：张三'


@dataclass(slots=True)
class Body:
    box: Box | None = None
    # a box inside it -> the table of data, list or quotation that it is or is part of
    groups: dict[Box, Box] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)  # paragraphs, and pictures without words
    first: int = 0  # the document's lines that it spans, dropped ones too; first > last: none
    last: int = -1
    labels: list[Line] = field(default_factory=list)  # inside it, saying source, time or editor


class _Says:
    """What a line is: furniture says nothing, a label time or source; numbers, since to look up an
    Enum's member takes longer than most rules."""

    TEXT, NOTHING, LABEL, EDITORS, RELATED, END = range(6)  # RELATED opens a box of other articles


def find(document: Document, heading: Heading, box: Box | None = None) -> Body:
    """The text in the box that is known to hold it, else in the densest one."""
    start = heading.last + 1
    dense: Density | None
    if box is not None:  # a heading inside it stands before the text; one behind it does not count
        dense = density.within(document.lines, box, start if heading.last < box.last else 0)
    else:
        dense = density.find(document.lines, start)
        if dense is None and start:
            dense = density.find_pictures(document.lines, start)
    if dense is None:
        return Body()
    body = _Collector(document, dense, heading).run()
    if body.lines and body.box is not None and heading.first >= 0:
        body.lines[:0] = lead.find(document.lines[start : body.first], body.box, body.lines)
    return body


def lists_a_work(lines: list[Line], at: int) -> bool:
    """Does the line stand among those who made a film or a song, which the text is about?"""
    return any(_OF_A_WORK.match(line.text) for line in lines[max(0, at - _NEAR) : at + _NEAR + 1])


def _groups(boxes: list[Box]) -> dict[Box, Box]:
    """Box -> the outermost table of data, list or quotation that it is or is part of."""
    groups: dict[Box, Box] = {}
    for box in boxes:  # parents before children
        if box.parent in groups:
            groups[box] = groups[box.parent]
        elif box.tag in _GROUPS or (box.tag == "table" and _is_data(box)):
            groups[box] = box
    return groups


def _is_data(table: Box) -> bool:
    """Rows of several cells are data; a table of one column only lays the page out."""
    rows = table.node.css("tr")
    several = sum(len(row.css("td, th")) >= 2 for row in rows)
    return len(rows) >= 2 and several * 2 > len(rows)


def _may_label(text: str) -> bool:
    return "：" in text or ":" in text or text.startswith(("Published", "Updated"))


class _Collector:
    def __init__(self, document: Document, dense: density.Density, heading: Heading) -> None:
        self.lines = document.lines
        self.dense = dense
        self.body = Body(dense.box, _groups(document.inside(dense.box)))
        self.title = key(heading.title or "")
        self.title_begins = (heading.title or " ")[0]
        self.at_the_head = True  # is no line of weight kept so far?
        self.spoken = False  # is any line with words?
        self.standfirst = ""  # its words, which the text may repeat
        self.signed: int | None = None  # lines kept when the editors came

    def run(self) -> Body:
        box = self.dense.box
        resume = 0
        last = box.last if self.dense.end is None else min(box.last, self.dense.end - 1)
        for line in map(self._bare, self.lines[max(box.first, self.dense.start) : last + 1]):
            if line.index < resume:
                continue
            match self._read(line):
                case _Says.TEXT:
                    self._keep(line)
                case _Says.LABEL:
                    self.body.labels.append(line)
                case _Says.EDITORS:
                    self._sign(line)
                case _Says.RELATED:
                    resume = self._after_related(line)
                case _Says.END:
                    break
        self._cut_after_editors()
        self._span()
        return self.body

    def _bare(self, line: Line) -> Line:
        """The line without buttons glued to it and, at the text's head, a standfirst's label."""
        text = line.text
        if not self.spoken:
            words = lead.standfirst(line)
            if words is not None:
                self.standfirst = words
                return line.cut(words)
        if line.is_link or not text:
            return line
        if len(text) <= boilerplate.LONGEST_HEADING and not (
            line.parts[-1][2] or _CLOSED.search(text)
        ):
            return line
        begin, end = 0, len(text)
        if not text.endswith("。") or text[0] in _OPENING:
            begin, end = boilerplate.glued(text)
        if line.parts[-1][2]:
            last = squeeze(line.parts[-1][0])
            if last and text.endswith(last) and boilerplate.is_button(last):
                end = min(end, len(text) - len(last))
        own = text[begin:end].strip()
        return line.cut(own) if own and own != text else line

    def _without_text(self, line: Line) -> Line:
        """The editors' words alone; what stands before them is kept as text."""
        rest, words = bylines.split_editors(line.text)
        if not words or not rest:
            return line
        self._keep(line.cut(rest))
        return replace(line, text=words, parts=[(words, *line.parts[-1][1:])])

    def _sign(self, line: Line) -> None:
        self.body.labels.append(self._without_text(line))
        if self.signed is None and not self.at_the_head:
            self.signed = len(self.body.lines)

    def _cut_after_editors(self) -> None:
        """Drop what follows the editors' line, unless the text goes on there."""
        if not self.signed:
            return
        lines = self.body.lines
        before, after = lines[: self.signed], lines[self.signed :]
        if self._weight(after) <= self._weight(before) * _LITTLE:
            self.body.lines = before

    def _span(self) -> None:
        """Tell the body which of the document's lines it spans."""
        body = self.body
        if body.lines:
            spoken = [line.index for line in body.lines if line.text]
            body.first = spoken[0] if spoken else body.lines[0].index
            body.last = body.lines[-1].index

    def _keep(self, line: Line) -> None:
        if line.text and line.text == self.standfirst and self.spoken:
            return
        self.body.lines.append(line)
        self.spoken = self.spoken or bool(line.text)
        self.at_the_head = self.at_the_head and not self.dense.weights[line.index]

    def _weight(self, lines: list[Line]) -> float:
        return sum(self.dense.weights[line.index] for line in lines)

    def _read(self, line: Line) -> int:
        text = line.text
        if not text:
            return _Says.TEXT  # a picture
        if self._is_end(text):
            return _Says.END
        if boilerplate.opens_related(text):
            return _Says.RELATED
        if text[0] == self.title_begins and key(text) == self.title:
            return _Says.NOTHING
        group = self.body.groups.get(line.box)
        if group is not None and group.tag == "table":
            return _Says.TEXT
        if self._is_prose(line):
            return _Says.NOTHING if boilerplate.is_noise(text) else _Says.TEXT
        if about := self._about(line):
            return about
        return _Says.NOTHING if self._is_furniture(line) else _Says.TEXT

    def _is_end(self, text: str) -> bool:
        """Do the readers' comments begin here, or the footer, most of the text being before it?"""
        if boilerplate.opens_comments(text) and not self.at_the_head:
            return True
        if not boilerplate.is_footer(text):
            return False
        return self._weight(self.body.lines) * 2 >= self.dense.total(self.dense.box)

    def _about(self, line: Line) -> int | None:
        """What the line tells about the article, if it does nothing else."""
        if self._is_label(line.text):
            return _Says.LABEL
        if self._names_editors(line.text) and not lists_a_work(self.lines, line.index):
            return _Says.EDITORS
        return _Says.LABEL if self._is_among_credits(line) else None

    def _is_prose(self, line: Line) -> bool:
        """Is it a sentence that no rule below but the one for noise has a word for?"""
        text = line.text
        return (
            not self.at_the_head
            and not line.linked
            and text.endswith("。")
            and len(text) > boilerplate.LONGEST_HEADING
            and _TELLS.search(text) is None
        )

    def _is_label(self, text: str) -> bool:
        """Is it only a time, or a source with its label? Before the text they may be together."""
        if len(text) > _LONGEST_LABEL:
            return False
        at_the_head = self.at_the_head and not text.endswith("。")  # '2月29日，服务站启用。'
        if any(map(text.__contains__, _SOURCE_WORDS)):
            words = sources.find(text)
            if words is not None and (at_the_head or len(text) - len(words) <= 40):
                return True
        if not at_the_head and not (_may_label(text) and _LABELLED_DATE.search(text)):
            return False
        if len(_NO_DATE.findall(text)) > _MOST_ELSE:
            return False
        rest = len(text) - sum(map(len, dates.find(text)))
        return rest <= (_MOST_ELSE if at_the_head else 12) and rest < len(text) * 0.6

    def _names_editors(self, text: str) -> bool:
        if text.endswith(_SENTENCE_ENDS) and len(text) > _LONGEST_SENTENCE:
            return False
        if not labels.may_name(text, labels.EDITOR_ROLES):
            return False
        alone = _TOOL_BEFORE.sub("", text)
        return any(bylines.split_editors(words)[1] is not None for words in {text, alone})

    def _is_among_credits(self, line: Line) -> bool:
        """`剪辑：张三`, over or under a line that names authors or editors?"""
        if line.text.endswith(_SENTENCE_ENDS) or not bylines.is_craft(line.text):
            return False
        return self._credits_beyond(line, -1) or self._credits_beyond(line, 1)

    def _credits_beyond(self, line: Line, step: int) -> bool:
        at = line.index + step
        while 0 <= at < len(self.lines) and bylines.is_craft(self.lines[at].text):
            at += step
        text = self.lines[at].text if 0 <= at < len(self.lines) else ""
        return bool(text) and "" in (bylines.split_byline(text)[0], bylines.split_editors(text)[0])

    def _is_furniture(self, line: Line) -> bool:
        text = line.text
        if boilerplate.is_pager(text):
            return True
        if boilerplate.is_tool(text) or boilerplate.is_noise(text):
            return True
        if line.linked and not line.is_link:  # '延伸阅读：' and a link
            return boilerplate.opens_related("".join(part[0] for part in line.parts if not part[2]))
        return line.is_link and (len(text) < 40 or not text.endswith(_SENTENCE_ENDS))

    def _after_related(self, heading: Line) -> int:
        """The line after the other articles that this heading opens."""
        body = self.dense.box
        outermost: Box | None = None
        for box in heading.box.ancestors(below=body):
            if box.first < heading.index:
                break
            outermost = box
        if outermost is not None and outermost.last > heading.index:
            return outermost.last + 1
        for line in self.lines[heading.index + 1 : body.last + 1]:  # it stands among its links
            if self.dense.weights[line.index] >= density.ENOUGH / 2:
                return line.index
        return body.last + 1
