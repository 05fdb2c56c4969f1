"""The legacy site (to 2021): a host for each channel, section pages and articles in GBK."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from crawler.samplesite import forms
from crawler.samplesite.document import HTML, Document
from crawler.samplesite.older import gbk, lists, mirror
from crawler.samplesite.older.archive import Archive
from crawler.samplesite.older.gbk import GbkPiece
from crawler.samplesite.templates import render

SINCE, UNTIL = date(2015, 1, 5), date(2021, 2, 26)
SECTION_PAGE = re.compile(r"/(\d+)/\1(?:_(\d{1,5}))?\.shtml", re.ASCII)
MIRRORED = re.compile(r"/big5/([a-z0-9.]+)(/.*)")
SLASHES = re.compile(r"/{2,}")
TO_THE_SECOND = forms.DATES[0]
LOST = 14  # the article without its second page, counted from the newest
BLOG = -1  # the place of what is no news
BLOG_TITLE = "博客通讯：职工博主这样说（第37期）"


@dataclass(frozen=True, slots=True)
class Channel:
    slug: str  # 'news/32841': of the host, and the folder's number
    name: str
    layout: str
    listing: lists.Form
    topic: str  # of its titles

    @property
    def host(self) -> str:
        return f"{self.slug.partition('/')[0]}.workercn.cn"

    @property
    def folder(self) -> str:
        return f"/{self.slug.partition('/')[2]}/"


CHANNELS = (
    Channel("news/32841", "时政", "a", "leftList", "acftu"),
    Channel("acftu/33022", "工会", "a", "headings", "acftu"),
    Channel("hb/33430", "湖北", "c", "headings", "character"),
    Channel("auto/33208", "汽车", "b", "imgtxt1", "culture"),
    Channel("edu/33011", "教育", "a", "leftList", "edu"),
    Channel("finance/33003", "财经", "a", "imgtxt1", "rights"),
    Channel("right/33045", "维权", "a", "headings", "rights"),
    Channel("xz/33512", "西藏", "c", "leftList", "character"),
)
# Whose article each in turn is: the sections differ in size.
DEAL = (0, 1, 0, 2, 3, 0, 4, 1, 0, 2, 5, 3, 0, 6, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyPiece(GbkPiece):
    generation = "legacy"


class Legacy(Archive[LegacyPiece]):
    """The pages of `count` articles, the newest of February 2021, whatever the clock says."""

    first = BLOG

    def __init__(self, seed: int, count: int) -> None:
        super().__init__(seed, count)
        self._hosts = {channel.host: channel for channel in CHANNELS} if count else {}

    def find(self, host: str, path: str) -> Document | None:
        if host == mirror.HOST:
            return self._mirrored(path)
        channel = self._hosts.get(host)
        if channel is None:
            return None
        path = SLASHES.sub("/", path)
        if path == "/":
            return self._list(channel, 1, folder=channel.folder.strip("/") + "/")
        if (match := SECTION_PAGE.fullmatch(path)) and f"/{match[1]}/" == channel.folder:
            return self._list(channel, int(match[2] or 1))
        return self.article(host, path)

    def documents(self) -> Iterator[Document]:
        for channel in self._hosts.values():
            for number in range(1, lists.pages(self._listed[channel.slug]) + 1):
                if document := self._list(channel, number):
                    yield document
        yield from self.articles()

    def where(self, place: int) -> str:
        channel, at = _channel(place), self._filed(place)
        return f"{channel.host}{channel.folder}{at:%Y%m/%d}/{gbk.name(at)}.shtml"

    def write(self, place: int) -> LegacyPiece:
        rng = random.Random(f"{self.seed}:legacy:{place}")
        turn = self.seed + place
        at = self._filed(place)
        channel = _channel(place)
        pages = 3 if place == LOST else 2 + place // 12 % 3 if place % 6 == 2 else 1
        paragraphs = 3 + int(18 * rng.random() ** 2) + 4 * (pages - 1)
        piece = gbk.write(
            LegacyPiece,
            rng,
            turn=turn,
            place=place,
            topic=channel.topic,
            at=at,
            # most show when they were filed, some when they went out
            published=at.replace(microsecond=0) + timedelta(seconds=37 if place % 4 == 1 else 0),
            form=TO_THE_SECOND,
            folder=channel.folder,
            paragraphs=paragraphs,
            bare=channel.layout == "c" and bool(turn % 2),
            layout="d" if at.year == SINCE.year and channel.layout == "a" else channel.layout,
            host=channel.host,
            sections=((f"legacy:{channel.slug}", channel.name),),
            breaks=tuple(paragraphs * page // pages for page in range(1, pages)),
            counted=place % 12 == 2,
            lost=2 if place == LOST else 0,
            advert=place % 3 == 1,
        )
        return replace(piece, title=BLOG_TITLE) if place == BLOG else piece

    def _filed(self, place: int) -> datetime:
        if place == BLOG:
            return self._filed(0) + timedelta(hours=1)
        return gbk.filed(f"{self.seed}:legacy", place, self.count, SINCE, UNTIL)

    @cached_property
    def _listed(self) -> dict[str, list[int]]:
        """A section's articles, newest first."""
        places: dict[str, list[int]] = {channel.slug: [] for channel in CHANNELS}
        for place in range(self.first, self.count):
            places[_channel(place).slug].append(place)
        return places

    def _list(self, channel: Channel, number: int, folder: str = "") -> Document | None:
        """A page of a section's list; `folder` is where it stands, seen from the page's address."""
        places = self._listed[channel.slug]
        if not 1 <= number <= lists.pages(places):
            return None
        start = (number - 1) * lists.PAGE_SIZE
        entries = [self.piece(place) for place in places[start : start + lists.PAGE_SIZE]]
        name = channel.folder.strip("/")
        following = f"{folder}{name}_{number + 1}.shtml" if number < lists.pages(places) else ""

        def made() -> bytes:
            shown = [
                (piece, href)
                for place, piece in enumerate(entries)
                for href in lists.hrefs(piece, place, folder)
            ]
            return render(
                "older_list",
                title=f"{channel.name}-中工网",
                year=entries[0].published.year if entries else 2021,
                declared=True,
                channel=channel,
                entries=shown,
                others=self.others(max(places[:1], default=0)),
                following=following,
            ).encode("gb18030")

        modified = max((piece.modified for piece in entries), default=None)
        return Document(made, HTML, modified)

    def _mirrored(self, path: str) -> Document | None:
        match = MIRRORED.fullmatch(path)
        original = self.find(match[1], match[2]) if match and match[1] != mirror.HOST else None
        return mirror.mirrored(original) if original else None


def _channel(place: int) -> Channel:
    return CHANNELS[DEAL[max(place, 0) % len(DEAL)]]
