"""One article page in its own words: by the selectors of a proven layout where the page has one,
and what they do not mark by its labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from crawler.extraction import (
    attribution,
    body,
    heading,
    published,
    surroundings,
    traversal,
)
from crawler.extraction.body import Body
from crawler.extraction.density import is_end
from crawler.extraction.document import Box, Document, Line, squeeze
from crawler.extraction.heading import Heading
from crawler.extraction.published import Published
from crawler.items import Extractor, Page
from crawler.site.pages import page_reader
from crawler.site.pages.page_reader import Found
from crawler.site.urls import identify
from crawler.text import bylines, dates, encoding, sources
from crawler.text.clean import key

_OVER = 2  # lines before the heading that may tell about the article
_MOST_MARKS = 20  # elements of one selector looked at; more is a page gone wrong
_IN_SECTION = re.compile(r"\S-[^-\s]{1,12}-中工网$")  # as older articles' title tags end


@dataclass(frozen=True, slots=True)
class Layout:
    """CSS selectors as they stand in somebody's working code; '' where nobody showed one."""

    name: str = ""
    body: str = ""
    title: str = ""
    pretitle: str = ""
    time: str = ""
    source: str = ""
    editors: str = ""
    pictures: str = ""  # that stand apart from the text
    seen: bool = True  # has somebody seen a whole page of it, so that it tells an article?

    @property
    def most(self) -> int:
        """How many of text, heading and time it marks."""
        return sum(map(bool, (self.body, self.title, self.time)))


_UNKNOWN = Layout(seen=False)


class Reading(NamedTuple):
    """A page, and where on it the article was found."""

    page: Page
    document: Document
    found: Found


def read(
    content: bytes,
    url: str,
    *,
    charset: str | None,
    family: str | None = None,
    layouts: Iterable[Layout] = (),
    time: Published | None = None,
    source: tuple[str, Extractor] | None = None,
    no_metas: Iterable[str] = (),
) -> Reading:
    """One article page in its own words, by the layout that marks most of it.

    Where a layout's title, time or text is not on the page the labels tell, and `missed` names the
    layout. A page of none of them is read by its labels alone, and missed by the whole `family`.
    `time` and `source` are those that need not be looked for; `no_metas` tell no field, whatever
    they are called. Raises ValueError for an address that is none.
    """
    address = identify(url)
    markup, warnings, utf8 = encoding.read(content, charset)
    doc = traversal.read(markup, utf8)
    for name in no_metas:
        doc.metas.pop(name, None)
    marks = _best(doc, layouts)
    # Where the text is not, the rest of the layout is not to be relied on.
    found = (marks if marks.box else _Marks(doc, _UNKNOWN)).find(time, source)
    fits, seen = marks.fit > 0, marks.layout.seen
    proven = seen and (fits or _IN_SECTION.search(doc.title) is not None)
    marked = seen and marks.box is not None
    page = page_reader.compose(doc, address, found, warnings, proven=proven, marked=marked)
    page.extracted_by |= marks.spoke(page, found)
    page.missed = marks.missed(found) if fits else family
    return Reading(page, doc, found)


def _best(doc: Document, layouts: Iterable[Layout]) -> _Marks:
    """The first that the page has all of, else the one of which most is marked, best its text."""
    every = []
    for layout in layouts:
        every.append(_Marks(doc, layout))
        if every[-1].box and every[-1].fit == layout.most:
            return every[-1]
    every = [one for one in every if one.box] or every or [_Marks(doc, _UNKNOWN)]
    return max(every, key=lambda marks: marks.fit)


class _Mark(NamedTuple):
    """An element that a selector marks and a reader sees."""

    lines: list[Line]  # that hold it; of an inline element also what stands beside it
    box: Box | None  # None for an inline element
    own: str = ""  # an inline element's words

    @property
    def words(self) -> str:
        return (
            self.own if self.box is None else " ".join([one.text for one in self.lines if one.text])
        )


