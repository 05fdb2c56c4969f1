"""The spider that asks for as few pages as it takes, one after the other, as politely as a crawl.

A home page, and of each section two listing pages and three articles; a robots.txt a host.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler, CrawlerProcessBase
from scrapy.http import Response
from tqdm import tqdm

from crawler import clock
from crawler.fetching import failures
from crawler.items import Entry, Page, timestamp
from crawler.pipelines.stage import Stage, chain
from crawler.site import sections as table
from crawler.site import urls
from crawler.spiders.arguments import ALL
from crawler.spiders.kinds import Legacy, Modern, of
from crawler.spiders.paged import Paged
from crawler.spiders.sections import Section
from crawler.watching.doctor import articles, connection, listings, machine
from crawler.watching.doctor.findings import Diagnosis, PlainRow, Problem, Row, conclude
from crawler.watching.doctor.keeping import Keeper

_ARTICLES = 3  # of a section
_A_SECTION = 2 + _ARTICLES  # requests
_PAPER_DAYS = 7  # in which an issue is looked for

# Words of failures.reason for an address that is not asked for, whatever its host would say.
_NOT_ASKED = ("refused_address", "paused")


def examine(
    process: CrawlerProcessBase, sections: Sequence[str], save: Path | None
) -> Diagnosis | None:
    """Look at this machine and at these sections of the site; None where that was interrupted."""
    rows = machine.look(process.settings)
    crawler = process.create_crawler(Examination)
    stages = chain(process.settings)
    process.crawl(crawler, sections=sections, save=save, stages=stages)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, Examination)
    if spider.error is not None:
        raise spider.error
    if not spider.finished:
        return None
    rows += spider.rows
    requests = crawler.stats.get_value("downloader/request_count", 0)
    exit_code, sentence = conclude(rows, reached=spider.reached, requests=requests)
    return Diagnosis.model_validate(
        {
            "checked_at": timestamp(clock.now()),
            "mirror": process.settings["MIRROR_URL"] or None,
            "requests": requests,
            "exit_code": exit_code,
            "sentence": sentence,
            "rows": rows,
        }
    )


class Examination(Spider):
    """`rows` is what was found of the site, when it is `finished`."""

    name = "doctor"
    # The pipelines are asked one by one: it is no run, and yields no item.
    custom_settings = {"EXTENSIONS": {}, "ITEM_PIPELINES": {}}

    def __init__(self, sections: Sequence[str], save: Path | None, stages: Sequence[Stage]) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.finished = False
        self.error: Exception | None = None
        self._words = sections
        self._unlinked: set[str] = set()  # of the table, but not linked by the home page
        self._keeper = Keeper(save, clock.now()) if save else None
        self._unkept: list[Row] = []
        self._answered: set[str] = set()  # hosts that have answered for a page
        self._away: dict[str, Exception] = {}  # hosts that never have, and why not
        self._rules: dict[str, connection.Rules] = {}  # of hosts
        self._refused: dict[str, list[str]] = {}  # host -> addresses that robots.txt forbids
        self._clocks: connection.Clocks | None = None
        self._stages = stages
        self._pages: list[Page] = []
        self._without: dict[str, Response] = {}  # field -> the first article that lacks it
        self._known: set[str] = set()  # ids of articles asked for

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Examination:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._note, signals.response_downloaded)
        return spider

    @property
    def reached(self) -> bool:
        return bool(self._answered)

    async def start(self) -> AsyncIterator[Any]:
        size = shutil.get_terminal_size()
        # disable=None: nothing is drawn where standard error is no terminal
        self._bar = tqdm(
            total=2 + _A_SECTION,
            unit=" requests",
            disable=None,
            leave=False,
            ncols=size.columns,
            nrows=size.lines,
        )
        try:
            await self._examine()
            self.finished = True
        except _StoppedError:
            pass
        except Exception as error:
            self.error = error  # Scrapy would log it and end as if nothing had happened
        finally:
            self._bar.close()
        return
        yield

    async def _examine(self) -> None:
        names = await connection.names(self.settings)
        home, linked = await self._home()
        found: list[Row] = []
        for section in self._sections(linked):
            found += await self._section(section)
        if self._pages:
            fields = articles.coverage(self._pages)
            found.append(fields)
            rarest = min(fields.coverage, key=fields.coverage.__getitem__)
            if rarest in self._without:
                self._keep(fields, self._without[rarest])
        hosts = dict.fromkeys([urls.HOST, *self._rules, *self._away, *self._answered])
        robots = [
            connection.robots(
                self.settings, host, self._rules.get(host), self._refused.get(host, [])
            )
            for host in hosts
        ]
        clock = connection.system_clock(self._clocks)
        self.rows = [names, *robots, clock, home, *found, *self._unkept]

    # --- what is looked at ----------------------------------------------------------------------

    async def _home(self) -> tuple[Row, dict[str, str | None]]:
        answer = await self._ask(urls.HOME, "home page")
        row, linked = listings.home(answer, known=table.table().proven)
        self._keep(row, answer)
        return row, linked

    def _sections(self, linked: dict[str, str | None]) -> list[Section]:
        """Those that the crawl would walk, each once."""
        sections: dict[str | None, Section] = {}
        for word in self._words:
            new = of(word, None, None)
            if word == ALL:
                slugs = dict.fromkeys(table.table().proven) | linked
                new = [Modern(slug, name) for slug, name in slugs.items()]
                self._unlinked = slugs.keys() - linked.keys()
            for section in new:
                sections.setdefault(section.slug, section)
        self._bar.total = 2 + _A_SECTION * len(sections)
        return list(sections.values())

    async def _section(self, section: Section) -> list[Row]:
        away = set(self._away)
        look = await self._listing(section)
        if look is None:
            return []
        if (host := urlsplit(look.row.url).netloc) in away:
            look.row.seen = f"not asked for: no page of {host} could be had"
            look.row.problems, look.row.skipped = [], True
        if not isinstance(section, Paged) or look.listing is None:
            rows: list[Row] = [look.row]
        else:
            rows = [look.row, *await self._older(section, look)]
        for entry in self._sample(look.entries):
            answer = await self._ask(entry.url, str(section.slug))
            seen = articles.look(answer, entry, str(section.slug), self._stages)
            if seen.page is not None and isinstance(answer, Response):
                self._pages.append(seen.page)
                for name in seen.row.missing:
                    self._without.setdefault(name, answer)
            self._keep(seen.row, answer)
            rows.append(seen.row)
        return rows

    async def _listing(self, section: Section) -> listings.Look | None:
        """None: a section of the table that is not there, and that the home page does not link."""
        if isinstance(section, Paged):
            url, answer = await self._next_page(section)
            is_gone = isinstance(answer, Response) and answer.status == 404
            if is_gone and section.slug in self._unlinked:
                return None
            look = listings.first(section, answer, url)
        else:
            look, answer = await self._paper()
        self._keep(look.row, answer)
        return look

    async def _older(self, section: Paged, first: listings.Look) -> list[Row]:
        assert first.listing is not None
        if isinstance(section, Legacy) and first.listing.next_url is None:
            return []  # its 下一页 leads nowhere: the crawl ends here as well
        url, answer = await self._next_page(section)
        look = listings.older(section, answer, url, len(first.entries))
        self._keep(look.row, answer)
        return [look.row]

    async def _next_page(self, section: Paged) -> tuple[str, Response | Exception]:
        url, headers = section.next_url(), section.headers()
        section.page += 1
        return url, await self._ask(url, str(section.slug), headers)

    async def _paper(self) -> tuple[listings.Look, Response | Exception]:
        """The front page of the newest issue; a day without one is nothing to mend."""
        today = clock.today()
        for back in range(_PAPER_DAYS):
            day = today - timedelta(days=back)
            url = urls.paper_front(day)
            answer = await self._ask(url, "paper")
            if not isinstance(answer, Response) or answer.status != 404:
                break
        return listings.front(answer, url, day), answer

    def _sample(self, entries: list[Entry]) -> list[Entry]:
        """The newest, the oldest and one between, of those that no other section has shown."""
        new = [entry for entry in entries if entry.id not in self._known]
        last = len(new) - 1
        places = sorted({round(last * part / (_ARTICLES - 1)) for part in range(_ARTICLES)})
        chosen = [new[place] for place in places if new]
        self._known |= {entry.id for entry in chosen}
        return chosen

    # --- asking -----------------------------------------------------------------------------------

    async def _ask(
        self, url: str, what: str, headers: dict[str, str] | None = None
    ) -> Response | Exception:
        """The answer, whatever its status, or why none came.

        A host that has never answered is asked no more: each try takes a minute or more.
        """
        host = urlsplit(url).netloc
        self._bar.set_postfix_str(what, refresh=False)
        self._bar.update()
        if host in self._away:
            return self._away[host]
        request = Request(url, headers=headers, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            if not self.crawler.engine.running:
                raise _StoppedError from error
            why = failures.reason(error)
            rules = self._rules.get(host)
            if why == "robots" and rules and rules.lets_some:
                self._refused.setdefault(host, []).append(url)
            elif why not in _NOT_ASKED and host not in self._answered:
                self._away[host] = error
            return error
        self._answered.add(host)
        return response

    def _note(self, response: Response, request: Request) -> None:
        """What came from the network, robots.txt and what is retried included."""
        parts = urlsplit(request.url)
        if parts.path == "/robots.txt":
            self._rules[parts.netloc] = connection.Rules(response.status, response.body)
        if self._clocks is None or self._clocks.theirs is None:
            self._clocks = connection.clocks(response)

    def _keep(self, row: Row, answer: Response | Exception) -> None:
        if self._keeper is None or not isinstance(answer, Response):
            return
        try:
            self._keeper.keep(row, answer)
        except OSError as error:
            self._keeper = None  # what else is found is worth more than a traceback
            problem = Problem(expected="a folder to write pages to", found=str(error))
            self._unkept = [
                PlainRow(kind="machine", name="--save", seen="gave up", problems=[problem])
            ]


class _StoppedError(Exception):
    """Ctrl-C: nothing more is asked for."""
