"""One worker of a shared crawl: joins it, tells what it has finished, and leaves it in order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.asyncio import create_looping_call

from crawler import clock, run_context
from crawler.cluster import ERROR_STAT, REFUSED_STAT, gave_up
from crawler.cluster.rate_limiter import SharedRateLimiter
from crawler.cluster.redis_server import RedisServer, RedisUnavailableError
from crawler.cluster.shared_crawl import SharedCrawl, join
from crawler.downloader.stopping import is_stopping
from crawler.items import Article, ListingEntry, Reject, timestamp
from crawler.journal_notes import RecheckResult
from crawler.state.revision_claims import Holder
from crawler.state.session import Session
from crawler.state.store import State

logger = logging.getLogger(__name__)

_T = TypeVar("_T")

_TICK = 0.5  # seconds between two looks at what there is to do
_MOST_SILENT = 5.0  # seconds between two words to the others, or less
_BATCH = 100  # entries that are looked up together


class Worker:
    """An extension, there where the crawl is shared.

    Redis that is away is waited for: REDIS_PATIENCE seconds, then that is noted under
    `workercn/redis/error`, which forbids publishing, and the crawl is stopped. What this worker
    fetches meanwhile is written all the same, and told when there is somebody to tell.
    """

    seeder = False  # this one has walked listings
    _walking = False  # … and is not through
    _alone = True

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._patience = settings.getfloat("REDIS_PATIENCE")
        visibility = settings.getfloat("VISIBILITY_SECONDS")
        self._server = RedisServer(settings["REDIS_URL"])
        context = run_context.required(settings)
        assert context.crawl_id is not None
        self._context, self._crawl_id = context, context.crawl_id
        self.crawl = SharedCrawl(self._server, self._crawl_id, context.run_id, visibility)
        self.turns: SharedRateLimiter | None = None
        if not settings.getbool("PER_WORKER_RATE"):
            self.turns = SharedRateLimiter(crawler, self._server, self.retry_until_available)
        self._run_id = context.run_id
        self._held: set[str] = set()  # taken and not finished
        self._most_deaths = settings.getint("MAX_WORKER_DEATHS")
        self._deadly: deque[Reject] = deque()  # taken, and not to be fetched
        # Not told yet, and the run that has it.
        self._finished: deque[tuple[ListingEntry, str]] = deque()
        self._beating = create_looping_call(self._beat)
        self._interval = min(visibility / 4, _MOST_SILENT)
        for handler, signal in (
            (self._opened, signals.spider_opened),
            (self._item_done, signals.item_scraped),
            (self._item_lost, signals.item_dropped),
            (self._item_lost, signals.item_error),
            (self._item_lost, signals.spider_error),
            (self._closed, signals.spider_closed),
            (self._stopped, signals.engine_stopped),
        ):
            crawler.signals.connect(handler, signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Worker:
        return cls(crawler)

    @property
    def _state(self) -> State:
        session = self._crawler.get_extension(Session)
        assert session is not None, "a trial is not shared"
        return session.state

    # --- what there is to do ------------------------------------------------------------------

    async def work(self, walk: Callable[[], AsyncIterator[Any]]) -> AsyncIterator[Any]:
        """Until there is nothing left for anybody: walk the listings, where no other worker does.

        `walk` gives the entries of articles, which are queued, and notes, which are handed on.
        Meanwhile the scheduler takes what is queued. After Redis has lost what it had, the
        listings are walked again.
        """
        standing = await self.retry_until_available(self.crawl.poll)
        if standing.over:
            logger.warning("this crawl is over; another crawl_id begins anew")
        while not standing.over:
            if not standing.seeded and await self.retry_until_available(
                self.crawl.acquire_leadership
            ):
                self.seeder = self._walking = True
                logger.info("this worker walks the listings")
                # Once more, where Redis has lost them.
                await self.retry_until_available(
                    join, self._server, self._crawl_id, self._context.arguments
                )
                async for note in self._queue(walk()):
                    yield note
                await self.retry_until_available(self.crawl.seeded)
                self._walking = False
            elif standing.waiting:
                self._wake()
            elif standing.taken and not self._held:
                # Its own, where Redis has come back with what was so a moment ago.
                await self.retry_until_available(self.crawl.give_back)
            while self._deadly:
                yield self._deadly.popleft()
            await asyncio.sleep(_TICK)
            standing = await self.retry_until_available(self.crawl.poll)

    async def _queue(self, found: AsyncIterator[Any]) -> AsyncIterator[Any]:
        batch: list[ListingEntry] = []
        async for one in found:
            if not isinstance(one, ListingEntry):
                yield one
                continue
            batch.append(one)
            if len(batch) == _BATCH:
                await self._push(batch)
                batch = []
        await self._push(batch)

    async def _push(self, entries: list[ListingEntry]) -> None:
        holders = self._state.claims.unpublished(entry.id for entry in entries)
        for entry in entries:
            holder = holders.get(entry.id)
            if holder is not None and await self.retry_until_available(
                self.crawl.answered, entry, holder
            ):
                continue
            await self.retry_until_available(self.crawl.push, entry)
        self._wake()
        await asyncio.sleep(0)  # nothing above waits while Redis answers

    def _wake(self) -> None:
        """Let the engine ask the scheduler, as it does by itself every 5 s only."""
        slot = self._crawler.engine._slot
        if slot is not None:
            slot.nextcall.schedule()

    def take(self) -> ListingEntry | None:
        """An article to be fetched by this worker; None where there is none at the moment.

        One that another's folder has brought into the state since it was queued is passed over.
        A worker that walks the listings leaves articles to the others, where there are any: the
        sooner it is through, the sooner all know what there is, and it may die before.
        """
        if self._walking and not self._alone:
            return None
        while (found := self.crawl.take()) is not None:
            entry, deaths = found
            if not (entry.again or self._full) and self._state.find(entry.id):
                self.crawl.done(entry, None)
                continue
            self._held.add(entry.id)
            if deaths < self._most_deaths:
                return entry
            words = f"{deaths} workers died with it, one after the other, or were not heard of"
            at = timestamp(clock.now())
            self._deadly.append(Reject(entry.url, "fetch", "deadly", words, at, entry=entry))
        return None

    @property
    def _full(self) -> bool:
        return self._context.arguments.get("full") == "1"

    # --- claims -------------------------------------------------------------------------------

    async def claim(self, id_: str, revision: int) -> Holder | None:
        """Take a revision for this run's folder; None, or who has it."""
        claims = self._state.claims
        while True:
            holder = claims.take(id_, revision, self._run_id)
            if holder is None or holder.final:
                return holder
            if await self.retry_until_available(self.crawl.is_alive, holder.run_id):
                return holder
            claims.give_up(id_, revision, holder.run_id)

    # --- what is finished ---------------------------------------------------------------------

    def _item_done(self, item: Any, response: Any) -> None:
        if isinstance(item, Article | RecheckResult | Reject):
            entry = item.entry if isinstance(item, Reject) else None
            self._done(response, self._run_id, entry)

    def _item_lost(self, response: Any, exception: Exception | None = None) -> None:
        holder = exception.holder if isinstance(exception, HeldError) else None
        # A live worker's folder may yet come to nothing: then this is done again.
        self._done(response, self._run_id if holder is None or holder.final else holder.run_id)

    def _done(self, response: Any, run_id: str, entry: ListingEntry | None = None) -> None:
        entry = entry or (response and response.request.cb_kwargs.get("entry"))
        if entry:
            self._held.discard(entry.id)
            self._finished.append((entry, run_id))
            self._tell()

    def _tell(self) -> None:
        try:
            while self._finished:
                self.crawl.done(*self._finished[0])
                self._finished.popleft()
        except RedisUnavailableError:
            return  # with the next beat

    # --- with the others ----------------------------------------------------------------------

    async def retry_until_available(self, ask: Callable[..., _T], *arguments: Any) -> _T:
        """What Redis answers, as soon as it does. Raises RedisUnavailableError where it is given
        up.
        """
        while True:
            try:
                return ask(*arguments)
            except RedisUnavailableError:
                if gave_up(self._crawler) or is_stopping(self._crawler):
                    raise
            await asyncio.sleep(_TICK)

    def _opened(self) -> None:
        self._beating.start(self._interval)

    def _beat(self) -> None:
        try:
            self._alone = self.crawl.beat() == 1
        except RedisUnavailableError as error:
            away = monotonic() - (self._server.away_since or monotonic())
            if away > self._patience and not gave_up(self._crawler):
                self._crawler.stats.set_value(ERROR_STAT, f"{error}, for {away:.0f} s")
                logger.error("%s; stopping", error)
                closing = self._crawler.engine.close_spider_async(reason="redis_error")
                self._closing = asyncio.ensure_future(closing)  # asyncio holds tasks weakly
        else:
            self._tell()

    def _closed(self) -> None:
        self._tell()
        self._last_word(self.crawl.give_back)

    def _stopped(self) -> None:
        if self._beating.running:
            self._beating.stop()
        published = _is_published(self._context.folder)
        self._last_word(lambda: self.crawl.leave(published=published))
        self._server.close()

    def _last_word(self, say: Callable[[], None]) -> None:
        """What cannot be said any more the others find out by themselves."""
        try:
            say()
        except RedisUnavailableError as error:
            logger.warning("%s: the other workers find out when this one is not heard of", error)


def _is_published(partial: Path) -> bool:
    """Not so where it is kept, nor where it is taken away: no host could be used from here."""
    return partial.with_suffix("").exists()


class HeldError(DropItem):
    """Another run has the record: `holder`."""

    def __init__(self, article: Article, holder: Holder) -> None:
        super().__init__(f"{article.id} revision {article.revision} is in {holder.run_id}")
        self.holder = holder


class ClaimsPipeline:
    """The last of the pipelines: a record is claimed before its line is written, so that it stands
    once over all workers.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        worker = crawler.get_extension(Worker)
        assert worker is not None
        self._worker = worker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ClaimsPipeline:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        if isinstance(item, Article):
            holder = await self._worker.claim(item.id, item.revision)
            if holder is not None:
                self._stats.inc_value(REFUSED_STAT)
                raise HeldError(item, holder)
        return item
