"""Article pages of the legacy site, to about 2021: four templates, one subdomain a channel."""

from __future__ import annotations

from datetime import timedelta

from crawler.items import Page
from crawler.site.pages import advertisement, layouts, pager
from crawler.site.pages.layouts import Layout, Reading
from crawler.site.urls import filing_time
from crawler.text import dates
from crawler.text.clocks import CST

# <div class="signdate"><span>2019-01-18 12:46:37</span><span>来源：中工网</span></div>
A = Layout(
    "legacy-a",
    body="div.ccontent",
    title="h1.ctitle",
    time="div.signdate > span, div.from > span",
    source="div.signdate > span, div.from > span",
    editors="div.editor",
)
# the channel auto
B = Layout(
    "legacy-b",
    body="div.article:has(> p)",
    time="div.from.mt10 > span.font-black1-12",
    source="div.from.mt10 > span.font-black_12",
)
# the provinces; the first span is the time, the second the source
C = Layout(
    "legacy-c",
    body="div.detail_con > div.font-black_16.hangao",
    time="span.font-black1_12",
    source="span.font-black1_12",
)
# about 2015
_CENTRED = ("center", '[align="center"]', '[style*="center"]')
D = Layout(
    "legacy-d",
    body="div.ad_content:has(> p)",
    title=", ".join(f"{parent} span > b" for parent in _CENTRED),
    time="div.ad_main > span.ad_tl_time",
)
LAYOUTS = (A, B, C, D)

_TOO_FAR = timedelta(days=1)  # between the time shown and the one in the file's name


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read the page at `url`; `charset` is what the HTTP header said."""
    return finish(layouts.read(body, url, charset=charset, family="legacy", layouts=LAYOUTS))


def finish(reading: Reading) -> Page:
    """What pages of before 2022 share: advertising, pagers, times in file names."""
    page = reading.page
    advertisement.drop(page, reading.found.text)
    pager.follow(page, reading.document, reading.found.text)
    filed = filing_time(page.url)
    if filed and page.published:
        filed = filed.replace(tzinfo=CST)
        shown = dates.parse(page.published, fetched_at=filed, near=filed.date())
        if shown and abs(shown.at - filed) > _TOO_FAR:
            page.warnings.append(
                f"published_at: the page says {page.published}, the file name {filed:%F %T}"
            )
    return page
