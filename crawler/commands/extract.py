"""`scrapy extract PAGE`: one page to one record, by the crawl's own parser and pipelines."""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler import clock
from crawler.commands import exits
from crawler.commands.project_command import ProjectCommand
from crawler.exit_codes import ExitCode
from crawler.monitoring import log
from crawler.site import own_address, page_table, urls

if TYPE_CHECKING:
    from crawler.items import Precision

_TIME = re.compile(r"\d{4}-\d\d-\d\d(?P<clock>[ T].+)?")
_WHEN = "ISO 8601 with a zone, or YYYY-MM-DD[ HH:MM[:SS]] in China, not in the future"


class Command(ProjectCommand, ScrapyCommand):
    requires_crawler_process = False  # only an address needs one
    usage = "PAGE [--url URL] [--fetched-at TIME], PAGE being a file, - or an address"
    most_words = 1
    does = "One page (file, - or URL) to one JSON record on standard output"
    quiet = "WARNING"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", metavar="URL", help="the address that a file was saved from")
        parser.add_argument(
            "--fetched-at",
            metavar="TIME",
            help=f"when a file was saved, 今天 being that day: {_WHEN}",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if not args:
            exits.refuse(f"no page; allowed: {self.line}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.pipelines.validation import record_of

        log.set_up(self.settings, "extract")
        (source,) = args
        charset = None
        saved_at = _saved_at(opts.fetched_at)
        is_file = not source.lower().startswith(("http://", "https://"))
        if not is_file:
            if saved_at:
                exits.refuse("--fetched-at: an address is fetched now; allowed: a file")
            body, url, charset = self._fetch(source)
        else:
            body = self._read(source)
            path = Path.cwd() / "standard-input" if source == "-" else Path(source).absolute()
            url = opts.url or own_address.declared_url(body) or path.as_uri()
        try:
            page = page_table.parse(body, opts.url or url, charset=charset)
        except ValueError as error:
            exits.refuse(f"--url: {error}; allowed: http(s)://…")
        page.fetched_at = clock.now()
        if is_file:
            page.fetched_at, page.fetched_precision = saved_at or (page.fetched_at, None)
        record, missing = record_of(page, self.settings)
        exits.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        if missing:
            self.exitcode = ExitCode.DEGRADED  # a required field is missing

    def _fetch(self, url: str) -> tuple[bytes, str, str | None]:
        """Body, address at the end of all redirects, and charset, as politely as the crawl."""
        from scrapy import Request, Spider
        from scrapy.crawler import AsyncCrawlerProcess

        from crawler.spiders import responses

        try:
            urls.identify(url)
        except ValueError as error:
            exits.refuse(f"{error}; allowed: {self.line}")
        answers: list[Any] = []

        class One(Spider):
            name = "extract"
            any_site = True  # for AddressGuard

            async def start(self) -> Any:
                yield Request(url, callback=answers.append, errback=answers.append)

        self.settings.set("RETRY_TIMES_UNREACHED", 0, priority="cmdline")  # somebody waits for it
        process = AsyncCrawlerProcess(self.settings)
        process.crawl(One)
        process.start()
        answer = answers[0] if answers else None
        if answer is None or not hasattr(answer, "body"):
            why = responses.failed(answer.value, url, "fetch").error if answer else "no answer"
            exits.stop(ExitCode.UNREACHED, f"{url} could not be fetched: {why}")
        return answer.body, answer.url, responses.charset(answer)

    def _read(self, source: str) -> bytes:
        if source == "-":
            if sys.stdin is None:
                exits.refuse("-: standard input is closed")
            return sys.stdin.buffer.read()
        try:
            return Path(source).read_bytes()
        except OSError as error:
            exits.refuse(f"{source}: {error.strerror}; allowed: {self.line}")


def _saved_at(words: str | None) -> tuple[datetime, Precision] | None:
    """`--fetched-at`, and how much it says: of a day the last moment that has been."""
    if words is None:
        return None
    now, words = clock.now(), words.strip()
    match = _TIME.fullmatch(words)
    try:
        moment = datetime.fromisoformat(words) if match else None
    except ValueError:
        moment = None
    if match is None or moment is None:
        exits.refuse(f"--fetched-at={words} is no time; allowed: {_WHEN}")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.CST)
    if moment > now:
        exits.refuse(f"--fetched-at={words} is in the future; allowed: {_WHEN}")
    if match["clock"]:
        return moment.astimezone(UTC), "second"
    return min(now, (moment + timedelta(days=1, seconds=-1)).astimezone(UTC)), "day"
