"""The listings of all sections into the spool."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings

from crawler import clock, cluster, run_context
from crawler.clock import CST
from crawler.downloader import failures
from crawler.downloader.rendering import RENDER, RENDERED
from crawler.items import Entry, Reject
from crawler.journal_notes import Gaps
from crawler.site import block_pages, urls
from crawler.site import sections as table
from crawler.site.listing_errors import ListingError
from crawler.site.listings.parsers import Listing
from crawler.site.listings.search_answers import Answer
from crawler.spiders import responses
from crawler.spiders.arguments import ALL, DEFAULT_PAGES, Arguments
from crawler.spiders.entries import Entries, midnight, moment_of
from crawler.spiders.history import Memory
from crawler.spiders.kinds import Modern, of
from crawler.spiders.renders import NOTHING, Renders, lists_nothing
from crawler.spiders.same_pages import SamePages
from crawler.spiders.search_source import Search
from crawler.spiders.section_source import Section

if TYPE_CHECKING:
    from crawler.journal_notes import Note
    from crawler.state import Gap

logger = logging.getLogger(__name__)

_T = TypeVar("_T")

_MOST_NAMED = 50  # links that are no sections, in a line of the log


class Limits(NamedTuple):
    """What a section may cost, whatever its pages say."""

    pages: int  # MAX_LISTING_PAGES
    entries: int  # of a page, MAX_LISTING_ENTRIES
    plates: int  # MAX_PAPER_PLATES
    failures: int  # LISTING_FAILURES
    repeats: int  # LISTING_REPEATS
    nights: int  # GAP_NIGHTS
    search_pages: int  # GAP_SEARCH_PAGES

    @classmethod
    def of(cls, settings: BaseSettings) -> Limits:
        return cls(
            settings.getint("MAX_LISTING_PAGES"),
            settings.getint("MAX_LISTING_ENTRIES"),
            settings.getint("MAX_PAPER_PLATES"),
            settings.getint("LISTING_FAILURES"),
            settings.getint("LISTING_REPEATS"),
            settings.getint("GAP_NIGHTS"),
            settings.getint("GAP_SEARCH_PAGES"),
        )


class Walk:
    """Fetches and reads for the sections, and keeps what they find: entries, notes, numbers."""

    def __init__(self, crawler: Crawler, arguments: Arguments) -> None:
        self.memory = Memory(crawler, arguments)
        self.entries = Entries(crawler, arguments, self.memory)
        self.spool = self.entries.spool
        self.renders = Renders(crawler)
        self.same_pages = SamePages(crawler.stats)
        self.since, self.until = arguments.since, arguments.until
        self._crawler = crawler
        self._stats = crawler.stats
        self._arguments = arguments
        self.began = clock.today()
        self.limits = Limits.of(crawler.settings)
        self.most_pages = crawler.settings.getint("MAX_ARTICLE_PAGES")
        self.pages = min(arguments.listing_pages or self.limits.pages, self.limits.pages)
        self._sections: list[Section] = []
        self.gaps: list[Gap] = []  # of all sections, after this run
        self.failing: list[Gap] = []  # of these, what this run did not see
        self.run_id = run_context.required(crawler.settings).run_id
        self.started_at = clock.now()
        self.now = self.started_at.astimezone(CST).replace(tzinfo=None)  # in site time
        self.navigation: dict[str, str | None] | None = None  # slug -> name, of the home page

    @property
    def sections(self) -> list[Section]:
        return list(self._sections)

    @property
    def ended(self) -> bool:
        return all(section.is_done(self) for section in self._sections)

    def widen(self) -> bool:
        """One more page a section for a trial that has not found its articles yet, if there is."""
        given = self._arguments
        if not given.limit or given.pages or given.since or given.until:
            return False
        self.pages += 1
        return self.pages <= min(DEFAULT_PAGES, self.limits.pages) and not self.ended

    def notes(self) -> Iterator[Reject | Note]:
        """What there is to tell of the listings since the last call: what could not be used, what
        was known, how far they were walked, which needed the renderer.
        """
        while self.entries.notes:
            yield self.entries.notes.popleft()
        yield from self.renders.notes()

    async def look_again(self) -> None:
        """At the run's end: for what may be missing of the listings."""
        await asyncio.gather(*(section.look_again(self) for section in self._sections))

    def finish(self) -> None:
        """Note how far each section was walked, and what of it was not seen."""
        for section in self._sections:
            self.entries.notes += section.walked(self)
            after = section.gaps(self)
            if section.slug and after.gaps != self.memory.gaps(section.slug):
                self.entries.notes.append(Gaps(section.slug, [_kept(gap) for gap in after.gaps]))
            self.gaps += after.gaps
            self.failing += after.failing

    # --- where to walk ------------------------------------------------------------------------

    async def discover(self) -> None:
        """Find the sections: those asked for, and for `all` the table's and the home page's."""
        if query := self._arguments.query:
            self._sections = [Search(query, self.since, self.until)]
            return
        found: dict[str | None, Section] = {}
        for word in self._arguments.sections:
            new = of(word, self.since, self.until)
            if word == ALL:
                new = self._modern(await self.linked())
            for section in new:
                found.setdefault(section.slug, section)
        self._sections = list(found.values())
        for slug, section in found.items():
            if section.is_judged:
                self._stats.set_value(f"workercn/section/{slug}/listed", 0)
        logger.info("walking %d sections: %s", len(found), table.listed(found, self.navigation))
        everything = ALL in self._arguments.sections
        self._take_owed(None if everything else {slug for slug in found if slug})

    def _modern(self, linked: dict[str, str | None]) -> list[Section]:
        """The table's and the linked sections. One that only the table or only the home page
        names is judged when it once has listed something: it may not be there, or be no listing.
        """
        proven = dict.fromkeys(table.table().proven)
        new = [Modern(slug, name) for slug, name in (proven | linked).items()]
        for section in new:
            named_by_both = section.slug in proven and section.slug in linked
            section.is_judged = named_by_both or self.memory.has_listed(section.slug)
        return [*new]

    def becomes(self, section: Section, other: str) -> bool:
        """A section that redirects to another is listed once, as that one: False where that is
        walked already. It degrades the run where it was one of its own before.
        """
        if not (section.slug and self.memory.has_listed(section.slug)):
            self._stats.get_stats().pop(f"workercn/section/{section.slug}/listed", None)
        if any(one.slug == other for one in self._sections):
            self._sections.remove(section)
            return False
        return True

    def _take_owed(self, slugs: set[str] | None) -> None:
        """Spool what earlier runs left to be asked for again."""
        owed = 0
        for entry in self.memory.owed(slugs):
            owed += 1
            moment = moment_of(entry)
            for section in entry.sections or [{"slug": None, "name": None}]:
                slug, name = section["slug"], section["name"]
                self.spool.add(entry, moment, slug, name, on_a_page=False)
        if owed:
            self._stats.inc_value("workercn/owed", owed)
            logger.info("rechecking or retrying %d articles of earlier nights", owed)

    async def linked(self) -> dict[str, str | None]:
        """The sections that the home page links, slug -> name."""
        home = await self.shown("", await self.fetch(urls.HOME), _read_navigation)
        linked = self.read(home, _read_navigation) or {}
        most = self._crawler.settings.getint("MAX_SECTIONS")
        if len(linked) > most:
            words = f"the home page links {len(linked)} sections, the first {most} are walked"
            self._fail(_listing_reject(urls.HOME, "too_many_sections", words))
            linked = dict(islice(linked.items(), most))
        self.navigation = linked or None
        if linked:
            logger.info("sections linked on the home page: %s", table.listed(linked, linked))
        if home is not None and (others := _read_left_out(home)):
            shown = ", ".join(others[:_MOST_NAMED]) + (", …" if len(others) > _MOST_NAMED else "")
            logger.info("linked on the home page and not taken for sections: %s", shown)
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
                    self.entries.reject(line, "not_an_address", str(error))
                    continue
                if not urls.is_ours(line):
                    self.entries.reject(line, "not_this_site", f"no address of {urls.DOMAIN}")
                    continue
                # A page of no known generation may be named by its query, which its canonical
                # address leaves out.
                url = line if address.generation == "generic" else address.url
                entry = Entry(url, address.id)
                self.entries.ids.assign([entry])
                (verdict,) = self.memory.judge([entry], None)
                wanted = verdict.wanted is not False
                _, new = self.spool.add(entry, midnight(address.day), wanted=wanted)
                self._stats.inc_value("workercn/listed", new)
                self._stats.inc_value("workercn/known", new and not wanted)
        if skipped := self._stats.get_value("workercn/known", 0):
            logger.info("%d addresses are known and not asked for again (full=1 does)", skipped)

    async def down_to(self, day: date | None) -> None:
        """Walk every section until it is past `day`, or to its end.

        Sections are walked side by side; how many requests at once that makes is the downloader's
        to decide.
        """
        await asyncio.gather(*(section.down_to(self, day) for section in self._sections))

    # --- what the sections call ---------------------------------------------------------------

    async def fetch(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        *,
        render: bool = False,
        judged: bool = True,
    ) -> Response | None:
        """The answer, whatever its status; None (and a reject) where none came."""
        answer = await self.ask(url, headers, render=render)
        if isinstance(answer, Exception):
            self._fail(responses.failed(answer, url, "listing"), judged=judged)
            return None
        return answer

    async def ask(
        self, url: str, headers: dict[str, str] | None = None, *, render: bool = False
    ) -> Response | Exception:
        """The answer, whatever its status, or why none came."""
        request = Request(url, headers=headers, dont_filter=True, meta={RENDER: render})
        try:
            return await self._crawler.engine.download_async(request)
        except Exception as error:
            return error

    async def claim(self, id_: str, by: str) -> bool:
        """Take an article that no listing has named, where a redirect leads; False if one has."""
        worker = cluster.worker_of(self._crawler)
        if worker is not None:
            return await worker.insist(worker.crawl.led_to, id_, by)
        return self.spool.claim(id_)

    async def shown(
        self, slug: str, response: Response | None, read: Callable[[Response], object]
    ) -> Response | None:
        """A listing page as the renderer shows it, where it lists nothing as served; None (and a
        reject) where that fails. `slug`: the section's, empty for the home page.
        """
        if not self.renders.can or response is None:
            return response
        served = response
        if self.renders.may_help(served) and lists_nothing(read, served):
            response = await self.fetch(served.url, render=True)
        if isinstance(response, HtmlResponse) and not lists_nothing(read, response):
            self.renders.tell(slug, "listing", response, helped=response is not served)
        return response

    def read(
        self, response: Response | None, read: Callable[[Response], _T], *, judged: bool = True
    ) -> _T | None:
        """What a listing page says; None (and a reject) where it is none, or says too much."""
        if response is None:
            return None
        if response.status != 200:
            words = f"{response.url} answered {response.status}"
            reject = _listing_reject(response.url, failures.status(response), words)
            self._fail(reject, judged=judged)
            return None
        try:
            found = read(response)
            self._bound(found)
            _refuse_block_page(response, empty=isinstance(found, Listing) and not found.entries)
            return found
        except ListingError as error:
            reason, words = error.reason, str(error)
            if why := block_pages.in_place_of_a_listing(
                response.body, responses.charset(response), empty=True
            ):
                reason, words = "block_page", f"{response.url}: {why}"
            if RENDERED in response.flags and reason in NOTHING:
                reason, words = "not_rendered", self.renders.in_vain(response.url)
            elif reason in NOTHING and (how := self.renders.needed(response)):
                reason, words = "needs_rendering", how
            self._fail(_listing_reject(response.url, reason, words), judged=judged)
        except Exception as error:
            self._fail(responses.failed(error, response.url, "listing"))
        return None

    def _bound(self, found: object) -> None:
        """Raises ListingError for a page that would have us ask without end."""
        found = found.listing if isinstance(found, Answer) else found
        if isinstance(found, Listing):
            named, what = len(found.entries) + len(found.skipped), "entries"
            most, setting = self.limits.entries, "MAX_LISTING_ENTRIES"
        elif isinstance(found, list):
            named, what = len(found), "plates"
            most, setting = self.limits.plates, "MAX_PAPER_PLATES"
        else:
            return
        if named > most:
            words = f"the page names {named} {what}, over {setting} ({most})"
            raise ListingError(f"too_many_{what}", words)

    def count(self, key: str, number: int = 1) -> None:
        self._stats.inc_value(key, number)

    def warn(self, words: str) -> None:
        self.entries.warn(words)

    def _fail(self, reject: Reject, *, judged: bool = True) -> None:
        """A page of a listing that could not be used: what it lists is unknown."""
        self._stats.inc_value("workercn/listing/failed", judged)
        self.entries.notes.append(reject)


def _read_navigation(response: Response) -> dict[str, str | None]:
    linked = table.discover(response.body, response.url, responses.charset(response))
    if not linked:
        raise ListingError("no_sections", "the home page links no section")
    return linked


def _kept(gap: Gap) -> dict[str, Any]:
    """A gap as the journal has it: the folder names section and run."""
    return {key: value for key, value in gap._asdict().items() if key not in ("slug", "run_id")}


def _read_left_out(response: Response) -> list[str]:
    return table.left_out(response.body, response.url, responses.charset(response))


def _refuse_block_page(response: Response, *, empty: bool) -> None:
    """Raises ListingError for what can be read as a listing, and is a block page."""
    charset = responses.charset(response)
    if why := block_pages.in_place_of_a_listing(response.body, charset, empty=empty):
        raise ListingError("block_page", f"{response.url}: {why}")


def _listing_reject(url: str, reason: str, error: str) -> Reject:
    return Reject(url, "listing", reason, error, responses.now())
