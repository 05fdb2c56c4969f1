"""new, updated, unchanged, removed: a record against the newest revision of its article."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from crawler import run_context
from crawler.items import (
    SCHEMA,
    Article,
    FetchMetadata,
    Image,
    Outcome,
    PaperArticle,
    Raw,
    Section,
    StoredImage,
    article_of,
)
from crawler.journal_notes import RecheckResult
from crawler.pipelines import rules
from crawler.run_context import RunContext
from crawler.state import KnownArticle, Sighting
from crawler.state.session import Session
from crawler.text import titles

logger = logging.getLogger(__name__)

# What is not the article but about the record.
_BOOKKEEPING = {
    "schema", "id", "generation", "raw", "extracted_by", "warnings",
    "content_hash", "change", "revision", "changed_fields", "fetched_at", "run_id",
}  # fmt: skip
_CONTENT = [field for field in PaperArticle.model_fields if field not in _BOOKKEEPING]


class History(Protocol):
    """What earlier runs know of an article. Each may raise StateError."""

    def find(self, id_: str) -> KnownArticle | None: ...

    def sightings(self, id_: str) -> Mapping[str, Sighting]:
        """Slug -> where the article was seen."""

    def published(self, known: KnownArticle) -> dict[str, Any] | None:
        """The record of the newest revision; None where its run folder is gone."""


class Revisions:
    """Without a history, in a trial, everything is new."""

    def __init__(
        self,
        run: RunContext | None,
        history: History | None,
        stats: StatsCollector | None = None,
        spider: Spider | None = None,
    ) -> None:
        # `doctor` and `extract URL` read pages through the pipelines without making a run.
        self._run = run
        self._history = history
        self._spider = spider
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Revisions:
        history = crawler.get_extension(Session)
        return cls(run_context.of(crawler.settings), history, crawler.stats, crawler.spider)

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Article):
            return self._judge(item)
        if isinstance(item, RecheckResult) and item.outcome == "removed":
            return self._removed(item)
        return item

    def _judge(self, article: Article) -> Article | RecheckResult:
        facts = article.facts
        facts.parser = rules.version()
        if before := self._of_this_run(article.id):
            return _once_more(article, before)
        known = self._known(article.id)
        if known is None and (known := self._other(article)):
            article = article.model_copy(update={"id": known.id}).with_facts(facts)
        if known is None:
            return article
        if known.change != "removed" and (same := self._same(article, known)):
            return same
        return self._updated(article, known)

    def _same(self, article: Article, known: KnownArticle) -> RecheckResult | None:
        facts = article.facts
        outcome: Outcome
        if known.content_hash == article.content_hash:
            outcome = "unchanged"
        elif known.raw_hash == facts.raw and known.parser != facts.parser:
            outcome = "rebased"  # where the rules are the same, the listing says another thing
        else:
            return None
        return RecheckResult(article.id, outcome, article.fetched_at, facts, article.content_hash)

    def _other(self, article: Article) -> KnownArticle | None:
        """The article at another address that this one is: a list of addresses has no titles to
        tell by before the page has come.
        """
        label, _, number = article.id.rpartition("-")
        other = self._known(number) if label and article.generation != "paper" else None
        if other is None or not titles.agree(other.title, article.title):
            return None
        return other if other.published[:16] == article.published_at[:16] else None

    def _of_this_run(self, id_: str) -> dict[str, Any] | None:
        """The record of an article that is asked for twice in this run, where the first time gave
        one.
        """
        walk = getattr(self._spider, "walk", None)
        if walk is None or self._run is None or id_ not in walk.same_pages.asked_again:
            return None
        with (self._run.folder / "articles.jsonl").open("rb") as file:
            records = (json.loads(line) for line in file)
            return next((record for record in records if record["id"] == id_), None)

    def _updated(self, article: Article, known: KnownArticle) -> Article:
        before = self._published(known)
        by_rules = self._by_rules(article, known)
        if by_rules:
            self._count("workercn/updated_by_rules")
        if before is not None and before["body"]:
            self._count("workercn/updated/compared")
            shorter = 2 * len(article.body) < len(before["body"])
            self._count("workercn/updated/shorter", int(shorter))
        values: dict[str, Any] = {
            "change": "updated",
            "revision": known.revision + 1,
            "sections": self._all_sections(article),
            "warnings": list(article.warnings),
        }
        if by_rules:
            values["warnings"].append(
                f"parser: revision {known.revision} was read by other rules than this one"
            )
        if before is not None:
            values["images"] = _with_files(article.images, before["images"])
            after = article.model_copy(update=values)
            values["changed_fields"] = changed_fields(before, after.model_dump())
        else:
            words = f"revision: revision {known.revision} is not at hand, what changed is unknown"
            values["warnings"].append(words)
        return article.model_copy(update=values)

    def _by_rules(self, article: Article, known: KnownArticle) -> bool:
        return known.parser != article.facts.parser

    def _removed(self, checked: RecheckResult) -> Article | RecheckResult:
        known = self._known(checked.id)
        if known is None:
            return replace(checked, outcome="missing")
        article = article_of(self._published(known) or _of_state(known))
        values = {
            "change": "removed",
            "revision": known.revision + 1,
            "changed_fields": [],
            "sections": self._all_sections(article),
            "fetched_at": checked.checked_at,
            "run_id": self._run.run_id if self._run else "",
        }
        facts = FetchMetadata(raw=known.raw_hash, parser=known.parser)
        return article.model_copy(update=values).with_facts(facts)

    def _count(self, key: str, number: int = 1) -> None:
        if self._stats is not None:
            self._stats.inc_value(key, number)

    def _known(self, id_: str) -> KnownArticle | None:
        return self._history.find(id_) if self._history else None

    def _published(self, known: KnownArticle) -> dict[str, Any] | None:
        assert self._history is not None
        record = self._history.published(known)
        if record is None:
            where = f"runs/{known.run_id}"
            logger.warning("%s: revision %d is not in %s", known.id, known.revision, where)
        return record

    def _all_sections(self, article: Article) -> list[Section]:
        """Those of this run and of every run before."""
        assert self._history is not None
        seen = self._history.sightings(article.id)
        names = {slug: sighting.name for slug, sighting in seen.items()}
        names |= {s.slug: s.name or names.get(s.slug) for s in article.sections}
        return [Section(slug=slug, name=name) for slug, name in sorted(names.items())]


def _of_state(known: KnownArticle) -> dict[str, Any]:
    """As much of a record as the state knows, for one whose run folder is gone."""
    midnight, minute = known.published.endswith("T00:00:00+08:00"), known.published[17:19] == "00"
    record: dict[str, Any] = {
        **dict.fromkeys(("pretitle", "subtitle", "source")),
        **{field: [] for field in ("sections", "authors", "editors", "images", "changed_fields")},
        "schema": SCHEMA,
        "id": known.id,
        "url": known.url,
        "generation": known.generation,
        "kind": known.kind or "article",
        "title": known.title,
        "published_at": known.published,
        "published_precision": known.precision
        or ("day" if midnight else "minute" if minute else "second"),
        "body": "",
        "body_html": "",
        "language": known.language or "zh-Hans",
        "raw": dict.fromkeys(Raw.model_fields),
        "extracted_by": {},
        "warnings": [f"revision: revision {known.revision} is not at hand, nor is what it said"],
        "content_hash": known.content_hash,
        "change": "removed",
        "revision": known.revision,
        "fetched_at": known.checked_at,
        "run_id": known.run_id,
    }
    if known.generation == "paper":
        _, _, plate, story = known.id.split("-")
        pdf = (known.entry or {}).get("pdf")
        record["paper"] = {"plate": int(plate), "story": int(story), "pdf": pdf}
    return record


def _once_more(article: Article, before: dict[str, Any]) -> Article | RecheckResult:
    """What an article's second answer in a run makes of it."""
    facts, again = article.facts, article.content_hash
    if before["content_hash"] == again:
        return RecheckResult(article.id, "unchanged", article.fetched_at, facts, again)
    values = {"change": "updated", "revision": before["revision"] + 1}
    fields = changed_fields(before, article.model_copy(update=values).model_dump())
    return article.model_copy(update=values | {"changed_fields": fields})


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Between two records, in the schema's order."""
    return [field for field in _CONTENT if _shown(before, field) != _shown(after, field)]


def _shown(record: Mapping[str, Any], field: str) -> Any:
    """A field's value, of images what a reader sees."""
    value = record.get(field)
    return [(one["url"], one["caption"]) for one in value] if field == "images" and value else value


def _with_files(images: list[Image], before: list[dict[str, Any]]) -> list[Image]:
    """Where the revision before has a picture's file, this one has it too."""
    files = {image["url"]: image for image in before if "path" in image}
    return [
        StoredImage.model_validate(files[image.url] | image.model_dump())
        if image.url in files
        else image
        for image in images
    ]
