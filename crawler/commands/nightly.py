"""`scrapy nightly workercn`: the crawl that cron runs: catch up, crawl, tell, tidy up."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler import clock
from crawler.commands import crawl, exits, interruptions
from crawler.files import unusable_folder

if TYPE_CHECKING:
    from crawler.runs.startup import EarlierRuns

logger = logging.getLogger(__name__)


class Command(crawl.Command):
    name = "nightly"
    does = "The cron job: catch up missed days, crawl, report, alert, prune"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        seconds = 60 * self.settings.getfloat("MAX_RUN_MINUTES")
        self.settings.set("CLOSESPIDER_TIMEOUT", seconds, priority="cmdline")
        exits.check_extras(self.settings, "ALERT_URLS")
        exits.channels_of(self.settings["ALERT_URLS"])
        self._exports = tuple(self._targets())

    def _targets(self) -> list[Path]:
        from crawler.feeds.exports import targets

        names = self.settings.getlist("EXPORTS")
        try:
            paths = targets(self.output, names)
            for path in paths:
                if unusable_folder(path.parent):
                    raise ValueError(f"{path}: allowed: a file in a folder that can be written to")
        except ValueError as error:
            exits.refuse(f"setting EXPORTS={','.join(names)}: {error}")
        return paths

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            super().run(args, opts)
        except exits.Stopped as stopped:
            # No run came about; somebody must hear of it all the same.
            interruptions.end_with(stopped.exit_code, stopped.sentence)
            manifest = crawl.nothing_published(stopped.exit_code)
            if self._alert(manifest | {"sentence": stopped.sentence}):
                exits.say(stopped.sentence)  # once more: it is the last line
            interruptions.ignore()
            raise

    def tonight(self, given: dict[str, str], before: EarlierRuns | None) -> dict[str, str]:
        from crawler.monitoring import night_plan

        history, marks = before or ([], {})
        most = self.settings.getint("CATCH_UP_DAYS")
        tonight = night_plan.arguments(given, history, marks, now=clock.now(), most=most)
        self._of_a_night = {} if before is None else {"exports": self._exports}
        if "since" in tonight and "since" not in given:
            left_out = night_plan.left_out(history, tonight, clock.now())
            self._of_a_night |= {"since_is_computed": True, "left_out": left_out}
        return tonight

    def afterwards(self, manifest: dict[str, Any]) -> None:
        from crawler.monitoring import night_plan

        super().afterwards(manifest)
        self._alert(manifest)
        days = self.settings.getint("RETAIN_DAYS")
        night_plan.prune(self.output, days, now=clock.now(), server_time=self._server_time)

    def _alert(self, manifest: dict[str, Any]) -> list[str]:
        """Tell whoever wants to know; what went wrong with that, which never fails the run."""
        from crawler.monitoring import alerts

        urls = alerts.split(self.settings["ALERT_URLS"])
        wrong = alerts.send(
            manifest,
            urls,
            output=self.output,
            language=self.settings["REPORT_LANGUAGE"],
            report_url=self.settings["REPORT_URL"],
        )
        for sentence in wrong:
            logger.warning("%s", sentence)
        return wrong
