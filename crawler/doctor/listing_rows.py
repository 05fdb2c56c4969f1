"""Does a section's listing look as its parser expects, and if not, what does it look like?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapy.http import Response

from crawler import clock
from crawler.doctor.page_shape import FORM, Shape
from crawler.doctor.result_rows import (
    ListingRow,
    PlainRow,
    Problem,
    Row,
    at,
    busy,
    doubt,
    fails,
    refused,
)
from crawler.downloader import failures
from crawler.downloader.failures import Reason
from crawler.items import ListingEntry, Reject
from crawler.site import block_pages, sections, urls
from crawler.site.listings import legacy_sections, listing_pages, paper_issues, parsers
from crawler.site.listings.parsers import Listing
from crawler.spiders import renders
from crawler.spiders.arguments import ENTRIES_A_PAGE, PAPER
from crawler.spiders.responses import charset
from crawler.text import dates

_OLD = timedelta(days=60)  # the newest entry of a section that is still written for is younger
_TABLE = "crawler/site/sections.toml"
_NO_LISTING = f"{_TABLE}: deny, if it is no listing of articles any more"
_GONE = (404, 410)
RENDERER = "the setting RENDERER (docs/rendering.md)"
NOT_ASKED: tuple[Reason, ...] = ("robots", "host_down", "paused")  # another row says why

# What a kind of listing looks like, and who reads it.
_PAGE = f"ul.list > li#li_<id>, each with a link like {FORM} and a time", at(parsers.read_page)
_JSON = (
    "JSON with an array of objects, each with an address (href, url, …), a title and a time",
    at(parsers.read_json),
)
_LEGACY = (
    "ul#leftList or ul.imgtxt1 with links like /32841/201901/18/190118124637372.shtml",
    at(legacy_sections.read),
)
_PAPER = (
    "div.holder with ul#pageUrl (plates) and ul#pageTitle (stories)",
    at(paper_issues.read_plates, paper_issues.read_stories),
)


@dataclass
class ListingPage:
    """A page of a section as the crawl asked for it."""

    slug: str
    url: str
    answer: Response | None  # None: none came
    reject: Reject | None = None  # why the crawl could not use it
    number: int = 1  # 1: the section's first
    shown: int = 0  # entries on the first page

    @property
    def is_gone(self) -> bool:
        return self.answer is not None and self.answer.status in _GONE

    @property
    def is_modern(self) -> bool:
        return urls.is_slug(self.slug) and self.slug != PAPER

    @property
    def form(self) -> tuple[str, str]:
        if self.slug == PAPER:
            return _PAPER
        if self.slug.startswith("legacy:"):
            return _LEGACY
        return _PAGE if self.is_modern and self.number == 1 else _JSON


def home(answer: Response | None, reject: Reject | None, linked: dict[str, str | None]) -> Row:
    """The home page as the place that links the sections, slug -> name."""
    row = PlainRow(kind="site", name="home page")
    known = sections.table().proven
    unlinked = [slug for slug in known if slug not in linked]
    if not linked:
        row.seen = "links no section"
        expected = f"links like {urls.section_page('edu')}"
        row.problems = [_unread(answer, reject, expected, at(sections.discover))]
        return row
    row.seen = f"links {len(linked)} sections: {', '.join(linked)}"
    row.seen += f"; not linked: {', '.join(unlinked)}" if unlinked else ""
    if len(unlinked) == len(known):  # some of the table's are reached in other ways
        expected = f"links to {', '.join(known)}, which are in the table"
        row.problems = [doubt(expected, f"none to {', '.join(unlinked)}", f"{_TABLE}: proven")]
    return row


def row(page: ListingPage, name: str | None) -> ListingRow:
    """`name`: of the section, as the site shows it."""
    first = page.number == 1
    shown = f"{page.slug} {name or ''}".strip() if first else f"{page.slug} page {page.number}"
    kind = ListingRow(
        kind="listing" if first else "older", name=shown, section=page.slug, url=page.url
    )
    if page.reject is not None and page.reject.reason in NOT_ASKED:
        kind.seen, kind.skipped = f"not asked for: {page.reject.error}", True
    elif page.is_gone and not first and page.shown < ENTRIES_A_PAGE:
        kind.seen, kind.skipped = f"none: all {page.shown} are on the first page", True
    else:
        _read(page, kind)
    return kind


def _read(page: ListingPage, row: ListingRow) -> None:
    row.seen = "no listing"
    answer, listed = page.answer, listing_pages.identify(page.url)
    if listed is None or answer is None or answer.status != 200 or page.reject is not None:
        is_first = page.is_modern and page.number == 1
        row.problems = [_unread(answer, page.reject, *page.form, _NO_LISTING if is_first else "")]
        return
    listing = listed.read(answer.body, answer.url, charset(answer))  # as the crawl has read it
    newest, unread = _newest(listing.entries, may_be_silent=not page.is_modern)
    row.entries = len(listing.entries)
    row.newest = f"{newest:%Y-%m-%d %H:%M:%S}" if newest else None
    row.seen = f"{row.entries} entries" + (f", newest {row.newest}" if newest else "")
    row.problems = [*_of_form(page, answer, listing)]
    if unread:
        commonest = ", ".join(words for words, _ in Counter(unread).most_common(3))
        found = f"{len(unread)} of {row.entries} show none that can be: {commonest}"
        make = fails if len(unread) == row.entries else doubt
        readers = f"{at(parsers.read_page, parsers.read_json)}; {at(dates.parse)}"
        expected = "a time at every entry, such as 2026-10-02 15:41:16"
        row.problems.append(make(expected, found, readers))
    age = clock.now_in_cst() - newest if newest else timedelta()
    if page.number == 1 and page.is_modern and age > _OLD:
        expected = f"an entry of the last {_OLD.days} days"
        row.problems.append(doubt(expected, f"the newest is {age.days} days old", _NO_LISTING))


def _unread(
    answer: Response | None, reject: Reject | None, expected: str, look_at: str, more: str = ""
) -> Problem:
    """What stands in the place of a page that its parser reads. `more`: where else to look."""
    if answer is not None and answer.status != 200:
        found = f"{answer.url} answered {answer.status}"
        reject = Reject(answer.url, "listing", failures.status(answer), found)
        gone = answer.status in _GONE and not urls.is_home(answer.url)
        return refused(reject, "a page", _NO_LISTING if gone else None)
    assert reject is not None
    if answer is None or reject.cause is not None:
        return refused(reject, "a page")
    shape = Shape(answer)
    words = block_pages.in_place_of_a_listing(answer.body, charset(answer), empty=True)
    if words and block_pages.is_passing(answer.body, charset(answer)):
        return busy(expected, f"{words}; {shape.size}")
    look_at = _places(shape, look_at, more)
    if renders.is_built_by_script(answer):
        look_at = f"{RENDERER}; {look_at}"
    return fails(expected, f"{reject.error}; {shape}", look_at)


def _places(shape: Shape, look_at: str, more: str = "") -> str:
    if shape.has_unknown_addresses:
        return f"{at(urls.identify)}; {look_at}"
    return f"{look_at}; {more}" if more else look_at


def _of_form(page: ListingPage, answer: Response, listing: Listing) -> Iterator[Problem]:
    expected, look_at = page.form
    number, skipped = len(listing.entries), len(listing.skipped)
    if listing.guessed:
        found = f"another list than that; {number} entries read by their links and times"
        yield doubt(expected, found, look_at)
    if listing.broken:
        yield doubt(expected, f"{len(listing.broken)} entries without a usable address", look_at)
    if answer.url != page.url:
        moved = f"{_TABLE}: proven, if the section has moved"
        yield doubt(f"{page.url} itself", f"leads to {answer.url}", moved)
    strange = [one for one in listing.entries if urls.identify(one.url).generation != "modern"]
    if page.is_modern and len(strange) * 2 > number:
        found = f"{len(strange)} of {number} have an older generation's, such as {strange[0].url}"
        yield doubt(f"addresses like {FORM}", found, at(urls.identify))
    shape = Shape(answer)
    if skipped > number:
        found = f"{skipped} of {skipped + number} entries lead elsewhere; {shape}"
        yield fails(expected, found, _places(shape, look_at))
    if not number and page.shown >= ENTRIES_A_PAGE:
        found = f"none, behind {page.shown} on the first page; {shape}"
        yield fails(expected, found, look_at)


def _newest(
    entries: list[ListingEntry], *, may_be_silent: bool
) -> tuple[datetime | None, list[str]]:
    """Site time of the newest entry, and what entries show in place of a time.

    Lists of the older generations need not show one: the address tells the day.
    """
    now = clock.now()
    newest: datetime | None = None
    unread: list[str] = []
    for entry in entries:
        day = urls.identify(entry.url).day
        if entry.published is None and may_be_silent:
            continue
        moment = dates.parse(entry.published or "", fetched_at=now, near=day)
        if moment is None or (why := dates.within(moment, fetched_at=now, near=day)):
            unread.append(f"{entry.published or 'nothing'}{f' ({why})' if moment else ''}")
        elif newest is None or moment.at > newest:
            newest = moment.at
    return newest, unread
