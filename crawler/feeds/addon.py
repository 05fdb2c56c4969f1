"""Puts the run folder's files among FEEDS, beside what `-o` and `-O` ask for."""

from __future__ import annotations

from typing import Any

from scrapy.settings import BaseSettings

from crawler import run_context
from crawler.feeds.run import ARTICLES, JOURNAL, REJECTS

_ARTICLE, _REJECT = "crawler.items.Article", "crawler.items.Reject"
_NOTES = tuple(
    f"crawler.journal_notes.{name}"
    for name in (
        "RecheckResult",
        "ListingSighting",
        "ListingStatement",
        "Outside",
        "SectionProgress",
        "Gaps",
        "IssueSighting",
        "RenderProbe",
    )
)
# The run folder's files, their formats and which items go into them, in the order in which they are
# written. The journal is before the records: what is behind a record is worth nothing without it,
# and is missed where it is not there.
FILES = (
    (JOURNAL, "journal", (_ARTICLE, _REJECT, *_NOTES)),
    (ARTICLES, "lines", (_ARTICLE,)),
    (REJECTS, "lines", (_REJECT,)),
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
                    "item_classes": list(items),
                    "batch_item_count": 0,
                }
        for uri, options in settings.getdict("FEEDS").items():
            feeds[uri] = {"item_classes": [_ARTICLE], **options}
        # As high as the command line's: an add-on's own priority is below that of -o.
        settings.set("FEEDS", feeds, priority="cmdline")
