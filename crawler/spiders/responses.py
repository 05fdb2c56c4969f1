"""From a response, or its failure, to the one item that the pipelines get for it."""

from __future__ import annotations

import hashlib
import traceback
from typing import TYPE_CHECKING, Literal, Protocol

from scrapy.http import Response, TextResponse
from w3lib.encoding import http_content_type_encoding

from crawler import clock
from crawler.downloader import failures
from crawler.downloader.rendering import RENDERED
from crawler.items import FetchMetadata, ListingEntry, Page, Reject, timestamp
from crawler.journal_notes import RecheckResult
from crawler.site import page_table, urls
from crawler.site.listings import listing_pages
from crawler.spiders.renders import Renders, shows_nothing, slug_of
from crawler.spiders.same_pages import SamePages
from crawler.text import titles

if TYPE_CHECKING:
    from hashlib import _Hash


class PageFetcher(Protocol):
    """Who has the pages: a walk the site's, a replay the archive's."""

    @property
    def renders(self) -> Renders | None:
        """None for a replay: it has the rendered pages too, and asks for none to be rendered."""

    @property
    def same_pages(self) -> SamePages | None:
        """None for a replay, to which each body stands under the id it was archived for."""

    @property
    def most_pages(self) -> int:
        """Of one article, MAX_ARTICLE_PAGES."""

    async def ask(self, url: str, *, render: bool = False) -> Response | Exception:
        """The answer, whatever its status, or why none came."""

    async def claim(self, id_: str, by: str) -> bool:
        """Take an article where a redirect of another, `by`, leads; False for one that has a turn
        of its own.
        """

    def count(self, key: str, number: int = 1) -> None: ...


_WHOLE = (200, 203)  # 206, a part that nobody has asked for, would be half an article
# What a known article may answer besides a page; of an unknown one these are failures.
OF_A_KNOWN = (304, 404, 410)


async def read(
    response: Response, entry: ListingEntry, walk: PageFetcher, run_id: str
) -> Page | RecheckResult | Reject:
    """Read one article, all its pages; what cannot be read is a Reject with its reason."""
    if response.status == 304 and response.meta.get("redirect_urls"):
        words = f"{response.url} answered 304, to which nothing of it was known"
        reject = Reject(entry.url, "fetch", "http_304", words, now())
        reject.entry = entry
        return reject
    if _is_known(response) and _leads_to_a_list(response, entry):
        return RecheckResult(entry.id, "missing", now())
    if response.status in OF_A_KNOWN:
        outcome: Literal["not_modified", "missing"]
        outcome = "not_modified" if response.status == 304 else "missing"
        return RecheckResult(entry.id, outcome, now(), _facts(response))
    item = await _read(response, entry, walk, run_id)
    if isinstance(item, Reject):
        item.entry = entry
    return item


def _is_known(response: Response) -> bool:
    """Was it asked for as an article that is known?"""
    return bool(response.meta.get("handle_httpstatus_list"))


def _leads_to_a_list(response: Response, entry: ListingEntry) -> bool:
    """Was an article's address redirected to the home page or a section: is it gone?"""
    if response.status != 200 or _is_at(response, entry):
        return False
    return urls.is_home(response.url) or listing_pages.identify(response.url) is not None


def _is_at(response: Response, entry: ListingEntry) -> bool:
    return urls.identify(response.url).id == urls.identify(entry.url).id


async def _read(
    response: Response,
    entry: ListingEntry,
    walk: PageFetcher,
    run_id: str,
    served: Response | None = None,
) -> Page | Reject:
    """`served`: what came before the response, of a page that was rendered because of it."""
    if (reject := _unreadable(response, entry.url)) is not None:
        return reject
    try:
        address = urls.identify(response.url)
        # Moved: its new address counts, unless that is no article, or one that a listing has
        # named, whose own turn gives it all its sections.
        plain = urls.identify(entry.url).id  # the entry's own may tell it from another's
        moved = address.id not in (plain, served and urls.identify(served.url).id)
        if moved and (
            address.generation == "generic" or not await walk.claim(address.id, entry.id)
        ):
            return Reject(entry.url, "parse", "redirected", f"to {response.url}", now())
        page = page_table.parse(response.body, response.url, charset=charset(response))
        if not moved:
            page.id = entry.id
        if walk.renders is not None and shows_nothing(page):
            if walk.renders.may_help(response):
                return await _read_rendered(response, entry, walk, run_id)
            unbuilt = page.no_article is None or page.no_article.may_be_unbuilt
            if unbuilt and (words := walk.renders.needed(response)):
                return Reject(entry.url, "parse", "needs_rendering", words, now())
            if unbuilt and RENDERED in response.flags:
                words = walk.renders.in_vain(response.url)
                return Reject(entry.url, "parse", "not_rendered", words, now())
        if (none := no_article(page, entry)) is not None:
            return none
        if walk.renders is not None:
            walk.renders.tell(slug_of(entry), "article", response, helped=served is not None)
        if (reject := _another(walk, page, entry, response, entry.title)) is not None:
            return reject
        raw = hashlib.sha256(response.body)
        facts = _facts(response)
        if page.further or page.probe:
            others = await _further(page, entry, walk, raw, render=RENDERED in response.flags)
            if isinstance(others, Reject):
                others.url = entry.url
                return others
            page = page_table.join(page, others)
            if others:
                facts.etag = facts.modified = None  # the first page's say nothing of the others
    except Exception as error:
        return failed(error, entry.url, "parse")
    walk.count(f"workercn/generation/{page.generation}/read")
    if page.missed:
        walk.count(f"workercn/generation/{page.generation}/missed")
        walk.count(f"workercn/template/{page.missed}/missed")
    if page.paper is not None:
        page.paper["pdf"] = page.paper["pdf"] or entry.pdf
    page.entry = entry
    page.fetched_at = clock.now()
    page.facts = facts
    page.facts.raw = raw.hexdigest()
    listed = entry.listed()
    page.facts.listed = listed if any(listed.values()) else None
    page.run_id = run_id
    return page


