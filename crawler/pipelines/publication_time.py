"""published_at: the page's words against the listing's and the day in the address."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from crawler.items import Page
from crawler.pipelines.stage import LISTING_DIFFERS, Stage
from crawler.text import dates
from crawler.text.clocks import CST
from crawler.text.dates import Moment

# What the words can be off by where both speak of one time: 3小时前 was said within that hour.
_TOLERANCE = (
    (re.compile(r"[时時头頭]\s?[以之]?前|(?:hour|hr)s? ago"), timedelta(hours=1)),
    (re.compile(r"[分秒][钟鐘]?\s?[以之]?前|(?:min|sec)\w* ago"), timedelta(minutes=2)),
    (re.compile(r"[刚剛][刚剛才]|just now"), timedelta(minutes=5)),
)


class Dates(Stage):
    def fill(self, page: Page) -> None:
        words = page.entry.published if page.entry else None
        bound = None if self._is_witnessed(page, page.published, words) else page.day
        shown = self._read(page, page.published, "the page", bound)
        listed = self._read(page, words, "the listing", bound)
        moment, reader = shown, page.extracted_by.get("published_at", "label")
        if shown and listed:
            if not _agree(shown, listed, f"{page.published} {words}"):
                self.warn(
                    page,
                    "published_at",
                    f"the page says {dates.shown(shown)}, the listing {dates.shown(listed)}",
                    LISTING_DIFFERS,
                )
                if dates.is_relative(page.published or ""):
                    moment, reader = listed, "listing"  # counted from when the page was made
            elif _tolerance(page.published or ""):
                moment, reader = listed, "listing"  # 3小时前 is less than a time
            elif _finer(listed, shown):
                moment = listed  # the listing's seconds complete the page's minutes
        elif listed:
            moment, reader = listed, "listing"
            if page.published is None:
                self.warn(page, "published_at", "the page names no time, the listing's is taken")
        elif not shown and (start := self._filed(page)):
            moment, reader = start, "url"
            self.warn(
                page,
                "published_at",
                "neither page nor listing names a time, the address's day is taken",
            )
        page.extracted_by.pop("published_at", None)
        if moment is None:
            return
        page.record["published_at"] = moment.at.isoformat(timespec="seconds")
        page.record["published_precision"] = moment.precision
        page.extracted_by["published_at"] = reader

    def _filed(self, page: Page) -> Moment | None:
        """The day in the address, unless it is yet to come."""
        if page.day is None or page.fetched_at is None:
            return None
        midnight = datetime(page.day.year, page.day.month, page.day.day, tzinfo=CST)
        moment = Moment(midnight, "day")
        return None if dates.within(moment, fetched_at=page.fetched_at, near=None) else moment

    def _is_witnessed(self, page: Page, shown: str | None, listed: str | None) -> bool:
        """Do page and listing agree on a time that the day in the address contradicts? An article
        may be filed weeks before it is published.
        """
        if page.day is None or page.fetched_at is None or not shown or not listed:
            return False
        moments: list[Moment] = []
        for words in (shown, listed):
            moment = dates.parse(words, fetched_at=page.fetched_at, near=page.day)
            if moment is None or dates.within(moment, fetched_at=page.fetched_at, near=None):
                return False
            if not dates.within(moment, fetched_at=page.fetched_at, near=page.day):
                return False
            moments.append(moment)
        if not _agree(moments[0], moments[1], f"{shown} {listed}"):
            return False
        said = f"page and listing say {dates.shown(moments[0])}, the address {page.day}"
        self.warn(page, "published_at", said)
        return True

    def _doubt_the_clock(self, page: Page) -> None:
        """A time that is yet to come may be right, and this machine's clock wrong: the page is
        asked for again whole, since what a 304 says would be unchanged is this reading of it.
        """
        page.facts.etag = page.facts.modified = None
        if self._stats is not None:
            self._stats.inc_value("workercn/times_to_come")

    def _read(self, page: Page, words: str | None, who: str, bound: date | None) -> Moment | None:
        """What these words say, None where that cannot be. `bound`: a day to be near."""
        if not words or page.fetched_at is None:
            return None
        fetched_at: datetime | None = page.fetched_at
        near = page.day or page.year_of
        known = page.fetched_precision
        if known is None or (known == "day" and _tolerance(words)):
            fetched_at = None
        moment = dates.parse(words, fetched_at=fetched_at, near=near)
        if moment is None:
            why = "which is no time"
            if fetched_at is None and dates.parse(words, fetched_at=page.fetched_at, near=near):
                why = "refused: when the page was saved is not known (--fetched-at)"
            self.warn(page, "published_at", f"{who} says {words!r}, {why}")
            return None
        if moment.unread:
            what = f"{who} says {words!r}, of which {moment.unread} is not read as a time"
            self.warn(page, "published_at", what)
        if doubt := dates.within(moment, fetched_at=page.fetched_at, near=bound):
            self.warn(page, "published_at", f"{who} says {words!r}, refused: {doubt}")
            if moment.at > page.fetched_at + dates.CLOCKS_DIFFER:
                self._doubt_the_clock(page)
            return None
        return moment


def _agree(shown: Moment, listed: Moment, words: str) -> bool:
    if "day" in (shown.precision, listed.precision):
        return shown.at.date() == listed.at.date()
    if tolerance := _tolerance(words):
        return abs(shown.at - listed.at) <= tolerance
    if "minute" in (shown.precision, listed.precision):
        return shown.at.replace(second=0) == listed.at.replace(second=0)
    return shown.at == listed.at


def _tolerance(words: str) -> timedelta | None:
    return next((width for form, width in _TOLERANCE if form.search(words)), None)


def _finer(one: Moment, other: Moment) -> bool:
    order = ("day", "minute", "second")
    return order.index(one.precision) > order.index(other.precision)
