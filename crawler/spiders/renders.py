"""Which pages are asked for through the renderer: those that show nothing without their scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from crawler import clock
from crawler.downloader.rendering import OTHER, RENDERED, Rendering
from crawler.extraction import markup
from crawler.items import ListingEntry, Page, PageKind, timestamp
from crawler.journal_notes import RenderProbe
from crawler.site.listing_errors import ListingError
from crawler.site.listings.parsers import Listing
from crawler.site.sections import table
from crawler.state.session import state_of
from crawler.text import encoding

NOTHING = ("no_entries", "no_sections", "no_plates")  # reasons of a ListingError

VAIN_STAT = "workercn/rendering/in_vain"
NEEDED_STAT = "workercn/rendering/needed"
HOW = "RENDERER=playwright or RENDERER=splash shows it (docs/rendering.md)"

# Such as 加载中…, a menu and a footer. A page whose text we merely fail to find shows more.
_LITTLE_TEXT = 300  # characters
_HIDDEN = ["script", "style", "noscript", "template"]

# A section that needed the renderer is asked for as served again a week later, less what a night
# may begin early.
_WEEK = timedelta(days=6, hours=12)


@dataclass(slots=True)
class _Tally:
    """What is known of a section's listing, or of its articles."""

    needed: bool  # the renderer
    stale: bool  # known of a run a week ago
    built: int = 0  # pages of this run that showed nothing as served, and something rendered
    served: int = 0  # … that showed something as served


class Renders:
    """A section needs the renderer while more of its pages did, of those tried, than did not.

    Without a renderer nothing is wanted and nothing helps.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._rendering = crawler.get_extension(Rendering)
        self._state = state_of(crawler)
        self._stats = crawler.stats
        self._now = clock.now()
        self._tallies: dict[tuple[str, PageKind], _Tally] = {}
        self._notes: list[RenderProbe] = []

    @property
    def can(self) -> bool:
        return self._rendering is not None

    def wants(self, slug: str, kind: PageKind) -> bool:
        """Is such a page of that section to be had from the renderer at once?"""
        if self._rendering is None:
            return False
        tally = self._tally(slug, kind)
        return slug in table().render or (tally.needed and not tally.stale)

    def may_help(self, response: Response | None) -> bool:
        """Could the renderer show more of a page than this answer does?"""
        return (
            self._rendering is not None
            and isinstance(response, HtmlResponse)
            and response.status == 200
            and RENDERED not in response.flags
            and b"<script" in response.body.lower()
        )

    def needed(self, response: Response) -> str | None:
        """What to say of a page that its scripts build, where there is no renderer."""
        if self._rendering is not None or not is_built_by_script(response):
            return None
        self._stats.inc_value(NEEDED_STAT)
        return f"{response.url} shows nothing without its scripts; {HOW}"

    def tell(self, slug: str, kind: PageKind, response: Response, *, helped: bool = False) -> None:
        """A page showed something: as served, or where that `helped` as rendered."""
        if self._rendering is None or (RENDERED in response.flags and not helped):
            return  # had from the renderer at once: nobody knows what it would have been
        tally = self._tally(slug, kind)
        tally.built += helped
        tally.served += not helped
        needed = tally.built > tally.served
        if slug and (needed != tally.needed or (needed and tally.stale)):
            self._notes.append(RenderProbe(slug, kind, needed, timestamp(self._now)))
        tally.needed, tally.stale = needed, False

    def in_vain(self, url: str) -> str:
        """What to say of a page that shows nothing, rendered or not."""
        assert self._rendering is not None
        self._stats.inc_value(VAIN_STAT)
        name = self._rendering.name
        return f"{url} shows nothing as {name} renders it; RENDERER={OTHER[name]} may do better"

    def notes(self) -> Iterator[RenderProbe]:
        while self._notes:
            yield self._notes.pop(0)

    def _tally(self, slug: str, kind: PageKind) -> _Tally:
        key = (slug, kind)
        if key not in self._tallies:
            need = self._state.need(slug, kind)
            before = timestamp(self._now - _WEEK)
            needed = need is not None and need.needed
            stale = need is not None and need.tried_at < before
            self._tallies[key] = _Tally(needed, stale)
        return self._tallies[key]


def slug_of(entry: ListingEntry) -> str:
    """The section that tells of an article how its page is made; '' where none is known."""
    return (entry.sections[0]["slug"] if entry.sections else None) or ""


def lists_nothing(read: Callable[[Response], object], response: Response) -> bool:
    """Has a page none of what its scripts may have yet to build?"""
    if response.status != 200:
        return True
    try:
        listing = read(response)
    except ListingError as error:
        return error.reason in NOTHING
    except Exception:
        return False  # nobody foresaw it: whoever reads the page next says so
    # A frame whose links are no articles, around the place where a list will be.
    return isinstance(listing, Listing) and not listing.entries and bool(listing.skipped)


def is_built_by_script(response: Response) -> bool:
    """Scripts, and next to no text. A wall that sets a cookie and comes again is none."""
    body = response.body.lower()
    if not isinstance(response, HtmlResponse) or b"<script" not in body:
        return False
    if b"document.cookie" in body and b"location" in body:
        return False
    text, _ = encoding.decode(response.body, None)
    tree = markup.parse(text)
    tree.strip_tags(_HIDDEN)
    shown = tree.body.text() if tree.body is not None else ""
    return len("".join(shown.split())) <= _LITTLE_TEXT


def shows_nothing(page: Page) -> bool:
    text = page.kind != "article" or any(block.text for block in page.blocks)
    return not page.title or not text
