"""source: the organisation behind 来源, the page's word against the listing's."""

from __future__ import annotations

from crawler.items import Page
from crawler.pipelines.stage import LISTING_DIFFERS, Stage
from crawler.text import clean, sources


class Sources(Stage):
    def fill(self, page: Page) -> None:
        shown = _name(page.source)
        listed = _name(page.entry.source if page.entry else None)
        reader = page.extracted_by.pop("source", "label")
        if shown and listed and not sources.agree(shown, listed):
            said = f"the page says {shown}, the listing {listed}"
            self.warn(page, "source", said, LISTING_DIFFERS)
        page.record["source"] = shown or listed
        if shown or listed:
            page.extracted_by["source"] = reader if shown else "listing"


def _name(words: str | None) -> str | None:
    return sources.name(clean.line(words)) if words else None
