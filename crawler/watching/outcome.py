"""How the run ended: checks, exit code, manifest and publication, once everything else is over."""

from __future__ import annotations

import contextlib
import logging
from datetime import date, timedelta
from operator import methodcaller
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.feedexport import FeedExporter

from crawler import clock, report, run_context, sharing
from crawler.exit_codes import ExitCode
from crawler.feeds import publishing, tally
from crawler.feeds.exporter import ERROR_STAT, RunStorage
from crawler.feeds.lock import door
from crawler.feeds.manifest import Health, Manifest
from crawler.feeds.run import RunFolder, started
from crawler.feeds.settling import settle
from crawler.fetching import hosts
from crawler.items import Article, Reject, timestamp
from crawler.report import findings
from crawler.report.language import Words
from crawler.spiders import completeness
from crawler.spiders.workercn import WorkercnSpider
from crawler.state import Pause, StateError
from crawler.state.session import ERROR_STAT as STATE_ERROR_STAT
from crawler.state.session import Session
from crawler.watching import checks
from crawler.watching.bodies import Bodies
from crawler.watching.slowest import Slowest

logger = logging.getLogger(__name__)

_ERRORS = "workercn/errors"
_FAILED_FEEDS = "feedexport/failed_count/"
_HISTORY = 60  # complete runs of each kind
_PAUSES = timedelta(days=400)  # of articles, by which the pauses of their sections are known
_INTERRUPTED = ("shutdown", "closespider_timeout", "closespider_pagecount")


