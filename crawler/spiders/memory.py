"""What earlier runs know of what a listing names, and what they owe."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from scrapy.crawler import Crawler

from crawler import clock
from crawler.clock import CST
from crawler.feeds.run import stamp
from crawler.items import LISTED, Entry, timestamp
from crawler.spiders.arguments import Arguments
from crawler.state import Failure, Known, Mark
from crawler.state.session import Session


class Verdict(NamedTuple):
    """What to do with an entry; `wanted` None: what the window says."""

    wanted: bool | None
    known: bool
    covered: bool  # its section had it when an earlier run finished that section, or before


_UNKNOWN = Verdict(None, known=False, covered=False)


class Memory:
    """Asked for a listing page at a time; in a trial, which has no state, nothing is known."""

    def __init__(self, crawler: Crawler, arguments: Arguments) -> None:
        self._session = crawler.get_extension(Session)
        self._arguments = arguments
        self._now = clock.now()
        self._explicit = arguments.recheck_days is not None
        days = arguments.recheck_days
        if days is None:
            days = crawler.settings.getint("RECHECK_DAYS")
        self._published_since = self._now.astimezone(CST) - timedelta(days=days)

    # --- entries of a listing -----------------------------------------------------------------

    def judge(self, entries: Sequence[Entry], slug: str | None) -> list[Verdict]:
        """A verdict for each entry. A known one gets the time of publication that is known of it:
        that is finer than an hour ago, and the same every night.
        """
        if self._session is None or not entries:
            return [_UNKNOWN] * len(entries)
        ids = [entry.id for entry in entries]
        known = self._session.ask(lambda state: state.known(ids))
        failures = self._session.ask(lambda state: state.failures(ids))
        seen = self._session.ask(lambda state: state.sightings([*known, *failures]))
        mark = self.mark(slug) if slug else None
        verdicts = []
        for entry in entries:
            sighting = seen.get(entry.id, {}).get(slug or "")
            covered = mark is not None and sighting is not None and sighting.run_id <= mark.run_id
            wanted = self._is_wanted(known.get(entry.id), failures.get(entry.id))
            if one := known.get(entry.id):
                entry.again, entry.published = True, as_listed(one)["published"]
            elif entry.id in failures:
                entry.again = True
            verdicts.append(Verdict(wanted, entry.id in known, covered))
        return verdicts

    def _is_wanted(self, known: Known | None, failure: Failure | None) -> bool | None:
        if self._arguments.full or (known is None and failure is None):
            return None
        if failure and not self._arguments.urls:
            return failure.next_try is not None and failure.next_try <= timestamp(self._now)
        if known is None or known.change == "removed":
            return None  # it is listed again
        return self._is_due(known)

    def _is_due(self, known: Known) -> bool:
        recent = known.published >= self._published_since.isoformat(timespec="seconds")
        if self._explicit:
            return recent or bool(known.missing)
        if self._is_later_than_asked(known.published):
            return False
        return known.next_check <= timestamp(self._now) and (recent or bool(known.missing))

    def _is_later_than_asked(self, published: str) -> bool:
        until = self._arguments.until
        return until is not None and published[:10] > until.isoformat()

    # --- what is owed -------------------------------------------------------------------------

    def owed(self, slugs: Collection[str] | None) -> Iterator[Entry]:
        """Known articles to be asked for again and failed ones to be tried again, of the sections
        given or of all, whether a listing names them or not.
        """
        if self._session is None or self._arguments.full:
            return
        since, now = self._published_since, self._now
        due = self._session.ask(
            lambda state: list(state.due(now, since, slugs, all_of_window=self._explicit))
        )
        failures = self._session.ask(lambda state: state.failures(known.id for known in due))
        for known in due:
            if known.id in failures:
                continue  # its turn comes with the failures
            if self._explicit or not self._is_later_than_asked(known.published):
                yield Entry(known.url, known.id, **as_listed(known), again=True)
        for failure in self._session.ask(lambda state: list(state.due_failures(now, slugs))):
            yield failure.owed()

    def knows_of(self, day: date) -> bool:
        """Whether anything published on a day is known."""
        ask = self._session.ask if self._session else None
        return ask is not None and ask(lambda state: state.published_on(day)) > 0

    def has_listed(self, slug: str) -> bool:
        """Whether any run has seen an article in a section."""
        return self._session is not None and self._session.ask(lambda state: state.has_seen(slug))

    def known(self, id_: str) -> Known | None:
        return self._session.ask(lambda state: state.find(id_)) if self._session else None

    # --- marks --------------------------------------------------------------------------------

    def mark(self, slug: str) -> Mark | None:
        """How far down an earlier run has finished a section; with `full=1` nothing counts."""
        if self._session is None or self._arguments.full:
            return None
        mark = self._session.ask(lambda state: state.mark(slug))
        # One from the future, when a clock was wrong, would cover what no run has finished.
        return mark if mark and mark.run_id <= f"{stamp(self._now)}~" else None

    def reaches(self, slug: str, pages: int, since: date | None) -> Mark | None:
        """The mark of a section, where it is as deep as this run would go."""
        mark = self.mark(slug)
        if mark is None:
            return None
        if mark.down_to == "" or (since and mark.down_to <= since.isoformat()):
            return mark
        return mark if self._arguments.listing_pages and pages <= mark.pages else None

    @property
    def leaves_out_the_newest(self) -> bool:
        """Then how far down this run walks marks nothing: the newest is still to be fetched."""
        until = self._arguments.until
        return until is not None and until < self._now.astimezone(CST).date()


def as_listed(known: Known) -> dict[str, Any]:
    """What a listing said of a known article; of a time like 3小时前, what it came to."""
    listed = dict.fromkeys(LISTED) | (known.entry or {})
    if not (listed["published"] or "")[:4].isdigit():
        day, _, time = known.published[:19].partition("T")
        listed["published"] = day if time == "00:00:00" else f"{day} {time}"
    return listed | {"title": listed["title"] or known.title}
