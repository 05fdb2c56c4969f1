"""Puts the run folder's files among FEEDS, beside what `-o` and `-O` ask for."""

from __future__ import annotations

from typing import Any

from scrapy.settings import BaseSettings

from crawler import run_context
from crawler.feeds.run import ARTICLES, JOURNAL, REJECTS

_NOTES = (
    *("Article", "Reject", "Checked"),
    *("Seen", "Said", "Outside", "Walked", "Gaps", "Issue", "Tried"),
)
# The run folder's files, their formats and which of crawler.items go into them, in the order in
# which they are written. The journal is before the records: what is behind a record is worth
# nothing without it, and is missed where it is not there.
FILES = (
    (JOURNAL, "journal", _NOTES),
    (ARTICLES, "lines", ("Article",)),
    (REJECTS, "lines", ("Reject",)),
)


class RunFeeds:
    def update_settings(self, settings: BaseSettings) -> None:
        # Ours come first: Scrapy exports a record to the feeds in this order, and an error in one
        # keeps it from those behind.
        feeds: dict[str, dict[str, Any]] = {}
        if run_context.of(settings):
            for name, kind, items in FILES:
                feeds[f"run:{name}"] = {
                    "format": kind,
                    "item_classes": [f"crawler.items.{item}" for item in items],
                    "batch_item_count": 0,
                }
        for uri, options in settings.getdict("FEEDS").items():
            feeds[uri] = {"item_classes": ["crawler.items.Article"], **options}
        # As high as the command line's: an add-on's own priority is below that of -o.
        settings.set("FEEDS", feeds, priority="cmdline")
