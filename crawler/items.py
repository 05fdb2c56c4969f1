"""What travels through the crawler: a ListingEntry, a Page in the site's own words, and
what a page becomes: an Article, the record of the feed (`workercn.article/1`), or a Reject.
What a run learns that no record tells is in journal_notes.py.

A Page is filled in three steps: the parser (`site/pages`) reads the words, the spider adds what
the listing said and when the page was fetched, and the pipelines turn the words into the values of
`Page.record`, from which the last of them builds the Article.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, model_validator

SCHEMA = "workercn.article/1"

Generation = Literal["modern", "json2021", "legacy", "paper", "generic"]
Kind = Literal["article", "gallery", "video"]
Precision = Literal["second", "minute", "day"]
AuthorRole = Literal["author", "reporter", "correspondent", "photographer", "intern", "commentator"]
EditorRole = Literal["editor", "reviewer", "proofreader", "producer"]
Extractor = Literal["template", "label", "meta", "listing", "url", "generic"]
Change = Literal["new", "updated", "removed"]
PageKind = Literal["listing", "article"]
Outcome = Literal["not_modified", "unchanged", "rebased", "reread", "missing", "removed"]
ListingKind = Literal["page", "json", "search"]


# --- on the way -----------------------------------------------------------------------------


LISTED = ("title", "published", "source", "label", "pdf")  # of a ListingEntry: the site's own words


@dataclass(slots=True)
class ListingEntry:
    """One line of a listing, as the site wrote it."""

    url: str  # canonical
    id: str
    title: str | None = None
    published: str | None = None  # e.g. '2026-10-02 15:41:16'
    source: str | None = None
    label: str | None = None  # 滚动, 视频, 原创
    pdf: str | None = None  # of the plate of the paper that the story is on
    sections: list[dict[str, str | None]] = field(default_factory=list)  # [{slug, name}]
    again: bool = False  # asked for because of an earlier run, whatever the window
    fresh: bool = False  # a listing says something else than before: asked for without validators
    on_a_page: bool = False  # a listing page of this run names it

    def listed(self) -> dict[str, str | None]:
        """What the listing said of the article, its sections aside."""
        return {key: getattr(self, key) for key in LISTED}


@dataclass(slots=True)
class FetchMetadata:
    """What is behind a record besides its words; kept for the next time the page is asked for."""

    raw: str | None = None  # SHA-256 of the body as served, of all its pages
    etag: str | None = None
    modified: str | None = None  # the Last-Modified header
    parser: str | None = None  # the version of the rules that read it
    payload: str | None = None  # digest of the body in the archive, sha1:…
    archived_at: str | None = None  # ISO 8601 UTC, to the microsecond
    listed: dict[str, str | None] | None = None  # what the listing said of it


@dataclass(slots=True)
class Block:
    """One piece of an article's body, in reading order."""

    html: str  # markup of the piece with absolute addresses, not yet sanitised
    text: str  # what a reader reads of it, white space single; '' for a picture


@dataclass(slots=True)
class Picture:
    url: str  # absolute
    caption: str | None = None


class NoArticle(NamedTuple):
    """Why a page is none: a block page's words, by which it was known.

    `title`: its heading; it is an article all the same where a listing has it under this title.
    `text`: what it says. `listing`: too little alone, and enough where the listing's title is
    another. A page that says next to nothing may be one that its scripts have yet to build.
    """

    by: Literal["title", "text", "listing"]
    words: str
    may_be_unbuilt: bool = False


@dataclass(slots=True)
class Page:
    """One article page in the site's own words; every parser returns one.

    `published`, `source`, `authors` and `editors` hold words as they stand on the page, labels
    included, or None; several bylines (one over the text, one under it) are a list in page order.
    """

    url: str  # canonical
    id: str
    generation: Generation
    kind: Kind = "article"
    pretitle: str | None = None
    title: str | None = None
    subtitle: str | None = None
    published: str | None = None
    source: str | None = None
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    language: str | None = None  # what the page declares; the text decides
    extracted_by: dict[str, Extractor] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    paper: dict[str, Any] | None = None  # {plate, story, pdf} of a story of the paper
    no_article: NoArticle | None = None
    missed: str | None = None  # the template that did not find title, time or body: it changed

    # of an article of several pages: the addresses of pages 2 to N; or, where the page has a pager
    # and no count, that of the next page, whose existence must tell
    further: list[str] = field(default_factory=list)
    probe: str | None = None

    # added by whoever fetched the page
    day: date | None = None  # in the address: bounds the day of publication
    year_of: date | None = None  # gives its year to a time that is shown without one
    entry: ListingEntry | None = None
    fetched_at: datetime | None = None  # aware, UTC
    # of fetched_at; None for a file of which nobody knows when it was saved: 今天 is no day there
    fetched_precision: Precision | None = "second"
    facts: FetchMetadata = field(default_factory=FetchMetadata)
    run_id: str = "extract"

    # what the pipelines have made of the words so far: keys and values of the record
    record: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Reject:
    """A page that could not become a record, or an address that failed for good."""

    url: str  # the address first asked for
    stage: Literal["listing", "fetch", "parse", "validate"]
    reason: str  # a word to count by: http_404, timeout, missing_body, …
    error: str | None = None  # a sentence or a traceback
    fetched_at: str | None = None  # ISO 8601 UTC
    raw: dict[str, Any] | None = None

    # for the journal: what the listing said, so that the page can be asked for again without it
    entry: ListingEntry | None = None
    cause: BaseException | None = None  # of the reason `exception`; in no file


