"""An archived article through the readers, pipelines and revisions of a crawl."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from scrapy import Request
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

from crawler.archive import ArchivedBefore
from crawler.archive.records import DAMAGE, read_record
from crawler.archive.referred import Referred
from crawler.downloader.compression import refuse_elements
from crawler.downloader.failures import Refused
from crawler.items import Article, FetchMetadata, ListingEntry, Page, Reject, timestamp
from crawler.journal_notes import RecheckResult
from crawler.pipelines import rules, validation
from crawler.pipelines.revisions import Revisions, changed_fields
from crawler.pipelines.stage import chain
from crawler.replay.page_index import Archived, ArchivePlace, Index, ListedArticle, nearest
from crawler.replay.processes import Share
from crawler.run_context import RunContext
from crawler.site import urls
from crawler.site.listings import listing_pages
from crawler.spiders import responses
from crawler.spiders.history import as_listed
from crawler.state import KnownArticle, Sighting, StateError, open_state, published_line
from crawler.state.queries import batched
from crawler.state.store import State

logger = logging.getLogger(__name__)

Kind = Literal[
    "new",
    "updated",
    "unchanged",
    "lost",  # known, and today's rules make no record of it
    "unreadable",  # never was a record, and is none today
    "superseded",  # none of the bodies is the one behind the newest revision
    "incomplete",  # a page of it, or the body that a revisit refers to, is in no archive
    "damaged",  # its record in the archive, or its line in the feed
    "error",  # an unexpected exception
]

_AT_ONCE = 200  # articles that the state is asked about together
_TOGETHER = 16  # articles that are read before any is told of: entering the loop takes 40 µs
# Of the response as received, whose body is unpacked here.
_OF_THE_WIRE = ("content-encoding", "transfer-encoding", "content-length")
_YEAR = re.compile(r"\d{4}")
# Behind a picture's address, there to get round caches: another one each time it is served.
_CACHE = re.compile(r"""(<img\b[^>]*?\bsrc="[^"?]*)\?[^"]*""")


@dataclass(frozen=True, kw_only=True)
class ReplayPlan:
    """What is replayed, and how."""

    files: list[Path]
    context: RunContext
    settings: BaseSettings
    state_url: str | None  # None: nothing is known
    assigned: dict[str, str] = field(default_factory=dict)  # where an article is -> its id
    jobs: int = 1
    all: bool = False  # also what cannot read otherwise than it did

    @contextmanager
    def state(self) -> Iterator[State | None]:
        """What is known; None where nothing is."""
        with closing(open_state(self.state_url)) if self.state_url else nullcontext() as state:
            yield state


@dataclass(slots=True)
class Result:
    id: str
    kind: Kind
    item: Article | Reject | RecheckResult | None = None
    words: str | None = None
    pages: int = 0  # read for it
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # field -> before, after


class _GoneError(LookupError):
    """A page that is in no archive."""


@dataclass
class ReplayJob:
    """An article to be read, and what earlier runs know of it."""

    id: str
    places: list[ArchivePlace]
    further: list[ArchivePlace]
    entries: dict[int, ListingEntry]  # what the listings said, by file
    due_for_retry: ListingEntry | None  # what a listing said when an earlier run failed
    known: KnownArticle | None
    seen: Mapping[str, Sighting]
    output: Path

    @cached_property
    def before(self) -> dict[str, Any] | None:
        """The record of the newest revision; None where there is none, or its run folder is gone.
        Raises StateError where the folder has something else in that place.
        """
        return published_line(self.output, self.known) if self.known else None

    # --- as the history that Revisions asks ---------------------------------------------------

    def find(self, id_: str) -> KnownArticle | None:
        return self.known if id_ == self.id else None

    def sightings(self, id_: str) -> Mapping[str, Sighting]:
        return self.seen

    def published(self, known: KnownArticle) -> dict[str, Any] | None:
        return self.before


class Rereading(Revisions):
    """Differs from a crawl in what counts as the same: all of the content that `changed_fields` may
    name, and not only what a reader sees. Where the body comes from stays as the state has it.
    """

    def process_item(self, item: Any) -> Any:
        known = self._known(item.id) if isinstance(item, Article) else None
        if known is not None:
            facts = item.facts
            facts.etag, facts.modified = known.etag, known.modified
            if known.payload:
                facts.payload, facts.archived_at = known.payload, known.archived_at
        return super().process_item(item)

    def _same(self, article: Article, known: KnownArticle) -> RecheckResult | None:
        before = self._published(known)
        same_words = known.content_hash == article.content_hash
        if not (_is_the_same(before, article) if before is not None else same_words):
            return None
        facts = FetchMetadata(raw=known.raw_hash, parser=rules.version())
        return RecheckResult(article.id, "reread", article.fetched_at, facts)

    def _by_rules(self, article: Article, known: KnownArticle) -> bool:
        return known.rules != article.facts.parser


