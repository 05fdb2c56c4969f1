"""body, body_html, images, language: clean and safe to store."""

from __future__ import annotations

import nh3

from crawler.items import Page
from crawler.pipelines.stage import Stage
from crawler.text import clean, language

# What body_html may hold (contract: the record). nh3 drops all else and keeps its text.
_TAGS = "p br strong em h2 h3 h4 ul ol li blockquote a img figure figcaption " + (
    "table caption colgroup col thead tbody tfoot tr th td"
)
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    clean_content_tags={"script", "style", "noscript", "template", "iframe", "object"},
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https"},
    link_rel=None,
)


class Content(Stage):
    def fill(self, page: Page) -> None:
        record = page.record
        texts = (clean.lines(block.text) for block in page.blocks)
        record["body"] = "\n\n".join(filter(None, texts))
        record["body_html"] = _CLEANER.clean(
            clean.markup("\n".join(block.html for block in page.blocks))
        )
        record["images"] = [
            {"url": picture.url, "caption": clean.line(picture.caption or "") or None}
            for picture in page.pictures
        ]
        sample = f"{page.title or ''} {record['body'][:2000]}"
        record["language"] = language.detect(sample, page.language)
