"""Does a section's listing look as its parser expects, and if not, what does it look like?"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from scrapy.http import Response

from crawler import clock
from crawler.items import Entry
from crawler.site import paper_issues, urls
from crawler.site import sections as table
from crawler.site.errors import ListingError
from crawler.site.listings import Listing
from crawler.spiders import reading, renders
from crawler.spiders.arguments import ENTRIES_A_PAGE
from crawler.spiders.kinds import Json2021, Legacy, Modern
from crawler.spiders.paged import Paged
from crawler.text import dates
from crawler.watching.doctor import shapes
from crawler.watching.doctor.answers import NO_LISTING, bug, unusable
from crawler.watching.doctor.findings import ListingRow, PlainRow, Problem, Row

_OLD = timedelta(days=60)  # the newest entry of a section that is still written for is younger


class _Form(NamedTuple):
    """What a kind of listing looks like, and who reads it."""

    expected: str
    look_at: str


_PAGE = _Form(
    f"ul.list > li#li_<id>, each with a link like {shapes.FORM} and a time",
    "crawler/site/listings.py: read_page",
)
_JSON = _Form(
    "JSON with an array of objects, each with an address (href, url, …), a title and a time",
    "crawler/site/listings.py: read_json",
)
_LEGACY = _Form(
    "ul#leftList or ul.imgtxt1 with links like /32841/201901/18/190118124637372.shtml",
    "crawler/site/legacy_sections.py: read",
)
_PAPER = _Form(
    "div.holder with ul#pageUrl (plates) and ul#pageTitle (stories)",
    "crawler/site/paper_issues.py: read_plates and read_stories",
)


class Look(NamedTuple):
    row: ListingRow
    entries: list[Entry]
    listing: Listing | None  # None: it could not be read


def home(answer: Response | Exception, *, known: tuple[str, ...]) -> tuple[Row, dict[str, Any]]:
    """The home page as the place that links the sections: slug -> name. `known` are the table's."""
    row = PlainRow(kind="site", name="home page", seen="")
    if (problem := unusable(answer)) is not None:
        return row.model_copy(update={"seen": "not to be had", "problems": [problem]}), {}
    assert isinstance(answer, Response)
    slugs = table.discover(answer.body, answer.url, reading.charset(answer))
    if not slugs:
        problem = Problem(
            expected=f"links like {urls.section_page('edu')}",
            found=shapes.of_page(answer).words,
            look_at="crawler/site/sections.py: discover",
        )
        return row.model_copy(update={"seen": "links no section", "problems": [problem]}), {}
    problems = []
    unlinked = [slug for slug in known if slug not in slugs]
    if len(unlinked) == len(known):  # some of the table's are reached in other ways
        problems.append(
            Problem(
                expected=f"links to {', '.join(known)}, which are in the table",
                found=f"none to {', '.join(unlinked)}",
                look_at="crawler/site/sections.toml: proven",
                severity="doubt",
            )
        )
    seen = f"links {len(slugs)} sections: {', '.join(slugs)}"
    if unlinked:
        seen += f"; not linked: {', '.join(unlinked)}"
    return row.model_copy(update={"seen": seen, "problems": problems}), slugs


def first(section: Paged, answer: Response | Exception, url: str) -> Look:
    """The first page of a section, asked for at `url`."""
    look = _look(section, answer, _row(section, url, "listing", str(section.slug)))
    look.row.name = f"{section.slug} {section.name or ''}".strip()
    return look


def older(section: Paged, answer: Response | Exception, url: str, shown: int) -> Look:
    """The page after the first, which showed so many entries."""
    if isinstance(answer, Response) and answer.status in (404, 410) and shown < ENTRIES_A_PAGE:
        seen = f"none (answered {answer.status}): all {shown} are on the first page"
        row = _row(section, url, "older", f"{section.slug} page 2")
        row.seen, row.skipped = seen, True
        return Look(row, [], None)
    look = _look(section, answer, _row(section, url, "older", f"{section.slug} page 2"))
    if look.listing is not None and not look.entries and shown >= ENTRIES_A_PAGE:
        words = f"none, behind {shown} on the first page"
        look.row.problems.append(_problem(section, answer, words))
    return look


def _row(section: Paged, url: str, kind: Literal["listing", "older"], name: str) -> ListingRow:
    return ListingRow(
        kind=kind, name=name, section=str(section.slug), url=url, seen="not to be had"
    )


def _look(section: Paged, answer: Response | Exception, row: ListingRow) -> Look:
    if (problem := unusable(answer)) is not None:
        row.problems.append(problem)
        return Look(row, [], None)
    assert isinstance(answer, Response)
    try:
        listing = section.read(answer)
    except ListingError as error:
        row.seen = "no listing"
        row.problems.append(_problem(section, answer, str(error)))
        return Look(row, [], None)
    except Exception as error:
        row.seen = "the parser failed"
        row.problems.append(bug(error))
        return Look(row, [], None)
    section.name = section.name or listing.name
    row.entries = len(listing.entries)
    row.problems += _doubts(section, answer, row.url, listing)
    newest, unread = _newest(listing.entries, may_be_silent=not isinstance(section, Modern))
    row.newest = f"{newest:%Y-%m-%d %H:%M:%S}" if newest else None
    row.seen = f"{row.entries} entries" + (f", newest {row.newest}" if newest else "")
    row.problems += _of_times(row, unread)
    if row.kind == "listing" and isinstance(section, Modern) and newest:
        row.problems += _of_age(newest)
    return Look(row, listing.entries, listing)