class Rereader:
    """Reads in one process. It asks the network for nothing."""

    def __init__(self, plan: ReplayPlan) -> None:
        self._plan = plan
        self._context, settings = plan.context, plan.settings
        self._stages = chain(settings)
        self._referred = Referred(plan.files, self._context.output / "archive")
        self.most_pages = settings.getint("MAX_ARTICLE_PAGES")
        self._most_elements = settings.getint("MAX_PAGE_ELEMENTS")
        self._largest = settings.getint("DOWNLOAD_MAXSIZE")
        # Of the article that is being read: where -> headers as received, body unpacked
        self._answers: dict[ArchivePlace, tuple[list[tuple[str, str]], bytes]] = {}

    # --- listings -----------------------------------------------------------------------------

    def listings(self, index: Index, share: Share) -> Iterator[ListedArticle]:
        """What each lists; nothing where it cannot be read."""
        for place in share(index.listings()):
            self._answers.clear()
            kind = listing_pages.identify(place.url)
            assert kind is not None
            name, entries = None, []
            try:
                response = self.response(place)
                listing = kind.read(response.body, place.url, responses.charset(response))
                name, entries = kind.name or listing.name, listing.entries
            except Exception as error:  # also a parser's, on what a stranger has written
                logger.info("%s of %s: no listing: %r", place.url, place.at, error)
            yield ListedArticle(place.file, kind.slug, name, entries)

    # --- articles -----------------------------------------------------------------------------

    def articles(self, index: Index, share: Share) -> Iterator[Result]:
        """What becomes of each. Raises StateError where the database is away."""
        with asyncio.Runner() as runner:
            for some in batched(self._jobs(index, share), _TOGETHER):
                yield from runner.run(self._each(some))

    async def _each(self, jobs: list[ReplayJob]) -> list[Result]:
        return [await self._article(job) for job in jobs]

    def _jobs(self, index: Index, share: Share) -> Iterator[ReplayJob]:
        archived: Iterator[Archived] = share(index.articles())
        with self._plan.state() as state:
            for some in batched(archived, _AT_ONCE):
                ids = [one.id for one in some]
                known = state.known(ids) if state else {}
                failures = state.failures(ids) if state else {}
                seen = state.sightings([*known]) if state else {}
                for one in some:
                    failure = failures.get(one.id)
                    yield ReplayJob(
                        *one,
                        entries=index.entries(one.id),
                        due_for_retry=failure.due_for_retry() if failure else None,
                        known=known.get(one.id),
                        seen=seen.get(one.id, {}),
                        output=self._context.output,
                    )

    async def _article(self, job: ReplayJob) -> Result:
        """Never raises: one article's trouble is not the others'."""
        self._answers.clear()
        doubts: list[Result] = []
        for place in _likeliest_first(job):
            try:
                if self._is_behind(job, place):
                    return await self._reread(job, place)
            except _GoneError as error:
                doubts.append(Result(job.id, "incomplete", words=f"{place.url}: {error}"))
            except (StateError, OSError, *DAMAGE) as error:
                doubts.append(Result(job.id, "damaged", words=f"{place.url}: {error}"))
            except Exception:
                return Result(job.id, "error", words=f"{place.url}\n{traceback.format_exc()}")
        return doubts[0] if doubts else Result(job.id, "superseded")

    def _is_behind(self, job: ReplayJob, place: ArchivePlace) -> bool:
        """Was the newest revision made of this body, and of the pages that came with it?

        The hash is over as many of them as the rules of that day found.
        """
        if job.known is None or job.known.raw_hash is None:
            return True
        digest = hashlib.sha256()
        for one in (place, *nearest(place, job.further)):
            if one.status != 200:
                break
            digest.update(self._answer(one)[1])
            if digest.hexdigest() == job.known.raw_hash:
                return True
        return False

    async def _reread(self, job: ReplayJob, place: ArchivePlace) -> Result:
        archived, entry = _Archived(self, place, job), _entry(job, place)
        item: Any
        try:
            first = self.response(place)
        except Refused as error:
            item = responses.failed(error, entry.url, "fetch")
        else:
            item = await responses.read(first, entry, archived, self._plan.context.run_id)
        if archived.gone:
            raise _GoneError(f"{archived.gone} is in no archive: half an article is none")
        if isinstance(item, Page):
            item.fetched_at = datetime.fromisoformat(place.at)
        for stage in self._stages:
            item = stage.process_item(item)
        item = Rereading(self._plan.context, job).process_item(item)
        if isinstance(item, Reject):
            item.fetched_at, item.entry = timestamp(datetime.fromisoformat(place.at)), None
            kind: Kind = "unreadable" if job.known is None else "lost"
            return Result(job.id, kind, item, f"{item.url}: {item.reason}", archived.pages)
        if isinstance(item, RecheckResult):
            return Result(job.id, "unchanged", item, pages=archived.pages)
        assert isinstance(item, Article)
        kind = "new" if job.known is None else "updated"
        result = Result(job.id, kind, item, pages=archived.pages)
        if job.before is not None:
            after = item.model_dump()
            names = item.changed_fields
            result.changes = {name: (job.before.get(name), after.get(name)) for name in names}
        return result

    # --- bodies -------------------------------------------------------------------------------

    def _answer(self, place: ArchivePlace) -> tuple[list[tuple[str, str]], bytes]:
        """What is archived there; of one article each is read once."""
        if place not in self._answers:
            path = self._plan.files[place.file]
            with path.open("rb") as file:
                file.seek(place.offset)
                record = read_record(file)
            if record is None:
                raise EOFError(f"{path}: changed while it was read")
            is_revisit = record.kind == "revisit"
            body = self._referred.body(record) if is_revisit else record.body()
            if body is None:
                raise _GoneError(f"the body that it refers to ({place.at}) is in no archive")
            self._answers[place] = record.warc.http_headers.headers, body
        return self._answers[place]

    def response(self, place: ArchivePlace) -> Response:
        """As the crawl had it, the body unpacked. Raises Refused for one that it refuses."""
        received, body = self._answer(place)
        if self._largest and len(body) > self._largest:
            raise Refused("too_large", f"{place.url} is over DOWNLOAD_MAXSIZE ({self._largest})")
        refuse_elements(body, place.url, self._most_elements)
        headers = Headers()
        for name, value in received:
            if name.lower() not in _OF_THE_WIRE:
                headers.appendlist(name, value)
        kind = responsetypes.from_args(headers=headers, url=place.url, body=body)
        request = Request(place.url)
        if place.digest:
            earlier = ArchivedBefore(place.url, datetime.fromisoformat(place.at), place.digest)
            request.meta["archived"] = earlier
        return kind(place.url, place.status, headers=headers, body=body, request=request)


