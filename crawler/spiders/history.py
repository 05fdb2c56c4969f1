"""What earlier runs know of what a listing names, and what they owe."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from scrapy.crawler import Crawler

from crawler import clock, run_context
from crawler.clock import CST
from crawler.items import LISTED, ListingEntry, ListingKind, timestamp
from crawler.runs.run import stamp, started
from crawler.spiders.arguments import Arguments
from crawler.state import Failure, KnownArticle, Watermark
from crawler.state.session import state_of
from crawler.text import clean, dates

_LATE = timedelta(days=1)
_RELATIVE = "("  # behind a time that was counted back from: '2026-11-28 11:20 (3小时前)'


class Decision(NamedTuple):
    """What to do with an entry; `wanted` None: what the window says."""

    wanted: bool | None
    known: bool
    seen: bool  # by an earlier run, if only as one that failed
    said: list[str | None] | None  # title and time, where this listing had not said so before


class CrawlHistory:
    """Asked for a listing page at a time."""

    def __init__(self, crawler: Crawler, arguments: Arguments) -> None:
        self.state = state_of(crawler)
        self._arguments = arguments
        self._now = clock.now()
        context = run_context.of(crawler.settings)
        self._since_is_computed = context is not None and context.since_is_computed
        self._leaves_days_out = context is not None and context.left_out is not None
        self._explicit = arguments.recheck_days is not None
        days = arguments.recheck_days
        if days is None:
            days = crawler.settings.getint("RECHECK_DAYS")
        self._published_since = self._now.astimezone(CST) - timedelta(days=days)

    # --- entries of a listing -----------------------------------------------------------------

    def judge(
        self, entries: Sequence[ListingEntry], slug: str | None, kind: ListingKind = "page"
    ) -> list[Decision]:
        """A verdict for each entry. A known one gets the time of publication that is known of it,
        the same every night, unless this listing now says another: then it is asked for without
        validators.
        """
        ids = [entry.id for entry in entries]
        known, failures = self.state.known(ids), self.state.failures(ids)
        sightings = self.state.sightings(ids) if slug else {}
        decisions = []
        for entry in entries:
            sighting = sightings.get(entry.id, {}).get(slug or "")
            before = (sighting.said or {}).get(kind) if sighting else None
            now = [entry.title, entry.published]
            one = known.get(entry.id)
            wanted = self._is_wanted(one, failures.get(entry.id))
            changed = before is not None and says_otherwise(before, now, self._now)
            if one and changed and one.change != "removed":
                wanted = entry.again = entry.fresh = True
            elif one:
                entry.again, entry.published = True, as_listed(one)["published"]
            elif entry.id in failures:
                entry.again = True
            if entry.id in failures and failures[entry.id].is_in_doubt:
                entry.fresh = True
            seen = one is not None or entry.id in failures
            said = now if before is None or entry.fresh else None
            decisions.append(Decision(wanted, one is not None, seen, said))
        return decisions

    def _is_wanted(self, known: KnownArticle | None, failure: Failure | None) -> bool | None:
        if self._arguments.full or (known is None and failure is None):
            return None
        if failure and not self._arguments.urls:
            return failure.next_try is not None and failure.next_try <= timestamp(self._now)
        if known is None:
            return None
        if known.change == "removed":  # it is listed again: asked for, whatever its age
            return not known.missing or known.next_check <= timestamp(self._now)
        return self._is_due(known)

    def _is_due(self, known: KnownArticle) -> bool:
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

    def due_for_retry(self, slugs: Collection[str] | None) -> Iterator[ListingEntry]:
        """Known articles to be asked for again and failed ones to be tried again, of the sections
        given or of all, whether a listing names them or not.
        """
        if self._arguments.full:
            return
        since, now = self._published_since, self._now
        due = list(self.state.due(now, since, slugs, all_of_window=self._explicit))
        failures = self.state.failures(known.id for known in due)
        for known in due:
            if known.id in failures:
                continue  # its turn comes with the failures
            if self._explicit or not self._is_later_than_asked(known.published):
                yield ListingEntry(known.asked_at, known.id, **as_listed(known), again=True)
        for failure in self.state.due_failures(now, slugs):
            yield failure.due_for_retry()

    # --- sections -----------------------------------------------------------------------------

    def was_walked(self, slug: str) -> bool:
        """Has an earlier run walked the section, and noted what its window left out?"""
        mark = self.state.mark(slug)
        return mark is not None and mark.noted

    def is_of(self, other: str, slug: str, entries: Iterable[ListingEntry]) -> bool:
        """Have earlier runs seen more of these in another section than in this one?"""
        seen = self.state.sightings(entry.id for entry in entries)
        of_other, own = (sum(one in slugs for slugs in seen.values()) for one in (other, slug))
        return of_other > own

    def newest_before(self, slug: str, moment: datetime) -> datetime | None:
        """When the newest article was published that is known in the section and older; in site
        time, as is `moment`.
        """
        return site_time(self.state.newest_before(slug, iso(moment)))

    def between(self, slug: str, first: datetime, last: datetime) -> list[str]:
        """Articles that are known in the section, published between these times of the site."""
        return self.state.between(slug, iso(first), iso(last))

    def whole_issues(self) -> dict[str, Watermark]:
        """By day; those without pages are days without an issue."""
        at = len(prefix := "paper/")
        marks = self.state.marks().items()
        return {slug[at:]: mark for slug, mark in marks if slug.startswith(prefix)}

    def mark(self, slug: str) -> Watermark | None:
        """How far down an earlier run has finished a section; with `full=1` nothing counts."""
        mark = None if self.is_full else self.state.mark(slug)
        # One from the future, when a clock was wrong, would cover what no run has finished.
        return mark if mark and mark.run_id <= f"{stamp(self._now)}~" else None

    def reaches(self, slug: str, pages: int, since: date | None) -> Watermark | None:
        """The mark of a section, where it is as deep as this run would go."""
        mark = self.mark(slug)
        if mark is None:
            return None
        if mark.down_to == "" or (since and mark.down_to <= since.isoformat()):
            return mark
        return mark if self._arguments.listing_pages and pages <= mark.pages else None

    @property
    def is_full(self) -> bool:
        """Is all to be walked and fetched once more?"""
        return self._arguments.full

    @property
    def by_hand(self) -> bool:
        """Were days given, that what is found has to be of?"""
        given = self._arguments.since is not None or self._arguments.until is not None
        return given and not self._since_is_computed

    @property
    def is_bounded(self) -> bool:
        """Does a walk end where the window begins, wherever the section's mark is?"""
        return self.by_hand or self._leaves_days_out

    @property
    def leaves_out_the_newest(self) -> bool:
        """Then how far down this run walks marks nothing: the newest is still to be fetched."""
        until = self._arguments.until
        return until is not None and until < self._now.astimezone(CST).date()


