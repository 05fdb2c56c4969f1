"""What `-o`, `-O` and FEEDS ask for beside the run folder: articles, where they do not say what."""

from __future__ import annotations

from scrapy.settings import BaseSettings


class RunFeeds:
    def update_settings(self, settings: BaseSettings) -> None:
        feeds = {
            uri: {"item_classes": ["crawler.items.Article"], **options}
            for uri, options in settings.getdict("FEEDS").items()
        }
        # As high as the command line's: an add-on's own priority is below that of -o.
        settings.set("FEEDS", feeds, priority="cmdline")