class _Archived:
    """An article's further pages, as `reading.read` asks for them."""

    renders = None
    same_pages = None

    def __init__(self, reader: Rereader, place: ArchivePlace, job: ReplayJob) -> None:
        self.most_pages = reader.most_pages
        self._reader = reader
        self._places = {other.page: other for other in nearest(place, job.further)}
        self.pages = 1
        self.gone: str | None = None

    async def ask(self, url: str, *, render: bool = False) -> Response | Exception:
        place = self._places.get(urls.page_number(url))
        if place is None:
            self.gone = url
            return _GoneError(url)
        self.pages += 1
        if place.status != 200:
            return Response(place.url, place.status)
        try:
            return self._reader.response(place)
        except Refused as error:
            return error

    async def claim(self, id_: str, by: str) -> bool:
        return True

    def count(self, key: str, number: int = 1) -> None:
        """What the templates missed is for a crawl's checks."""


def _likeliest_first(job: ReplayJob) -> list[ArchivePlace]:
    """The newest first, but before all others those whose body the state names."""
    payload = job.known.payload if job.known else None
    return sorted(job.places, key=lambda place: payload is not None and place.digest != payload)


def _entry(job: ReplayJob, place: ArchivePlace) -> ListingEntry:
    """What the listing said when the page was fetched; else what is known since."""
    known, listed = job.known, job.entries.get(place.file)
    if known is None:
        others = [*job.entries.values(), job.due_for_retry]
        entry = listed or others[0] or ListingEntry(place.url, job.id)
        if entry is not listed and not _is_absolute(entry.published):
            entry.published = None
        return entry
    entry, before = listed or ListingEntry(known.url, job.id), job.before
    by = before["extracted_by"] if before else {}
    if not _is_absolute(entry.published):
        # Where the address's day was taken no listing had named a time.
        entry.published = _time_of(known, before) if by.get("published_at") != "url" else None
    if before and not listed:
        entry.source = before["source"] if by.get("source") == "listing" else None
        entry.pdf = before["paper"]["pdf"] if "paper" in before else None
    return entry


def _time_of(known: KnownArticle, before: dict[str, Any] | None) -> str:
    """As a listing would write it, as precisely as it was given."""
    if before is None:
        return str(as_listed(known)["published"])
    length = {"day": 10, "minute": 16, "second": 19}[before["published_precision"]]
    return known.published[:length].replace("T", " ")


def _is_absolute(published: str | None) -> bool:
    """3小时前 and 昨天 12:46 are relative to when they were read."""
    return published is not None and _YEAR.search(published) is not None


def _is_the_same(before: dict[str, Any], article: Article) -> bool:
    """Sections are not the page's: that it was seen in one more is no change of it."""
    if validation.content_hash(before) != article.content_hash:
        return False
    after = article.model_dump()
    changed = set(changed_fields(before, after)) - {"sections", "images"}
    if _CACHE.sub(r"\1", before["body_html"]) == _CACHE.sub(r"\1", after["body_html"]):
        changed -= {"body_html"}
    return not changed
