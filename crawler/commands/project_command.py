"""What all commands of this project share."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.crawler import CrawlerProcessBase
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, Settings

from crawler import report
from crawler.commands import exits, interruptions
from crawler.exit_codes import ExitCode

# Objects after which Python looks for cycles. Its own 700 are two looks at each page: .4 of a
# crawl's 8.7 ms, 1 of a replay's 8.7. 10,000 leave a fiftieth of that; 50,000 bring no more, and a
# cycle keeps its page for longer.
COLLECT_AFTER = 10_000

# Scrapy takes every subclass of ScrapyCommand that a module of commands defines for a command.
if TYPE_CHECKING:
    from scrapy.commands import ScrapyCommand as _ScrapyCommand
else:
    _ScrapyCommand = object


class ProjectCommand(_ScrapyCommand):
    """Declares its options, and ends with exit 2 and one line on anything left over."""

    requires_project = True
    settings: Settings  # both are there before `process_options`
    crawler_process: CrawlerProcessBase
    usage = ""  # what may follow the command's name
    most_words = 0  # that are no options
    does = ""
    quiet: str | None = None  # level of the log where nobody asks for another, or for a file
    interrupted_as: str | None = None  # a signal ends it with exit 7 and a line of that name

    def syntax(self) -> str:
        return self.usage

    def short_desc(self) -> str:
        return self.does

    @property
    def line(self) -> str:
        """As it may be typed."""
        return f"scrapy {type(self).__module__.rpartition('.')[2]} {self.usage}".strip()

    @property
    def output(self) -> Path:
        return Path(self.settings["OUTPUT_DIR"])

    def describe(self, run: Path) -> None:
        language = self.settings["REPORT_LANGUAGE"]
        report.attempt(report.write, run, output=self.output, language=language)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        gc.set_threshold(COLLECT_AFTER)  # before the imports: none of their objects goes again
        if self.interrupted_as:
            words = f"{self.interrupted_as}: {interruptions.NOTHING_YET}"
            interruptions.end_with(ExitCode.INTERRUPTED, words)
        super().add_options(parser)
        exits.in_one_line(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            super().process_options(args, opts)
        except UsageError as error:
            exits.refuse(str(error))
        exits.refuse_leftovers(args, self.most_words, self.line)
        exits.check_settings(self.settings)
        is_asked_for = self.settings.getpriority("LOG_LEVEL") == SETTINGS_PRIORITIES["cmdline"]
        if self.quiet and not opts.logfile and not is_asked_for:
            self.settings.set("LOG_LEVEL", self.quiet, priority="cmdline")
