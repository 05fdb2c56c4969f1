"""The record, whole and valid, or a reject that says what is missing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import ValidationError
from scrapy.settings import BaseSettings

from crawler.items import (
    SCHEMA,
    FieldMark,
    Page,
    PaperArticle,
    Reject,
    article_of,
    fields_marked,
    timestamp,
)
from crawler.pipelines.stage import Stage, chain
from crawler.text import clean, titles

_HASHED = fields_marked(FieldMark.HASHED)


class Validation(Stage):
    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Page):
            return item
        record = complete(item)
        if _is_another_page(item):
            listed = item.entry.title if item.entry else None
            words = f"the page is titled {item.title}, the listing's {listed}; no time, no source"
            return _reject(item, "another_page", words)
        if missing := missing_fields(record):
            return _reject(
                item, f"missing_{missing[0]}", f"the page shows no {', no '.join(missing)}"
            )
        try:
            article = article_of(record)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"])) or "record"
            return _reject(item, f"invalid_{field.split('.')[0]}", f"{field}: {first['msg']}")
        return article.with_facts(item.facts)


def complete(page: Page) -> dict[str, Any]:
    """The record of a page that went through the other pipelines, in the schema's order.

    Fields that could not be filled are missing.
    """
    values = page.record | {
        "schema": SCHEMA,
        "id": page.id,
        "url": page.url,
        "generation": page.generation,
        "kind": page.kind,
        "sections": page.entry.sections if page.entry else [],
        "raw": {
            "published_at": _words(page.published),
            "source": _words(page.source),
            "authors": _words(*page.authors),
            "editors": _words(*page.editors),
        },
        "extracted_by": dict(sorted(page.extracted_by.items())),
        "warnings": [clean.line(warning) for warning in page.warnings],
        "change": "new",
        "revision": 1,
        "changed_fields": [],
        "run_id": page.run_id,
    }
    values["content_hash"] = content_hash(values)
    if page.paper is not None:
        values["paper"] = page.paper
    if page.fetched_at is not None:
        values["fetched_at"] = timestamp(page.fetched_at)
    return {field: values[field] for field in PaperArticle.model_fields if field in values}


def missing_fields(record: dict[str, Any]) -> list[str]:
    """Which fields a record cannot be without are not there, in the schema's order."""
    required = ["title", "published_at"] + ["body"] * (record["kind"] == "article")
    return [field for field in required if not record.get(field)]


def content_hash(record: dict[str, Any]) -> str:
    seen: list[Any] = [record.get(field) for field in _HASHED]
    # ?r=<ms> behind a picture's address is there to get round caches: the picture is the same.
    seen[-1] = [
        {"url": image["url"].partition("?")[0], "caption": image["caption"]}
        for image in seen[-1] or ()
    ]
    text = json.dumps(seen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def record_of(page: Page, settings: BaseSettings) -> tuple[dict[str, Any], list[str]]:
    """The record of one page outside a run, through the crawl's pipelines, and which required
    fields it lacks.
    """
    for stage in chain(settings):
        if not isinstance(stage, Validation):
            stage.fill(page)
    if page.no_article is not None and page.no_article.by != "listing":
        page.warnings = [f"page: {page.no_article.words}"]
        page.record |= dict.fromkeys(("title", "published_at", "published_precision", "body"))
    missing = missing_fields(complete(page))
    page.warnings += [f"{field}: missing" for field in missing]
    return complete(page), missing


def _is_another_page(page: Page) -> bool:
    """安全验证, 404 Not Found, answered with status 200 in the article's place."""
    if page.published or page.source or not (page.entry and page.entry.title and page.title):
        return False
    return not titles.alike(page.title, page.entry.title)


def _reject(page: Page, reason: str, error: str) -> Reject:
    url = page.entry.url if page.entry else page.url
    raw = complete(page)["raw"] | {"title": page.title}
    fetched_at = timestamp(page.fetched_at) if page.fetched_at else None
    return Reject(url, "validate", reason, error, fetched_at, raw, page.entry)


def _words(*words: str | None) -> str | None:
    return "\n".join(filter(None, (clean.line(part or "") for part in words))) or None
