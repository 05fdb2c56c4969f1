"""The whole examination: the machine, the way to the site, and the trial crawl, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.crawler import Crawler, CrawlerProcessBase

from crawler import clock
from crawler.doctor import article_rows, connection, listing_rows, machine, trial
from crawler.doctor.fixture_saver import FixtureSaver
from crawler.doctor.listing_rows import NOT_ASKED, ListingPage
from crawler.doctor.result_rows import Diagnosis, ListingRow, Row, diagnose, fails, plain_row
from crawler.doctor.trial import TrialSpider
from crawler.monitoring import checks
from crawler.site import urls
from crawler.site.listings import listing_pages
from crawler.spiders.arguments import PAPER
from crawler.spiders.listing_reader import ListingSource

# Checks whose finding has rows of its own.
_TOLD = {
    "hosts", "sections", "listings", "gaps", "rejects", "failures", "archive", "coverage",
    "fallbacks",
}  # fmt: skip


def examine(process: CrawlerProcessBase, sections: Sequence[str], save: Path | None) -> Diagnosis:
    """Look at this machine and at these sections of the site. Raises KeyboardInterrupt."""
    mirror = process.settings["MIRROR_URL"]
    rows = [*machine.look(process.settings), *connection.way(process.settings)]
    if rows[-1].problems and rows[-1].verdict == "fails":
        seen = f"not asked for anything: {rows[-1].name} comes first"
        rows.append(plain_row("site", "the site", seen, skipped=True))
        return diagnose(rows, reached=False, mirror=mirror)
    trial.prepare(process.settings)
    crawler = process.create_crawler(TrialSpider)
    process.crawl(crawler, sections=",".join(sections))
    process.start()
    spider = crawler.spider
    reason = crawler.stats.get_value("finish_reason") if spider else "shutdown"
    if reason == "shutdown":
        raise KeyboardInterrupt
    assert isinstance(spider, TrialSpider)
    if spider.error is not None:
        raise spider.error
    if reason != "finished":
        raise RuntimeError(f"the trial crawl ended early: {reason}")
    rows += _Trial(crawler, spider, FixtureSaver(save, clock.now())).rows()
    requests = crawler.stats.get_value("downloader/request_count", 0)
    return diagnose(rows, reached=bool(spider.answers), requests=requests, mirror=mirror)


class _Trial:
    """What a trial crawl found, row by row."""

    def __init__(self, crawler: Crawler, spider: TrialSpider, saver: FixtureSaver) -> None:
        self._stats, self._settings = crawler.stats.get_stats(), crawler.settings
        self._spider, self._saver = spider, saver
        self._linked = (spider.walk.navigation if spider.walk else None) or {}

    def rows(self) -> Iterator[Row]:
        spider = self._spider
        yield from self._robots()
        yield connection.system_clock(spider.clocks)
        answer, reject = spider.answers.get(urls.HOME), spider.rejects.get(urls.HOME)
        if reject is None or reject.reason not in NOT_ASKED:
            yield self._saver.keep(listing_rows.home(answer, reject, self._linked), answer)
        missed = []
        for slug, section in spider.sections.items():
            pages = self._pages(slug, section)
            if not pages or all(_is_kept_out(page) for page in pages):
                missed.append(slug)
            elif section.is_judged or slug in self._linked or not pages[0].is_gone:
                yield from self._section(slug, section, pages)
        if missed:
            seen = f"not asked for: {', '.join(missed)}"
            yield plain_row("site", "sections", seen, skipped=True)
        yield from self._fields()
        yield from self._checks()
        if self._saver.error is not None:
            wrong = fails("a folder to write pages to", str(self._saver.error))
            yield plain_row("machine", "--save", "gave up", wrong)

    def _robots(self) -> Iterator[Row]:
        hosts = (urls.HOST, *self._spider.rules)
        kept_from: dict[str, dict[str, str]] = {host: {} for host in hosts}
        for url, reject in self._spider.rejects.items():
            if reject.reason == "robots":
                kept_from.setdefault(urlsplit(url).netloc, {})[url] = reject.error or ""
        for host, addresses in kept_from.items():
            rules = self._spider.rules.get(host)
            yield connection.robots(self._settings, host, rules, addresses)

    def _pages(self, slug: str, section: ListingSource) -> list[ListingPage]:
        """Those that were asked for, in their order; of the paper from the first issue on."""
        answers, rejects = self._spider.answers, self._spider.rejects
        pages: list[ListingPage] = []
        for url in dict.fromkeys([*answers, *rejects]):
            listed = listing_pages.identify(url)
            if listed is not None and listed.slug in (slug, section.slug):
                answer = answers.get(url)
                reject = rejects.get(url) or rejects.get(answer.url if answer else url)
                page = ListingPage(slug, url, answer, reject)
                if slug == PAPER and pages and pages[0].is_gone:
                    pages.clear()
                page.number = len(pages) + 1
                pages.append(page)
        return pages

    def _section(
        self, slug: str, section: ListingSource, pages: list[ListingPage]
    ) -> Iterator[Row]:
        rows: list[ListingRow] = []
        for page in pages:
            page.shown = rows[0].entries if rows else 0
            rows.append(listing_rows.row(page, section.name))
        if slug == PAPER and rows[0].entries:
            stories = sum(row.entries for row in rows)
            rows[0].seen = f"{len(rows)} plates, {stories} stories, issue of {rows[0].newest:.10}"
        for page, row in zip(pages, rows, strict=True):
            # A plate of the paper that is as it should be needs no row beside the first.
            if slug != PAPER or page.number == 1 or row.problems:
                yield self._saver.keep(row, page.answer)
        for seen in self._spider.articles.values():
            if seen.section in (slug, section.slug):
                answer = self._spider.answers.get(seen.entry.url)
                yield self._saver.keep(article_rows.row(seen, answer), answer)

    def _fields(self) -> Iterator[Row]:
        articles = self._spider.articles.values()
        pages = {seen.entry.url: seen.page for seen in articles if seen.page is not None}
        if pages:
            row = article_rows.coverage([*pages.values()], self._settings)
            rarest = min(row.coverage, key=row.coverage.__getitem__)
            lacking = (url for url, page in pages.items() if rarest in article_rows.missing(page))
            yield self._saver.keep(row, self._spider.answers.get(next(lacking, "")))

    def _checks(self) -> Iterator[Row]:
        night = checks.RunReview(
            stats=self._stats,
            settings=self._settings,
            now=clock.now(),
            navigation=self._linked or None,
            same_bodies=self._spider.bodies.shared(),
        )
        for check in checks.run(night):
            if not check["ok"] and check["name"] not in _TOLD:
                expected = f"the check {check['name']} of a crawl to pass (docs/checks.md)"
                wrong = fails(expected, check["detail"])
                yield plain_row("check", f"check {check['name']}", check["code"], wrong)


def _is_kept_out(page: ListingPage) -> bool:
    return page.reject is not None and page.reject.reason in NOT_ASKED
