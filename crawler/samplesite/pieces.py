"""An article of whatever generation of the embedded site: what it says, what an ideal reader takes
from it (the truth), and the parts that all generations write alike.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

from crawler.samplesite import forms
from crawler.samplesite.forms import Credit, Person, Place, Precision
from crawler.samplesite.words import Writer, material

WWW = "www.workercn.cn"

Generation = Literal["modern", "json2021", "legacy", "paper"]
GENERATIONS: tuple[Generation, ...] = ("modern", "json2021", "legacy", "paper")
Kind = Literal["article", "gallery", "video"]
Section = tuple[str, str]  # (slug as in the argument `sections`, the site's name for it)


@dataclass(frozen=True, slots=True)
class Picture:
    path: str  # '/upload/resources/image/2026/10/02/2927733.jpg?r=1790926876000'
    caption: str | None
    after: int  # stands after so many paragraphs

    @property
    def words(self) -> str:
        return self.caption or ""


@dataclass(frozen=True, slots=True)
class Byline:
    words: str
    people: tuple[Person, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Editors:
    words: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece(ABC):
    """One article: what its page shows and what is true of it."""

    generation: ClassVar[Generation]

    id: str
    published: datetime  # +08:00, to the second: what the listing shows, if it shows a time
    page_time: datetime  # what the page alone says, cut to `page_precision`
    page_precision: Precision
    modified: datetime
    kind: Kind
    language: str
    layout: str  # which markup
    pretitle: str | None
    title: str
    subtitle: str | None
    dateline: str  # the page's words
    source_words: str
    source: str | None
    byline: Byline | None
    editors: Editors | None
    paragraphs: tuple[str, ...]
    headings: frozenset[int]  # which paragraphs are subheadings
    pictures: tuple[Picture, ...]

    @property
    @abstractmethod
    def origin(self) -> str:
        """Scheme and host."""

    @property
    @abstractmethod
    def path(self) -> str: ...

    @property
    @abstractmethod
    def listed(self) -> tuple[Section, ...]:
        """The sections that list it."""

    @property
    def precision(self) -> Precision:
        """Of `published`, for a reader of page and listing."""
        return self.page_precision

    @property
    def url(self) -> str:
        return self.origin + self.path

    def flow(
        self, start: int = 0, end: int | None = None, *, head_byline: bool = False
    ) -> Iterator[tuple[str, Any]]:
        """What the text is made of, from one paragraph to another: ("paragraph" or "heading", its
        words) and ("picture", the Picture), with the byline where it stands in or after the text.
        """
        last = len(self.paragraphs)
        end = last if end is None else end
        byline = {self.byline.place: self.byline.words} if self.byline else {}
        if not start:
            if head_byline and "head" in byline:
                yield "paragraph", byline["head"]
            yield from (("picture", one) for one in self.pictures if not one.after)
        for place in range(start, end):
            tail = byline.get("tail", "") if place + 1 == last else ""
            kind = "heading" if place in self.headings else "paragraph"
            yield kind, self.paragraphs[place] + tail
            yield from (("picture", one) for one in self.pictures if one.after == place + 1)
        if end == last and "own" in byline:
            yield "paragraph", byline["own"]

    def truth(self) -> dict[str, Any]:
        """The record of an ideal reader of page and listing; `page_published` is what the page
        alone gives. Relative words are read at the site's clock.
        """
        return {
            "generation": self.generation,
            "id": self.id,
            "url": self.url,
            "kind": self.kind,
            "pretitle": self.pretitle,
            "title": self.title,
            "subtitle": self.subtitle,
            "sections": [{"slug": slug, "name": name} for slug, name in self.listed],
            "source": self.source,
            "published_at": self.published.isoformat(),
            "published_precision": self.precision,
            "page_published": {
                "at": self.page_time.isoformat(),
                "precision": self.page_precision,
            },
            "authors": _records(self.byline.people if self.byline else ()),
            "editors": _records(self.editors.people if self.editors else ()),
            "body": "\n\n".join(self.paragraphs),
            "images": [{"url": self.origin + p.path, "caption": p.caption} for p in self.pictures],
            "language": self.language,
            "layout": self.layout,
        }


def _records(people: tuple[Person, ...]) -> list[dict[str, str]]:
    return [{"name": name, "role": role} for name, role in people]


# --- parts that all generations write alike ---------------------------------------------------


def cut(at: datetime, precision: Precision) -> datetime:
    if precision == "second":
        return at
    return at.replace(second=0) if precision == "minute" else at.replace(hour=0, minute=0, second=0)


def sign(
    writer: Writer, credit: Credit | None, paragraphs: list[str], published: datetime
) -> tuple[Byline | None, list[str]]:
    """The byline, and the paragraphs: the first holds it where it stands there."""
    if credit is None:
        return None, paragraphs
    words, people = credit.fill(writer)
    if credit.place == "inline":
        opening = f"中工网北京{published.month}月{published.day}日电{words}"
        paragraphs = [opening + paragraphs[0], *paragraphs[1:]]
    return Byline(words, people, credit.place), paragraphs


def edit(writer: Writer, turn: int) -> Editors | None:
    credit = forms.EDITORS[turn % len(forms.EDITORS)]
    return Editors(*credit.fill(writer)) if credit else None


def illustrate(
    writer: Writer, kind: Kind, paragraphs: int, address: Callable[[int, int], str]
) -> tuple[Picture, ...]:
    """Pictures between the paragraphs, all at the end of a gallery; `address` makes a path from
    a file's number and the picture's place.
    """
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
    made = []
    captions = writer.captions(len(places))
    for offset, after in enumerate(places):
        captioned = kind == "gallery" or rng.random() < 0.9
        caption = captions[offset] if captioned else None
        made.append(Picture(address(first + offset, offset), caption, after))
    return tuple(made)


_P = TypeVar("_P", bound=Piece)


def in_english(piece: _P, picture: str) -> _P:
    """The article in English, with one picture at the path `picture`."""
    words = material()["english"]
    return replace(
        piece,
        kind="article",
        language="en",
        pretitle=None,
        title=words["title"],
        subtitle=None,
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
        pictures=(Picture(picture, words["caption"], 2),),
    )
