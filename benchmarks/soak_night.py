"""What a night owes: what it may ask the site for, and what it has to know when it has ended."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.soak_site import Stage
from crawler.clock import CST
from crawler.runs.run import started
from crawler.samplesite.articles import SECTIONS, Story
from crawler.samplesite.listings import JSON_FORMS, PAGE_SIZE
from crawler.samplesite.server import Request
from crawler.site.sections import table
from crawler.state import default_url, open_state

DAY = timedelta(days=1)
SEARCHES = 3  # a night: how many articles there are of each of the last three days
LATE_ISSUE = 4  # nights on which a day without an issue is asked for: until it is two days over
AT_THE_END = 3  # entries of a page that tell how far down it goes


class Ledger:
    """Of one crawler, through the nights."""

    def __init__(self, output: Path, site: Stage, first: str, recheck: timedelta) -> None:
        self.output, self.site = output, site
        self._first = first  # the first day of the first night's window
        self._recheck = recheck
        self._plates: Counter[str] = Counter()  # path -> nights on which it was asked for

    # --- what was lost ----------------------------------------------------------------------------

    def lost(self, now: datetime) -> list[dict[str, Any]]:
        """The articles of the site that no run has had and that are no failure to be tried again.

        `now`: on the crawler's own clock; what is yet to come by that is not missed.
        """
        until = now.astimezone(CST).isoformat()
        due = [
            article
            for article in self.site.truth("modern", "paper")
            if self._first <= article["published_at"] <= until
        ]
        ids = [article["id"] for article in due]
        with closing(open_state(default_url(self.output))) as state:
            known = state.known(ids).keys() | state.failures(ids).keys()
        return [article for article in due if article["id"] not in known]

    def on_record(self, article: dict[str, Any]) -> bool:
        """Does a gap in the state have it?"""
        at = article["published_at"]
        with closing(open_state(default_url(self.output))) as state:
            slugs = [section["slug"] for section in article["sections"]]
            return any(gap.start <= at <= gap.end for slug in slugs for gap in state.gaps(slug))

    # --- what was asked for -----------------------------------------------------------------------

    def allowed(self, now: datetime) -> dict[str, set[str]]:
        """Before a night without faults: the pages of listings and the articles that it may ask
        for, as docs/sections.md and docs/state.md have it.
        """
        with closing(open_state(default_url(self.output))) as state:
            marks = state.marks()
            since = now.astimezone(CST) - self._recheck
            due = {known.id for known in state.due(now + DAY / 24, since)}
            due |= {failure.id for failure in state.due_failures(now + DAY / 24)}
            ids = [story.id for story in self.site.stories]
            unknown = set(ids) - state.known(ids).keys() - state.failures(ids).keys()
        pages = {"/", *(f"/{slug}/" for slug in table().proven)}
        for slug in SECTIONS:
            bottom = started(marks[slug].run_id).astimezone(CST) - DAY if slug in marks else None
            pages.update(self._pages(slug, bottom))
        return {"pages": pages, "articles": due | unknown}

    def _pages(self, slug: str, bottom: datetime | None) -> Iterator[str]:
        """Down to the one that ends below `bottom`; one more tells the end of what there is."""
        stories, number, begin = self.site.listed(slug), 1, 0
        while True:
            yield f"/{slug}/" if number == 1 else f"/json/{slug}/index_{number}.json"
            size = PAGE_SIZE if number == 1 else JSON_FORMS[slug].size
            page = stories[begin : begin + size]
            if not page or (bottom and _is_below(page, bottom)):
                return
            number, begin = number + 1, begin + size

    def beyond(self, asked: Sequence[Request], allowed: dict[str, set[str]]) -> list[str]:
        """Which requests of the night are not among the allowed, or too many of their kind."""
        counted = Counter(f"{one.host}{one.path}?{one.query}" for one in asked)
        wrong = [f"{url} asked for {times} times" for url, times in counted.items() if times > 1]
        searches = 0
        fronts = 0
        for one in asked:
            name = one.path.rpartition("/")[2].partition(".")[0]
            if one.path.startswith("/papers/"):
                is_page = name == "page"
                self._plates[one.path] += 1
                most = 1 if not is_page else LATE_ISSUE if one.status == 404 else 2
                fronts += is_page and self._plates[one.path] > most
                is_allowed = is_page or self._plates[one.path] <= 1 or self._is_due(one, allowed)
            elif one.path.startswith("/cms/"):
                searches += 1
                is_allowed = searches <= SEARCHES
            elif one.path.startswith("/c/"):
                is_allowed = name in allowed["articles"]
            else:
                is_allowed = one.path == "/robots.txt" or one.path in allowed["pages"]
            if not is_allowed:
                wrong.append(f"{one.path}?{one.query}")
        if fronts > 1:  # one is the control: is the paper there at all?
            wrong.append(f"{fronts} pages of issues that are whole")
        return wrong

    def _is_due(self, one: Request, allowed: dict[str, set[str]]) -> bool:
        day, plate, name = _paper(one.path)
        return f"grrb-{day:%Y%m%d}-{plate}-{name}" in allowed["articles"]


def _paper(path: str) -> tuple[date, str, str]:
    """'/papers/grrb/2026/03/02/1/news-2.html' → the day, '1', '2'"""
    *_, year, month, day, plate, name = path.split("/")
    return date(int(year), int(month), int(day)), plate, name[5:].partition(".")[0]


def _is_below(page: Sequence[Story], bottom: datetime) -> bool:
    return max(story.published for story in page[-AT_THE_END:]) < bottom


def copy_runs(source: Path, target: Path) -> None:
    """As a consumer of the feed has them: each run folder once, by hard links, and latest.json."""
    target.mkdir(exist_ok=True)
    for run in sorted(source.glob("runs/*[0-9a-f]")):
        kept = target / "runs" / run.name
        if not kept.exists():
            shutil.copytree(run, kept, copy_function=os.link)
    if (source / "latest.json").exists():
        shutil.copy(source / "latest.json", target)
