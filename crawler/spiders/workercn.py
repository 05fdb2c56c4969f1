"""The main spider: sections → listings → articles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider

from crawler import clock, cluster, run_context
from crawler.downloader.stopping import close_in_order, is_stopping
from crawler.spiders.arguments import OLDEST, Arguments

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from crawler.items import ListingEntry, Page, Reject
    from crawler.journal_notes import Outside, RecheckResult, RenderProbe
    from crawler.spiders.discovery import Discovery


class WorkercnSpider(Spider):
    """Walks the listings of a span of days, then fetches their articles, newest first.

    Every article that is asked for ends as one item, an Article or a Reject: `outstanding` is how
    many have not yet.
    """

    name = "workercn"

    def __init__(self, **given: str) -> None:
        super().__init__()
        self.given = given
        self.arguments = Arguments.parse(given)
        self.walk: Discovery | None = None
        self.outstanding = 0
        self.asked = 0  # articles, as `limit` counts them

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Raises RuntimeError, while the crawler is made: without a run, whatever it fetched would
        be lost, and an exception later on is one that CrawlerProcess only logs.
        """
        super().update_settings(settings)
        if run_context.of(settings) is None:
            raise RuntimeError(
                "a crawl of workercn is made by its command, which locks the output folder, "
                "publishes the run and tells how it ended; from a script: "
                'subprocess.run(["scrapy", "crawl", "workercn", "-a", "sections=edu"]), '
                "or scrapy.cmdline.execute() with the same words (docs/exit-codes.md)"
            )

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> WorkercnSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._item_done, signals.item_scraped)
        crawler.signals.connect(spider._lost, signals.item_dropped)
        crawler.signals.connect(spider._lost, signals.item_error)
        crawler.signals.connect(spider._lost, signals.spider_error)
        crawler.signals.connect(spider._idle, signals.spider_idle)
        crawler.signals.connect(spider._opened, signals.spider_opened)
        return spider

    def _opened(self) -> None:
        close_in_order(self.crawler)

    async def start(self) -> AsyncIterator[Any]:
        # Imported here: the parsing libraries cost `scrapy list` and `scrapy -h` for nothing.
        from crawler.items import ListingEntry, Reject
        from crawler.spiders.discovery import Discovery
        from crawler.spiders.removals import Removals

        self._removals = Removals(self.crawler, self._is_listed)
        worker = cluster.worker_of(self.crawler)
        if worker is not None:
            # For reading what others have found.
            self.walk = Discovery(self.crawler, self.arguments)
            async for note in worker.work(self._found):
                self.outstanding += isinstance(note, Reject) and note.stage != "listing"
                yield note
        else:
            async for one in self._found():
                yield self.article_request(one) if isinstance(one, ListingEntry) else one

    def _is_listed(self, id_: str) -> bool:
        return self.walk is not None and self.walk.frontier.is_listed(id_)

    async def _found(self) -> AsyncIterator[Any]:
        """Entries of articles, and notes for the journal. In a shared crawl all entries at once:
        who fetches them is not known here.
        """
        from crawler.spiders.discovery import Discovery

        alone = cluster.worker_of(self.crawler) is None
        if self.walk is not None:
            self.walk.frontier.close()
        self.walk = walk = Discovery(self.crawler, self.arguments)
        await walk.discover()
        for first in self._spans(walk):
            await walk.down_to(first or self.arguments.since)
            for note in walk.notes():
                yield note
            for entry in walk.frontier.take(first):
                if alone and await self._limit_reached():
                    return
                self.asked += 1
                yield entry
        if self.arguments.limit is None:
            await walk.look_again()
            for note in walk.notes():
                yield note
            for entry in walk.frontier.take(None):
                yield entry
        walk.finish()
        for note in walk.notes():
            yield note

    def closed(self, reason: str) -> None:
        if self.walk is not None:
            self.walk.frontier.close()

    def _spans(self, walk: Discovery) -> Iterator[date | None]:
        """The window in spans of days, newest first: the first day of each, down to which the
        listings are to be walked; None: all that is left.

        A night's window is one span. A long one is cut, so that no more is listed ahead than a
        span's articles, and what is newest is fetched first. A span has no last day: whatever an
        earlier one was not told of, because its section came to it later, is of the next.
        """
        since, until = self.arguments.since, self.arguments.until
        days = timedelta(days=self.crawler.settings.getint("SLICE_DAYS"))
        first = (until or clock.today()) - days + timedelta(days=1)
        while (since or until) and first > (since or OLDEST) and not walk.ended:
            yield first
            first -= days
        # The outermost bounds are left open: the frontier holds what is of the window, and what may
        # be because its listing names no time.
        yield None
        while walk.widen() and self.asked < (self.arguments.limit or 0):
            yield None

    # --- articles ---------------------------------------------------------------------------

    def article_request(self, entry: ListingEntry) -> Request:
        from crawler.downloader.rendering import RENDER
        from crawler.spiders.renders import slug_of

        assert self.walk is not None
        self.outstanding += 1
        # dont_filter: each article is asked for once because the frontier gives it once; the
        # duplicate filter would drop a redirect to a page already seen without telling anybody.
        request = Request(
            entry.url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"entry": entry},
            dont_filter=True,
            meta={RENDER: self.walk.renders.wants(slug_of(entry), "article")},
        )
        if entry.again:
            self._ask_again(request, entry)
        return request

    def _ask_again(self, request: Request, entry: ListingEntry) -> None:
        """Only for what has changed, where the article is known and there is something to compare
        with.
        """
        from crawler.site import urls
        from crawler.spiders import responses

        assert self.walk is not None
        known = self.walk.memory.state.find(entry.id)
        if known is None:
            return
        request.meta["known"] = known
        request.meta["handle_httpstatus_list"] = list(responses.OF_A_KNOWN)
        if known.payload and known.archived_at:
            from crawler.archive import ArchivedBefore

            archived_at = datetime.fromisoformat(known.archived_at)
            request.meta["earlier"] = ArchivedBefore(known.url, archived_at, known.payload)
        is_fresh = self.arguments.full or entry.fresh or known.change == "removed"
        if is_fresh or urls.place(entry.url) != urls.place(known.asked_at):
            return
        for name, value in (("If-None-Match", known.etag), ("If-Modified-Since", known.modified)):
            if value:
                request.headers[name] = value

    async def parse_article(
        self, response: Response, entry: ListingEntry
    ) -> AsyncIterator[Page | RecheckResult | Reject | Outside | RenderProbe]:
        from crawler.items import Page
        from crawler.journal_notes import Outside, RecheckResult
        from crawler.spiders import responses

        assert self.walk is not None
        item = await responses.read(response, entry, self.walk, self.walk.run_id)
        if (decided := self._decided(item, response)) is not None:
            yield decided
        if isinstance(item, Page) and item.id != entry.id:
            # Moved: known under its new id. The old one would be fetched as long as it is listed;
            # where it was published, its address has it no more.
            for section in entry.sections:
                if slug := section["slug"]:
                    yield Outside(slug, [entry.id])
            if "known" in response.meta and cluster.worker_of(self.crawler) is None:
                self.outstanding += 1
                gone = RecheckResult(entry.id, "missing", responses.now())
                if (decided := self._decided(gone, response)) is not None:
                    yield decided
        for note in self.walk.renders.notes():
            yield note

    def _decided(
        self, item: Page | RecheckResult | Reject, response: Response
    ) -> Page | RecheckResult | Reject | None:
        """None for an article that is gone where only the run's end tells what to make of it."""
        from crawler.items import Reject
        from crawler.journal_notes import RecheckResult

        known = response.meta.get("known")
        if isinstance(item, RecheckResult) and item.outcome == "missing" and known is not None:
            entry: ListingEntry = response.request.cb_kwargs["entry"]  # type: ignore[union-attr]
            decided = self._removals.gone(known, item, listed=entry.on_a_page)
            if decided is None and cluster.worker_of(self.crawler) is not None:
                # It would stay taken until this worker's end, which waits for all that is taken.
                return next(self._removals.decide())
            return decided
        if not isinstance(item, Reject):
            self._removals.there(known, response.url)
        return item

    def article_failed(self, failure: Failure) -> Iterator[Reject]:
        from crawler.spiders import responses

        if is_stopping(self.crawler) or cluster.gave_up(self.crawler):
            return  # asked for no more: it stays outstanding, as what was never asked for
        entry: ListingEntry = failure.request.cb_kwargs["entry"]  # type: ignore[attr-defined]
        assert failure.value is not None
        reject = responses.failed(failure.value, entry.url, "fetch")
        reject.entry = entry
        yield reject

    def _idle(self) -> None:
        """When all else is done, what other articles' addresses have shown as well is asked for
        once more; after that it is known how many articles are gone.
        """
        if self.walk is None or self.arguments.limit:
            return
        engine, alone = self.crawler.engine, cluster.worker_of(self.crawler) is None
        waiting = list(self.walk.same_pages.again()) if alone else []
        for entry in waiting:
            engine.crawl(self.article_request(entry))
        decided = [] if waiting else list(self._removals.decide())
        if decided:
            self._deciding = asyncio.ensure_future(self._note(decided))
        if waiting or decided:
            raise DontCloseSpider

    async def _note(self, decided: list[RecheckResult]) -> None:
        engine = self.crawler.engine
        process = engine.scraper.start_itemproc_async
        await asyncio.gather(*(process(checked, response=None) for checked in decided))
        if engine._slot is not None:
            engine._slot.nextcall.schedule()  # it asks by itself every 5 s only

    # --- how far it has come ------------------------------------------------------------------

    async def _limit_reached(self) -> bool:
        """Wait until another article may be asked for; True when `limit` have been."""
        while self.crawler.engine.needs_backout():
            await self.crawler.signals.wait_for(signals.scheduler_empty)
        return self.arguments.limit is not None and self.asked >= self.arguments.limit

    def _item_done(self, item: Any) -> None:
        from crawler.items import Article, Reject
        from crawler.journal_notes import RecheckResult

        of_a_listing = isinstance(item, Reject) and item.stage == "listing"
        if isinstance(item, Article | RecheckResult | Reject) and not of_a_listing:
            self.outstanding -= 1

    def _lost(self) -> None:
        """Dropped as outside the window; or an exception that nobody foresaw took its place."""
        self.outstanding -= 1