def _doubts(section: Paged, answer: Response, url: str, listing: Listing) -> list[Problem]:
    form = _form(section)
    problems = [
        Problem(expected=form.expected, found=words, look_at=form.look_at, severity="doubt")
        for words in listing.warnings
        if words.startswith("listing: ")
    ]
    if answer.url != url:
        problems.append(
            Problem(
                expected=f"{url} itself",
                found=f"leads to {answer.url}",
                look_at="crawler/site/sections.toml: proven, if the section has moved",
                severity="doubt",
            )
        )
    strange = [
        entry.url
        for entry in listing.entries
        if isinstance(section, Modern) and urls.identify(entry.url).generation != "modern"
    ]
    if len(strange) * 2 > len(listing.entries):
        problems.append(
            Problem(
                expected=f"addresses like {shapes.FORM}",
                found=f"{len(strange)} of {len(listing.entries)} have an older generation's, "
                f"such as {strange[0]}",
                look_at="crawler/site/urls.py: identify",
                severity="doubt",
            )
        )
    skipped = len(listing.skipped)
    if skipped > len(listing.entries):
        found = f"{skipped} of {skipped + len(listing.entries)} entries lead elsewhere"
        problems.append(_problem(section, answer, found))
    return problems


def _newest(entries: list[Entry], *, may_be_silent: bool) -> tuple[datetime | None, list[str]]:
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
        if moment is None or (doubt := dates.within(moment, fetched_at=now, near=day)):
            why = "" if moment is None else f" ({doubt})"
            unread.append(f"{entry.published or 'nothing'}{why}")
        elif newest is None or moment.at > newest:
            newest = moment.at
    return newest, unread


def _of_times(row: ListingRow, unread: list[str]) -> list[Problem]:
    if not unread:
        return []
    commonest = ", ".join(words for words, _ in Counter(unread).most_common(3))
    return [
        Problem(
            expected="a time at every entry, such as 2026-10-02 15:41:16",
            found=f"{len(unread)} of {row.entries} show none that can be: {commonest}",
            look_at="crawler/site/listings.py: read_page and read_json; "
            "crawler/text/dates.py: parse",
            severity="fails" if len(unread) == row.entries else "doubt",
        )
    ]


def _of_age(newest: datetime) -> list[Problem]:
    age = clock.now_in_cst() - newest
    if age <= _OLD:
        return []
    return [
        Problem(
            expected=f"an entry of the last {_OLD.days} days",
            found=f"the newest is {age.days} days old",
            look_at=NO_LISTING,
            severity="doubt",
        )
    ]


def front(answer: Response | Exception, url: str, day: date) -> Look:
    """The front page of the paper's newest issue: its plates, and the stories of this one."""
    name = f"paper {paper_issues.NAME}"
    row = ListingRow(kind="listing", name=name, section="paper", url=url, seen="not to be had")
    if (problem := unusable(answer)) is not None:
        row.problems.append(problem)
        return Look(row, [], None)
    assert isinstance(answer, Response)
    page = answer.body, answer.url, reading.charset(answer)
    try:
        plates = paper_issues.read_plates(*page)
        stories = paper_issues.read_stories(*page)
    except ListingError as error:
        row.seen = "no issue"
        found = f"{error}; {shapes.of_page(answer).words}"
        row.problems.append(Problem(expected=_PAPER.expected, found=found, look_at=_PAPER.look_at))
        return Look(row, [], None)
    for entry in stories.entries:
        entry.published = day.isoformat()
    row.entries, row.newest = len(stories.entries), f"{day} 00:00:00"
    row.seen = f"{len(plates)} plates, {row.entries} stories on the first, issue of {day}"
    return Look(row, stories.entries, stories)


def _form(section: Paged) -> _Form:
    if isinstance(section, Legacy):
        return _LEGACY
    return _JSON if isinstance(section, Json2021) or section.page > 1 else _PAGE


def _problem(section: Paged, answer: Response | Exception, what: str) -> Problem:
    """A listing that its parser cannot read: what is on the page instead of what it expects."""
    form = _form(section)
    assert isinstance(answer, Response)
    found = shapes.of_json(answer) if form is _JSON else shapes.of_page(answer)
    look_at = form.look_at
    if found.unknown_addresses:
        look_at = f"crawler/site/urls.py: identify; {look_at}"
    elif isinstance(section, Modern) and section.page == 1:
        look_at = f"{look_at}; {NO_LISTING}"
    if form is not _JSON and renders.is_built_by_script(answer):
        what = f"{what}; built by scripts: {renders.HOW}"
        look_at = f"the setting RENDERER; {look_at}"
    return Problem(expected=form.expected, found=f"{what}; {found.words}", look_at=look_at)