# Of a line of rejects.jsonl, in this order.
REJECT_KEYS = ("url", "stage", "reason", "error", "fetched_at", "raw")


def timestamp(moment: datetime) -> str:
    """An aware moment in UTC as the files have it: 2024-02-29T04:00:00Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# --- the record -----------------------------------------------------------------------------

Words = Annotated[str, StringConstraints(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Section(_Strict):
    slug: Words
    name: str | None


class Author(_Strict):
    name: Words
    role: AuthorRole


class Editor(_Strict):
    name: Words
    role: EditorRole


class Image(_Strict):
    url: Annotated[str, StringConstraints(pattern=r"^https?://")]
    caption: str | None


class StoredImage(Image):
    """Of a picture that was kept, with IMAGES_STORE."""

    path: Words = Field(description="Of its file, below IMAGES_STORE.")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Raw(_Strict):
    """The site's own words; where it says a thing in several places, one a line."""

    published_at: str | None
    source: str | None
    authors: str | None
    editors: str | None


class Paper(_Strict):
    """Where in the paper a story is."""

    plate: Annotated[int, Field(ge=0)]
    story: Annotated[int, Field(ge=0)]
    pdf: Annotated[str, StringConstraints(pattern=r"^https?://")] | None


@contextmanager
def hidden_schema_key() -> Iterator[None]:
    """Let a model have the key `schema`, as the contract names it.

    pydantic warns that it hides BaseModel.schema(), a method of pydantic 1 that nobody calls here.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message='Field name "schema"', category=UserWarning)
        yield


class FieldMark(Enum):
    """What holds for a field of the record, beside its type."""

    HASHED = "what a reader sees: a change of it is a change of the article"
    COUNTED = "a record may lack it: the manifest has the share of records that have it"


_HAS_A_BODY = {"kind": {"const": "article"}, "change": {"enum": ["new", "updated"]}}
_BODY_UNLESS_PICTURES_SPEAK: dict[str, Any] = {
    "if": {"properties": _HAS_A_BODY},
    "then": {"properties": {"body": {"minLength": 1}}},
}

with hidden_schema_key():

    class Article(_Strict):
        """One line of the feed."""

        model_config = ConfigDict(json_schema_extra=_BODY_UNLESS_PICTURES_SPEAK)

        schema: Literal["workercn.article/1"] = Field(  # type: ignore[assignment]
            description="Name and version of this form."
        )
        id: Words = Field(description="The site's own id of the article.")
        url: Annotated[str, StringConstraints(pattern=r"^(https?|file)://")] = Field(
            description="Canonical: no query, no fragment, no page number, no mirror."
        )
        generation: Generation
        kind: Kind
        pretitle: Annotated[str | None, FieldMark.COUNTED]
        title: Annotated[Words, FieldMark.HASHED, FieldMark.COUNTED] = Field(
            description="Without the site's suffix, white space single."
        )
        subtitle: Annotated[str | None, FieldMark.COUNTED]
        sections: Annotated[list[Section], FieldMark.COUNTED] = Field(
            description="Every listing the article was seen in."
        )
        source: Annotated[str | None, FieldMark.HASHED, FieldMark.COUNTED] = Field(
            description="The organisation named behind 来源."
        )
        published_at: Annotated[
            str,
            StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$"),
            FieldMark.HASHED,
            FieldMark.COUNTED,
        ]
        published_precision: Precision = Field(
            description="What the site really gave; the missing part of published_at is zero."
        )
        authors: Annotated[list[Author], FieldMark.HASHED, FieldMark.COUNTED]
        editors: Annotated[list[Editor], FieldMark.HASHED, FieldMark.COUNTED]
        body: Annotated[str, FieldMark.HASHED, FieldMark.COUNTED] = Field(
            description="Paragraphs joined by a blank line; may be empty for pictures and removals."
        )
        body_html: Annotated[str, FieldMark.COUNTED]
        images: Annotated[list[StoredImage | Image], FieldMark.HASHED, FieldMark.COUNTED]
        language: Annotated[Literal["zh-Hans", "zh-Hant", "en"], FieldMark.COUNTED]
        raw: Raw
        extracted_by: dict[str, Extractor] = Field(description="Field -> which reader spoke.")
        warnings: list[str] = Field(description="Doubts, each `field: what`.")
        content_hash: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")] = Field(
            description="Over what a reader sees: title, source, published_at, authors, editors, "
            "body, images."
        )
        change: Change
        revision: Annotated[int, Field(ge=1)]
        changed_fields: list[str]
        fetched_at: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
        run_id: Words

        _facts: FetchMetadata = PrivateAttr(
            default_factory=FetchMetadata
        )  # for the journal, not for the feed

        @property
        def facts(self) -> FetchMetadata:
            return self._facts

        def with_facts(self, facts: FetchMetadata) -> Article:
            self._facts = facts
            return self

        @model_validator(mode="after")
        def _body_unless_pictures_speak(self) -> Article:
            if self.kind == "article" and not self.body and self.change != "removed":
                raise ValueError("body is empty and kind is article")
            return self


class PaperArticle(Article):
    """The line of a story of the paper, the only one with the key `paper`."""

    paper: Paper


def fields_marked(mark: FieldMark) -> tuple[str, ...]:
    """Names of the record's fields that bear a mark, in the schema's order."""
    return tuple(name for name, one in Article.model_fields.items() if mark in one.metadata)


def article_of(values: Mapping[str, Any]) -> Article:
    """The record of these keys and values. Raises pydantic's ValidationError."""
    return (PaperArticle if "paper" in values else Article).model_validate(values)