class Outcome:
    """`exit_code`, `sentence` and `results` are there when the crawler has stopped.

    Published at `engine_stopped`: the last signal of all, after every handler of `spider_closed`
    has ended and every feed is closed.
    """

    exit_code: ExitCode | None = None
    sentence = ""
    results: list[checks.Check] = []

    def __init__(self, crawler: Crawler) -> None:
        context = run_context.of(crawler.settings)
        if context is None:
            raise NotConfigured
        self._context = context
        self._crawler = crawler
        self._stats = crawler.stats
        self._items = 0  # records and rejects that came out of the pipelines
        self._bodies = Bodies()
        self._language: str = crawler.settings["REPORT_LANGUAGE"]
        self._run = RunFolder.of(context)
        crawler.signals.connect(self._count_item, signals.item_scraped)
        crawler.signals.connect(self._count_error, signals.item_error)
        crawler.signals.connect(self._count_error, signals.spider_error)
        crawler.signals.connect(self._finish, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Outcome:
        return cls(crawler)

    def _count_item(self, item: Any) -> None:
        self._items += isinstance(item, Article | Reject)
        if isinstance(item, Article):
            self._bodies.add(item)

    def _failed_feeds(self) -> list[str]:
        """Feeds beside ours (-o) that lack a record: Scrapy's dispatcher swallows their errors."""
        exporter = self._crawler.get_extension(FeedExporter)
        if exporter is None:
            return ["any feed"]
        articles = tally.articles(self._stats.get_stats())
        lost = [
            slot.uri
            for slot in exporter.slots
            if not isinstance(slot.storage, RunStorage)
            and not slot.feed_options["batch_item_count"]
            and slot.itemcount != articles
        ]
        closing = [key for key in self._stats.get_stats() if key.startswith(_FAILED_FEEDS)]
        return lost or [key.removeprefix(_FAILED_FEEDS) for key in closing]

    def _count_error(self) -> None:
        self._stats.inc_value(_ERRORS)

    def _finish(self) -> None:
        stats = self._stats.get_stats()
        night = self._night(stats)
        results = self.results = checks.run(night)
        code, health, words = self._judge(stats, results)
        if code is ExitCode.OUTPUT:
            self.sentence = f"{words}; kept as {self._run.partial}"
        elif code is ExitCode.UNREACHED:
            self._run.discard()
            self.sentence = f"{words}; nothing published"
        elif error := self._settled():
            code, self.sentence = ExitCode.OUTPUT, f"{error}; kept as {self._run.partial}"
        else:
            manifest = self._manifest(stats, results, code, health)
            told = any(check["data"].get("needs_rendering") for check in results if not check["ok"])
            more = findings.to_render(Words(), 0 if told else night.needs_rendering)
            words = "; ".join(filter(None, (f"{words}: {_numbers(stats)}", more)))
            if self._run.trial:
                words += "; a trial, which reads and writes no state"
            code, self.sentence = self._publish(manifest, words)
        # Last: an exception on the way, which Scrapy's dispatcher swallows, leaves it None.
        self.exit_code = code

    def _settled(self) -> str | None:
        """Leave in the folder of a shared crawl what is this worker's; what went wrong with it."""
        session = self._crawler.get_extension(Session)
        if session is None or not self._context.crawl_id:
            return None
        try:
            session.ask(lambda state: settle(self._run, state, self._stats))
        except (OSError, StateError) as error:
            return f"the run cannot be published: {error}"
        return None

    def _night(self, stats: dict[str, Any]) -> checks.Night:
        """What the checks judge this run by. A state that is away tells nothing; that is judged."""
        spider = self._crawler.spider
        session = self._crawler.get_extension(Session)
        history: list[dict[str, Any]] = []
        known = None
        pauses: dict[str, Pause] = {}
        now = clock.now()
        if session is not None:
            slugs, since = tally.sections(stats), now - _PAUSES
            with contextlib.suppress(StateError):
                history = session.ask(lambda state: state.history(_HISTORY))
                known = _completeness(stats, session)
                pauses = session.ask(lambda state: state.pauses(slugs, since))
        walk = getattr(spider, "walk", None)
        worker = sharing.worker_of(self._crawler)
        return checks.Night(
            stats=stats,
            settings=self._crawler.settings,
            started_at=started(self._run.run_id),
            now=now,
            arguments=self._context.arguments,
            nightly=self._context.is_nightly,
            left_out=self._context.left_out,
            history=history,
            navigation=walk.navigation if walk else None,
            gaps=walk.failing if walk else [],
            completeness=known,
            pauses=pauses,
            same_bodies=self._bodies.shared(),
            until=spider.arguments.until if isinstance(spider, WorkercnSpider) else None,
            walked=worker is None or worker.seeder,
        )

    def _publish(self, manifest: dict[str, Any], words: str) -> tuple[ExitCode, str]:
        """(exit code, the sentence for it)"""
        run = self._run
        session = self._crawler.get_extension(Session)
        error = publishing.publish(
            run, manifest, transaction=session.learning if session else None, report=self._report
        )
        if run.final.exists() and not run.trial:
            report.attempt(self._index)
        if error:
            return ExitCode.OUTPUT, error
        return ExitCode(manifest["exit_code"]), f"{words}; see {run.final}"

    def _index(self) -> None:
        with door(self._run.output):
            report.write_index(self._run.output, language=self._language)

    def _report(self) -> None:
        slowest = self._crawler.get_extension(Slowest)
        extra = {"slowest": slowest.listed() if slowest else [], "failing": self._failing()}
        run = self._run
        report.attempt(
            report.write, run.partial, output=run.output, extra=extra, language=self._language
        )

    def _failing(self) -> list[dict[str, Any]]:
        """Articles that were to be tried again when this run began, and those given up."""
        session = self._crawler.get_extension(Session)
        if session is None:
            return []
        failures = session.ask(lambda state: [*state.given_up(), *state.waiting_failures()])
        return [
            {"url": f.url, "tries": f.tries, "error": f.error or f.reason, "next_try": f.next_try}
            for f in failures
        ]

    def _judge(
        self, stats: dict[str, Any], results: list[checks.Check]
    ) -> tuple[ExitCode, Health, str]:
        """(exit code, health, in words)"""
        reason = stats.get("finish_reason", "unknown")
        lost = getattr(self._crawler.spider, "outstanding", 0)
        if error := stats.get(ERROR_STAT):
            return ExitCode.OUTPUT, "failed", f"the feed could not be written ({error})"
        for stat in (STATE_ERROR_STAT, sharing.ERROR_STAT):
            if error := stats.get(stat):
                return ExitCode.OUTPUT, "failed", f"{error}"
        if stats.get("feedexport/failed_count/RunStorage") or self._items != tally.lines(stats):
            seen, written = self._items, tally.lines(stats)
            return (
                ExitCode.OUTPUT,
                "failed",
                f"the feed has {written} of {seen} records and rejects",
            )
        if own := self._failed_feeds():
            return (
                ExitCode.ERROR,
                "failed",
                f"the feed could not be written to {', '.join(own)} (-o)",
            )
        if errors := stats.get(_ERRORS, 0):
            return (
                ExitCode.ERROR,
                "failed",
                f"{errors} unexpected errors, tracebacks in the log",
            )
        if reason in _INTERRUPTED:
            return ExitCode.INTERRUPTED, "degraded", f"interrupted ({reason}), incomplete"
        if reason != "finished":
            return ExitCode.ERROR, "failed", f"ended early ({reason})"
        if lost:
            return ExitCode.ERROR, "failed", f"{lost} articles unfinished"
        bad, asked = hosts.unusable(stats)
        if asked and bad == asked:
            reasons = hosts.reasons(stats, bad)
            why = "; ".join(findings.unreached(Words(), host, reasons.get(host)) for host in bad)
            return ExitCode.UNREACHED, "failed", why
        if failed := [
            f"{check['name']} ({check['detail']})" for check in results if not check["ok"]
        ]:
            return ExitCode.DEGRADED, "degraded", f"finished, degraded: {'; '.join(failed)}"
        return ExitCode.OK, "ok", "complete and healthy"

    def _manifest(
        self,
        stats: dict[str, Any],
        results: list[checks.Check],
        exit_code: ExitCode,
        health: Health,
    ) -> dict[str, Any]:
        spider = self._crawler.spider
        assert isinstance(spider, WorkercnSpider)
        asked = spider.arguments
        return Manifest.model_validate(
            {
                "run_id": self._run.run_id,
                "spider": spider.name,
                "group": self._context.crawl_id,
                "command": self._context.command,
                "mirror": self._context.mirror,
                "arguments": self._context.arguments,
                "window": {"since": _day(asked.since), "until": _day(asked.until)},
                "started_at": timestamp(started(self._run.run_id)),
                "finished_at": timestamp(clock.now()),
                "finish_reason": stats["finish_reason"],
                "complete": exit_code.is_complete,
                "health": health,
                "exit_code": exit_code,
                "checks": results,
                "gaps": [
                    {"section": gap.slug, "from": gap.start or None, "to": gap.end}
                    | {"reason": gap.reason}
                    for gap in (spider.walk.gaps if spider.walk else ())
                ],
                **publishing.measured(self._run, stats),
            }
        ).model_dump()


def _completeness(stats: dict[str, Any], session: Session) -> dict[str, tuple[int, int]] | None:
    """Of each day that the search answered for: how many it has, and how many are known now."""
    found = {}
    for key, total in stats.items():
        if key.startswith(completeness.STAT):
            day = date.fromisoformat(key.removeprefix(completeness.STAT))
            known = session.ask(methodcaller("published_on", day))
            found[day.isoformat()] = (total, known + stats.get(f"workercn/day/{day}", 0))
    return found or None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _numbers(stats: dict[str, Any]) -> str:
    counts = tally.counts(stats)
    kinds = ("updated", "removed", "unchanged", "missing")
    changed = "".join(f"{counts[kind]} {kind}, " for kind in kinds if counts[kind])
    return (
        f"{counts['new']} new, {changed}{counts['rejected']} rejected, {counts['listed']} listed "
        f"in {len(tally.sections(stats))} sections"
    )
