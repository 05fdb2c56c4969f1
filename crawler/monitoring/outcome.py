"""How the run ended: checks, exit code, manifest and publication, once everything else is over."""

from __future__ import annotations

import contextlib
import logging
from datetime import date, datetime, timedelta
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.feedexport import FeedExporter, ItemFilter

from crawler import clock, cluster, run_context
from crawler.feeds.exports import Exports
from crawler.items import Article
from crawler.monitoring import checks
from crawler.monitoring.bodies import Bodies
from crawler.monitoring.ending import ERRORS, Ending
from crawler.monitoring.slowest import Slowest
from crawler.runs import counters
from crawler.runs.claim_results import finalize_claims
from crawler.runs.run import started
from crawler.spiders.search_source import TOTAL_STAT
from crawler.spiders.workercn import WorkercnSpider
from crawler.state import StateError
from crawler.state.session import Session
from crawler.state.store import State

logger = logging.getLogger(__name__)

_FAILED_FEEDS = "feedexport/failed_count/"
_HISTORY = 60  # complete runs of each kind
_PAUSES = timedelta(days=400)  # of articles, by which the pauses of their sections are known


class Outcome(Ending):
    """`exit_code` and `sentence` are there when the crawler has stopped.

    Published at `engine_stopped`: the last signal of all, after every handler of `spider_closed`
    has ended and every feed is closed.
    """

    def __init__(self, crawler: Crawler) -> None:
        context = run_context.of(crawler.settings)
        if context is None:
            raise NotConfigured
        super().__init__(context)
        self._crawler = crawler
        self._stats = crawler.stats
        self._bodies, self._slowest = Bodies(), Slowest()
        crawler.signals.connect(self._slowest.add, signals.response_received)
        crawler.signals.connect(self._count_item, signals.item_scraped)
        crawler.signals.connect(self._count_error, signals.item_error)
        crawler.signals.connect(self._count_error, signals.spider_error)
        crawler.signals.connect(self._finish, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Outcome:
        return cls(crawler)

    def _count_item(self, item: Any) -> None:
        self.count(item)
        if isinstance(item, Article):
            self._bodies.add(item)

    def _failed_feeds(self) -> list[str]:
        exporter = self._crawler.get_extension(FeedExporter)
        if exporter is None:  # Scrapy has disabled it
            return [*self._crawler.settings.getdict("FEEDS")]
        stats = self._stats.get_stats()
        articles = counters.articles(stats)
        lost = [
            slot.uri
            for slot in exporter.slots
            if not slot.feed_options["batch_item_count"]
            and type(slot.filter) is ItemFilter  # what another lets through is not known
            and slot.filter.item_classes == (Article,)
            and slot.itemcount != articles
        ]
        failed = (key for key in stats if key.startswith(_FAILED_FEEDS))  # Scrapy's own words
        return lost or [key.removeprefix(_FAILED_FEEDS) for key in failed]

    def _count_error(self) -> None:
        self._stats.inc_value(ERRORS)

    @property
    def _session(self) -> Session | None:
        return self._crawler.get_extension(Session)

    def _finish(self) -> None:
        session, stats = self._session, self._stats.get_stats()
        if session is not None:
            self._learning = session.state.learning
        exports = Exports(self._run.output, self._context.exports)
        exports.make(self._run.partial)
        try:
            self.finish(stats, checks.run(self._night(stats, exports)))
            if self._run.final.exists():
                exports.publish()
        finally:
            exports.discard()
            if session is not None:
                session.state.close()

    def _settled(self) -> str | None:
        if self._session is None or not self._context.crawl_id:
            return None
        try:
            finalize_claims(self._run, self._session.state, self._stats.get_stats())
        except (OSError, StateError) as error:
            return f"the run cannot be published: {error}"
        return None

    def _night(self, stats: dict[str, Any], exports: Exports) -> checks.RunReview:
        """What the checks judge this run by. A state that is away tells nothing; that is judged."""
        spider = self._crawler.spider
        now = clock.now()
        before: dict[str, Any] = {}
        if self._session is not None:
            with contextlib.suppress(StateError):
                before = _told_before(self._session.state, stats, now)
        walk = getattr(spider, "walk", None)
        worker = cluster.worker_of(self._crawler)
        return checks.RunReview(
            stats=stats,
            settings=self._crawler.settings,
            started_at=started(self._run.run_id),
            now=now,
            arguments=self._context.arguments,
            nightly=self._context.is_nightly,
            left_out=self._context.left_out,
            navigation=walk.navigation if walk else None,
            gaps=walk.failing if walk else [],
            same_bodies=self._bodies.shared(),
            until=spider.arguments.until if isinstance(spider, WorkercnSpider) else None,
            walked=worker is None or worker.seeder,
            exports=exports,
            **before,
        )

    def _beside(self) -> dict[str, Any]:
        return {"slowest": self._slowest.listed(), "failing": self._failing()}

    def _failing(self) -> list[dict[str, Any]]:
        """Articles that were to be tried again when this run began, and those given up."""
        if self._session is None:
            return []
        state = self._session.state
        failures = [*state.given_up(), *state.waiting_failures()]
        return [
            {"url": f.url, "tries": f.tries, "error": f.error or f.reason, "next_try": f.next_try}
            for f in failures
        ]

    @property
    def _outstanding(self) -> int:
        return getattr(self._crawler.spider, "outstanding", 0)

    def _told(self) -> dict[str, Any]:
        spider = self._crawler.spider
        assert isinstance(spider, WorkercnSpider)
        asked = spider.arguments
        return {
            "spider": spider.name,
            "window": {"since": _day(asked.since), "until": _day(asked.until)},
            "gaps": [
                {"section": gap.slug, "from": gap.start or None, "to": gap.end}
                | {"reason": gap.reason}
                for gap in (spider.walk.gaps if spider.walk else ())
            ],
        }

    def _numbers(self, stats: dict[str, Any]) -> str:
        counts = counters.counts(stats)
        kinds = ("updated", "removed", "unchanged", "missing")
        changed = "".join(f"{counts[kind]} {kind}, " for kind in kinds if counts[kind])
        sections = len(counters.sections(stats))
        return (
            f"{counts['new']} new, {changed}{counts['rejected']} rejected, {counts['listed']} "
            f"listed in {sections} sections"
        )


def _told_before(state: State, stats: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What earlier runs have told of the sections and days of this one."""
    new = stats.get(counters.NEW_BY_DAY, {})
    slugs, since = counters.sections(stats), now - _PAUSES
    return {
        "history": state.history(_HISTORY),
        # Of each day that the search answered for: how many it has, and how many are known now.
        "completeness": {
            day: (total, state.published_on(date.fromisoformat(day)) + new.get(day, 0))
            for day, total in stats.get(TOTAL_STAT, {}).items()
        },
        "pauses": state.pauses(slugs, since),
        "pause": state.pause([slug for slug in slugs if checks.is_modern(slug)], since),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
