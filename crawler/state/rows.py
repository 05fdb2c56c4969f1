"""The rows of the state: a field for each column, in the tables' order.

Moments are ISO 8601 UTC (`2026-11-22T04:00:00Z`) unless said otherwise; text of one form compares
as time does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from crawler.items import LISTED, ListingEntry


class KnownArticle(NamedTuple):
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
    # what a listing said: title, published, source, label, pdf; url where that is another by now
    entry: dict[str, Any] | None = None
    missing_since: str | None = None  # the first of the requests in a row that found it gone
    # the version of the rules by which the body behind `raw_hash` reads as the newest revision
    # does; None where that is not known
    rules: str | None = None
    # as in the record, for a removal when that is gone; None where an older version learnt of it
    kind: str | None = None
    precision: str | None = None
    language: str | None = None

    @property
    def asked_at(self) -> str:
        """Where the last request that found it went: a listing may name another address by now."""
        return (self.entry or {}).get("url") or self.url


class Sighting(NamedTuple):
    """An article on a section's listing."""

    id: str
    slug: str
    name: str | None  # of the section, as last shown
    run_id: str  # the first that saw it there
    # what each kind of listing of the section said last: {kind: [title, time]}
    said: dict[str, list[str | None]] | None = None


class LeftOut(NamedTuple):
    """An article that the first walk of a section listed and its window left out."""

    id: str
    slug: str
    run_id: str


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

    def due_for_retry(self) -> ListingEntry:
        """The article, to be asked for again."""
        listed = {key: value for key, value in self.entry.items() if key in (*LISTED, "sections")}
        # A page that was another article's is no answer to compare with.
        return ListingEntry(self.url, self.id, **listed, again=True, fresh=self.is_in_doubt)

    @property
    def is_in_doubt(self) -> bool:
        return self.reason == "same_page"


class Watermark(NamedTuple):
    """How far down a section was walked without a gap."""

    slug: str
    run_id: str
    down_to: str  # a day; '' for all there is
    pages: int
    noted: bool = True  # what the first walk left out is known


class OpenGap(NamedTuple):
    """What may stand in a section's listing and was not seen; both ends with +08:00."""

    slug: str
    start: str  # '' where nobody knows how far down
    end: str
    reason: str
    opened_at: str
    last_night: str  # the start of the last run that counts as a night
    nights: int  # in which it stayed open
    unreachable: bool  # given up: in the manifest only
    run_id: str


class IssueRead(NamedTuple):
    """An issue of the paper as it was read last, while it may still be put online."""

    day: str
    read_at: str
    digest: str  # of its plates and stories


class RenderHint(NamedTuple):
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


class AppliedRun(NamedTuple):
    run_id: str
    started_at: str
    finished_at: str
    complete: bool
    health: str
    manifest: dict[str, Any]


Row = (
    KnownArticle
    | Sighting
    | LeftOut
    | Failure
    | Watermark
    | OpenGap
    | IssueRead
    | RenderHint
    | AppliedRun
)


class Claim(NamedTuple):
    """Which of several runs that crawl at once writes a revision."""

    id: str
    revision: int
    run_id: str
    claimed_at: str
    published: bool = False


class Migration(NamedTuple):
    name: str
    applied_at: str
