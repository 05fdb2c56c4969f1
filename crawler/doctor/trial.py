"""The trial crawl: the real spider with the project's own settings, over two listing pages and
three articles of each section. It makes no run: nothing is written, no state is read.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from tqdm import tqdm
from twisted.python.failure import Failure

from crawler import clock, run_context
from crawler.downloader import server_time
from crawler.items import Article, ListingEntry, Page, Reject
from crawler.monitoring.bodies import Bodies
from crawler.run_context import RunContext
from crawler.runs.run import stamp
from crawler.site import urls
from crawler.spiders import responses
from crawler.spiders.arguments import ALL, PAPER
from crawler.spiders.discovery import Discovery
from crawler.spiders.listing_reader import ListingSource
from crawler.spiders.workercn import WorkercnSpider

_ARTICLES = 3  # of a section
_PAGES = 2  # of its listing
_PAPER_DAYS = 7  # in which an issue is looked for
_OF_ENTRIES = ("no_address", "not_an_article")  # reasons that leave their listing what it is
# What a run does with what it found, and how it tells of itself.
_OF_A_RUN = ("RunWriter", "Outcome", "Progress")


def prepare(settings: BaseSettings) -> None:
    folder = Path(settings["OUTPUT_DIR"]).absolute() / "trials" / f"{stamp(clock.now())}-doctor"
    context = RunContext(run_id=folder.name, folder=folder, trial=True, command="doctor")
    settings.set(run_context.SETTING, context, priority="cmdline")
    parts = settings.getdict("EXTENSIONS").items()
    kept = {path: at for path, at in parts if path.rpartition(".")[2] not in _OF_A_RUN}
    settings.set("EXTENSIONS", kept, priority="cmdline")
    settings.set("ARCHIVE_ENABLED", False, priority="cmdline")
    settings.set("RETRY_TIMES_UNREACHED", 0, priority="cmdline")  # somebody waits for it


@dataclass
class TrialArticle:
    """An article that was asked for, and what the crawl made of it."""

    entry: ListingEntry
    section: str
    page: Page | None = None  # None: nothing that could be read
    item: Article | Reject | None = None  # None: nothing came of it


class TrialSpider(WorkercnSpider):
    """`answers` are by the address that was asked for first; so are `rejects`."""

    def __init__(self, **given: str) -> None:
        # `limit` makes it a trial; which articles are asked for, `_sample` says.
        super().__init__(**given, pages=str(_PAGES), limit=str(_ARTICLES))
        self.sections: dict[str, ListingSource] = {}  # by the slug asked for: one may move
        self.answers: dict[str, Response] = {}
        self.rejects: dict[str, Reject] = {}
        self.articles: dict[str, TrialArticle] = {}  # by the id asked for
        self.rules: dict[str, Response] = {}  # host -> its robots.txt
        self.clocks: tuple[datetime, datetime] | None = None  # ours and the site's
        self.bodies = Bodies()
        self.error: Exception | None = None
        size = shutil.get_terminal_size()
        # disable=None: nothing is drawn where standard error is no terminal
        self._bar = tqdm(
            unit=" requests", disable=None, leave=False, ncols=size.columns, nrows=size.lines
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> TrialSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, TrialSpider)
        crawler.signals.connect(spider._downloaded, signals.response_downloaded)
        crawler.signals.connect(spider._answered, signals.response_received)
        crawler.signals.connect(spider._made, signals.item_scraped)
        crawler.signals.connect(spider._broke, signals.item_error)
        return spider

    async def _found(self) -> AsyncIterator[Any]:
        self.walk = walk = Discovery(self.crawler, self.arguments)
        try:
            if ALL not in self.arguments.sections:
                await walk.linked()
            await walk.discover()
            self.sections = {str(section.slug): section for section in walk.sections}
            self._bar.total = 2 + (_PAGES + _ARTICLES) * len(self.sections)
            # A site that does not answer for its first page is not asked for others: each try
            # takes a minute or more.
            for section in self.sections.values() if self.answers else ():
                self._bar.set_postfix_str(str(section.slug))
                await self._walk(section)
        except Exception as error:
            self.error = error  # Scrapy would log it and end as if nothing had happened
        for note in walk.notes():
            yield note
        for slug, entry in _sample(self.sections.values(), list(walk.frontier.take(None))):
            self.articles[entry.id] = TrialArticle(entry, slug)
            yield entry

    async def _walk(self, section: ListingSource) -> None:
        days = range(_PAPER_DAYS) if section.slug == PAPER else ()
        for back in days:
            day = clock.today() - timedelta(days=back)
            await section.down_to(day)
            front = self.answers.get(urls.paper_front(day))
            if front is not None and front.status == 200:
                return
        if not days:
            await section.down_to(None)

    async def parse_article(self, response: Response, entry: ListingEntry) -> AsyncIterator[Any]:
        async for item in super().parse_article(response, entry):
            if isinstance(item, Page):
                self.articles[entry.id].page = item
            yield item

    def closed(self, reason: str) -> None:
        self._bar.close()
        super().closed(reason)

    # --- what Scrapy tells ------------------------------------------------------------------------

    def _downloaded(self, response: Response, request: Request) -> None:
        """From the network, robots.txt and what is retried included."""
        self._bar.update()
        parts = urlsplit(request.url)
        if parts.path == "/robots.txt":
            self.rules[parts.netloc] = response
        if self.clocks is None and (theirs := server_time.said_by(response)):
            self.clocks = clock.now(), theirs

    def _answered(self, response: Response, request: Request) -> None:
        if urlsplit(request.url).path != "/robots.txt":
            self.answers[request.meta.get("redirect_urls", [request.url])[0]] = response

    def _made(self, item: Any) -> None:
        if isinstance(item, Reject):
            if item.reason not in _OF_ENTRIES:
                self.rejects[item.url] = item
            if item.entry is not None:
                self.articles[item.entry.id].item = item
        elif isinstance(item, Article):
            self.bodies.add(item)
            for seen in self.articles.values():
                if seen.page is not None and seen.page.id == item.id:
                    seen.item = item

    def _broke(self, item: Any, failure: Failure) -> None:
        if isinstance(item, Page) and item.entry is not None and failure.value is not None:
            reject = responses.failed(failure.value, item.entry.url, "parse")
            self.articles[item.entry.id].item = reject


def _sample(
    sections: Iterable[ListingSource], entries: list[ListingEntry]
) -> Iterator[tuple[str, ListingEntry]]:
    """Of each section the newest, the oldest and one between, of those that no section before it
    has shown.
    """
    chosen: set[str] = set()
    for section in sections:
        own = [one for one in entries if any(at["slug"] == section.slug for at in one.sections)]
        new = [one for one in own if one.id not in chosen]
        places = {round((len(new) - 1) * part / (_ARTICLES - 1)) for part in range(_ARTICLES)}
        for place in sorted(places) if new else ():
            chosen.add(new[place].id)
            yield str(section.slug), new[place]