async def _read_rendered(
    served: Response, entry: ListingEntry, walk: PageFetcher, run_id: str
) -> Page | Reject:
    answer = await walk.ask(served.url, render=True)
    if not isinstance(answer, Response):
        return failed(answer, entry.url, "fetch")
    if answer.status != 200:
        words = f"{answer.url} answered {answer.status}"
        return Reject(entry.url, "fetch", failures.status(answer), words, now())
    return await _read(answer, entry, walk, run_id, served)


def _another(
    walk: PageFetcher, page: Page, entry: ListingEntry, response: Response, title: str | None
) -> Reject | None:
    """The Reject for a page that is not this article's."""
    same = walk.same_pages
    words = same.doubt(page, entry, response.body, title) if same is not None else None
    return Reject(entry.url, "parse", "same_page", words, now()) if words else None


async def _further(
    first: Page, entry: ListingEntry, walk: PageFetcher, raw: _Hash, *, render: bool
) -> list[Page] | Reject:
    """An article's pages from the second on, or the Reject for one that is not to be had; their
    bytes go into `raw`.

    Where the pager tells no count, the first page that is not there is the end.
    """
    waiting, probe = list(first.further), first.probe
    others: list[Page] = []
    while waiting or probe:
        url = waiting.pop(0) if waiting else probe or ""
        if 1 + len(others) + len(waiting) >= walk.most_pages:
            words = (
                f"{url}: more than MAX_ARTICLE_PAGES ({walk.most_pages}), half an article is none"
            )
            return Reject(url, "fetch", "too_many_pages", words, now())
        answer = await walk.ask(url, render=render)
        if not isinstance(answer, Response):
            return failed(answer, url, "fetch")
        if answer.status in (404, 410) and probe:
            break
        if answer.status != 200:
            words = f"{url} answered {answer.status}: half an article is none"
            return Reject(url, "fetch", "missing_page", words, now())
        if (reject := _unreadable(answer, url)) is not None:
            return reject
        page = page_table.parse(answer.body, answer.url, charset=charset(answer))
        if (reject := _no_further_page(page, first, url)) is not None:
            return reject
        if probe and others and page.blocks == others[-1].blocks:
            break  # the last page again, for every number beyond
        if (reject := _another(walk, page, entry, answer, first.title or entry.title)) is not None:
            return reject
        others.append(page)
        raw.update(answer.body)
        probe = probe and page.probe
    return others


def no_article(page: Page, entry: ListingEntry) -> Reject | None:
    """The Reject for a page that is none; what the listing calls the article tells in doubt."""
    doubt, listed = page.no_article, entry.title
    if doubt is None:
        return None
    other = bool(listed and page.title) and not titles.alike(page.title or "", listed or "")
    agreed = bool(listed and page.title) and not other
    if (doubt.by == "title" and agreed) or (doubt.by == "listing" and not other):
        return None
    return Reject(entry.url, "parse", "block_page", f"{page.url}: {doubt.words}", now())


def _no_further_page(page: Page, first: Page, url: str) -> Reject | None:
    """The Reject for what is no page of that article: a block page, or one that shows nothing."""
    same = ListingEntry(url, first.id, title=first.title)
    if (reject := no_article(page, same)) is not None:
        return reject
    if page.blocks or page.pictures or (page.title and titles.alike(page.title, first.title or "")):
        return None
    return Reject(
        url, "fetch", "missing_page", f"{url} shows no text: half an article is none", now()
    )


def _facts(response: Response) -> FetchMetadata:
    facts = FetchMetadata(
        etag=_header(response, "ETag"), modified=_header(response, "Last-Modified")
    )
    archived = response.meta.get("archived")
    if archived is not None and response.status == 200:
        facts.payload, facts.archived_at = archived.digest, archived.fetched_at.isoformat()
    return facts


def _header(response: Response, name: str) -> str | None:
    return (response.headers.get(name) or b"").decode("latin-1") or None


def _unreadable(response: Response, url: str) -> Reject | None:
    if response.status not in _WHOLE:
        words = f"{response.url} answered {response.status}"
        return Reject(url, "fetch", failures.status(response), words, now())
    if not isinstance(response, TextResponse):
        kind = _header(response, "Content-Type") or "without a type"
        return Reject(url, "parse", "not_html", f"{response.url} is {kind}", now())
    if not response.body.strip():
        return Reject(url, "parse", "empty", f"{response.url} has no body", now())
    return None


def failed(error: BaseException, url: str, stage: Literal["listing", "fetch", "parse"]) -> Reject:
    """The Reject for an exception: a sentence for what the network did, a traceback for our own."""
    reason = failures.reason(error)
    if reason is None:
        trace = "".join(traceback.format_exception(error))
        return Reject(url, stage, "exception", trace, now(), cause=error)
    return Reject(url, stage, reason, failures.sentence(error), now())


def charset(response: Response) -> str | None:
    """What the Content-Type header says."""
    return http_content_type_encoding(_header(response, "Content-Type"))


def now() -> str:
    return timestamp(clock.now())
