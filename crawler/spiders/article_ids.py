"""Which id an article has: the number that ends its address, unless another article has that.

Numbers are the site's own, and one may end the addresses of two articles: of other hosts, folders
or generations. They are one where title and time agree. An id that was published belongs to its
address for ever, and to another where the article was found since. The later article has its host,
or host and folder, before the number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crawler import clock
from crawler.items import ListingEntry
from crawler.site import urls
from crawler.spiders.frontier import Frontier
from crawler.state import Failure, KnownArticle
from crawler.state.queries import StateReader
from crawler.text import dates, titles


class _Holder(NamedTuple):
    """The article that has an id."""

    places: set[str]
    title: str | None
    published: str | None  # in words


class ArticleIds:
    """Asked for a listing page at a time, before anything else is asked by id."""

    def __init__(self, state: StateReader, frontier: Frontier) -> None:
        self._state, self._frontier = state, frontier

    def assign(self, entries: Iterable[ListingEntry]) -> None:
        entries = list(entries)
        holders = self._holders({entry.id for entry in entries})
        for entry in entries:
            if urls.is_article(entry.url):
                entry.id = self._id_of(entry, holders)
                holders.setdefault(entry.id, _held_by(entry))

    def _id_of(self, entry: ListingEntry, holders: dict[str, _Holder]) -> str:
        mine = _held_by(entry)
        candidates = list(urls.ids(entry.url))
        for number, candidate in enumerate(candidates):
            if number == 1:
                holders |= self._holders(set(candidates[1:])) | holders
            holder = holders.get(candidate)
            if holder is None or mine.places <= holder.places:
                return candidate
            if number == 0 and _are_one(holder, mine):
                return candidate
        return candidates[-1]

    def _holders(self, ids: set[str]) -> dict[str, _Holder]:
        held: dict[str, _Holder] = {
            id_: _Holder({urls.place(url)}, title, published)
            for id_, url, title, published in self._frontier.named(ids)
        }
        failures, known = self._state.failures(ids), self._state.known(ids)
        held |= {id_: _of_failure(failure) for id_, failure in failures.items()}
        return held | {id_: _of_known(one) for id_, one in known.items()}


def _held_by(entry: ListingEntry) -> _Holder:
    return _Holder({urls.place(entry.url)}, entry.title, entry.published)


def _of_failure(failure: Failure) -> _Holder:
    said = failure.entry
    return _Holder({urls.place(failure.url)}, said.get("title"), said.get("published"))


def _of_known(known: KnownArticle) -> _Holder:
    published = known.published[:19].replace("T", " ").removesuffix(" 00:00:00")
    return _Holder({urls.place(known.url), urls.place(known.asked_at)}, known.title, published)


def _are_one(one: _Holder, other: _Holder) -> bool:
    """By title, and by time as exactly as both tell it."""
    if not (one.title and other.title and titles.agree(one.title, other.title)):
        return False
    now = clock.now()
    moments = [
        dates.parse(words, fetched_at=now) for words in (one.published, other.published) if words
    ]
    if len(moments) < 2 or None in moments:
        return True  # of one nobody says when it was published
    shown = [moment for moment in moments if moment is not None]
    if any(moment.precision == "day" for moment in shown):
        return shown[0].at.date() == shown[1].at.date()
    return shown[0].at.replace(second=0) == shown[1].at.replace(second=0)
