"""The rows of the state: a field for each column, in the tables' order.

Moments are ISO 8601 UTC (`2026-11-22T04:00:00Z`) unless said otherwise; text of one form compares
as time does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from crawler.items import LISTED, Entry


class Known(NamedTuple):
    """An article as its newest revision and the last request for it left it."""

    id: str
    url: str
    generation: str
    title: str
    published: str  # with +08:00, as in the record
    revision: int
    change: str
    content_hash: str
    raw_hash: str | None  # of the body as served
    parser: str | None  # the rules that read it
    etag: str | None
    modified: str | None  # the Last-Modified header
    run_id: str  # of the newest revision
    place: int  # byte offset of its line in that run's articles.jsonl
    first_seen: str
    last_seen: str  # on a listing, or as a record
    checked_at: str
    next_check: str
    missing: int  # runs in a row that found it gone
    # where the archive has the body that was served last
    payload: str | None = None  # its digest there, sha1:…
    archived_at: str | None = None  # to the microsecond
    entry: dict[str, Any] | None = None  # what a listing said: title, published, source, label, pdf


class Sighting(NamedTuple):
    """An article on a section's listing."""

    id: str
    slug: str
    name: str | None  # of the section, as last shown
    run_id: str  # the first that saw it there


class Failure(NamedTuple):
    """An article that could not be fetched or read, and when it is tried again."""

    id: str
    url: str
    tries: int
    reason: str
    error: str | None
    first_failed: str
    last_failed: str
    next_try: str | None  # None: given up
    entry: dict[str, Any]  # what the listing said: items.LISTED, and sections

    def owed(self) -> Entry:
        """The article, to be asked for again."""
        listed = {key: value for key, value in self.entry.items() if key in (*LISTED, "sections")}
        return Entry(self.url, self.id, **listed, again=True)


class Mark(NamedTuple):
    """How far down a section was walked without a gap."""

    slug: str
    run_id: str
    down_to: str  # a day; '' for all there is
    pages: int


class Need(NamedTuple):
    """Whether a section's listing, or its articles, show nothing without their scripts."""

    slug: str
    kind: str  # listing, article
    needed: bool
    tried_at: str  # when they were last asked for as served


class Pause(NamedTuple):
    """How long a section was without a new article, among those that are known of it."""

    newest: datetime
    longest: timedelta
    span: timedelta  # from the oldest to the newest
    times: int  # at which articles were published, each once


Row = Known | Sighting | Failure | Mark | Need
