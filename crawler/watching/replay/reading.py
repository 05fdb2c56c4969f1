"""One archived article through today's parser and pipelines, and against what is known of it."""

from __future__ import annotations

import hashlib
import re
import traceback
import zlib
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from scrapy import Request
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

from crawler.archive import Earlier
from crawler.archive.records import DAMAGE, read_record
from crawler.archive.referred import Referred
from crawler.fetching.compression import refuse_elements
from crawler.fetching.refusals import Refused
from crawler.items import Article, Checked, Entry, Page, Reject, timestamp
from crawler.pipelines import revisions, validation
from crawler.pipelines.stage import chain
from crawler.site import listing_pages, urls
from crawler.site.errors import ListingError
from crawler.spiders import reading
from crawler.spiders.memory import as_listed
from crawler.state import Known, Sighting, StateError, published_line
from crawler.watching.replay.catalogue import Listed, Place, nearest

_T = TypeVar("_T")

Kind = Literal[
    "new",
    "updated",
    "unchanged",
    "lost",  # known, and today's rules make no record of it
    "unreadable",  # never was a record, and is none today
    "superseded",  # none of the bodies is the one behind the newest revision
    "incomplete",  # a page of it, or the body that a revisit refers to, is in no archive
    "damaged",  # its record in the archive, or its line in the feed
    "error",  # an exception nobody foresaw in a pipeline
]

# Of the response as received, whose body is unpacked here.
_OF_THE_WIRE = ("content-encoding", "transfer-encoding", "content-length")
_YEAR = re.compile(r"\d{4}")
# Behind a picture's address, there to get round caches: another one each time it is served.
_CACHE = re.compile(r"""(<img\b[^>]*?\bsrc="[^"?]*)\?[^"]*""")


class Limits(NamedTuple):
    """Beyond which the crawl takes nothing either."""

    pages: int  # of an article, MAX_ARTICLE_PAGES
    elements: int  # of a page, MAX_PAGE_ELEMENTS
    size: int  # bytes of a page, DOWNLOAD_MAXSIZE; 0 for none

    @classmethod
    def of(cls, settings: BaseSettings) -> Limits:
        names = ("MAX_ARTICLE_PAGES", "MAX_PAGE_ELEMENTS", "DOWNLOAD_MAXSIZE")
        return cls(*map(settings.getint, names))


@dataclass(frozen=True)
class Setup:
    """What every process needs to know."""

    files: list[Path]
    output: Path
    run_id: str
    pipelines: dict[str, Any]  # ITEM_PIPELINES
    trial: bool  # compare with nothing
    limits: Limits
    assigned: dict[str, str] = field(default_factory=dict)  # where an article is -> its id


class Job(NamedTuple):
    """An article to be read."""

    id: str
    places: list[Place]
    further: list[Place]
    entries: dict[int, Entry]  # by file
    owed: Entry | None  # what a listing said when an earlier run failed
    known: Known | None
    seen: dict[str, Sighting]


@dataclass(slots=True)
class Result:
    id: str
    kind: Kind
    item: Article | Reject | None = None
    words: str | None = None
    pages: int = 0  # read for it
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # field -> before, after


class _Answer(NamedTuple):
    headers: list[tuple[str, str]]  # as received
    body: bytes  # unpacked


class _GoneError(LookupError):
    """A page that is in no archive."""


