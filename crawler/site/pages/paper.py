"""Stories of the paper (工人日报数字报)."""

from __future__ import annotations

from crawler.extraction.document import Document
from crawler.extraction.published import Published
from crawler.items import Page
from crawler.site import urls
from crawler.site.pages import layouts
from crawler.site.pages.layouts import Layout

_STORY = Layout(
    "paper",
    body="#ccontent",
    title="#ctitle",
    pretitle="#pretitle",
    pictures="#imgs",
)
_SOURCE = "工人日报"


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read the page at `url`; `charset` is what the HTTP header said.

    The paper is its own source, and its address alone says when it appeared.
    """
    address = urls.identify(url)
    is_story = address.generation == "paper" and address.day is not None
    time = Published(f"{address.day:%Y/%m/%d}", "url") if is_story else None
    reading = layouts.read(
        body,
        url,
        charset=charset,
        family="paper",
        layouts=(_STORY,),
        time=time,
        source=(_SOURCE, "template"),
    )
    if is_story:
        _, _, plate, story = address.id.split("-")
        pdf = _pdf(reading.document, url)
        reading.page.paper = {"plate": int(plate), "story": int(story), "pdf": pdf}
    return reading.page


def _pdf(document: Document, url: str) -> str | None:
    """The plate's PDF where the page links it; the issue's plates may tell it, too."""
    plate, root = urls.plate_of(url), document.boxes[0].node
    # Most links are to other plates', and to join an address takes its time.
    for links in (f'a.pdf[href*="/{plate}/"]', "a.pdf[href]"):
        for link in root.css(links):
            address = urls.absolute(link.attributes["href"] or "", url)
            if address and urls.plate_of(address) == plate:
                return address
    return None
