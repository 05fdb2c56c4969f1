"""The modern site's articles: what each says, when, in which sections and forms.

Words and forms follow from the seed alone; only dates move with the site's clock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal

from crawler.samplesite import forms
from crawler.samplesite.forms import Precision
from crawler.samplesite.pieces import (
    WWW,
    Byline,
    Kind,
    Picture,
    Piece,
    Section,
    cut,
    edit,
    illustrate,
    in_english,
    sign,
)
from crawler.samplesite.words import SECTIONS, Writer

CST = timezone(timedelta(hours=8))
ORIGIN = f"https://{WWW}"

Layout = Literal["columns", "semantic", "table", "app"]
Order = Literal["source-time", "time-source", "line", "glued"]

LAYOUTS: tuple[Layout, ...] = ("columns", "semantic", "table", "app")
ORDERS: tuple[Order, ...] = ("source-time", "time-source", "line", "glued")

SPAN = timedelta(days=40)
# Minutes before the clock of the newest articles, in pairs with RELATIVE: `3小时前` has to be true
# for a while after the site was made, so the minutes are far from a full hour.
FRESH = (25, 80, 150, 200, 290, 350)
RELATIVE = ("", "hours_ago", "today", "hours_ago", "today", "")
NEWEST_ID = 8_907_680
HOME_SECTIONS = (  # whose article each in turn is: the sections differ in size
    "character", "acftu", "character", "rights", "edu", "culture", "character", "acftu",
    "character", "acftu", "edu", "rights", "acftu", "culture", "character",
)  # fmt: skip
ENGLISH = 12  # which article is in English, counted from the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Piece):
    """An article of the modern site."""

    generation = "modern"

    layout: Layout
    source: str  # as in the listing
    url_day: date
    order: Order
    sections: tuple[str, ...]  # slugs, the home section first
    on_news_host: bool  # its home section links it under news.workercn.cn, others under www
    pinned: bool = False  # on top of its lists, however old

    @property
    def origin(self) -> str:
        return ORIGIN

    @property
    def path(self) -> str:
        return f"/c/{self.url_day:%Y-%m-%d}/{self.id}.shtml"

    @property
    def listed(self) -> tuple[Section, ...]:
        return tuple((slug, name) for slug, name in SECTIONS.items() if slug in self.sections)

    @property
    def precision(self) -> Precision:
        return "second"  # the listing's

    @property
    def label(self) -> str:
        if self.kind == "video":
            return "视频"
        return "原创" if self.source.startswith("工人日报") else "滚动"

    @property
    def thumbnail(self) -> str:
        number = 2_000_000 + int(self.id) % 1_000_000
        return f"/upload/resources/image/{self.published:%Y/%m/%d}/{number}_526x296c.jpg"

    @property
    def video(self) -> str:
        return f"/upload/resources/video/{self.published:%Y/%m/%d}/{self.id}.mp4"

    @property
    def beside_the_title(self) -> list[tuple[str, str]]:
        """(class, words) of each element: source and time, in one or two, and a byline."""
        parts = {
            "source-time": [("source", self.source_words), ("time", self.dateline)],
            "time-source": [("time", self.dateline), ("source", self.source_words)],
            "line": [("info", f"{self.source_words}　{self.dateline}")],
            "glued": [("info", f"{self.dateline}{self.source_words}")],
        }[self.order]
        if self.byline and self.byline.place == "head":
            parts.append(("author", self.byline.words))
        return parts

    def shown(self, picture: Picture) -> str:
        """A picture's address on the page: it belongs to www, also under another host."""
        return (ORIGIN if self.on_news_host else "") + picture.path


@lru_cache(maxsize=8)  # tests make the same site again; a thousand articles take half a second
def plan(seed: int, count: int, now: datetime, span: timedelta = SPAN) -> tuple[Story, ...]:
    """`count` articles of the `span` before `now`, newest first, no title twice."""
    times = _times(seed, count, now, span)
    titles: set[str] = set()
    number = NEWEST_ID
    stories = []
    for index, published in enumerate(times):
        older = times[index + 1] if index + 1 < count else published - SPAN
        rng = random.Random(f"{seed}:{index}")
        number -= rng.randint(1, 9)
        story = _story(
            rng,
            turn=seed + index,
            index=index,
            number=str(number),
            published=published,
            older=older,
            now=now,
        )
        while story.title in titles:
            story = replace(story, title=Writer(rng).title(story.sections[0]))
        titles.add(story.title)
        # as on the real site: the day in the address may be off by one
        if index == round(count * 0.3) > len(FRESH):
            story = replace(story, url_day=story.url_day + timedelta(days=1))
        if index == round(count * 0.6) > len(FRESH):
            story = replace(story, url_day=story.url_day - timedelta(days=1))
        if index == round(count * 0.75):
            story = replace(story, sections=("character",), on_news_host=False, pinned=True)
        stories.append(story)
    return tuple(stories)


def _times(seed: int, count: int, now: datetime, span: timedelta) -> list[datetime]:
    rng = random.Random(f"{seed}:times")
    gap = (span - timedelta(minutes=FRESH[-1])) / max(count - len(FRESH), 1)
    times: list[datetime] = []
    for index in range(count):
        if index < len(FRESH):
            at = now - timedelta(minutes=FRESH[index]) + timedelta(seconds=rng.randrange(60))
        else:
            at = times[-1] - gap * rng.uniform(0.2, 1.8)
        times.append(at.replace(microsecond=0))
    return times


