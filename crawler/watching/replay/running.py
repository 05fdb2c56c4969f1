"""The archives through the parsers, and what comes of it, in order."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from crawler.state import Failure, Known, Sighting
from crawler.state.reading import batched
from crawler.state.store import State
from crawler.watching.replay.catalogue import Archived, Catalogue, catalogue
from crawler.watching.replay.reading import Job, Reader, Result, Setup
from crawler.watching.replay.workers import workers

logger = logging.getLogger(__name__)

_AT_ONCE = 200  # articles that the state is asked about together


@dataclass
class Numbers:
    """Of a replay, so far."""

    archives: int = 0
    exchanges: int = 0
    pages: int = 0  # of articles, that were parsed
    articles: Counter[str] = field(default_factory=Counter)  # by the kind of their result
    removed: int = 0  # known articles that the site has removed, left alone
    torn: int = 0
    damaged: int = 0  # places in archives, listings and articles
    foreign: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Pages a second, indexing and all."""
        return self.pages / self.seconds if self.seconds else 0.0


class Replay:
    """`state`: without one nothing is known and everything is new."""

    def __init__(
        self, setup: Setup, state: State | None, jobs: int, stopped: Callable[[], bool]
    ) -> None:
        self.numbers = Numbers()
        self._setup, self._state, self._jobs = setup, state, jobs
        self._stopped = stopped
        self._began = time.monotonic()

    def results(self) -> Iterator[Result]:
        """One for each article that is in the archives, by id. Ends early where `stopped`.

        Raises StateError, WorkerError, and OSError where there is no room for the index.
        """
        with catalogue() as index, workers(self._setup, self._jobs) as hands:
            index.assigned = self._setup.assigned
            self._index(index)
            listings = (place for place in index.listings() if not self._stopped())
            for listed in hands.map(Reader.listing, listings):
                if isinstance(listed, str):
                    logger.info("%s", listed)
                else:
                    index.note(listed)
            for result in hands.map(Reader.article, self._articles(index)):
                self._count(result)
                yield result

    def _index(self, index: Catalogue) -> None:
        numbers = self.numbers
        for number, path in enumerate(self._setup.files):
            if self._stopped():
                break
            logger.info("indexing %s", path)
            index.add(number, path, lambda words: logger.warning("%s", words))
            numbers.archives += 1
        numbers.exchanges, numbers.torn = index.exchanges, index.torn
        numbers.damaged, numbers.foreign = index.damaged, index.foreign

    def _articles(self, index: Catalogue) -> Iterator[Job]:
        for some in batched(index.articles(), _AT_ONCE):
            for job in self._with_what_is_known(some):
                if self._stopped():
                    return
                yield job

    def _with_what_is_known(self, articles: list[Archived]) -> Iterator[Job]:
        ids = [one.id for one in articles]
        known: dict[str, Known] = {}
        failures: dict[str, Failure] = {}
        seen: dict[str, dict[str, Sighting]] = {}
        if self._state is not None:
            known, failures = self._state.known(ids), self._state.failures(ids)
            seen = self._state.sightings([*known])
        for one in articles:
            mine = known.get(one.id)
            if mine is None and not one.places[0].is_article:
                continue  # a home page, robots.txt, a picture
            if mine is not None and mine.change == "removed":
                self.numbers.removed += 1
                continue
            failure = failures.get(one.id)
            yield Job(
                one.id,
                one.places,
                one.further,
                one.entries,
                failure.owed() if failure else None,
                mine,
                seen.get(one.id, {}),
            )

    def _count(self, result: Result) -> None:
        numbers = self.numbers
        numbers.articles[result.kind] += 1
        numbers.pages += result.pages
        numbers.seconds = time.monotonic() - self._began
        if result.kind in ("lost", "incomplete", "damaged", "error"):
            logger.warning("%s: %s: %s", result.id, result.kind, result.words)
