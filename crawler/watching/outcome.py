"""How the run ended: checks, exit code, manifest and publication, once everything else is over."""

from __future__ import annotations

import logging
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler import __version__
from crawler.feeds import tally
from crawler.feeds.exporter import ERROR_STAT
from crawler.feeds.manifest import Health, Manifest
from crawler.feeds.run import RunFolder
from crawler.fetching import hosts
from crawler.watching import checks

logger = logging.getLogger(__name__)

_ERRORS = "workercn/errors"
_INTERRUPTED = ("shutdown", "closespider_timeout")


class Outcome:
    """`exit_code` and `sentence` are there when the crawler has stopped.

    Published at `engine_stopped`: the last signal of all, after every handler of `spider_closed`
    has ended and every feed is closed.
    """

    exit_code: int | None = None
    sentence = ""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings["RUN_DIR"]:
            raise NotConfigured
        self._crawler = crawler
        self._stats = crawler.stats
        partial = Path(crawler.settings["RUN_DIR"])
        self._run = RunFolder(
            partial.parent.parent, crawler.settings["RUN_ID"], trial=partial.parent.name == "trials"
        )
        crawler.signals.connect(self._count_error, signals.item_error)
        crawler.signals.connect(self._count_error, signals.spider_error)
        crawler.signals.connect(self._finish, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Outcome:
        return cls(crawler)

    def _count_error(self) -> None:
        self._stats.inc_value(_ERRORS)

    def _finish(self) -> None:
        stats = self._stats.get_stats()
        share = self._crawler.settings.getfloat("MAX_REJECT_SHARE")
        results = checks.run(stats, max_reject_share=share)
        code, health, words = self._judge(stats, results)
        if code == 6:
            self.sentence = f"{words}; kept as {self._run.partial}"
        elif code == 4:
            self._run.discard()
            self.sentence = f"{words}; nothing published"
        else:
            try:
                self._run.publish(self._manifest(stats, results, code, health))
                self.sentence = f"{words}: {_numbers(stats)}; see {self._run.final}"
            except OSError as error:
                code = 6
                self.sentence = f"cannot publish the run: {error}; kept as {self._run.partial}"
        # Last: an exception on the way, which Scrapy's dispatcher swallows, leaves it None.
        self.exit_code = code

    def _judge(self, stats: dict[str, Any], results: list[checks.Check]) -> tuple[int, Health, str]:
        """(exit code of the contract, health, in words)"""
        reason = stats.get("finish_reason", "unknown")
        lost = getattr(self._crawler.spider, "outstanding", 0)
        if error := stats.get(ERROR_STAT):
            return 6, "failed", f"the feed could not be written ({error})"
        if stats.get("feedexport/failed_count/RunStorage"):
            return 6, "failed", "the feed could not be closed"
        if errors := stats.get(_ERRORS, 0):
            return 1, "failed", f"{errors} errors nobody foresaw, tracebacks in the log"
        if reason in _INTERRUPTED:
            return 7, "degraded", f"interrupted ({reason}), incomplete"
        if reason != "finished":
            return 1, "failed", f"ended early ({reason})"
        if lost:
            return 1, "failed", f"{lost} articles came to no end"
        bad, asked = hosts.unusable(stats)
        if asked and bad == asked:
            return 4, "failed", f"no host could be used: {', '.join(bad)}"
        if failed := [
            f"{check['name']} ({check['detail']})" for check in results if not check["ok"]
        ]:
            return 3, "degraded", f"finished, degraded: {'; '.join(failed)}"
        return 0, "ok", "complete and healthy"

    def _manifest(
        self, stats: dict[str, Any], results: list[checks.Check], exit_code: int, health: Health
    ) -> dict[str, Any]:
        spider = self._crawler.spider
        assert spider is not None
        return Manifest.model_validate(
            {
                "run_id": self._run.run_id,
                "spider": spider.name,
                "arguments": getattr(spider, "given", {}),
                "started_at": _iso(stats["start_time"]),
                "finished_at": _iso(datetime.now(UTC)),
                "finish_reason": stats["finish_reason"],
                "complete": exit_code in (0, 3),
                "health": health,
                "exit_code": exit_code,
                "files": self._run.files(),
                "counts": tally.counts(stats),
                "sections": tally.sections(stats),
                "fields": tally.coverage(stats),
                "newest_published_at": tally.newest(stats),
                "checks": results,
                "versions": {
                    "crawler": __version__,
                    "scrapy": scrapy.__version__,
                    "python": platform.python_version(),
                },
            }
        ).model_dump()


def _numbers(stats: dict[str, Any]) -> str:
    counts = tally.counts(stats)
    return (
        f"{counts['new']} new, {counts['rejected']} rejected, {counts['listed']} listed "
        f"in {len(tally.sections(stats))} sections"
    )


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
