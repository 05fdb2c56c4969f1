"""`scrapy crawl`, with a run folder and the exit codes of docs/exit-codes.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from crawler.commands import exits
from crawler.watching import log

_USAGE = "scrapy crawl workercn [-a NAME=VALUE] [-s NAME=VALUE] [-o FILE]"


class Command(BaseRunSpiderCommand):
    requires_project = True

    def syntax(self) -> str:
        return "[options] workercn"

    def short_desc(self) -> str:
        return "Crawl the site into a run folder (see README)"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            super().process_options(args, opts)
        except UsageError as error:
            exits.stop(exits.USAGE, str(error))
        exits.refuse_leftovers(args, 1, _USAGE)
        if args != ["workercn"]:
            exits.stop(exits.USAGE, f"{' '.join(args) or 'no spider'}: allowed: {_USAGE}")
        assert self.settings is not None
        exits.check_settings(self.settings)

        from crawler.spiders.arguments import ArgumentError, Arguments

        try:
            self._arguments = Arguments.parse(opts.spargs)
        except ArgumentError as error:
            exits.stop(exits.USAGE, str(error))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.feeds.run import RunFolder
        from crawler.watching.outcome import Outcome

        assert self.settings is not None
        assert self.crawler_process is not None
        output = Path(self.settings["OUTPUT_DIR"])
        try:
            run = RunFolder.create(output, args[0], trial=self._arguments.limit is not None)
        except OSError as error:
            exits.stop(exits.OUTPUT, f"cannot write to OUTPUT_DIR={output}: {error}")
        if self.settings["LOG_LEVEL"] != "DEBUG":
            log.quiet()  # here: the process has set up logging when it was made
        self.settings.set("RUN_ID", run.run_id, priority="cmdline")
        self.settings.set("RUN_DIR", str(run.partial), priority="cmdline")
        crawler = self._create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()

        outcome = crawler.get_extension(Outcome) if crawler._extensions else None
        if outcome is None or outcome.exit_code is None:
            self.exitcode = 1
            sentence = f"an error nobody foresaw, see the log; kept as {run.partial}"
        else:
            self.exitcode = outcome.exit_code
            sentence = outcome.sentence
        print(f"workercn: {sentence}", file=sys.stderr)
