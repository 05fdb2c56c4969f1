"""`scrapy parse URL`: Scrapy's own, which shows the record of a page. Without a run: nothing is
locked or written.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.commands import parse
from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import clock
from crawler.commands import exits
from crawler.commands.project_command import ProjectCommand
from crawler.downloader import failures
from crawler.exit_codes import ExitCode
from crawler.monitoring import log
from crawler.site import page_table


class Command(ProjectCommand, parse.Command):
    usage = "[options] URL"
    most_words = 1
    does = "Fetch one page and show its record, as Scrapy's parse shows items"
    interrupted_as = "parse"
    _why = "no answer"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if not args or not args[0].lower().startswith(("http://", "https://")):
            exits.refuse(f"{' '.join(args) or 'no address'}: allowed: {self.line}")

    def set_spidercls(self, url: str, opts: argparse.Namespace) -> None:
        async def start(spider: Spider) -> AsyncIterator[Any]:
            request = Request(url, errback=self._failed)
            yield self.prepare_request(spider, request, opts)

        self.spidercls = type("Page", (OnePage,), {"start": start})

    def _failed(self, failure: Failure) -> None:
        assert failure.value is not None
        self._why = failures.sentence(failure.value)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        log.set_up(self.settings, "parse")
        warnings.filterwarnings("ignore", ".* returned a Deferred", ScrapyDeprecationWarning)
        super().run(args, opts)
        if self.first_response is None:
            exits.stop(ExitCode.UNREACHED, f"{args[0]} could not be fetched: {self._why}")


class OnePage(Spider):
    """`parse` gives the record of any page, of this site or another."""

    name = "page"
    any_site = True  # for AddressGuard

    def parse(self, response: Response) -> Iterator[Any]:
        from crawler.items import article_of
        from crawler.pipelines.validation import record_of
        from crawler.spiders import responses

        page = page_table.parse(response.body, response.url, charset=responses.charset(response))
        page.fetched_at = clock.now()
        record, missing = record_of(page, self.settings)
        yield record if missing else article_of(record)