class Reader:
    """What one process reads with. Nothing here asks the network for anything."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._stages = chain(BaseSettings({"ITEM_PIPELINES": setup.pipelines}))
        self._referred = Referred(setup.files, setup.output / "archive")
        self._answers: dict[Place, _Answer] = {}  # of the article that is being read

    def close(self) -> None:
        self._referred.close()

    # --- listings -----------------------------------------------------------------------------

    def listing(self, place: Place) -> Listed | str:
        """What it lists, or in words why it cannot be read."""
        self._answers.clear()
        kind = listing_pages.identify(place.url)
        assert kind is not None
        try:
            response = self.response(place)
            listing = kind.read(response.body, place.url, reading.charset(response))
        except (ListingError, Refused, StateError, _GoneError, OSError, *DAMAGE) as error:
            return f"{place.url} of {place.at}: no listing: {error}"
        except Exception as error:  # a parser's, on what a stranger has written
            return f"{place.url} of {place.at}: no listing: {error!r}"
        return Listed(place.file, kind.slug, kind.name or listing.name, listing.entries)

    # --- articles -----------------------------------------------------------------------------

    def article(self, job: Job) -> Result:
        """Never raises: one article's trouble is not the others'."""
        self._answers.clear()
        doubts: list[Result] = []
        for place in _likeliest_first(job):
            try:
                if not self._is_behind(job, place):
                    continue
                result = self._replay(job, place)
            except _GoneError as error:
                doubts.append(Result(job.id, "incomplete", words=f"{place.url}: {error}"))
            except (StateError, OSError, zlib.error, EOFError, *DAMAGE) as error:
                doubts.append(Result(job.id, "damaged", words=f"{place.url}: {error}"))
            except Exception:
                return Result(job.id, "error", words=f"{place.url}\n{traceback.format_exc()}")
            else:
                return result
        return doubts[0] if doubts else Result(job.id, "superseded")

    def _is_behind(self, job: Job, place: Place) -> bool:
        """Was the newest revision made of this body, and of the pages that came with it?

        The hash is over as many of them as the rules of that day found.
        """
        if job.known is None or job.known.raw_hash is None or self._setup.trial:
            return True
        digest = hashlib.sha256()
        for one in (place, *nearest(place, job.further)):
            if one.status != 200:
                break
            digest.update(self._answer(one).body)
            if digest.hexdigest() == job.known.raw_hash:
                return True
        return False

    def _replay(self, job: Job, place: Place) -> Result:
        setup = self._setup
        before = None
        if job.known is not None:
            before = published_line(setup.output, job.known)
        archived = _Archived(self, place, job, setup.limits.pages)
        entry = _entry(job, place, before)
        item: Any = _result(_read(archived, entry, setup.run_id))
        fetched_at = datetime.fromisoformat(place.at)
        if archived.gone:
            raise _GoneError(f"{archived.gone} is in no archive: half an article is none")
        if isinstance(item, Page):
            item.fetched_at = fetched_at
            for stage in self._stages:
                item = stage.process_item(item)
        if isinstance(item, Reject):
            item.fetched_at, item.entry = timestamp(fetched_at), None
            kind: Kind = "unreadable" if job.known is None else "lost"
            return Result(job.id, kind, item, f"{item.url}: {item.reason}", archived.pages)
        assert isinstance(item, Article)
        result = _judge(item, job, before)
        result.pages = archived.pages
        return result

    # --- bodies -------------------------------------------------------------------------------

    def _answer(self, place: Place) -> _Answer:
        """What is archived there; of one article each is read once."""
        if place not in self._answers:
            path = self._setup.files[place.file]
            with path.open("rb") as file:
                file.seek(place.offset)
                record = read_record(file)
            if record is None:
                raise EOFError(f"{path}: changed while it was read")
            is_revisit = record.kind == "revisit"
            body = self._referred.body(record) if is_revisit else record.body()
            if body is None:
                raise _GoneError(f"the body that it refers to ({place.at}) is in no archive")
            self._answers[place] = _Answer(record.warc.http_headers.headers, body)
        return self._answers[place]

    def response(self, place: Place) -> Response:
        """As the crawl had it, the body unpacked. Raises Refused for one that it refuses."""
        answer = self._answer(place)
        limits = self._setup.limits
        if limits.size and len(answer.body) > limits.size:
            raise Refused("too_large", f"{place.url} is over DOWNLOAD_MAXSIZE ({limits.size})")
        refuse_elements(answer.body, place.url, limits.elements)
        headers = Headers()
        for name, value in answer.headers:
            if name.lower() not in _OF_THE_WIRE:
                headers.appendlist(name, value)
        kind = responsetypes.from_args(headers=headers, url=place.url, body=answer.body)
        request = Request(place.url)
        if place.digest:
            earlier = Earlier(place.url, datetime.fromisoformat(place.at), place.digest)
            request.meta["archived"] = earlier
        return kind(place.url, place.status, headers=headers, body=answer.body, request=request)


class _Archived:
    """An article's further pages, as `reading.read` asks for them."""

    renders = None
    same_pages = None

    def __init__(self, reader: Reader, place: Place, job: Job, most_pages: int) -> None:
        self.most_pages = most_pages
        self._reader, self.first = reader, place
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
        return self.response(place)

    def response(self, place: Place) -> Response | Refused:
        try:
            return self._reader.response(place)
        except Refused as error:
            return error

    async def claim(self, id_: str, by: str) -> bool:
        return True

    def count(self, key: str, number: int = 1) -> None:
        """What the templates missed is for a crawl's checks."""


