"""The spider's arguments (`-a`), checked before anything else happens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path

from crawler import clock
from crawler.site.urls import is_column, is_legacy_section, is_slug

ALL = "all"  # the sections of the table and those the home page links

PAPER = "paper"
EVERY = ALL  # `legacy:all`, `json2021:all`: the sections of the table
_KINDS: dict[str, Callable[[str], bool]] = {
    "legacy": lambda code: code == EVERY or is_legacy_section(code),
    "json2021": lambda code: code == EVERY or is_column(code),
}

ENTRIES_A_PAGE = 27  # of a modern listing
_CRAWL_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
_DAYS = {"today": 0, "yesterday": 1}
_DAYS_BACK = re.compile(r"([0-9]{1,5})d")
OLDEST = date(2000, 1, 1)  # before anything the site has
_MOST_DAYS = 36_500
DEFAULT_PAGES = 10  # listing pages a section where nothing else bounds the walk


class ArgumentError(ValueError):
    """A wrong argument: its message names the argument, the value and what is allowed."""

    def __init__(self, name: str, value: object, what: str) -> None:
        super().__init__(f"argument {name}={value}: {what}")


# One line each for `scrapy crawl workercn -h`; README.md says more.
HELP = {
    "sections": "slugs such as character,edu; all (default); paper, legacy:…, json2021:…",
    "since": "first day of publication: YYYY-MM-DD, today, yesterday, 7d",
    "until": "last day of publication, inclusive",
    "pages": f"listing pages per section at most ({DEFAULT_PAGES} without pages, since and until)",
    "limit": "a trial: ask for N articles, read and write no state",
    "query": "search the site instead of walking listings: 词, title:词, content:词",
    "urls": "fetch the addresses in FILE, one per line, instead of walking listings",
    "full": "1: fetch known articles again; only differences are published",
    "recheck_days": "re-fetch known articles from the last N days",
    "crawl_id": "the shared crawl that this worker joins (REDIS_URL)",
}


@dataclass(frozen=True, slots=True)
class Arguments:
    sections: tuple[str, ...] = (ALL,)
    since: date | None = None
    until: date | None = None
    pages: int | None = None
    limit: int | None = None
    query: str | None = None
    urls: Path | None = None
    full: bool = False
    recheck_days: int | None = None
    crawl_id: str | None = None

    @classmethod
    def parse(cls, given: dict[str, str], *, today: date | None = None) -> Arguments:
        """Read `-a` words; `today` is the day at the site. Raises ArgumentError."""
        known = [field.name for field in fields(cls)]
        for name, value in given.items():
            if name not in known:
                what = f"unknown argument; allowed: {', '.join(known)}"
                raise ArgumentError(name, value, what)
        today = today or clock.today()
        arguments = cls(
            sections=_sections(given.get("sections", ALL)),
            since=_day("since", given.get("since"), today),
            until=_day("until", given.get("until"), today),
            pages=_count("pages", given.get("pages")),
            limit=_count("limit", given.get("limit")),
            query=_query(given.get("query")),
            urls=_file(given.get("urls")),
            full=_switch("full", given.get("full")),
            recheck_days=_count("recheck_days", given.get("recheck_days"), most=_MOST_DAYS),
            crawl_id=_name(given.get("crawl_id")),
        )
        since, until = arguments.since, arguments.until
        for name, day in (("since", since), ("until", until)):
            if day and day < OLDEST:
                what = f"before anything the site has; allowed: {OLDEST} on"
                raise ArgumentError(name, day, what)
        if since and since > today:
            raise ArgumentError("since", since, _in_the_future(today))
        if since and until and until < since:
            raise ArgumentError("until", until, f"before since={since}; allowed: {since} or later")
        for alone, others in (
            ("urls", ("sections", "since", "until", "pages", "query")),
            ("query", ("sections", "pages", "urls")),
        ):
            beside = [name for name in known if name not in (alone, *others)]
            for name in others:
                if alone in given and name in given:
                    what = f"cannot stand beside {alone}; allowed beside {alone}: "
                    raise ArgumentError(name, given[name], what + ", ".join(beside))
        return arguments

    def holds(self, day: date, off: timedelta = timedelta()) -> bool:
        """Is the day of the window, or off it by no more than that?"""
        since, until = self.since, self.until
        return (not since or day >= since - off) and (not until or day <= until + off)

    @property
    def listing_pages(self) -> int | None:
        """How many listing pages a section are walked at most; None: as far as the window goes."""
        if self.pages or self.since or self.until or self.query:
            return self.pages
        if self.limit:
            # The newest N articles stand on a section's first N / 27 pages: a trial of five shall
            # not walk ten pages of every section first.
            return min(DEFAULT_PAGES, -(-self.limit // ENTRIES_A_PAGE))
        return DEFAULT_PAGES


def _sections(words: str) -> tuple[str, ...]:
    slugs = tuple(dict.fromkeys(slug.strip() for slug in words.split(",")))
    for slug in slugs:
        kind, colon, code = slug.partition(":")
        if not (_KINDS[kind](code) if colon and kind in _KINDS else is_slug(slug)):
            names = "character,edu, paper, legacy:news/32841, json2021:cj/34179, legacy:all"
            what = f"{slug!r} is no section; allowed: {ALL}, names like {names}, json2021:all"
            raise ArgumentError("sections", words, what)
    return slugs


def _day(name: str, words: str | None, today: date) -> date | None:
    """`2024-02-29`, `today`, `yesterday`, or `7d`: the day seven days before today."""
    if words is None:
        return None
    try:
        if words in _DAYS:
            return today - timedelta(days=_DAYS[words])
        if back := _DAYS_BACK.fullmatch(words):
            return today - timedelta(days=int(back[1]))
        day = datetime.strptime(words, "%Y-%m-%d").date()
        if words != day.isoformat():
            raise ValueError
    except (ValueError, OverflowError):
        allowed = "YYYY-MM-DD such as 2024-02-29, today, yesterday, 7d"
        raise ArgumentError(name, words, f"not a day; allowed: {allowed}") from None
    return day


def past_day(name: str, words: str) -> date:
    """A day up to today, in the words that `since` takes. Raises ArgumentError."""
    today = clock.today()
    day = _day(name, words, today)
    assert day is not None
    if day > today:
        raise ArgumentError(name, day, _in_the_future(today))
    return day


def _in_the_future(today: date) -> str:
    return f"the day is in the future; allowed: up to {today}"


def _count(name: str, words: str | None, most: int = 1_000_000_000) -> int | None:
    if words is None:
        return None
    # No count has eleven digits, and int() refuses five thousand.
    if not (words.isascii() and words.isdigit() and len(words) <= 10 and 0 < int(words) <= most):
        up_to = f" to {most}" if most == _MOST_DAYS else ""
        raise ArgumentError(name, words, f"allowed: whole numbers from 1{up_to}")
    return int(words)


def _switch(name: str, words: str | None) -> bool:
    if words not in (None, "0", "1"):
        raise ArgumentError(name, words, "allowed: 1 or 0")
    return words == "1"


def _query(words: str | None) -> str | None:
    if words is not None and not words.strip():
        raise ArgumentError("query", "", "empty; allowed: 产业工人, title:词, content:词")
    return words and words.strip()


def _name(words: str | None) -> str | None:
    if words is not None and not _CRAWL_ID.fullmatch(words):
        what = "not a valid name; allowed: up to 64 letters, digits, '.', '_', '-'"
        raise ArgumentError("crawl_id", words, what)
    return words


def _file(words: str | None) -> Path | None:
    if words is None:
        return None
    path = Path(words)
    allowed = "allowed: a file with one address a line"
    what = None
    try:
        if path.exists() and not path.is_file():
            what = "no regular file"
        elif not any(addresses(path)):
            what = "the file names no address"
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        what = f"cannot be read ({why})"
    if what is not None:
        raise ArgumentError("urls", words, f"{what}; {allowed}")
    return path


def addresses(path: Path) -> Iterator[str]:
    """Those of a file, one a line; empty lines and # comments aside."""
    with path.open(encoding="utf-8-sig") as file:
        lines = map(str.strip, file)
        yield from (line for line in lines if line and not line.startswith("#"))
