"""A page must be the article that was asked for: one body under several addresses in a run.

A page is judged alone. Where its title and body have stood under another id and nothing of its own
proves it, it is another article's page; a title proves nothing where the page tells a time of
another day. Proven, it is the same story twice: an agency's in two sections, one of the paper that
is on the web too, or a column's notice, which listings announce with the same words each time.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scrapy.statscollectors import StatsCollector

from crawler import clock
from crawler.items import ListingEntry, Page
from crawler.site import own_address, urls
from crawler.text import dates, titles

MOST_STAT = "workercn/same_page/most"  # ids of one body that nothing proves

_SHORTEST = 100  # characters of a body; below, two articles may well say the same
_KEPT = 5_000  # bodies: what is served in an article's place comes again soon
ENOUGH = 3  # ids in doubt, from which on the first is asked for again


@dataclass(slots=True)
class _Stood:
    """Under which id a body has stood first."""

    entry: ListingEntry
    title: str | None  # as its listing has it
    certain: bool  # that it is this article's, by more than a title only alike, or of other days
    unproven: set[str] = field(default_factory=set)


class SamePages:
    def __init__(self, stats: StatsCollector) -> None:
        self._stats = stats
        self._bodies: OrderedDict[bytes, _Stood] = OrderedDict()
        self._waiting: dict[str, ListingEntry] = {}
        self.asked_again: set[str] = set()

    def doubt(self, page: Page, entry: ListingEntry, body: bytes, title: str | None) -> str | None:
        """Why a page is not the article of that entry, in words; None where it may be.

        `title` is what the page's is held against: the listing's, or of a further page the first's.
        """
        text = "".join(block.text for block in page.blocks)
        if len(text) < _SHORTEST:
            if not page.pictures:
                return None
            text += "\n".join(picture.url for picture in page.pictures)  # a gallery has no more
        shown = f"{page.title}\n{text}".encode("utf-8", "replace")
        digest = hashlib.blake2b(shown, digest_size=12).digest()
        certain = own_address.says(body, page.id) or (
            _agree(page.title, title) and not _is_of_another_day(page, entry)
        )
        stood = self._bodies.get(digest)
        if stood is None:
            stood = _Stood(entry, title, certain)
            if not (certain or _alike(page.title, title)):
                stood.unproven.add(page.id)
            self._bodies[digest] = stood
            if len(self._bodies) > _KEPT:
                self._bodies.popitem(last=False)
            return None
        self._bodies.move_to_end(digest)
        if stood.entry.id == entry.id:
            in_doubt = entry.id in self.asked_again and not certain
            return f"{page.url} shows what other articles show as well" if in_doubt else None
        theirs = _agree(page.title, stood.title)
        as_listed = _agree(title, stood.title) or (_alike(page.title, title) and not theirs)
        if certain or (as_listed and not _is_of_another_day(page, entry)):
            if certain and not stood.certain:
                self._ask_again(stood)  # the first was shown this one's page
            return None
        stood.unproven.add(page.id)
        self._stats.max_value(MOST_STAT, len(stood.unproven))
        if len(stood.unproven) >= ENOUGH:
            self._ask_again(stood)
        return f"{page.url} shows the text of {stood.entry.url}, and nothing says it is its own"

    def _ask_again(self, stood: _Stood) -> None:
        if stood.entry.id not in self.asked_again:
            self._waiting[stood.entry.id] = replace(stood.entry, again=False)

    def again(self) -> Iterator[ListingEntry]:
        """Articles to be asked for once more at the run's end, without validators."""
        while self._waiting:
            id_, entry = self._waiting.popitem()
            self.asked_again.add(id_)
            yield entry


def _is_of_another_day(page: Page, entry: ListingEntry) -> bool:
    """Does it tell a time that lies days from what its listing and its address say?"""
    day = urls.identify(entry.url).day
    said = page.published and dates.parse(page.published, fetched_at=clock.now(), near=day)
    if not said or day is None:
        return False
    listed = entry.published and dates.parse(entry.published, fetched_at=clock.now(), near=day)
    return all(
        abs(said.at.date() - one) > dates.SLACK
        for one in (day, listed.at.date() if listed else day)
    )


def _agree(one: str | None, other: str | None) -> bool:
    return bool(one and other) and titles.agree(one or "", other or "")


def _alike(one: str | None, other: str | None) -> bool:
    return bool(one and other) and titles.alike(one or "", other or "")