def iso(moment: datetime | None) -> str:
    """A time of the site as records and gaps have it, with +08:00; '' for none."""
    return moment.replace(tzinfo=CST).isoformat(timespec="seconds") if moment else ""


def site_time(text: str | None) -> datetime | None:
    """The other way round."""
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else None


def begin_of(mark: Watermark) -> datetime:
    """Down to where, in site time, a walk has to go that joins the one that set the mark: what was
    approved late or moved appears with a time before that walk.
    """
    return start_of_run(mark) - _LATE


def start_of_run(mark: Watermark) -> datetime:
    """When the walk that set the mark began, in site time."""
    at: datetime = started(mark.run_id).astimezone(CST).replace(tzinfo=None)
    return at


def says_otherwise(
    before: Sequence[str | None], now: Sequence[str | None], read_at: datetime
) -> bool:
    """Do title or time of an entry differ? A title that is cut short does not, nor does a time
    that is given less exactly; one where there was none does, such as one that was refused while
    this machine's clock was behind.
    """
    return not (_same_title(before[0], now[0]) and _same_time(before[1], now[1], read_at))


def _same_title(one: str | None, other: str | None) -> bool:
    if not one or not other:
        return True
    one, other = clean.line(one), clean.line(other)
    for short, long in ((one, other), (other, one)):
        if (cut := clean.without_ellipsis(short)) != short and long.startswith(cut):
            return True
    return one == other


def _same_time(one: str | None, other: str | None, read_at: datetime) -> bool:
    if not one or not other:
        return not other
    if one == other or _RELATIVE in one or _RELATIVE in other:
        return True  # counted from when the page was made, whenever that was
    moments = [dates.parse(words, fetched_at=read_at) for words in (one, other)]
    shown = [dates.shown(moment) for moment in moments if moment is not None]
    length = min(map(len, shown), default=0)
    return len(shown) < 2 or shown[0][:length] == shown[1][:length]


def as_listed(known: KnownArticle) -> dict[str, Any]:
    """What a listing said of a known article; of a time like 3小时前, what it came to."""
    said = known.entry or {}
    listed = {key: said.get(key) for key in LISTED}
    if not (listed["published"] or "")[:4].isdigit():
        day, _, time = known.published[:19].partition("T")
        listed["published"] = day if time == "00:00:00" else f"{day} {time}"
    return listed | {"title": listed["title"] or known.title}
