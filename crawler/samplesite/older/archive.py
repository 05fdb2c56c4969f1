"""Many articles in GBK, none of them kept: legacy and 2021 answer for tens of thousands."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Generic

from crawler.samplesite.document import KEPT, Document
from crawler.samplesite.older.gbk import P
from crawler.samplesite.templates import render

BOXED = 12  # articles in the boxes of a page
PAGE_NUMBER = re.compile(r"_([2-9])(?=\.shtml$)")  # 190118124637372_2.shtml


class Archive(ABC, Generic[P]):
    """A generation's articles, numbered from the newest, and their pages; made when asked for."""

    first = 0  # place of the first; the archive's own articles start at 0

    def __init__(self, seed: int, count: int) -> None:
        self.seed = seed
        self.count = count
        self.piece = lru_cache(maxsize=1000)(self.write)
        self.page = lru_cache(maxsize=KEPT)(self._make)

    @abstractmethod
    def write(self, place: int) -> P: ...

    @abstractmethod
    def where(self, place: int) -> str:
        """Host and path of the first page."""

    def pieces(self) -> Iterator[P]:
        """Newest first, each made anew."""
        yield from map(self.write, range(self.count))

    def article(self, host: str, path: str) -> Document | None:
        number = int(match[1]) if (match := PAGE_NUMBER.search(path)) else 1
        place = self._places.get(host + PAGE_NUMBER.sub("", path))
        return None if place is None else self.page(place, number)

    def articles(self) -> Iterator[Document]:
        """Every page of every article."""
        for place in range(self.count):
            for number in range(1, self.piece(place).pages + 1):
                if document := self.page(place, number):
                    yield document

    def others(self, place: int) -> list[P]:
        """Older articles, for the boxes beside the one at `place`."""
        return [self.piece(p) for p in range(place + 1, min(place + 1 + BOXED, self.count))]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {self.where(place): place for place in range(self.first, self.count)}

    def _make(self, place: int, number: int) -> Document | None:
        piece = self.piece(place)
        if number == piece.lost or number > piece.pages:
            return None

        def made() -> bytes:
            piece = self.piece(place)
            channel = piece.sections[0][1]
            return render(
                piece.layout,
                title=f"{piece.title}-{channel}-中工网",
                year=piece.published.year,
                declared=piece.declared,
                channel=channel,
                piece=piece,
                number=number,
                others=self.others(place),
            ).encode("gb18030")

        return Document(made, piece.content_type, piece.modified)
