"""The modern site (since 2022): which address answers with which page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial

from crawler.samplesite import listings
from crawler.samplesite.articles import Story
from crawler.samplesite.document import HTML, JSON, KEPT, Document
from crawler.samplesite.pieces import WWW
from crawler.samplesite.templates import render
from crawler.samplesite.words import SECTIONS

JSON_PATH = re.compile(r"/json/(\w+)/index_(\d{1,6})\.json")
BOXED = 24  # articles in the boxes of a page


class Modern:
    """The pages of `stories` (newest first)."""

    def __init__(self, stories: Sequence[Story]) -> None:
        self._stories = stories
        self.lists = {slug: _listed(stories, slug) for slug in SECTIONS}
        self._places = {story.path: place for place, story in enumerate(stories)}  # on every host
        self._article = lru_cache(maxsize=KEPT)(self._make)
        home = partial(listings.home_page, self.lists, stories)
        modified = max((story.modified for story in stories), default=None)
        self._home = Document(home, HTML, modified)
        self._on_www: dict[str, Document] = {}

        for slug, entries in self.lists.items():
            others = [story for story in stories if slug not in story.sections][:BOXED]
            newest = entries[: listings.PAGE_SIZE]
            page = partial(listings.section_page, slug, newest, others)
            modified = max((story.modified for story in newest), default=None)
            self._on_www[f"/{slug}/"] = Document(page, HTML, modified)
            modified = max((story.modified for story in entries), default=None)
            for number in range(2, listings.json_pages(slug, entries) + 1):
                page = partial(listings.json_page, slug, entries, number)
                self._on_www[f"/json/{slug}/index_{number}.json"] = Document(page, JSON, modified)

    def find(self, host: str, path: str) -> Document | None:
        if path in self._places:
            return self._article(self._places[path])
        if path == "/":
            return self._home
        return self._on_www.get(path) if host == WWW else None

    def pieces(self) -> Iterable[Story]:
        return self._stories

    def documents(self) -> Iterator[Document]:
        yield from map(self._article, range(len(self._stories)))
        yield self._home
        yield from self._on_www.values()

    def endless(self, path: str, made_up: bool) -> Document | None:
        """The JSON page at `path` of a list without end: its page 2 for ever, or entries that do
        not exist, ever older. None where `path` is no such page.
        """
        match = JSON_PATH.fullmatch(path)
        entries = self.lists.get(match[1]) if match else None
        if not match or not entries:
            return None
        slug, number = match[1], int(match[2])
        if made_up:
            oldest = min(entries, key=lambda story: story.published)
            return Document(partial(listings.endless_page, slug, oldest, number), JSON)
        return Document(partial(listings.json_page, slug, entries, 2), JSON)

    def _make(self, place: int) -> Document:
        story = self._stories[place]
        # boxes show older articles only: what is published later leaves the page as it was
        others = self._stories[place + 1 : place + 1 + BOXED]
        channel = SECTIONS[story.sections[0]]
        page = partial(
            render,
            story.layout,
            theme=story.layout,
            title=f"{story.title} - {channel} - 中工网",
            year=story.published.year,
            language=story.language,
            channel=channel,
            story=story,
            others=others,
        )
        return Document(page, HTML, story.modified)


def _listed(stories: Sequence[Story], slug: str) -> list[Story]:
    """A section's articles, newest first; the one that is pinned comes before them."""
    entries = [story for story in stories if slug in story.sections]
    pinned = [story for story in entries if story.pinned]
    return pinned + [story for story in entries if not story.pinned]
