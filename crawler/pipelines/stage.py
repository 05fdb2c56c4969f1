"""What every pipeline shares: it works on pages and lets all else pass."""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.statscollectors import StatsCollector
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object

from crawler.items import Page


def chain(settings: BaseSettings) -> list[Stage]:
    """The stages among the crawl's pipelines, in order: what makes a record of a page."""
    found = map(load_object, build_component_list(settings.getdict("ITEM_PIPELINES")))
    return [stage() for stage in found if issubclass(stage, Stage)]


LISTING_DIFFERS = "listing_differs"  # of a warning: the page says another thing than its listing


class FieldWarning(str):
    """A doubt as the record has it, `field: text`, and a word to decide by."""

    code: str

    def __new__(cls, words: str, code: str = "") -> FieldWarning:
        warning = super().__new__(cls, words)
        warning.code = code
        return warning


class Stage:
    """One concern of a page. `fill` puts its values into `page.record`.

    Without statistics (`scrapy extract`) nothing is counted.
    """

    def __init__(self, stats: StatsCollector | None = None) -> None:
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Stage:
        return cls(crawler.stats)

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Page):
            self.fill(item)
        return item

    def fill(self, page: Page) -> None:
        raise NotImplementedError

    def warn(self, page: Page, field: str, what: str, code: str = "") -> None:
        """Note a doubt in the record and count it under `workercn/warnings/<field>`.

        `code` is a word to decide by, for who reads the warnings of a Page.
        """
        page.warnings.append(FieldWarning(f"{field}: {what}", code))
        if self._stats is not None:
            self._stats.inc_value(f"workercn/warnings/{field}")
