"""The embedded site's articles: what each says, when, in which sections and forms, and what an
ideal reader takes from it (the truth).

Words and forms follow from the seed alone; only dates move with the site's clock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal

from crawler.samplesite import forms
from crawler.samplesite.forms import Credit, Person, Place, Precision
from crawler.samplesite.words import Writer, material

CST = timezone(timedelta(hours=8))
ORIGIN = "https://www.workercn.cn"
SECTIONS = {
    "character": "人物",
    "edu": "教育",
    "acftu": "工会",
    "rights": "维权",
    "culture": "文化",
}

Layout = Literal["columns", "semantic", "table", "app"]
Order = Literal["source-time", "time-source", "line", "glued"]
Kind = Literal["article", "gallery", "video"]

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


@dataclass(frozen=True, slots=True)
class Picture:
    path: str  # '/upload/resources/image/2026/10/02/2927733.jpg?r=1790926876000'
    caption: str | None
    after: int  # stands after so many paragraphs


@dataclass(frozen=True, slots=True)
class Byline:
    words: str
    people: tuple[Person, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Editors:
    words: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One article: what its page shows and what is true of it."""

    id: str
    published: datetime  # +08:00, to the second: what the listing shows
    page_time: datetime  # what the page alone says, cut to `page_precision`
    page_precision: Precision
    modified: datetime
    url_day: date
    kind: Kind
    language: str
    layout: Layout
    order: Order
    pretitle: str | None
    title: str
    subtitle: str | None
    sections: tuple[str, ...]  # slugs, the home section first
    dateline: str  # the page's words
    source_words: str
    source: str  # as in the listing
    byline: Byline | None
    editors: Editors | None
    paragraphs: tuple[str, ...]
    headings: frozenset[int]  # which paragraphs are subheadings
    pictures: tuple[Picture, ...]
    on_news_host: bool  # its home section links it under news.workercn.cn, others under www
    pinned: bool = False  # on top of its lists, however old

    @property
    def path(self) -> str:
        return f"/c/{self.url_day:%Y-%m-%d}/{self.id}.shtml"

    @property
    def label(self) -> str:
        if self.kind == "video":
            return "视频"
        return "原创" if self.source.startswith("工人日报") else "滚动"

    @property
    def thumbnail(self) -> str:
        number = 2_000_000 + int(self.id) % 1_000_000
        return f"/upload/resources/image/{self.published:%Y/%m/%d}/{number}_526x296c.jpg"

    def truth(self) -> dict[str, Any]:
        """The record of an ideal reader of page and listing; `page_published` is what the page
        alone gives. Relative words are read at the site's clock.
        """
        return {
            "id": self.id,
            "url": ORIGIN + self.path,
            "kind": self.kind,
            "pretitle": self.pretitle,
            "title": self.title,
            "subtitle": self.subtitle,
            "sections": [
                {"slug": slug, "name": name}
                for slug, name in SECTIONS.items()
                if slug in self.sections
            ],
            "source": self.source,
            "published_at": self.published.isoformat(),
            "published_precision": "second",
            "page_published": {
                "at": self.page_time.isoformat(),
                "precision": self.page_precision,
            },
            "authors": _records(self.byline.people if self.byline else ()),
            "editors": _records(self.editors.people if self.editors else ()),
            "body": "\n\n".join(self.paragraphs),
            "images": [{"url": ORIGIN + p.path, "caption": p.caption} for p in self.pictures],
            "language": self.language,
            "layout": self.layout,
        }


def _records(people: tuple[Person, ...]) -> list[dict[str, str]]:
    return [{"name": name, "role": role} for name, role in people]


def plan(seed: int, count: int, now: datetime) -> list[Story]:
    """`count` articles of the 40 days before `now`, newest first, no title twice."""
    times = _times(seed, count, now)
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
    return stories


