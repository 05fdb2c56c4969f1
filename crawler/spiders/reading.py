"""From a response, or its failure, to the one item that the pipelines get for it."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from typing import Literal

from scrapy.http import Response, TextResponse
from w3lib.encoding import http_content_type_encoding

from crawler.fetching import failures
from crawler.items import Entry, Page, Reject
from crawler.site import pages, urls
from crawler.spiders.spool import Spool


def read(response: Response, entry: Entry, spool: Spool, run_id: str) -> Page | Reject:
    """Read one article; what cannot be read is a Reject with its reason."""
    if not isinstance(response, TextResponse):
        kind = (response.headers.get("Content-Type") or b"without a type").decode("latin-1")
        return Reject(entry.url, "parse", "not_html", f"{response.url} is {kind}", now())
    if not response.body.strip():
        return Reject(entry.url, "parse", "empty", f"{response.url} has no body", now())
    try:
        address = urls.identify(response.url)
        # Moved: its new address counts, unless that is no article, or one that a listing has
        # named, whose own turn gives it all its sections.
        moved = address.id != entry.id
        if moved and (address.generation == "generic" or not spool.claim(address.id)):
            return Reject(entry.url, "parse", "redirected", f"to {response.url}", now())
        page = pages.parse(response.body, response.url, charset=charset(response))
    except Exception as error:
        return failed(error, entry.url, "parse")
    page.entry = entry
    page.fetched_at = datetime.now(UTC)
    page.run_id = run_id
    return page


def failed(error: BaseException, url: str, stage: Literal["listing", "fetch", "parse"]) -> Reject:
    """The Reject for an exception: a sentence for what the network did, a traceback for our own."""
    reason = failures.reason(error)
    if reason is None:
        return Reject(url, stage, "exception", "".join(traceback.format_exception(error)), now())
    return Reject(url, stage, reason, failures.sentence(error), now())


def charset(response: Response) -> str | None:
    """What the Content-Type header says."""
    header = response.headers.get("Content-Type") or b""
    return http_content_type_encoding(header.decode("latin-1"))


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
