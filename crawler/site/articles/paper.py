"""Stories of the paper (工人日报数字报)."""

from __future__ import annotations

from crawler.items import Page
from crawler.site import urls

from . import layouts
from .document import Document
from .layouts import Layout

_STORY = Layout("paper", body="#ccontent", title="#ctitle", pretitle="#pretitle", pictures="#imgs")
_SOURCE = "工人日报"


def parse(body: bytes, url: str, *, charset: str | None = None) -> Page:
    """Read the page at `url`; `charset` is what the HTTP header said.

    The paper is its own source, and its address alone says when it appeared.
    """
    reading = layouts.read(body, url, charset=charset, family="paper", layouts=(_STORY,))
    page = reading.page
    page.source = _SOURCE
    page.extracted_by["source"] = "template"
    address = urls.identify(url)
    if address.generation == "paper" and address.day:
        _, _, plate, story = address.id.split("-")
        page.paper = {"plate": int(plate), "story": int(story), "pdf": _pdf(reading.document, url)}
        page.published = f"{address.day:%Y/%m/%d}"
        page.extracted_by["published_at"] = "url"
        page.warnings = [one for one in page.warnings if not one.startswith("published_at:")]
    return page


def _pdf(document: Document, url: str) -> str | None:
    """The plate's PDF where the page links it; the issue's plates may tell it, too."""
    for link in document.boxes[0].node.css("a.pdf[href]"):
        address = urls.absolute(link.attributes["href"] or "", url)
        if address and urls.plate_of(address) == urls.plate_of(url):
            return address
    return None
