"""The site of 2021: JSON lists a column, articles in GBK."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from crawler.samplesite import forms
from crawler.samplesite.document import JSON, Document
from crawler.samplesite.older import gbk
from crawler.samplesite.older.archive import Archive
from crawler.samplesite.older.gbk import GbkPiece
from crawler.samplesite.pieces import WWW

SINCE, UNTIL = date(2021, 3, 1), date(2021, 12, 31)
PAGE_SIZE = 12
# column -> its name and the topic of its titles
COLUMNS = {
    "cj/34179": ("财经", "acftu"),
    "rw/34167": ("人物", "character"),
    "wq/34164": ("维权", "rights"),
    "yl/34060": ("娱乐", "culture"),
}
ROLLING = "main/28261"  # 滚动: the articles of all columns
LIST_PATH = re.compile(r"/json/([a-z]+/\d+)_([1-9]\d{0,5})\.json", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece2021(GbkPiece):
    generation = "json2021"


class Json2021(Archive[Piece2021]):
    """The pages of `count` articles of 2021, whatever the clock says."""

    def find(self, host: str, path: str) -> Document | None:
        if host != WWW:
            return None
        if match := LIST_PATH.fullmatch(path):
            return self._list(match[1], int(match[2]))
        return self.article(host, path)

    def documents(self) -> Iterator[Document]:
        for column in (*COLUMNS, ROLLING):
            number = 1
            while document := self._list(column, number):
                yield document
                number += 1
        yield from self.articles()

    def endless(self, path: str, made_up: bool) -> Document | None:
        """The list at `path` without end: its page 1 for ever, or entries that do not exist, ever
        older. None where `path` is no list of a column.
        """
        match = LIST_PATH.fullmatch(path)
        if not match or not (first := self._list(match[1], 1)):
            return None
        if not made_up:
            return first
        oldest = self.write(self.count - 1)
        start = int(match[2]) * PAGE_SIZE
        return _json(_made_up(oldest, back) for back in range(start, start + PAGE_SIZE))

    def where(self, place: int) -> str:
        column, at = _column(place), self._filed(place)
        return f"{WWW}{_folder(column)}{at:%Y%m/%d}/{gbk.name(at)}.shtml"

    def write(self, place: int) -> Piece2021:
        rng = random.Random(f"{self.seed}:json2021:{place}")
        column = _column(place)
        name, topic = COLUMNS[column]
        at = self._filed(place)
        return gbk.write(
            Piece2021,
            rng,
            turn=self.seed + place,
            place=place,
            topic=topic,
            at=at,
            published=at.replace(microsecond=0),
            form=self._form(place),
            folder=_folder(column),
            paragraphs=3 + int(18 * rng.random() ** 2),
            layout="2021",
            host=WWW,
            sections=((f"json2021:{column}", name), (f"json2021:{ROLLING}", "滚动")),
        )

    def _form(self, place: int) -> forms.DateForm:
        if place == gbk.ENGLISH:
            return forms.PLAIN
        return forms.DATES[(self.seed + place) % len(forms.DATES)]

    def _filed(self, place: int) -> datetime:
        at = gbk.filed(f"{self.seed}:json2021", place, self.count, SINCE, UNTIL)
        if self._form(place).whole_hour:  # 下午3点 is three o'clock
            return at.replace(hour=max(at.hour, 13), minute=0, second=0)
        return at

    def _list(self, column: str, number: int) -> Document | None:
        places = range(self.count)
        if column != ROLLING:
            known = list(COLUMNS)
            places = places[known.index(column) :: len(known)] if column in known else range(0)
        entries = places[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        return _json(map(self.piece, entries)) if entries else None


def _column(place: int) -> str:
    return list(COLUMNS)[place % len(COLUMNS)]


def _folder(column: str) -> str:
    return f"/{column.partition('/')[2]}/"


def _json(pieces: Iterable[Piece2021]) -> Document:
    entries = list(pieces)
    answer = [
        {"href": piece.path[place % 2 :], "title": piece.title}  # some without the first slash
        for place, piece in enumerate(entries)
    ]
    modified = max(piece.modified for piece in entries)
    return Document(lambda: json.dumps(answer, ensure_ascii=False), JSON, modified)


def _made_up(piece: Piece2021, back: int) -> Piece2021:
    at = piece.published - timedelta(minutes=back + 1)
    return replace(piece, id=gbk.name(at), title=f"{piece.title}（{back}）")
