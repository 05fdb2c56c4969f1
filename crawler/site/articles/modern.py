"""Article pages of www.workercn.cn since 2022: the generic reader, and what is proven of them."""

from __future__ import annotations

from crawler.items import Page

from .reader import Template, read

_TEMPLATE = Template(suffixes=("中工网",))  # '文章标题 - 经济 - 中工网'


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read the page at `url`; `charset` is what the HTTP header said."""
    return read(body, url, charset=charset, template=_TEMPLATE)
