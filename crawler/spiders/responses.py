"""From a response, or its failure, to the one item that the pipelines get for it."""

from __future__ import annotations

import hashlib
import traceback
from typing import TYPE_CHECKING, Literal, NoReturn, Protocol

from scrapy.http import Response, TextResponse
from w3lib.encoding import http_content_type_encoding

from crawler import clock
from crawler.downloader import failures
from crawler.downloader.rendering import RENDERED
from crawler.items import FetchMetadata, ListingEntry, Outcome, Page, Reject, timestamp
from crawler.journal_notes import RecheckResult
from crawler.site import page_table, urls
from crawler.site.listings import listing_pages
from crawler.spiders.renders import Renders, shows_nothing, slug_of
from crawler.spiders.same_pages import SamePages
from crawler.text import titles

if TYPE_CHECKING:
    from hashlib import _Hash

Stage = Literal["listing", "fetch", "parse"]


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


class RejectedError(Exception):
    """Why a response gives no record."""

    def __init__(self, reject: Reject) -> None:
        super().__init__(reject.error)
        self.reject = reject


def _refuse(stage: Stage, reason: str, words: str) -> NoReturn:
    raise RejectedError(Reject("", stage, reason, words, now()))


async def read(
    response: Response, entry: ListingEntry, walk: PageFetcher, run_id: str
) -> Page | RecheckResult | Reject:
    """Read one article, all its pages; what cannot be read is a Reject with its reason."""
    if _is_known(response) and _leads_to_a_list(response, entry):
        return RecheckResult(entry.id, "missing", now())
    # Where a redirect led, a 304 says nothing of the article: nothing of it was known there.
    if response.status in (404, 410) or (
        response.status == 304 and not response.meta.get("redirect_urls")
    ):
        outcome: Outcome = "not_modified" if response.status == 304 else "missing"
        return RecheckResult(entry.id, outcome, now(), _facts(response))
    try:
        return await _read(response, entry, walk, run_id)
    except RejectedError as error:
        reject = error.reject
        if reject.reason == "redirected" and _is_known(response) and urls.is_article(response.url):
            return RecheckResult(entry.id, "missing", now())
    except Exception as error:
        reject = failed(error, entry.url, "parse")
    reject.url, reject.entry = entry.url, entry
    return reject


def _is_known(response: Response) -> bool:
    return bool(response.meta.get("handle_httpstatus_list"))


def _leads_to_a_list(response: Response, entry: ListingEntry) -> bool:
    """Was an article's address redirected to the home page or a section: is it gone?"""
    if response.status != 200 or _is_at(response, entry):
        return False
    return urls.is_home(response.url) or listing_pages.identify(response.url) is not None


def _is_at(response: Response, entry: ListingEntry) -> bool:
    return urls.identify(response.url).id == urls.identify(entry.url).id


async def _read(response: Response, entry: ListingEntry, walk: PageFetcher, run_id: str) -> Page:
    page = await _parse(response, entry, walk, response)
    renders, served = walk.renders, response
    if renders is not None and shows_nothing(page):
        if renders.may_help(served):
            response = await _answer(walk, served.url, render=True)
            if response.status != 200:
                _refuse_status(response)
            page = await _parse(response, entry, walk, served)
        _refuse_unbuilt(page, response, renders)
    if (none := no_article(page, entry)) is not None:
        raise RejectedError(none)
    if renders is not None:
        renders.tell(slug_of(entry), "article", response, helped=response is not served)
    _refuse_another(walk, page, entry, response, entry.title)
    raw, facts = hashlib.sha256(response.body), _facts(response)
    if page.further or page.probe:
        others = await _further(page, entry, walk, raw, render=RENDERED in response.flags)
        page = page_table.join(page, others)
        if others:
            facts.etag = facts.modified = None  # the first page's say nothing of the others
    _count_template(page, walk)
    if page.paper is not None:
        page.paper["pdf"] = page.paper["pdf"] or entry.pdf
    page.entry, page.fetched_at, page.facts, page.run_id = entry, clock.now(), facts, run_id
    facts.raw = raw.hexdigest()
    listed = entry.listed()
    known = response.meta.get("known")
    if known is not None and urls.place(entry.url) != urls.place(known.url):
        listed["url"] = entry.url
    facts.listed = listed if any(listed.values()) else None
    return page


def _refuse_unbuilt(page: Page, response: Response, renders: Renders) -> None:
    """A page that its scripts have yet to build."""
    if not shows_nothing(page) or (page.no_article and not page.no_article.may_be_unbuilt):
        return
    if words := renders.needed(response):
        _refuse("parse", "needs_rendering", words)
    if RENDERED in response.flags:
        _refuse("parse", "not_rendered", renders.in_vain(response.url))