def _times(seed: int, count: int, now: datetime) -> list[datetime]:
    rng = random.Random(f"{seed}:times")
    gap = (SPAN - timedelta(minutes=FRESH[-1])) / max(count - len(FRESH), 1)
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
    relative = RELATIVE[index] if index < len(FRESH) else ""
    if relative == "hours_ago":
        dateline = forms.hours_ago(published, now)
        page_time: datetime = now - timedelta(hours=(now - published) // timedelta(hours=1))
        precision: Precision = "minute"
    elif relative == "today" and published.date() == now.date():
        dateline = forms.today(published)
        page_time, precision = published.replace(second=0), "minute"
    else:
        dateline = form.write(published)
        page_time, precision = _cut(published, form.precision), form.precision

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
        editors=_editors(writer, turn),
        paragraphs=tuple(paragraphs),
        headings=frozenset(),
        pictures=_pictures(writer, kind, len(paragraphs), published),
        on_news_host=len(sections) > 1 and index % 18 == 3,
    )
    if index == ENGLISH:
        return _in_english(story)
    return _with_headings(writer, story)


def _whole_hour(after: datetime, until: datetime) -> datetime | None:
    """A full hour between two articles, in the afternoon if there is one."""
    hour = until.replace(minute=0, second=0)
    hours = []
    while hour > after:
        hours.append(hour)
        hour -= timedelta(hours=1)
    afternoon = [hour for hour in hours if 12 < hour.hour < 18]
    return next(iter(afternoon or hours), None)


def _cut(at: datetime, precision: Precision) -> datetime:
    if precision == "second":
        return at
    return at.replace(second=0) if precision == "minute" else at.replace(hour=0, minute=0, second=0)


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
    credit: Credit | None = forms.BYLINES[turn % len(forms.BYLINES)]
    if kind == "gallery":
        credit = forms.PHOTO_BYLINE
    elif not paragraphs:
        credit = None
    if credit is None:
        return None, paragraphs
    words, people = credit.fill(writer)
    if credit.place == "inline":
        opening = f"中工网北京{published.month}月{published.day}日电{words}"
        paragraphs = [opening + paragraphs[0], *paragraphs[1:]]
    return Byline(words, people, credit.place), paragraphs


def _editors(writer: Writer, turn: int) -> Editors | None:
    credit = forms.EDITORS[turn % len(forms.EDITORS)]
    return Editors(*credit.fill(writer)) if credit else None


def _pictures(
    writer: Writer, kind: Kind, paragraphs: int, published: datetime
) -> tuple[Picture, ...]:
    rng = writer.rng
    if kind == "video":
        return ()
    if kind == "gallery":
        places = [paragraphs] * rng.randint(4, 9)
    else:
        places = sorted(
            rng.sample(range(1, paragraphs + 1), min(rng.choice((0, 1, 1, 2, 3)), paragraphs // 3))
        )
    first = rng.randint(2_100_000, 2_900_000)
    filed = published - timedelta(minutes=20)
    made = []
    captions = writer.captions(len(places))
    for offset, after in enumerate(places):
        captioned = kind == "gallery" or rng.random() < 0.9
        made.append(
            Picture(
                f"/upload/resources/image/{filed:%Y/%m/%d}/{first + offset}.jpg"
                f"?r={int(filed.timestamp()) * 1000 + offset}",
                captions[offset] if captioned else None,
                after,
            )
        )
    return tuple(made)


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
    words = material()["english"]
    picture = Picture(
        f"/upload/resources/image/{story.published:%Y/%m/%d}/2345678.jpg", words["caption"], 2
    )
    return replace(
        story,
        kind="article",
        language="en",
        pretitle=None,
        title=words["title"],
        subtitle=None,
        dateline=forms.PLAIN.write(story.published),
        page_time=_cut(story.published, "minute"),
        page_precision="minute",
        order="source-time",
        source_words=f"Source: {words['source']}",
        source=words["source"],
        byline=Byline(
            f"({', '.join(words['byline'])})",
            tuple((name, "author") for name in words["byline"]),
            "tail",
        ),
        editors=Editors(f"Editor in charge: {words['editor']}", ((words["editor"], "editor"),)),
        paragraphs=tuple(words["paragraphs"]),
        headings=frozenset(),
        pictures=(picture,),
    )
