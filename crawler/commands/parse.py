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
from crawler.commands import exits, interruptions
from crawler.downloader import failures
from crawler.exit_codes import ExitCode
from crawler.monitoring import log

_USAGE = "scrapy parse [options] URL"


class Command(parse.Command):
    _why = "no answer"

    def short_desc(self) -> str:
        return "Fetch one page and show its record, as Scrapy's parse shows items"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        interruptions.begin("parse")
        super().add_options(parser)
        exits.in_one_line(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        with exits.usage_in_one_line():
            super().process_options(args, opts)
        exits.refuse_leftovers(args, 1, _USAGE)
        if not args or not args[0].lower().startswith(("http://", "https://")):
            exits.stop(ExitCode.USAGE, f"{' '.join(args) or 'no address'}: allowed: {_USAGE}")
        assert self.settings is not None
        exits.check_settings(self.settings)

    def set_spidercls(self, url: str, opts: argparse.Namespace) -> None:
        async def start(spider: Spider) -> AsyncIterator[Any]:
            request = Request(url, errback=self._failed)
            yield self.prepare_request(spider, request, opts)

        self.spidercls = type("Page", (OnePage,), {"start": start})

    def _failed(self, failure: Failure) -> None:
        assert failure.value is not None
        self._why = failures.sentence(failure.value)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
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
        from crawler.items import Article, PaperArticle
        from crawler.pipelines.alone import record_of
        from crawler.site import page_table
        from crawler.spiders import responses

        page = page_table.parse(response.body, response.url, charset=responses.charset(response))
        page.fetched_at = clock.now()
        record, missing = record_of(page, self.settings)
        model = PaperArticle if "paper" in record else Article
        yield record if missing else model(**record)