def _story(
    rng: random.Random,
    *,
    turn: int,  # deals the forms
    index: int,  # counted from the newest
    number: str,
    published: datetime,
    older: datetime,  # when the article before it appeared
    now: datetime,
) -> Story:
    writer = Writer(rng)
    form = forms.DATES[turn % len(forms.DATES)]
    if form.whole_hour:
        hour = _whole_hour(older, published) if index >= len(FRESH) else None
        form = form if hour else forms.PLAIN
        published = hour or published
    dateline, page_time, precision = _dateline(form, index, published, now)
    sections = _sections(rng, index)
    source_words, named = forms.SOURCES[turn % len(forms.SOURCES)]
    order = ORDERS[turn // len(LAYOUTS) % len(ORDERS)]
    kind: Kind = "video" if index % 61 == 11 else "gallery" if index % 21 == 7 else "article"
    paragraphs = writer.paragraphs(_length(rng, kind, index))
    byline, paragraphs = _byline(writer, turn, kind, paragraphs, published)
    story = Story(
        id=number,
        published=published,
        page_time=page_time,
        page_precision=precision,
        modified=published + timedelta(minutes=3),
        url_day=published.date(),
        kind=kind,
        language="zh-Hans",
        layout=LAYOUTS[turn % len(LAYOUTS)],
        order="line" if order == "glued" and named is None else order,
        pretitle=writer.sentence("pretitle") if index % 7 == 1 else None,
        title=writer.title(sections[0]),
        subtitle=writer.sentence("subtitle") if index % 9 == 4 else None,
        sections=sections,
        dateline=dateline,
        source_words=source_words,
        source=named or "中工网",
        byline=byline,
        editors=edit(writer, turn),
        paragraphs=tuple(paragraphs),
        headings=frozenset(),
        pictures=_pictures(writer, kind, len(paragraphs), published),
        on_news_host=len(sections) > 1 and index % 18 == 3,
    )
    if index == ENGLISH:
        return _in_english(story)
    return _with_headings(writer, story)


def _dateline(
    form: forms.DateForm, index: int, published: datetime, now: datetime
) -> tuple[str, datetime, Precision]:
    """What a page says of its time, and what that is, to which precision."""
    relative = RELATIVE[index] if index < len(FRESH) else ""
    if relative == "hours_ago":
        hours = (now - published) // timedelta(hours=1)
        return forms.hours_ago(published, now), now - timedelta(hours=hours), "minute"
    if relative == "today" and published.date() == now.date():
        return forms.today(published), published.replace(second=0), "minute"
    return form.write(published), cut(published, form.precision), form.precision


def _whole_hour(after: datetime, until: datetime) -> datetime | None:
    """A full hour between two articles, in the afternoon if there is one."""
    hour = until.replace(minute=0, second=0)
    hours = []
    while hour > after:
        hours.append(hour)
        hour -= timedelta(hours=1)
    afternoon = [hour for hour in hours if 12 < hour.hour < 18]
    return next(iter(afternoon or hours), None)


def _sections(rng: random.Random, index: int) -> tuple[str, ...]:
    home = HOME_SECTIONS[index % len(HOME_SECTIONS)]
    more = 2 if index % 31 == 5 else 1 if index % 9 == 3 else 0
    return (home, *rng.sample([slug for slug in SECTIONS if slug != home], more))


def _length(rng: random.Random, kind: Kind, index: int) -> int:
    if kind == "article":
        return 3 + int(38 * rng.random() ** 2)  # 3 to 40, most of them short
    return index % 2 if kind == "gallery" else index % 3


def _byline(
    writer: Writer, turn: int, kind: Kind, paragraphs: list[str], published: datetime
) -> tuple[Byline | None, list[str]]:
    credit = forms.BYLINES[turn % len(forms.BYLINES)]
    if kind == "gallery":
        credit = forms.PHOTO_BYLINE
    elif not paragraphs:
        credit = None
    return sign(writer, credit, paragraphs, published)


def _pictures(
    writer: Writer, kind: Kind, paragraphs: int, published: datetime
) -> tuple[Picture, ...]:
    filed = published - timedelta(minutes=20)
    return illustrate(
        writer,
        kind,
        paragraphs,
        lambda number, place: (
            f"/upload/resources/image/{filed:%Y/%m/%d}/{number}.jpg"
            f"?r={int(filed.timestamp()) * 1000 + place}"
        ),
    )


def _with_headings(writer: Writer, story: Story) -> Story:
    """A long text gets a subheading about every eight paragraphs."""
    if len(story.paragraphs) < 16:
        return story
    paragraphs = list(story.paragraphs)
    headings = frozenset(range(8, len(paragraphs) - 2, 8))
    for place in headings:
        paragraphs[place] = writer.sentence("heading")
    return replace(story, paragraphs=tuple(paragraphs), headings=headings)


def _in_english(story: Story) -> Story:
    picture = f"/upload/resources/image/{story.published:%Y/%m/%d}/2345678.jpg"
    return replace(
        in_english(story, picture),
        dateline=forms.PLAIN.write(story.published),
        page_time=cut(story.published, "minute"),
        page_precision="minute",
        order="source-time",
    )
