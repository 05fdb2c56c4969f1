"""Any Chinese news page, seen before or not."""

from __future__ import annotations

from crawler.items import Page
from crawler.site.pages.page_reader import Template, read

_TEMPLATE = Template()


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read the page at `url`; `charset` is what the HTTP header said."""
    return read(body, url, charset=charset, template=_TEMPLATE)
