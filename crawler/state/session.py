"""The state as a crawl uses it: read, never written, and a crawl that cannot read it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from crawler import run_context
from crawler.state import (
    KnownArticle,
    Sighting,
    StateError,
    default_url,
    open_state,
    published_line,
)

if TYPE_CHECKING:
    from crawler.state.queries import StateReader

logger = logging.getLogger(__name__)

ERROR_STAT = "workercn/state/error"


def url_of(settings: BaseSettings) -> str:
    """STATE_URL, or state.db in OUTPUT_DIR."""
    return settings["STATE_URL"] or default_url(Path(settings["OUTPUT_DIR"]).absolute())


def state_of(crawler: Crawler) -> StateReader:
    """What is known to a crawl: in a trial, nothing."""
    from crawler.state.store import EmptyState

    session = crawler.get_extension(Session)
    return session.state if session else EmptyState()


class Session:
    """An extension that is not there for a trial, which touches no state.

    A database that is away is noted under `workercn/state/error`, which forbids publishing, and
    the crawl is stopped: what it would fetch might be known, what it would call new might not be.
    """

    def __init__(self, crawler: Crawler) -> None:
        context = run_context.of(crawler.settings)
        if context is None or context.trial:
            raise NotConfigured
        self._crawler = crawler
        self._output = context.output
        self.state = open_state(url_of(crawler.settings))
        self.state.when_lost(self._give_up)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Session:
        return cls(crawler)

    def _give_up(self, error: StateError) -> None:
        self._crawler.stats.set_value(ERROR_STAT, str(error))
        logger.error("%s; stopping", error)
        closing = self._crawler.engine.close_spider_async(reason="state_error")
        self._closing = asyncio.ensure_future(closing)  # kept: asyncio holds tasks weakly

    # --- as the history that Revisions asks ---------------------------------------------------

    def find(self, id_: str) -> KnownArticle | None:
        return self.state.find(id_)

    def sightings(self, id_: str) -> Mapping[str, Sighting]:
        return self.state.sightings([id_]).get(id_, {})

    def published(self, known: KnownArticle) -> dict[str, Any] | None:
        return published_line(self._output, known)
