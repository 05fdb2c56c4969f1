"""`scrapy samplesite`: the embedded site, for a look and for trials."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from crawler import clock


class Command(ScrapyCommand):
    requires_project = True
    requires_crawler_process = False

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        from crawler.samplesite.__main__ import arguments

        super().add_options(parser)
        parser.format_help = arguments("scrapy samplesite").format_help  # type: ignore[method-assign]

    def short_desc(self) -> str:
        return "Serve the embedded copy of the site on loopback"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # What Scrapy does not know it passes on: the site's own parser declares its options and
        # ends on anything left over.
        from crawler.samplesite.__main__ import main

        now = ["--now", clock.now().isoformat()]  # one that is given stands behind it and counts
        self.exitcode = main([*now, *args]) or 0
