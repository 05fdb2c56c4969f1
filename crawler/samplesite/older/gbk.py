"""Articles of the two generations in GBK, legacy and 2021: made from (seed, number) when asked for,
never all at once.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from crawler.samplesite import forms
from crawler.samplesite.articles import CST
from crawler.samplesite.document import HTML
from crawler.samplesite.forms import DateForm
from crawler.samplesite.pieces import (
    Picture,
    Piece,
    Section,
    cut,
    edit,
    illustrate,
    in_english,
    sign,
)
from crawler.samplesite.words import Writer

# What servers said of GBK bytes. Each of these is wrong or says less than there is.
HEADERS = (HTML, "text/html", "text/html; charset=gb2312")
# Names that GBK has no characters for, GB18030 has.
RARE = "职工名册上“王𫖯”“李㛃”这样的名字，电脑常常打不出来。"
OPENS, OFFICE = time(8, tzinfo=CST), timedelta(hours=10)
ENGLISH = 12  # which article is in English, counted from the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class GbkPiece(Piece):
    """An article of one or several pages in GBK, over http."""

    host: str
    folder: str  # '/32841/201901/18/'
    sections: tuple[Section, ...]  # whose name the page shows first
    content_type: str
    declared: bool  # the page's own meta says gb2312
    breaks: tuple[int, ...] = ()  # a new page begins after so many paragraphs
    counted: bool = False  # the pager says how many pages there are
    lost: int = 0  # the page that is missing
    advert: bool = False  # a picture that is no part of the article ends the text

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def path(self) -> str:
        return self.page_path(1)

    @property
    def listed(self) -> tuple[Section, ...]:
        return self.sections

    @property
    def pages(self) -> int:
        return len(self.breaks) + 1

    def page_path(self, number: int) -> str:
        return f"{self.folder}{self.id}{f'_{number}' if number > 1 else ''}.shtml"

    def page_flow(self, number: int, head_byline: bool) -> Iterator[tuple[str, Any]]:
        """`flow` of the page of that number, from 1."""
        ends = (0, *self.breaks, len(self.paragraphs))
        return self.flow(ends[number - 1], ends[number], head_byline=head_byline)

    def shown(self, picture: Picture) -> str:
        """A picture's address on the page, which is written in three ways."""
        # relative to the article's folder: '../../..'
        return (self.origin, "", "../../..")[picture.after % 3] + picture.path

    def truth(self) -> dict[str, Any]:
        """`reject`: there is no record of it, as a page of it is missing."""
        # no super(): with slots the class that it would look for is another
        truth = Piece.truth(self) | {"pages": self.pages}
        return truth | {"reject": True} if self.lost else truth


def filed(seed: str, place: int, count: int, since: date, until: date) -> datetime:
    """When the article at `place`, counted from the newest, of `count` was filed: in the working
    hours of the days from `since` to `until`, to the millisecond.
    """
    jitter = random.Random(f"{seed}:{place}:filed").random() * 0.9
    days, part = divmod((count - place - jitter) / count * (until - since).days, 1)
    opened = datetime.combine(since + timedelta(days=days), OPENS)
    at = opened + part * OFFICE
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def name(at: datetime) -> str:
    """An article's id, e.g. 190118124637372."""
    return f"{at:%y%m%d%H%M%S}{at.microsecond // 1000:03d}"


P = TypeVar("P", bound=GbkPiece)


def write(
    kind: type[P],
    rng: random.Random,
    *,
    turn: int,  # deals the forms
    place: int,  # counted from the newest
    topic: str,
    at: datetime,  # when it was filed
    published: datetime,
    form: DateForm,
    folder: str,
    paragraphs: int,
    bare: bool = False,  # the source stands without its label
    **own: Any,
) -> P:
    writer = Writer(rng)
    texts = writer.paragraphs(paragraphs)
    if place % 5 == 1:
        texts[1] += RARE
    byline, texts = sign(writer, forms.BYLINES[turn % len(forms.BYLINES)], texts, published)
    source_words, source = forms.SOURCES[turn % len(forms.SOURCES)]
    files = f"/files/image/{published:%Y/%m/%d}/"
    piece = kind(
        id=name(at),
        published=cut(published, form.precision),
        page_time=cut(published, form.precision),
        page_precision=form.precision,
        modified=published + timedelta(minutes=3),
        kind="article",
        language="zh-Hans",
        pretitle=None,
        title=writer.title(topic),
        subtitle=None,
        dateline=form.write(published),
        source_words=source if source and bare else source_words,
        source=source,
        byline=byline,
        editors=edit(writer, turn),
        paragraphs=tuple(texts),
        headings=frozenset(),
        pictures=illustrate(writer, "article", len(texts), lambda n, _: f"{files}{n}.jpg"),
        folder=f"{folder}{at:%Y%m/%d}/",
        content_type=HEADERS[place // 2 % len(HEADERS)],
        declared=place % 4 != 3,
        **own,
    )
    return in_english(piece, f"{files}2345678.jpg") if place == ENGLISH else piece
