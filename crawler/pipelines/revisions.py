"""new, updated, unchanged, removed: a record against the newest revision of its article."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler

from crawler import run_context
from crawler.items import Article, Checked, Facts, Outcome, PaperArticle, Section, article_of
from crawler.state import Known, Sighting, published_line
from crawler.state.session import Session
from crawler.text import titles

logger = logging.getLogger(__name__)

# What is not the article but about the record.
_BOOKKEEPING = {
    "schema", "id", "generation", "raw", "extracted_by", "warnings",
    "content_hash", "change", "revision", "changed_fields", "fetched_at", "run_id",
}  # fmt: skip
_CONTENT = [field for field in PaperArticle.model_fields if field not in _BOOKKEEPING]

# What the rules are made of: a change of these may read the same bytes otherwise.
_RULES = ("items.py", "site/**/*.py", "site/*.toml", "text/*.py", "pipelines/*.py")


class Revisions:
    """Without a state, in a trial, everything is new."""

    def __init__(self, crawler: Crawler) -> None:
        # `doctor` and `extract URL` read pages through the pipelines without making a run.
        self._run = run_context.of(crawler.settings)
        self._session = crawler.get_extension(Session)
        self._spider = crawler.spider
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Revisions:
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Article):
            return self._judge(item)
        if isinstance(item, Checked) and item.outcome == "removed":
            return self._removed(item)
        return item

    def _judge(self, article: Article) -> Article | Checked:
        facts = article.facts
        facts.parser = version()
        if before := self._of_this_run(article.id):
            return _once_more(article, before)
        known = self._known(article.id)
        if known is None and (known := self._other(article)):
            article = _with(article, {"id": known.id}).with_facts(facts)
        if known is None:
            return article
        if known.change != "removed":
            outcome: Outcome | None = None
            if known.content_hash == article.content_hash:
                outcome = "unchanged"
            elif known.raw_hash == facts.raw and known.parser != facts.parser:
                outcome = "rebased"  # where the rules are the same, the listing says another thing
            if outcome:
                checked_at = article.fetched_at
                return Checked(article.id, outcome, checked_at, facts, article.content_hash)
        return self._updated(article, known)

    def _other(self, article: Article) -> Known | None:
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

    def _updated(self, article: Article, known: Known) -> Article:
        before = self._published(known)
        by_rules = known.parser != article.facts.parser
        if by_rules:
            self._stats.inc_value("workercn/updated_by_rules")
        if before is not None and before["body"]:
            self._stats.inc_value("workercn/updated/compared")
            shorter = 2 * len(article.body) < len(before["body"])
            self._stats.inc_value("workercn/updated/shorter", int(shorter))
        sections = self._all_sections(article)
        return updated(article, known, before, sections, by_rules=by_rules)

    def _removed(self, checked: Checked) -> Article | Checked:
        known = self._known(checked.id)
        before = self._published(known) if known else None
        if known is None or before is None:
            return replace(checked, outcome="missing")
        article = article_of(before)
        return _with(
            article.with_facts(Facts(raw=known.raw_hash, parser=known.parser)),
            {
                "change": "removed",
                "revision": known.revision + 1,
                "changed_fields": [],
                "sections": self._all_sections(article),
                "fetched_at": checked.checked_at,
                "run_id": self._run.run_id if self._run else "",
            },
        )

    def _known(self, id_: str) -> Known | None:
        return self._session.ask(lambda state: state.find(id_)) if self._session else None

    def _published(self, known: Known) -> dict[str, Any] | None:
        """The record of the newest revision."""
        assert self._session is not None
        record = published_line(self._session.output, known)
        if record is None:
            where = f"runs/{known.run_id}"
            logger.warning("%s: revision %d is not in %s", known.id, known.revision, where)
        return record

    def _all_sections(self, article: Article) -> list[Section]:
        """Those of this run and of every run before."""
        assert self._session is not None
        seen = self._session.ask(lambda state: state.sightings([article.id])).get(article.id, {})
        return all_sections(article, seen)


def _once_more(article: Article, before: dict[str, Any]) -> Article | Checked:
    """What an article's second answer in a run makes of it."""
    facts, again = article.facts, article.content_hash
    if before["content_hash"] == again:
        return Checked(article.id, "unchanged", article.fetched_at, facts, again)
    values = {"change": "updated", "revision": before["revision"] + 1}
    fields = changed_fields(before, _with(article, values).model_dump())
    return _with(article, values | {"changed_fields": fields})


def updated(
    article: Article,
    known: Known,
    before: dict[str, Any] | None,
    sections: list[Section],
    *,
    by_rules: bool,
) -> Article:
    """The revision after `known`, whose record is `before`, where it is at hand.

    by_rules: other rules than today's read that one.
    """
    values: dict[str, Any] = {
        "change": "updated",
        "revision": known.revision + 1,
        "sections": sections,
        "warnings": list(article.warnings),
    }
    if by_rules:
        values["warnings"].append(
            f"parser: revision {known.revision} was read by other rules than this one"
        )
    if before is not None:
        values["changed_fields"] = changed_fields(before, _with(article, values).model_dump())
    else:
        words = f"revision: revision {known.revision} is not at hand, what changed is unknown"
        values["warnings"].append(words)
    return _with(article, values)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Between two records, in the schema's order."""
    return [field for field in _CONTENT if before.get(field) != after.get(field)]


def all_sections(article: Article, seen: Mapping[str, Sighting]) -> list[Section]:
    """The record's own, and those that it was seen in by any run before."""
    names = {slug: sighting.name for slug, sighting in seen.items()}
    names |= {s.slug: s.name or names.get(s.slug) for s in article.sections}
    return [Section(slug=slug, name=name) for slug, name in sorted(names.items())]


def _with(article: Article, values: dict[str, Any]) -> Article:
    return article.model_copy(update=values)


@cache
def version() -> str:
    """Of the rules that make a record of a page: a hash of their source, so none is forgotten."""
    digest = hashlib.sha256()
    home = Path(__file__).parents[1]
    for path in sorted(path for pattern in _RULES for path in home.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
