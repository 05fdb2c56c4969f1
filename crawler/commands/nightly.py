"""`scrapy nightly workercn`: the crawl that cron runs: catch up, crawl, tell, tidy up."""

from __future__ import annotations

import argparse
import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.commands import crawl, exits

if TYPE_CHECKING:
    from crawler.feeds.run import RunFolder

logger = logging.getLogger(__name__)


class Command(crawl.Command):
    name = "nightly"
    _history: list[dict[str, Any]] = []

    def short_desc(self) -> str:
        return "The cron job: catch up missed days, crawl, report, alert, prune"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        seconds = 60 * self.settings.getfloat("MAX_RUN_MINUTES")
        self.settings.set("CLOSESPIDER_TIMEOUT", seconds, priority="cmdline")
        self.settings.set("NIGHTLY", True, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            super().run(args, opts)
        except exits.Stopped as stopped:
            # No run came about; somebody must hear of it all the same.
            if self._alert(_nothing(stopped.exit_code) | {"sentence": stopped.sentence}):
                exits.say(stopped.sentence)  # once more: it is the last line
            raise

    def tonight(self, given: dict[str, str], history: list[dict[str, Any]]) -> dict[str, str]:
        from crawler.watching import nights

        assert self.settings is not None
        self._history = history
        most = self.settings.getint("CATCH_UP_DAYS")
        return nights.arguments(given, history, now=datetime.now(UTC), most=most)

    def afterwards(self, run: RunFolder, sentence: str, code: int) -> None:
        from crawler.watching import nights

        assert self.settings is not None
        if run.trial:
            return
        self._alert(_manifest(run, sentence, code))
        days = self.settings.getint("RETAIN_DAYS")
        nights.prune(run.output, days, now=datetime.now(UTC))

    def _alert(self, manifest: dict[str, Any]) -> list[str]:
        """Tell whoever wants to know; what went wrong with that, which never fails the run."""
        from crawler.watching import alerts

        assert self.settings is not None
        output = Path(self.settings["OUTPUT_DIR"])
        urls = alerts.split(self.settings["ALERT_URLS"])
        wrong = alerts.send(manifest, self._history, urls, output=output)
        for sentence in wrong:
            logger.warning("%s", sentence)
        return wrong


def _manifest(run: RunFolder, sentence: str, code: int) -> dict[str, Any]:
    """A run's manifest, or as much of one as there is without a published run."""
    from crawler.feeds.run import MANIFEST

    try:
        found: dict[str, Any] = json.loads((run.final / MANIFEST).read_text("utf-8"))
    except OSError:
        found = _nothing(code) | {"run_id": run.run_id}
    return found | {"sentence": sentence}


def _nothing(code: int) -> dict[str, Any]:
    from crawler.items import timestamp

    return {
        "run_id": None,
        "health": "failed",
        "exit_code": code,
        "finished_at": timestamp(datetime.now(UTC)),
    }
