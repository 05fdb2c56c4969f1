"""What may stand in a section's listing and was not seen: kept until a later run has seen it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from crawler.items import timestamp
from crawler.spiders.history import begin_of, iso, start_of_run
from crawler.state import OpenGap, Watermark

# Of two runs that begin within so many hours the second is no night of its own.
_NIGHT = timedelta(hours=18)
UNREACHABLE = "unreachable"


class Unseen(NamedTuple):
    """A part of a listing, in site time; `start` None where nobody knows how far down it goes."""

    start: datetime | None
    end: datetime
    reason: str
    is_doubtful: bool = False  # seen by earlier runs, but for what was approved late


class WalkPlan(NamedTuple):
    """How far down a section has to be walked, and what tells that there is more."""

    bottom: datetime | None  # in site time; None: as many pages as may be asked for
    mark: Watermark | None  # of an earlier run
    joins: bool  # the mark is as deep as this run would go: it goes down to the mark
    before: list[OpenGap]
    most_pages: int | None  # where it is not the run's number: to get down to a gap

    @property
    def above_mark(self) -> datetime | None:
        return begin_of(self.mark) if self.mark else None

    @property
    def lowest(self) -> datetime | None:
        return self.bottom or self.above_mark

    def is_late(self, end: datetime) -> bool:
        """Did an earlier run see all from there on down, but for what was approved late? A list of
        few pages ends there every night.
        """
        return self.joins and self.mark is not None and end <= start_of_run(self.mark)

    def was_open(self, end: datetime) -> bool:
        """Did an earlier run leave anything open down from there?"""
        return any(not gap.unreachable and gap.start <= iso(end) for gap in self.before)


class GapsAfter(NamedTuple):
    """A section's gaps when a run has walked it."""

    gaps: list[OpenGap]
    failing: list[OpenGap]  # of these, what this run did not see and has not given up before

    @property
    def is_whole(self) -> bool:
        """Nothing is left that a later run is to walk again."""
        return all(gap.unreachable for gap in self.gaps)


def after(
    slug: str,
    before: Sequence[OpenGap],
    unseen: Sequence[Unseen],
    *,
    bottom: datetime | None = None,
    run_id: str,
    now: datetime,
    nights: int,
) -> GapsAfter:
    """`bottom`: how far down this run had to look, None for as far as there is. What was not seen
    before and lies below it stays as it is; what lies above and was seen now is closed.
    """
    found: dict[str, OpenGap] = {}
    failing = []
    for one in unseen:
        fresh = _opened(slug, one, run_id, now)
        earlier = [gap for gap in before if _overlap(gap, fresh)]
        gap = _continued(fresh, earlier, now, nights) if earlier else _given_up(fresh, nights)
        found[gap.start] = gap
        if not any(known.unreachable for known in earlier):
            failing.append(gap)
    for gap in before:
        below = bottom is not None and gap.start < iso(bottom)
        if below and not any(_overlap(gap, one) for one in found.values()):
            found[gap.start] = gap
    return GapsAfter(sorted(found.values()), failing)


def _opened(slug: str, one: Unseen, run_id: str, now: datetime) -> OpenGap:
    at = timestamp(now)
    start, end = iso(one.start), iso(one.end)
    return OpenGap(slug, start, end, one.reason, at, at, 1, unreachable=False, run_id=run_id)


def _continued(fresh: OpenGap, earlier: Sequence[OpenGap], now: datetime, nights: int) -> OpenGap:
    """The gap of this run that was there in earlier ones."""
    oldest = min(earlier, key=lambda gap: gap.opened_at)
    is_night = now - datetime.fromisoformat(oldest.last_night) >= _NIGHT
    gap = fresh._replace(
        opened_at=oldest.opened_at,
        last_night=timestamp(now) if is_night else oldest.last_night,
        nights=oldest.nights + is_night,
    )
    if any(known.unreachable for known in earlier):
        return gap._replace(unreachable=True, reason=UNREACHABLE)
    return _given_up(gap, nights)


def _given_up(gap: OpenGap, nights: int) -> OpenGap:
    if gap.nights < nights:
        return gap
    return gap._replace(unreachable=True, reason=UNREACHABLE)


def _overlap(one: OpenGap, other: OpenGap) -> bool:
    return one.start <= other.end and other.start <= one.end
