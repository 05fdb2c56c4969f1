"""Puts the run folder's files among FEEDS, beside what `-o` and `-O` ask for."""

from __future__ import annotations

from typing import Any

from scrapy.settings import BaseSettings

from crawler import run_context
from crawler.runs.run import ARTICLE, FEED_FILES


class RunFeeds:
    def update_settings(self, settings: BaseSettings) -> None:
        # Ours come first: Scrapy exports a record to the feeds in this order, and an error in one
        # keeps it from those behind.
        feeds: dict[str, dict[str, Any]] = {}
        if run_context.of(settings):
            for name, kind, items in FEED_FILES:
                feeds[f"run:{name}"] = {
                    "format": kind,
                    "item_classes": list(items),
                    "batch_item_count": 0,
                }
        for uri, options in settings.getdict("FEEDS").items():
            feeds[uri] = {"item_classes": [ARTICLE], **options}
        # As high as the command line's: an add-on's own priority is below that of -o.
        settings.set("FEEDS", feeds, priority="cmdline")
