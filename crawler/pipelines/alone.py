"""The record of one page, outside a run: `scrapy extract` and `scrapy parse`."""

from __future__ import annotations

from typing import Any

from scrapy.settings import BaseSettings

from crawler.items import Page
from crawler.pipelines import validation
from crawler.pipelines.stage import chain


def record_of(page: Page, settings: BaseSettings) -> tuple[dict[str, Any], list[str]]:
    """The record through the crawl's pipelines, and which required fields it lacks."""
    for stage in chain(settings):
        if not isinstance(stage, validation.Validation):
            stage.fill(page)
    if page.no_article is not None and page.no_article.by != "listing":
        page.warnings = [f"page: {page.no_article.words}"]
        page.record |= dict.fromkeys(("title", "published_at", "published_precision", "body"))
    missing = validation.missing_fields(validation.complete(page))
    page.warnings += [f"{field}: missing" for field in missing]
    return validation.complete(page), missing