def _count_template(page: Page, walk: PageFetcher) -> None:
    walk.count(f"workercn/generation/{page.generation}/read")
    if page.missed:
        walk.count(f"workercn/generation/{page.generation}/missed")
        walk.count(f"workercn/template/{page.missed}/missed")


async def _parse(
    response: Response, entry: ListingEntry, walk: PageFetcher, served: Response
) -> Page:
    """`served`: what came before the response, of a page that was rendered because of it."""
    _refuse_unreadable(response)
    address = urls.identify(response.url)
    # Moved: its new address counts, unless that is no article, or one that a listing has named,
    # whose own turn gives it all its sections.
    plain = urls.identify(entry.url).id  # the entry's own may tell it from another's
    known = served is not response and urls.identify(served.url).id
    moved = address.id not in (plain, known)
    if moved and (address.generation == "generic" or not await walk.claim(address.id, entry.id)):
        _refuse("parse", "redirected", f"to {response.url}")
    page = page_table.parse(response.body, response.url, charset=charset(response))
    if not moved:
        page.id = entry.id
    return page


async def _answer(walk: PageFetcher, url: str, *, render: bool) -> Response:
    answer = await walk.ask(url, render=render)
    if isinstance(answer, Exception):
        raise RejectedError(failed(answer, url, "fetch"))
    return answer


def _refuse_another(
    walk: PageFetcher, page: Page, entry: ListingEntry, response: Response, title: str | None
) -> None:
    """A page that is not this article's."""
    same = walk.same_pages
    if same is not None and (words := same.doubt(page, entry, response.body, title)):
        _refuse("parse", "same_page", words)


async def _further(
    first: Page, entry: ListingEntry, walk: PageFetcher, raw: _Hash, *, render: bool
) -> list[Page]:
    """An article's pages from the second on; their bytes go into `raw`.

    Where the pager tells no count, the first page that is not there is the end.
    """
    waiting, probe = list(first.further), first.probe
    others: list[Page] = []
    while waiting or probe:
        url = waiting.pop(0) if waiting else probe or ""
        if 1 + len(others) + len(waiting) >= walk.most_pages:
            words = f"more than MAX_ARTICLE_PAGES ({walk.most_pages}), half an article is none"
            _refuse("fetch", "too_many_pages", f"{url}: {words}")
        answer = await _answer(walk, url, render=render)
        if answer.status in (404, 410) and probe:
            break
        if answer.status != 200:
            words = f"{url} answered {answer.status}: half an article is none"
            _refuse("fetch", "missing_page", words)
        _refuse_unreadable(answer)
        page = page_table.parse(answer.body, answer.url, charset=charset(answer))
        _refuse_no_further(page, first, url)
        if probe and others and page.blocks == others[-1].blocks:
            break  # the last page again, for every number beyond
        _refuse_another(walk, page, entry, answer, first.title or entry.title)
        others.append(page)
        raw.update(answer.body)
        probe = probe and page.probe
    return others


def no_article(page: Page, entry: ListingEntry) -> Reject | None:
    """The Reject for a page that is none; what the listing calls the article tells in doubt."""
    doubt, listed = page.no_article, entry.title
    if doubt is None:
        return None
    agreed = bool(listed and page.title) and titles.alike(page.title or "", listed or "")
    other = bool(listed) and not agreed
    if (doubt.by == "title" and agreed) or (doubt.by == "listing" and not other):
        return None
    return Reject(entry.url, "parse", "block_page", f"{page.url}: {doubt.words}", now())


def _refuse_no_further(page: Page, first: Page, url: str) -> None:
    """What is no page of that article: a block page, or one that shows nothing."""
    if (none := no_article(page, ListingEntry(url, first.id, title=first.title))) is not None:
        raise RejectedError(none)
    if page.title and titles.alike(page.title, first.title or ""):
        return
    if not (page.blocks or page.pictures):
        _refuse("fetch", "missing_page", f"{url} shows no text: half an article is none")
    if _by_template(first) and not _by_template(page):
        words = (
            f"{url} has neither the first page's title nor its template: half an article is none"
        )
        _refuse("fetch", "missing_page", words)


def _by_template(page: Page) -> bool:
    return page.extracted_by.get("body") == "template"


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


def _refuse_status(response: Response) -> NoReturn:
    _refuse("fetch", failures.status(response), f"{response.url} answered {response.status}")


def _refuse_unreadable(response: Response) -> None:
    if response.status not in _WHOLE:
        _refuse_status(response)
    if not isinstance(response, TextResponse):
        kind = _header(response, "Content-Type") or "without a type"
        _refuse("parse", "not_html", f"{response.url} is {kind}")
    if not response.body.strip():
        _refuse("parse", "empty", f"{response.url} has no body")


def failed(error: BaseException, url: str, stage: Stage) -> Reject:
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
