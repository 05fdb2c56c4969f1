"""The listings of all sections into the frontier."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.items import ListingEntry
from crawler.journal_notes import Gaps
from crawler.runs import counters
from crawler.site import sections as table
from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.spiders import responses
from crawler.spiders.arguments import ALL, DEFAULT_PAGES, PAPER, Arguments, addresses
from crawler.spiders.entries import midnight, moment_of
from crawler.spiders.kinds import Modern, of
from crawler.spiders.listing_reader import ListingReader, ListingSource
from crawler.spiders.search_source import Search, count_articles
from crawler.state import OpenGap
from crawler.state.queries import batched

logger = logging.getLogger(__name__)

_AT_ONCE = 500  # addresses of a file
_MOST_NAMED = 50  # links that are no sections, in a line of the log


class Discovery(ListingReader):
    """Finds the sections, and has them walked."""

    def __init__(self, crawler: Crawler, arguments: Arguments) -> None:
        super().__init__(crawler, arguments)
        self.gaps: list[OpenGap] = []  # of all sections, after this run
        self.failing: list[OpenGap] = []  # of these, what this run did not see
        self.navigation: dict[str, str | None] | None = None  # slug -> name, of the home page

    @property
    def ended(self) -> bool:
        return all(section.is_done() for section in self.sections)

    def widen(self) -> bool:
        """One more page a section for a trial that has not found its articles yet, if there is."""
        given = self._arguments
        if not given.limit or given.pages or given.since or given.until:
            return False
        self.pages += 1
        return self.pages <= min(DEFAULT_PAGES, self.limit("MAX_LISTING_PAGES")) and not self.ended

    async def look_again(self) -> None:
        """At the run's end: for what may be missing of the listings."""
        await asyncio.gather(*(section.look_again() for section in self.sections))
        if self.is_nightly and {ALL, PAPER} <= set(self._arguments.sections):
            await count_articles(self)  # the search has all of these

    def finish(self) -> None:
        """Note how far each section was walked, and what of it was not seen."""
        for section in self.sections:
            self.entries.notes += section.walked()
            after = section.gaps()
            if section.slug and after.gaps != self.memory.state.gaps(section.slug):
                self.entries.notes.append(Gaps(section.slug, [_kept(gap) for gap in after.gaps]))
            self.gaps += after.gaps
            self.failing += after.failing
        for slug in sorted(self.led_away):
            self.gaps += self.memory.state.gaps(slug)  # still to be looked for

    # --- where to walk ------------------------------------------------------------------------

    async def discover(self) -> None:
        """Find the sections: those asked for, and for `all` the table's and the home page's."""
        if path := self._arguments.urls:
            self._read_file(path)
            return
        if query := self._arguments.query:
            self.sections = [Search(self, query)]
            return
        found: dict[str | None, ListingSource] = {}
        for word in self._arguments.sections:
            new = of(self, word)
            if word == ALL:
                new = self._modern(await self.linked())
            for section in new:
                found.setdefault(section.slug, section)
        self.sections = list(found.values())
        for slug, section in found.items():
            if section.is_judged and slug is not None:  # named, though it may list nothing
                counters.of_section(self._stats.get_stats(), slug)
        logger.info("walking %d sections: %s", len(found), table.listed(found, self.navigation))
        everything = ALL in self._arguments.sections
        self._queue_retries(None if everything else {slug for slug in found if slug})

    def _modern(self, linked: dict[str, str | None]) -> list[ListingSource]:
        """The table's and the linked sections. One that only the table or only the home page
        names is judged when it once has listed something: it may not be there, or be no listing.
        """
        proven = dict.fromkeys(table.table().proven)
        new = [Modern(self, slug, name) for slug, name in (proven | linked).items()]
        for section in new:
            named_by_both = section.slug in proven and section.slug in linked
            section.is_judged = named_by_both or self.memory.state.has_seen(section.slug)
        return [*new]

    def _queue_retries(self, slugs: set[str] | None) -> None:
        due_for_retry = 0
        for entry in self.memory.due_for_retry(slugs):
            due_for_retry += 1
            moment = moment_of(entry)
            for section in entry.sections or [{"slug": None, "name": None}]:
                slug, name = section["slug"], section["name"]
                self.frontier.add(entry, moment, slug, name, on_a_page=False)
        if due_for_retry:
            self._stats.inc_value("workercn/owed", due_for_retry)
            logger.info("rechecking or retrying %d articles of earlier nights", due_for_retry)

    async def linked(self) -> dict[str, str | None]:
        """The sections that the home page links, slug -> name."""
        home = await self.shown("", await self.fetch(urls.HOME), _read_navigation)
        linked = self.read(home, _read_navigation) or {}
        most = self.limit("MAX_SECTIONS")
        if len(linked) > most:
            words = f"the home page links {len(linked)} sections, the first {most} are walked"
            self.refuse(urls.HOME, "too_many_sections", words)
            linked = dict(islice(linked.items(), most))
        self.navigation = linked or None
        self.names.update({slug: name for slug, name in linked.items() if name})
        if linked:
            logger.info("sections linked on the home page: %s", table.listed(linked, linked))
        if home is not None and (others := _read_left_out(home)):
            shown = ", ".join(others[:_MOST_NAMED]) + (", …" if len(others) > _MOST_NAMED else "")
            logger.info("linked on the home page and not taken for sections: %s", shown)
        return linked

    def _read_file(self, path: Path) -> None:
        for some in batched(self._named_in(path), _AT_ONCE):
            places, entries = zip(*some, strict=True)
            self.entries.ids.assign(entries)
            decisions = self.memory.judge(entries, None)
            for address, entry, decision in zip(places, entries, decisions, strict=True):
                wanted = decision.wanted is not False
                _, new = self.frontier.add(entry, midnight(address.day), wanted=wanted)
                self._stats.inc_value("workercn/listed", new)
                self._stats.inc_value("workercn/known", new and not wanted)
        if skipped := self._stats.get_value("workercn/known", 0):
            logger.info("%d addresses are known and not asked for again (full=1 does)", skipped)

    def _named_in(self, path: Path) -> Iterator[tuple[urls.Address, ListingEntry]]:
        for line in addresses(path):
            try:
                address = urls.identify(line)
            except ValueError as error:
                self.entries.reject(line, "not_an_address", str(error))
                continue
            if not urls.is_ours(line):
                self.entries.reject(line, "not_this_site", f"no address of {urls.DOMAIN}")
                continue
            # A page of no known generation may be named by its query, which its canonical
            # address leaves out.
            url = line if address.generation == "generic" else address.url
            yield address, ListingEntry(url, address.id)

    async def down_to(self, day: date | None) -> None:
        """Walk every section until it is past `day`, or to its end.

        Sections are walked side by side; how many requests at once that makes is the downloader's
        to decide.
        """
        await asyncio.gather(*(section.down_to(day) for section in self.sections))


def _read_navigation(response: Response) -> dict[str, str | None]:
    linked = table.discover(response.body, response.url, responses.charset(response))
    if not linked:
        raise ListingError("no_sections", "the home page links no section")
    return linked


def _kept(gap: OpenGap) -> dict[str, Any]:
    """A gap as the journal has it: the folder names section and run."""
    return {key: value for key, value in gap._asdict().items() if key not in ("slug", "run_id")}


def _read_left_out(response: Response) -> list[str]:
    return table.left_out(response.body, response.url, responses.charset(response))