class _Marks:
    """What a layout's selectors mark on a page."""

    def __init__(self, doc: Document, layout: Layout) -> None:
        self.doc = doc
        self.layout = layout
        self.known: dict[str, list[_Mark]] = {}  # by selector: time and source may have one
        boxes = [mark.box for mark in self.marked(layout.body) if mark.box]
        self.box = boxes[0] if len(boxes) == 1 else max(boxes, key=self._words_in, default=None)
        self.editors: list[str] = []

    @cached_property
    def fit(self) -> int:
        """How many of text, heading and time are marked."""
        return sum(mark is not None for mark in (self.box, self.heading, self.time))

    def _words_in(self, box: Box) -> int:
        return sum(len(line.text) for line in self.doc.lines[box.first : box.last + 1])

    def find(self, time: Published | None, source: tuple[str, Extractor] | None) -> Found:
        """By the selectors where they mark something, elsewhere by the labels."""
        doc = self.doc
        head = self._agreed(heading.find(doc))
        text = body.find(doc, head, self.box)
        if self.box is not None and not text.lines:
            text = body.find(doc, head)
        self._add_pictures(text)
        time = time or self.time
        # A template that shows its time under the heading shows navigation over it.
        below = time is not None and (time.line is None or time.line.index > head.last)
        around = surroundings.find(doc, head, text, over=_OVER if below else surroundings.OVER)
        time = time or published.find(doc, head, around)
        source = source or self._source() or attribution.source(doc, around, time.line)
        authors, editors = attribution.people(doc, text, around)
        self.editors = self._editors()
        return Found(head, text, time, source, authors, self.editors or editors)

    def marked(self, selector: str) -> list[_Mark]:
        if selector not in self.known:
            self.known[selector] = list(_find_marks(self.doc, selector)) if selector else []
        return self.known[selector]

    def missed(self, found: Found) -> str | None:
        layout = self.layout
        lacks_heading = layout.title and self.heading is None
        lacks_time = layout.time and self.time is None
        lacks_text = self.box is None or found.text.box is not self.box
        return layout.name if lacks_heading or lacks_time or lacks_text else None

    def spoke(self, page: Page, found: Found) -> dict[str, Extractor]:
        """The fields that the selectors gave, besides those that tell it themselves."""
        if self.box is None or found.text.box is not self.box:
            return {}
        given = {
            "pretitle": self.layout.pretitle and page.pretitle,
            "editors": self.editors,
            "body": page.blocks,
            "images": self.layout.seen and page.pictures,
        }
        return {name: "template" for name, value in given.items() if value}

    # --- one by one ---------------------------------------------------------------------------

    @cached_property
    def heading(self) -> Heading | None:
        """What is marked as title, best what the title tag begins with."""
        if not self.layout.title:
            return None
        title = heading.without_suffix(self.doc.title)
        tag = key(title)
        found: Heading | None = None
        for mark in self.marked(self.layout.title):
            one = Heading(mark.words, "template", mark.lines[0].index, mark.lines[-1].index)
            words = key(mark.words)
            if not words:
                continue
            if words == tag:
                one.title = title  # a heading broken by <br> is not broken there
            if words.startswith(tag) or (tag.startswith(words) and len(words) * 2 >= len(tag)):
                return one
            found = found or one
        if found is not None:
            found.warning = f"title: the page shows {found.title}, its title tag {self.doc.title}"
        return found

    def _agreed(self, labelled: Heading) -> Heading:
        """The heading that is marked, with what stands over and under it."""
        head = self.heading
        if head is None or key(head.title or "") == key(labelled.title or ""):
            if head is not None:
                labelled.by = "template"
            head = labelled
        elif head.warning and labelled.by == "label":  # it stands on the page as in the title tag
            labelled.warning = head.warning
            head = labelled
        if head.subtitle and any(line.index == head.last for line in self._apart()):
            head.subtitle = None  # a picture's caption, under the heading
            head.last = self.heading.last if self.heading else head.first
        pretitles = [mark.words for mark in self.marked(self.layout.pretitle)]
        head.pretitle = pretitles[0] if pretitles else head.pretitle
        return head

    @cached_property
    def time(self) -> Published | None:
        for mark in self.marked(self.layout.time):
            if shown := dates.find(mark.words):
                return Published(shown[0], "template", mark.lines[0])
        return None

    def _source(self) -> tuple[str, Extractor] | None:
        """The marked words with the label 来源, else the first that may be a name."""
        bare: str | None = None
        for mark in self.marked(self.layout.source):
            if labelled := sources.find(mark.words):
                return labelled, "template"
            if bare is None and attribution.may_be_source(mark.words):
                bare = mark.words
        return (bare, "template") if bare else None

    def _editors(self) -> list[str]:
        found: dict[str, None] = {}
        for mark in self.marked(self.layout.editors):
            words = mark.words
            if any(
                is_end(line.text) for line in mark.lines
            ):  # left open, it holds all that follows
                own = takewhile(lambda line: not is_end(line.text), mark.lines)
                words = " ".join(line.text for line in own)
            if bylines.editors(words):
                found[words] = None
        return list(found)

    def _add_pictures(self, text: Body) -> None:
        """Put the pictures that stand apart, and the words with them, where they stand."""
        if apart := self._apart():
            lines = {line.index: line for line in (*apart, *text.lines)}
            text.lines[:] = [line for _, line in sorted(lines.items())]

    def _apart(self) -> list[Line]:
        return [line for mark in self.marked(self.layout.pictures) for line in mark.lines]


def _find_marks(doc: Document, selector: str) -> Iterator[_Mark]:
    for node in doc.boxes[0].node.css(selector)[:_MOST_MARKS]:
        if box := doc.boxes_by_node.get(node.mem_id):
            yield _Mark(doc.lines[box.first : box.last + 1], box)
            continue
        box = doc.box_around(node)
        inside = {one.mem_id for one in node.traverse()}  # its elements
        lines: list[Line] = []
        words: list[str] = []
        for line in doc.lines[box.first : box.last + 1] if box else ():
            own = [text for text, parent, _ in line.parts if parent.mem_id in inside]
            if own:
                lines.append(line)
                words += own
        if lines:
            yield _Mark(lines, None, squeeze("".join(words)))
