"""title, pretitle, subtitle: clean, the page's words against the listing's."""

from __future__ import annotations

from crawler.items import Page
from crawler.pipelines.stage import LISTING_DIFFERS, Stage
from crawler.text import clean, titles


class Titles(Stage):
    def fill(self, page: Page) -> None:
        for field in ("pretitle", "title", "subtitle"):
            words = getattr(page, field)
            page.record[field] = (clean.line(words) or None) if words else None
        title, listed = page.record["title"], page.entry.title if page.entry else None
        whole = f"{page.record['pretitle'] or ''}{title}{page.record['subtitle'] or ''}"
        if title and listed and not titles.agree(whole, listed):
            said = f"the page says {title}, the listing {listed}"
            self.warn(page, "title", said, LISTING_DIFFERS)
