"""Article pages of www.workercn.cn since 2022: the generic reader, and what is proven of them."""

from __future__ import annotations

from crawler.items import Page
from crawler.site.pages.page_reader import Template, read

# What ZCMS writes into the head: its `author` is the editor, `editor` the authors, `publishdate` a
# day, and all may be of another version of the article than the page shows.
CMS_METAS = ("author", "editor", "source", "publishdate", "publishedtype", "catalogs", "contentid")
_TEMPLATE = Template(
    suffixes=("中工网",),  # '文章标题 - 经济 - 中工网'
    body="div.ccontent",
    no_metas=CMS_METAS,
)


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read the page at `url`; `charset` is what the HTTP header said."""
    return read(body, url, charset=charset, template=_TEMPLATE)