async def _read(archived: _Archived, entry: Entry, run_id: str) -> Page | Checked | Reject:
    first = archived.response(archived.first)
    if isinstance(first, Exception):
        return reading.failed(first, entry.url, "fetch")
    return await reading.read(first, entry, archived, run_id)


def _result(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Of one that never waits: what it asks for is on disk. An event loop would open sockets."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        value: _T = done.value
        return value
    coroutine.close()
    raise RuntimeError("an archived answer was waited for")


def _likeliest_first(job: Job) -> Iterator[Place]:
    """The newest first, but before all others those whose body the state names."""
    known = job.known
    if known is not None and known.payload:
        yield from (place for place in job.places if place.digest == known.payload)
        yield from (place for place in job.places if place.digest != known.payload)
    else:
        yield from job.places


def _entry(job: Job, place: Place, before: dict[str, Any] | None) -> Entry:
    """What the listing said when the page was fetched; else what is known since."""
    known, listed = job.known, job.entries.get(place.file)
    if known is None:
        entry = listed or next(iter(job.entries.values()), job.owed) or Entry(place.url, job.id)
        if entry is not listed and not _is_absolute(entry.published):
            entry.published = None
        return entry
    entry = listed or Entry(known.url, job.id)
    by = before["extracted_by"] if before else {}
    if not _is_absolute(entry.published):
        # Where the address's day was taken no listing had named a time.
        entry.published = _time_of(known, before) if by.get("published_at") != "url" else None
    if before and not listed:
        entry.source = before["source"] if by.get("source") == "listing" else None
        entry.pdf = before["paper"]["pdf"] if "paper" in before else None
    return entry


def _time_of(known: Known, before: dict[str, Any] | None) -> str:
    """As a listing would write it, as precisely as it was given."""
    if before is None:
        return str(as_listed(known)["published"])
    length = {"day": 10, "minute": 16, "second": 19}[before["published_precision"]]
    return known.published[:length].replace("T", " ")


def _is_absolute(published: str | None) -> bool:
    """3小时前 and 昨天 12:46 are relative to when they were read."""
    return published is not None and _YEAR.search(published) is not None


def _judge(article: Article, job: Job, before: dict[str, Any] | None) -> Result:
    known, facts = job.known, article.facts
    facts.parser = revisions.version()
    if known is None:
        return Result(job.id, "new", article)
    if known.payload:
        facts.payload, facts.archived_at = known.payload, known.archived_at
    facts.etag, facts.modified = known.etag, known.modified
    if _is_the_same(article, known, before):
        return Result(job.id, "unchanged")
    sections = revisions.all_sections(article, job.seen)
    article = revisions.updated(article, known, before, sections, by_rules=True)
    changes = {}
    if before is not None:
        after = article.model_dump()
        changes = {name: (before.get(name), after.get(name)) for name in article.changed_fields}
    return Result(job.id, "updated", article, changes=changes)


def _is_the_same(article: Article, known: Known, before: dict[str, Any] | None) -> bool:
    """Sections are not the page's: that it was seen in one more is no change of it."""
    if before is None:
        return known.content_hash == article.content_hash
    after = article.model_dump()
    if validation.content_hash(before) != article.content_hash:
        return False
    changed = set(revisions.changed_fields(before, after)) - {"sections", "images"}
    if _CACHE.sub(r"\1", before["body_html"]) == _CACHE.sub(r"\1", after["body_html"]):
        changed -= {"body_html"}
    return not changed
