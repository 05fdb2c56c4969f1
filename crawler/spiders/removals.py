"""Known articles that answer 404: when they count as removed, and when they are asked for again."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from scrapy.crawler import Crawler

from crawler import clock
from crawler.downloader.credentials import host_of
from crawler.items import timestamp
from crawler.journal_notes import RecheckResult
from crawler.state import KnownArticle

logger = logging.getLogger(__name__)

HELD_STAT = "workercn/removals/held"
GONE_STAT = "workercn/removals/gone"
ASKED_STAT = "workercn/removals/asked"
LISTED_STAT = "workercn/removals/listed"

_FEW = 5  # articles gone from which on their share is judged
_LONGEST_PAUSE = timedelta(days=32)
# A night begins a few minutes earlier or later than the one before.
_EARLY = timedelta(hours=4)


class _Gone(NamedTuple):
    known: KnownArticle
    checked: RecheckResult
    listed: bool


class Removals:
    """One 404 proves nothing, nor do many at once: an article is removed where the first and the
    last of its 404s lie REMOVAL_HOURS apart, no listing shows it, and no implausible share of the
    articles asked for is gone.
    """

    def __init__(self, crawler: Crawler, is_listed: Callable[[str], bool]) -> None:
        settings = crawler.settings
        self._after = timedelta(hours=settings.getfloat("REMOVAL_HOURS"))
        self._share = settings.getfloat("MAX_REMOVED_SHARE")
        self._held = timedelta(days=settings.getint("REMOVAL_HELD_NIGHTS"))
        self._stats = crawler.stats
        self._is_listed = is_listed
        self._now = clock.now()
        self._asked = self._missing = 0
        self._answered: Counter[str] = Counter()  # host -> known articles that are there
        self._waiting: list[_Gone] = []  # for the run's end, when it is known what else is gone

    def there(self, known: KnownArticle | None, url: str) -> None:
        """An article answered, with its page or that it is as it was."""
        self._asked += known is not None
        self._answered[host_of(url)] += 1

    def gone(
        self, known: KnownArticle, checked: RecheckResult, *, listed: bool
    ) -> RecheckResult | None:
        """What to note of a known article that answered 404; None where that is not decided yet."""
        if known.change == "removed":
            return replace(checked, next_check=self._pause(known))
        self._asked += 1
        self._missing += 1
        since = datetime.fromisoformat(known.missing_since or checked.checked_at)
        if datetime.fromisoformat(checked.checked_at) - since >= self._after:
            self._waiting.append(_Gone(known, checked, listed))
            return None
        return replace(checked, next_check=timestamp(since + self._after))

    def decide(self) -> Iterator[RecheckResult]:
        """The articles that waited: removed, or missing for one more night."""
        self._stats.set_value(ASKED_STAT, self._asked)
        self._stats.set_value(GONE_STAT, self._missing)
        many = self._missing >= _FEW and self._missing > self._share * self._asked
        while self._waiting:
            known, checked, listed = self._waiting.pop()
            if listed or self._is_listed(known.id):
                self._stats.inc_value(LISTED_STAT)
                yield replace(checked, next_check=self._pause(known))
            elif many and not self._is_believed(known, checked):
                self._stats.inc_value(HELD_STAT)
                again = datetime.fromisoformat(checked.checked_at) + self._after
                yield replace(checked, next_check=timestamp(again))
            else:
                yield replace(checked, outcome="removed")
        if held := self._stats.get_value(HELD_STAT, 0):
            words = "%d of %d known articles are gone; %d removals are held back"
            logger.warning(words, self._missing, self._asked, held)

    def _is_believed(self, known: KnownArticle, checked: RecheckResult) -> bool:
        """Was it held back for long enough, and is its host there?"""
        since = datetime.fromisoformat(known.missing_since or checked.checked_at)
        held = datetime.fromisoformat(checked.checked_at) - since - self._after
        return held >= self._held - _EARLY and self._answered[host_of(known.url)] > 0

    def _pause(self, known: KnownArticle) -> str:
        """Of one that a listing shows, or that is removed already: doubled each time."""
        pause = min(self._after * 2 ** min(known.missing, 10), _LONGEST_PAUSE)
        return timestamp(self._now + pause)
