"""What can be walked, and what all of it shares: listing pages are fetched and read, and what they
say is kept until it is fetched or noted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from crawler import clock, cluster, run_context
from crawler.clock import CST
from crawler.downloader import failures
from crawler.downloader.rendering import RENDER, RENDERED
from crawler.items import Reject
from crawler.journal_notes import IssueSighting, Note, SectionProgress
from crawler.runs import counters
from crawler.site import block_pages, sections
from crawler.site.listing_errors import ListingError
from crawler.site.listings.parsers import Listing
from crawler.site.listings.search_answers import Answer
from crawler.spiders import responses
from crawler.spiders.arguments import Arguments
from crawler.spiders.entries import Entries
from crawler.spiders.gaps import GapsAfter, after
from crawler.spiders.history import CrawlHistory
from crawler.spiders.renders import NOTHING, Renders, lists_nothing
from crawler.spiders.same_pages import SamePages

_T = TypeVar("_T")


class ListingReader:
    """What the listing sources of a run share."""

    def __init__(self, crawler: Crawler, arguments: Arguments) -> None:
        self._crawler, self._stats, self._arguments = crawler, crawler.stats, arguments
        self.limit = crawler.settings.getint  # of a section, by the setting's name
        self.memory = CrawlHistory(crawler, arguments)
        self.entries = Entries(crawler, arguments, self.memory)
        self.frontier = self.entries.frontier
        self.renders = Renders(crawler)
        self.same_pages = SamePages(crawler.stats)
        self.since, self.until = arguments.since, arguments.until
        self.most_pages = self.limit("MAX_ARTICLE_PAGES")
        most = self.limit("MAX_LISTING_PAGES")
        self.pages = min(arguments.listing_pages or most, most)
        self.is_limited_by_hand = bool(arguments.pages or arguments.limit)
        # Of the modern sections, by slug: the table's, and those that the home page links.
        self.names = dict(sections.table().names)
        self.sections: list[ListingSource] = []  # that are walked
        self.led_away: set[str] = set()  # those that lead to others
        context = run_context.required(crawler.settings)
        self.run_id, self.is_nightly = context.run_id, context.is_nightly
        self.began = clock.today()
        self.started_at = clock.now()
        self.now = self.started_at.astimezone(CST).replace(tzinfo=None)  # in site time
        nights = self.limit("GAP_NIGHTS")
        self.gaps_after = partial(after, run_id=self.run_id, now=self.started_at, nights=nights)

    def notes(self) -> Iterator[Reject | Note]:
        """What there is to tell of the listings since the last call: what could not be used, what
        was known, how far they were walked, which needed the renderer.
        """
        while self.entries.notes:
            yield self.entries.notes.popleft()
        yield from self.renders.notes()

    def becomes(self, section: ListingSource, other: str) -> bool:
        """A section that redirects to another is listed once, as that one: False where that is
        walked already. It degrades the run where it was one of its own before.
        """
        assert section.slug is not None
        if not self.memory.state.has_seen(section.slug):
            self._stats.get_value(counters.SECTIONS, {}).pop(section.slug, None)
        self.led_away.add(section.slug)
        if is_walked := any(one.slug == other for one in self.sections):
            self.sections.remove(section)
        return not is_walked

    def another_called(self, name: str, slug: str) -> str | None:
        """The other section of that name, where `slug` is known to have another."""
        if self.names.get(slug, name) == name:
            return None
        return next((other for other, its in self.names.items() if its == name), None)

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
            self.fail(responses.failed(answer, url, "listing"), judged=judged)
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
            return await worker.retry_until_available(worker.crawl.led_to, id_, by)
        return self.frontier.claim(id_)

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
            self.refuse(response.url, failures.status(response), words, judged=judged)
            return None
        try:
            found = read(response)
            self._bound(found)
            is_empty = isinstance(found, Listing) and not found.entries
            if why := _block_page(response, empty=is_empty, guessed=_is_guessed(found)):
                raise ListingError("block_page", why)
            return found
        except ListingError as error:
            self.refuse(response.url, *self._why(response, error), judged=judged)
        except Exception as error:
            self.fail(responses.failed(error, response.url, "listing"))
        return None

    def _why(self, response: Response, error: ListingError) -> tuple[str, str]:
        """The reason and the sentence of a page that lists nothing: what stands in its place, or
        what a renderer has to do with it.
        """
        reason, words = error.reason, str(error)
        if why := _block_page(response, empty=True):
            reason, words = "block_page", why
        if RENDERED in response.flags and reason in NOTHING:
            return "not_rendered", self.renders.in_vain(response.url)
        if reason in NOTHING and (how := self.renders.needed(response)):
            return "needs_rendering", how
        return reason, words

    def _bound(self, found: object) -> None:
        """Raises ListingError for a page that names more than is to be asked for."""
        found = found.listing if isinstance(found, Answer) else found
        if isinstance(found, Listing):
            named, what = len(found.entries) + len(found.skipped), "entries"
            setting = "MAX_LISTING_ENTRIES"
        elif isinstance(found, list):
            named, what, setting = len(found), "plates", "MAX_PAPER_PLATES"
        else:
            return
        if named > (most := self.limit(setting)):
            words = f"the page names {named} {what}, over {setting} ({most})"
            raise ListingError(f"too_many_{what}", words)

    def count(self, key: str, number: int = 1) -> None:
        self._stats.inc_value(key, number)

    def tally(self, key: str) -> Counter[str]:
        return counters.tally(self._stats.get_stats(), key)

    def refuse(self, url: str, reason: str, words: str, *, judged: bool = True) -> None:
        self.fail(Reject(url, "listing", reason, words, responses.now()), judged=judged)

    def fail(self, reject: Reject, *, judged: bool = True) -> None:
        """A page of a listing that could not be used: what it lists is unknown."""
        self._stats.inc_value("workercn/listing/failed", judged)
        self.entries.notes.append(reject)


class ListingSource:
    """One listing and how far it has been walked.

    `slug` is as in the argument `sections`; the search has none, its results are of no section.
    """

    def __init__(self, walk: ListingReader, slug: str | None, name: str | None = None) -> None:
        self.walk = walk
        self.slug = slug
        self.name = name
        self.ended = False
        self.is_judged = True  # False: where it lists nothing, that is no fault

    def is_done(self) -> bool:
        return self.ended

    async def down_to(self, day: date | None) -> None:
        """Walk on until everything from `day` on has been listed, or to the end."""
        raise NotImplementedError

    async def look_again(self) -> None:
        """At the run's end: ask once more for what something known contradicts."""

    def gaps(self) -> GapsAfter:
        """What of the section was not seen, in this run and in those before."""
        return GapsAfter([], [])

    def walked(self) -> list[SectionProgress | IssueSighting]:
        """How far the section was walked without a gap: where the next run may stop."""
        return []


def _is_guessed(found: object) -> bool:
    """May it have been read off a block page: its navigation, or the articles it recommends?"""
    return found.guessed if isinstance(found, Listing) else isinstance(found, dict | list)


def _block_page(response: Response, *, empty: bool, guessed: bool = False) -> str | None:
    charset = responses.charset(response)
    why = block_pages.in_place_of_a_listing(response.body, charset, empty=empty, guessed=guessed)
    return f"{response.url}: {why}" if why else None
