"""The embedded site: everything it can answer with, in memory, and the truth about it."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from crawler.samplesite import search
from crawler.samplesite.articles import CST, SPAN, Story, plan
from crawler.samplesite.document import JPEG, PLAIN, Document
from crawler.samplesite.listings import href
from crawler.samplesite.modern import Modern
from crawler.samplesite.older.json2021 import Json2021
from crawler.samplesite.older.legacy import Legacy
from crawler.samplesite.older.paper import Paper
from crawler.samplesite.pieces import WWW, Generation
from crawler.samplesite.search import Search

DOMAIN = "workercn.cn"
PICTURES = ("/upload/", "/files/", "/papers/")
ROBOTS = "User-agent: *\nDisallow: /login/\n"
PICTURE = base64.b64decode(  # one grey pixel
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERX"
    "RTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAA"
    "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
)


class Site:
    """`articles` modern articles in the 40 days before `now`, and the older generations: `legacy`
    articles up to February 2021, `json2021` articles of 2021, the paper's issues of the last
    `papers` days. The same arguments give the same bytes.

    `now` (aware; default: the present) is the site's clock, which goes on by itself; `now` and all
    that follows from it is to the minute. Only pages with a relative time (`3小时前`) depend on
    being read soon after it.
    `held`: so many of the newest modern articles are not published until `release`.
    `ahead`: so many days are still to come when the site is made, their articles among the
    `articles` and published when `advance` comes to them.
    `holidays`: days on which the paper has no issue.
    """

    def __init__(
        self,
        seed: int = 1,
        articles: int = 220,
        now: datetime | None = None,
        held: int = 0,
        *,
        legacy: int = 60,
        json2021: int = 40,
        papers: int = 10,
        ahead: int = 0,
        holidays: Collection[date] = (),
    ) -> None:
        if articles < 1 or not 0 <= held < articles:
            raise ValueError(f"articles={articles}, held={held}: one has to be published")
        if min(legacy, json2021, papers) < 0:
            raise ValueError(f"legacy={legacy}, json2021={json2021}, papers={papers}: below 0")
        self._set_clock(now or datetime.now(CST))
        days = timedelta(days=ahead)
        stories = [*plan(seed, articles, self.now + days, SPAN + days)]
        held += sum(story.published > self.now for story in stories[held:])
        self._held = stories[:held]
        self._revisions = 0
        self._robots = Document(lambda: ROBOTS, PLAIN)
        self._picture = Document(lambda: PICTURE, JPEG)
        self._json2021 = Json2021(seed, json2021)
        self._legacy = Legacy(seed, legacy)
        self._seed, self._papers, self._holidays = seed, papers, holidays
        self._paper = Paper(seed, papers, self.now.date(), holidays)
        self._publish(stories[held:])

    def truth(self, *generations: Generation) -> list[dict[str, Any]]:
        """What an ideal reader makes of each published article, newest first, a generation after
        the other: the keys of the record that the page decides, `generation`, `page_published`
        {at, precision} and the page's `layout`; `reject` where there can be no record.

        Without `generations` of the modern site: of what the sections list.
        """
        chosen = generations or ("modern",)
        return [
            piece.truth() for generation in chosen for piece in self._parts[generation].pieces()
        ]

    def linked(self, article: str) -> set[str]:
        """The addresses that the sections give a published modern article: mostly one."""
        story = self.story(article)
        return {urljoin(f"https://{WWW}/", href(story, slug)) for slug in story.sections}

    def find(self, host: str, path: str, query: str = "") -> Document | None:
        """What `path` answers on `host`, None for a 404; a host of no site of ours means www.

        Only the search reads the query.
        """
        host = host.partition(":")[0].lower()
        if not host.endswith("." + DOMAIN):
            host = WWW
        if path == "/robots.txt":
            return self._robots
        if path.startswith(PICTURES) and path.endswith(".jpg"):
            return self._picture
        if (host, path) == (WWW, search.PATH):
            return self._search.answer(query)
        found = (part.find(host, path) for part in self._parts.values())
        return next(filter(None, found), None)

    def endless(self, path: str, made_up: bool) -> Document | None:
        return self._modern.endless(path, made_up) or self._json2021.endless(path, made_up)

    def warm(self) -> None:
        """Make and compress every page now, so that none is made while somebody measures. Of a
        generation of more than `KEPT` articles the newest will be made again.
        """
        for part in self._parts.values():
            for document in part.documents():
                _ = document.gzipped

    # --- what may happen to a site between two crawls ---

    def advance(self, now: datetime) -> list[str]:
        """Let the clock go on to `now` (aware): the articles held back until then, their ids
        newest first, and the paper's issues of the days between.
        """
        before = self.now.date()
        self._set_clock(now)
        now = self.now
        self._papers += (now.date() - before).days
        self._paper = Paper(self._seed, self._papers, now.date(), self._holidays)
        return self._release([story for story in self._held if story.published <= now])

    @property
    def clock(self) -> datetime:
        """What time it is at the site, aware: the Date of its answers."""
        return datetime.now(CST) + self._ahead

    def _set_clock(self, now: datetime) -> None:
        self._ahead = now - datetime.now(CST)
        self.now = now.astimezone(CST).replace(second=0, microsecond=0)

    def release(self) -> list[str]:
        """Publish all articles held back; their ids, newest first."""
        return self._release(self._held)

    def _release(self, stories: list[Story]) -> list[str]:
        self._held = self._held[: len(self._held) - len(stories)]
        self._publish([*stories, *self._stories])
        return [story.id for story in stories]

    def revise(self, article: str, **changes: Any) -> None:
        """Change fields of a published Story, e.g. title='…', paragraphs=('…',)."""
        self._revisions += 1
        changes.setdefault("modified", self.now + timedelta(seconds=self._revisions))
        self.story(article)
        self._publish(replace(s, **changes) if s.id == article else s for s in self._stories)

    def withdraw(self, article: str) -> Story:
        """Take an article off the site: its page is 404, no list has it."""
        withdrawn = self.story(article)
        self._publish(story for story in self._stories if story.id != article)
        return withdrawn

    def add(self, story: Story) -> None:
        """Publish a story now, at the place of its own time: one that was withdrawn, or another."""
        stories = [*self._stories, replace(story, modified=self.now)]
        self._publish(sorted(stories, key=lambda one: one.published, reverse=True))

    def story(self, article: str) -> Story:
        """A published modern article."""
        for story in self._stories:
            if story.id == article:
                return story
        raise KeyError(f"no published article {article}")

    def _publish(self, stories: Iterable[Story]) -> None:
        self._stories = list(stories)
        self._modern = Modern(self._stories)
        # The modern home page stands on every host that no other generation knows, so it is last.
        self._parts: dict[Generation, Json2021 | Legacy | Paper | Modern] = {
            "json2021": self._json2021,
            "legacy": self._legacy,
            "paper": self._paper,
            "modern": self._modern,
        }
        parts = self._parts.values()
        self._search = Search(lambda: (piece for part in parts for piece in part.pieces()))
