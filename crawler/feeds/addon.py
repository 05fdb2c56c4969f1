"""Puts the run folder's files among FEEDS, beside what `-o` and `-O` ask for."""

from __future__ import annotations

from typing import Any

from scrapy.settings import BaseSettings

from crawler.feeds.run import ARTICLES, REJECTS


class RunFeeds:
    def update_settings(self, settings: BaseSettings) -> None:
        # Ours come first: Scrapy exports a record to the feeds in this order, and an error in one
        # keeps it from those behind.
        feeds: dict[str, dict[str, Any]] = {}
        if settings["RUN_DIR"]:
            for name, item in ((ARTICLES, "Article"), (REJECTS, "Reject")):
                feeds[f"run:{name}"] = {
                    "format": "lines",
                    "item_classes": [f"crawler.items.{item}"],
                    "batch_item_count": 0,
                }
        for uri, options in settings.getdict("FEEDS").items():
            feeds[uri] = {"item_classes": ["crawler.items.Article"], **options}
        # As high as the command line's: an add-on's own priority is below that of -o.
        settings.set("FEEDS", feeds, priority="cmdline")
