"""The listings of all sections, page by page, into the spool."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.fetching import failures
from crawler.items import Entry, Reject
from crawler.site import listings, sections, urls
from crawler.site.listings import Listing, ListingError
from crawler.spiders import reading
from crawler.spiders.arguments import Arguments
from crawler.spiders.spool import Spool
from crawler.text import dates

logger = logging.getLogger(__name__)

_FAILURES_IN_A_ROW = 2  # listing pages that cannot be read before a section is given up


class Section:
    """How far one section's listing has been walked."""

    def __init__(self, slug: str, name: str | None = None) -> None:
        self.slug = slug
        self.name = name
        self.page = 0  # read last
        self.reached: date | None = None  # the newest day on that page
        self.failed = 0  # pages in a row
        self.ended = False

    @property
    def next_url(self) -> str:
        if self.page == 0:
            return urls.section_page(self.slug)
        return urls.section_json(self.slug, self.page + 1)

    def is_past(self, day: date | None) -> bool:
        """Was a whole page older than `day`? One entry is not enough: lists have pinned ones."""
        return day is not None and self.reached is not None and self.reached < day


class Walk:
    def __init__(self, crawler: Crawler, arguments: Arguments) -> None:
        self.spool = Spool()
        self._crawler = crawler
        self._stats = crawler.stats
        self._arguments = arguments
        self._sections: list[Section] = []
        self._rejects: list[Reject] = []
        self._now = datetime.now(UTC)
        ceiling = crawler.settings.getint("MAX_LISTING_PAGES")
        self._pages = min(arguments.listing_pages or ceiling, ceiling)

    @property
    def ended(self) -> bool:
        return all(section.ended for section in self._sections)

    def rejects(self) -> Iterator[Reject]:
        """What could not be used of the listings since the last call."""
        while self._rejects:
            yield self._rejects.pop(0)

    # --- where to walk ------------------------------------------------------------------------

    async def discover(self) -> None:
        """Find the sections: those asked for, or the table's and what the home page links."""
        if self._arguments.sections:
            found: dict[str, str | None] = dict.fromkeys(self._arguments.sections)
        else:
            found = dict.fromkeys(sections.table().proven) | await self._linked()
        self._sections = [Section(slug, name) for slug, name in found.items()]
        for slug in found:
            self._stats.set_value(f"workercn/section/{slug}/listed", 0)
        logger.info("walking %d sections: %s", len(found), ", ".join(found))

    async def _linked(self) -> dict[str, str | None]:
        response = await self._fetch(urls.HOME)
        if response is None or not self._is_ok(response):
            return {}
        linked = sections.discover(response.body, response.url, reading.charset(response))
        if not linked:
            self._reject(urls.HOME, "no_sections", "the home page links no section")
        names = (f"{slug} {name}" if name else slug for slug, name in linked.items())
        logger.info("sections linked on the home page: %s", ", ".join(names) or "none")
        return linked

    def read_file(self, path: Path) -> None:
        """Spool the addresses of a file, one a line; empty ones and # comments aside."""
        with path.open(encoding="utf-8-sig") as file:
            for line in map(str.strip, file):
                if not line or line.startswith("#"):
                    continue
                try:
                    address = urls.identify(line)
                except ValueError as error:
                    self._reject(line, "not_an_address", str(error))
                    continue
                moment = datetime.combine(address.day or date.min, datetime.min.time())
                # A page of no known generation may be named by its query, which its canonical
                # address leaves out.
                url = line if address.generation == "generic" else address.url
                _, new = self.spool.add(Entry(url, address.id), moment)
                self._stats.inc_value("workercn/listed", new)

    # --- the walk -----------------------------------------------------------------------------

    async def down_to(self, day: date | None) -> None:
        """Walk every section until it is past `day`, or to its end.

        Sections are walked side by side; how many requests at once that makes is the downloader's
        to decide.
        """
        await asyncio.gather(*(self._section_down_to(section, day) for section in self._sections))

    async def _section_down_to(self, section: Section, day: date | None) -> None:
        while not section.ended and not section.is_past(day):
            await self._next_page(section)

    async def _next_page(self, section: Section) -> None:
        # Older entries are asked for as the section page's script asks for them.
        headers = {"Referer": urls.section_page(section.slug)} if section.page else {}
        response = await self._fetch(section.next_url, headers)
        section.page += 1
        if response is not None and response.status in (404, 410) and section.page > 1:
            section.ended = True  # there are no more pages
            return
        listing = self._read(section, response) if response is not None else None
        if listing is not None:
            section.failed = 0
            self._take(section, listing)
        else:
            self._stats.inc_value("workercn/listing/failed")
            section.failed += 1
            section.ended = section.page == 1 or section.failed >= _FAILURES_IN_A_ROW
        section.ended |= section.page >= self._pages

    def _read(self, section: Section, response: Response) -> Listing | None:
        """What a listing page says; None (and a reject) where it is none."""
        if not self._is_ok(response):
            return None
        read = listings.read_page if section.page == 1 else listings.read_json
        try:
            return read(response.body, response.url, reading.charset(response))
        except ListingError as error:
            self._reject(response.url, error.reason, str(error))
        except Exception as error:
            self._rejects.append(reading.failed(error, response.url, "listing"))
        return None

    def _take(self, section: Section, listing: Listing) -> None:
        prefix = f"workercn/section/{section.slug}"
        section.name = section.name or listing.name
        since, until = self._arguments.since, self._arguments.until
        newest, brought = None, 0
        for entry in listing.entries:
            moment = self._moment(entry)
            newest = max(newest or moment, moment)
            day = moment.date()
            wanted = (since is None or day >= since) and (until is None or day <= until)
            here, anywhere = self.spool.add(
                entry, moment, section.slug, section.name, wanted=wanted
            )
            brought += here
            self._stats.inc_value("workercn/listed", anywhere)
        self._stats.inc_value(f"{prefix}/pages")
        self._stats.inc_value(f"{prefix}/listed", brought)
        for address in listing.skipped:
            self._reject(address, "not_an_article", f"listed by {section.slug}")
        for warning in listing.warnings:
            self._stats.inc_value("workercn/listing/warnings")
            logger.warning("%s, listing page %d: %s", section.slug, section.page, warning)
        if newest is not None:
            section.reached = newest.date()
            shown = newest.isoformat(timespec="seconds") + "+08:00"
            self._stats.max_value(f"{prefix}/newest", shown)
        # A page that brings nothing new ends the section: some sites page on for ever.
        section.ended = section.is_past(since) or not brought

    def _moment(self, entry: Entry) -> datetime:
        """When the listing says an article was published, in site time; else its address's day."""
        day = urls.identify(entry.url).day
        if entry.published:
            moment = dates.parse(entry.published, fetched_at=self._now, near=day)
            if moment is not None:
                return moment.at.replace(tzinfo=None)
        return datetime.combine(day or date.min, datetime.min.time())

    # --- requests -----------------------------------------------------------------------------

    async def _fetch(self, url: str, headers: dict[str, str] | None = None) -> Response | None:
        """The answer, whatever its status; None (and a reject) where none came."""
        request = Request(url, headers=headers, dont_filter=True)
        try:
            return await self._crawler.engine.download_async(request)
        except Exception as error:
            self._rejects.append(reading.failed(error, url, "listing"))
            return None

    def _is_ok(self, response: Response) -> bool:
        if response.status != 200:
            words = f"{response.url} answered {response.status}"
            self._reject(response.url, failures.status(response), words)
        return bool(response.status == 200)

    def _reject(self, url: str, reason: str, error: str) -> None:
        self._rejects.append(Reject(url, "listing", reason, error, reading.now()))
