"""Article pages of the site of 2021."""

from __future__ import annotations

from crawler.items import Page
from crawler.site.pages import layouts, legacy
from crawler.site.pages.layouts import Layout

_OWN = Layout("json2021", body="div.ccontent", time="span.time")


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read the page at `url`; `charset` is what the HTTP header said."""
    reading = layouts.read(
        body, url, charset=charset, family="json2021", layouts=(_OWN, *legacy.LAYOUTS)
    )
    return legacy.finish(reading)
