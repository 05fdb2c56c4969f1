"""The answer of the site's own search to entries."""

from __future__ import annotations

from typing import Any, NamedTuple

from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings import json_answers, parsers
from crawler.site.listings.parsers import Listing
from crawler.text import clean


class Answer(NamedTuple):
    total: int  # of all pages, as the site says
    listing: Listing  # of this page


def read(body: bytes, url: str, charset: str | None = None) -> Answer:
    """`{"status": 1, "data": {"total": 27, "data": [{"title": …, "url": …}, …]}}`.

    Raises ListingError for a status that is not 1, and for what has another form.
    """
    loaded, warnings = parsers.load(body, charset)
    answer = loaded.data
    if not isinstance(answer, dict):
        raise ListingError("unknown_form", f"no object but {str(answer)[:60]!r}")
    if str(answer.get("status")) != "1":
        message = f"status {answer.get('status')!r}, message {answer.get('message')!r}"
        raise ListingError("bad_status", message)
    data = answer.get("data")
    if not isinstance(data, dict):
        raise ListingError("unknown_form", f"data is no object but {str(data)[:60]!r}")
    items = data.get("data")
    if items is None:
        items = []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ListingError("unknown_form", f"data.data is no array of objects: {str(items)[:60]!r}")
    listing = parsers.of_objects(items, warnings)
    return Answer(_total(data), listing._replace(catalogs=_catalogs(items)))


def _catalogs(items: list[dict[str, Any]]) -> dict[str, str]:
    found = {}
    for item in items:
        address, name = json_answers.address_of(item), item.get("catalogName")
        if address is not None and urls.is_article(address) and isinstance(name, str):
            found[urls.identify(address).id] = clean.line(name)
    return found


def _total(data: dict[str, Any]) -> int:
    total = data.get("total")
    if isinstance(total, str) and total.isascii() and total.isdigit():
        total = int(total)
    if isinstance(total, bool) or not isinstance(total, int) or total < 0:
        raise ListingError("unknown_form", f"data.total is {total!r}")
    return total
