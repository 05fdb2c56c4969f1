"""Article pages of www.workercn.cn since 2022, of which only the text's box is proven."""

from __future__ import annotations

from crawler.items import Page
from crawler.site.pages import layouts
from crawler.site.pages.layouts import Layout

_OWN = Layout("modern", body="div.ccontent", seen=False)
# What ZCMS writes into the head: its `author` is the editor, `editor` the authors, `publishdate` a
# day, and all may be of another version of the article than the page shows.
_CMS_METAS = ("author", "editor", "source", "publishdate", "publishedtype", "catalogs", "contentid")


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read the page at `url`; `charset` is what the HTTP header said."""
    return layouts.read(
        body, url, charset=charset, family="modern", layouts=(_OWN,), no_metas=_CMS_METAS
    ).page
