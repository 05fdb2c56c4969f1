"""Any Chinese news page, seen before or not."""

from __future__ import annotations

from crawler.items import Page
from crawler.site.pages import layouts


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read the page at `url`; `charset` is what the HTTP header said."""
    return layouts.read(body, url, charset=charset).page
