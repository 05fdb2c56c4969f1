"""The paper's issues day by day: all plates, all stories. A day without an issue is normal."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from functools import partial

from scrapy.http import Response

from crawler import clock
from crawler.journal_notes import IssueSighting, SectionProgress
from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings import paper_issues
from crawler.site.listings.parsers import Listing
from crawler.spiders.arguments import PAPER
from crawler.spiders.entries import midnight
from crawler.spiders.gaps import GapsAfter, Unseen
from crawler.spiders.listing_reader import ListingReader, ListingSource
from crawler.spiders.responses import charset, now
from crawler.state import OpenGap

_DAYS = 7  # where no window is given
_LATE = timedelta(days=2)  # within so long an issue may still appear, or plates of it
_SETTLED = timedelta(hours=6)  # between two reads that have to agree
_UNKNOWN = ""  # digest of a day of which nothing tells whether there was an issue
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class PaperSource(ListingSource):
    """An issue is whole where two reads some hours apart agree, or where it is two days old and
    every plate answered. There is none on a day whose front page is not there while that of a known
    issue is.
    """

    slug: str

    def __init__(self, walk: ListingReader) -> None:
        super().__init__(walk, PAPER, paper_issues.NAME)
        self._issues = walk.memory.state.issues()  # read before, and not known to be whole; by day
        self._before = walk.memory.state.gaps(PAPER)
        self._whole = walk.memory.whole_issues()
        self._waiting = sorted(self._days(), reverse=True)
        self._read: list[date] = []  # or tried
        self._answered = False  # an issue was there in this run
        self._absent: list[date] = []  # while no issue has answered
        self._unseen: dict[date, str] = {}  # why
        self._walked: list[SectionProgress | IssueSighting] = []

    def is_done(self) -> bool:
        return not self._waiting

    async def down_to(self, day: date | None) -> None:
        first = day if day and day != self.walk.since else date.min
        while self._waiting and self._waiting[0] >= first:
            await self._read_issue(self._waiting.pop(0))

    def _days(self) -> set[date]:
        """The window's days that are not known to be whole, and what earlier runs left open: issues
        that were read, and for a week those of which nothing was known.
        """
        last, memory = self.walk.until or clock.today(), self.walk.memory
        first = self.walk.since or last - timedelta(days=_DAYS - 1)
        days = {last - timedelta(days=back) for back in range((last - first).days + 1)}
        if not memory.by_hand:
            days |= {_of(gap) for gap in self._before}
            for day, issue in self._issues.items():
                on = date.fromisoformat(day)
                if issue.digest != _UNKNOWN or last - on < timedelta(days=_DAYS):
                    days.add(on)
        if not memory.is_full:
            days -= {date.fromisoformat(day) for day in self._whole}
        return days - {_of(gap) for gap in self._before if gap.unreachable}

    # --- an issue -----------------------------------------------------------------------------

    async def _read_issue(self, day: date) -> None:
        before = self._issues.get(day.isoformat())
        settling = (
            before and self.walk.started_at - datetime.fromisoformat(before.read_at) < _SETTLED
        )
        if settling and not self.walk.memory.is_full:
            return
        self._read.append(day)
        render = self.walk.renders.wants(PAPER, "listing")
        front = await self.walk.fetch(urls.paper_front(day), render=render)
        if front is None:
            self._unseen[day] = "unreadable"
        elif front.status in (404, 410) or _leads_to_another(front, day):
            if before is None or before.digest == _UNKNOWN:
                self._absent.append(day)
        else:
            digest = await self._read_plates(day, front)
            if digest is None:
                self._unseen[day] = "unreadable"
            elif clock.today() - day >= _LATE or (before and before.digest == digest[1]):
                self._walked.append(SectionProgress(_issue(day), day.isoformat(), digest[0]))
            else:
                self._walked.append(IssueSighting(day.isoformat(), now(), digest[1]))

    async def _read_plates(self, day: date, front: Response) -> tuple[int, str] | None:
        """How many plates, and a digest of what they name; None where one could not be read."""
        read_plates = partial(_read_plates, day)
        shown = await self.walk.shown(PAPER, front, read_plates)
        plates = self.walk.read(shown, read_plates)
        self._answered = self._answered or bool(plates)
        read = 0
        named = hashlib.sha256()
        for plate in plates or ():
            page, read_stories = shown, partial(_read_stories, day, plate.number)
            if shown is None or plate.url != shown.url:
                render = self.walk.renders.wants(PAPER, "listing")
                page = await self.walk.fetch(plate.url, render=render)
                page = await self.walk.shown(PAPER, page, read_stories)
            stories = self.walk.read(page, read_stories)
            if page is not None and stories is not None:
                for entry in stories.entries:
                    entry.published, entry.pdf = day.isoformat(), plate.pdf
                    named.update(f"{entry.id}\n".encode())
                self.walk.entries.take(PAPER, self.name, stories, "page", page.url, all_of_it=True)
                read += 1
        return (read, named.hexdigest()) if plates and read == len(plates) else None

    # --- no issue -----------------------------------------------------------------------------

    def _note_none(self, day: date) -> None:
        self.walk.count("workercn/paper/no_issue")
        if clock.today() - day > _LATE:
            self._walked.append(SectionProgress(_issue(day), day.isoformat(), 0))

    async def _answers(self) -> bool:
        """Did an issue answer, or does the newest that is known? One request, where one is.

        A busy server's page, or the home page where a redirect leads, is no answer.
        """
        known = self._newest_known()
        if not self._answered and known is not None:
            render = self.walk.renders.wants(PAPER, "listing")
            answer = await self.walk.ask(urls.paper_front(known), render=render)
            shown = answer if isinstance(answer, Response) else None
            shown = await self.walk.shown(PAPER, shown, partial(_read_plates, known))
            self._answered = shown is not None and _names_plates(known, shown)
        return self._answered

    def _newest_known(self) -> date | None:
        whole = [day for day, mark in self._whole.items() if mark.pages]
        read = [day for day, one in self._issues.items() if one.digest != _UNKNOWN]
        days = [*whole, *read]
        return date.fromisoformat(max(days)) if days else None

    async def look_again(self) -> None:
        if not self._absent:
            return
        again, self._absent = self._absent, []
        if not await self._answers() and self._newest_known() is not None:
            for day in again:
                await self._read_issue(day)
            again, self._absent = self._absent, []
        for day in again:
            if self._answered:
                self._note_none(day)
            elif self._newest_known() is None:
                self._walked.append(IssueSighting(day.isoformat(), now(), _UNKNOWN))
            else:
                self._unseen[day] = "ended"

    # --- what it comes to ---------------------------------------------------------------------

    def gaps(self) -> GapsAfter:
        read = [gap for gap in self._before if _of(gap) in self._read]
        unseen = [
            Unseen(midnight(day), midnight(day + _DAY) - _SECOND, why)
            for day, why in self._unseen.items()
        ]
        after = self.walk.gaps_after(PAPER, read, unseen)
        kept = [gap for gap in self._before if gap not in read]
        return after._replace(gaps=sorted([*after.gaps, *kept]))

    def walked(self) -> list[SectionProgress | IssueSighting]:
        return self._walked


def _read_plates(day: date, response: Response) -> list[paper_issues.Plate]:
    plates = paper_issues.read_plates(response.body, response.url, charset(response))
    own = [plate for plate in plates if urls.issue_of(plate.url) == day]
    if 2 * len(own) <= len(plates):  # relative links are of the address that was asked for
        raise ListingError("another_issue", f"the page names no plate of {day}")
    return plates


def _names_plates(day: date, response: Response) -> bool:
    try:
        return response.status == 200 and bool(_read_plates(day, response))
    except ListingError:
        return False


def _read_stories(day: date, plate: int, response: Response) -> Listing:
    listing = paper_issues.read_stories(response.body, response.url, charset(response))
    prefix = urls.stories_of(day, plate)
    own = [entry for entry in listing.entries if entry.id.startswith(prefix)]
    if listing.entries and 2 * len(own) <= len(listing.entries):
        raise ListingError("another_issue", f"the page lists no story of plate {plate} of {day}")
    return listing


def _leads_to_another(front: Response, day: date) -> bool:
    """Where a day has no issue, or none yet, a site may lead to its latest."""
    return urls.issue_of(front.url) not in (None, day)


def _issue(day: date) -> str:
    """The mark of an issue, which does not change once it is whole; of a day long over, also that
    there is none.
    """
    return f"{PAPER}/{day.isoformat()}"


def _of(gap: OpenGap) -> date:
    return date.fromisoformat(gap.start[:10])
