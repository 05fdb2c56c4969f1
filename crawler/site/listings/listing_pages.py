"""The one table from an address to the listing parser that reads the page behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from crawler.site import sections, urls
from crawler.site.listings import legacy_sections, paper_issues, parsers, search_answers
from crawler.site.listings.parsers import Listing

_Read = Callable[[bytes, str, str | None], Listing]

_HOST = rf"https?://(?:www\.)?{re.escape(urls.DOMAIN)}"
# https://www.workercn.cn/json/character/index_2.json, …/json/pl/pl/index_2.json
_OLDER = re.compile(rf"{_HOST}/json/([A-Za-z][\w-]*(?:/[A-Za-z][\w-]*)?)/index_\d+\.json", re.ASCII)
# http://www.workercn.cn/json/cj/34179_1.json
_COLUMN = re.compile(rf"{_HOST}/json/([a-z]+/\d+)_\d+\.json", re.ASCII)
# http://news.workercn.cn/32841/32841.shtml, …/32841_2.shtml, http://news.workercn.cn/
_LEGACY = re.compile(
    rf"http://(?!www\.)([a-z]\w*)\.{re.escape(urls.DOMAIN)}/(?:(\d+)/\2(?:_\d+)?\.shtml)?",
    re.ASCII,
)
# https://www.workercn.cn/papers/grrb/2024/07/12/6/page.html
_PLATE = re.compile(rf"{_HOST}/papers/grrb/(\d{{4}})/(\d\d)/(\d\d)/\d+/page\.html", re.ASCII)


class Listed(NamedTuple):
    """Whose listing an address is a page of."""

    slug: str | None  # as in the argument `sections`; None for the search
    read: _Read  # raises ListingError
    name: str | None = None  # of the section, where no page of it shows one


def identify(url: str) -> Listed | None:
    """None for an address that is no listing's."""
    if slug := urls.slug_of(url):
        return Listed(slug, parsers.read_page)
    if match := _OLDER.fullmatch(url):
        return Listed(match[1], parsers.read_json)
    if match := _COLUMN.fullmatch(url):
        name = sections.table().json2021.get(match[1])
        return Listed(f"json2021:{match[1]}", parsers.read_json, name)
    if match := _PLATE.fullmatch(url):
        return Listed("paper", _stories)
    if match := _LEGACY.fullmatch(url):
        return Listed(f"legacy:{'/'.join(filter(None, match.groups()))}", _legacy)
    if urlsplit(url).path == "/cms/front/search/result":
        return Listed(None, _results)
    return None


def _legacy(body: bytes, url: str, charset: str | None) -> Listing:
    listing = legacy_sections.read(body, url, charset)
    ours = [one for one in listing.entries if urls.identify(one.url).generation == "legacy"]
    return listing._replace(entries=ours)


def _stories(body: bytes, url: str, charset: str | None) -> Listing:
    """A plate's, each with the plate's day and PDF."""
    match = _PLATE.fullmatch(url)
    day = "-".join(match.groups()) if match else None
    number = urls.plate_of(url)
    plates = paper_issues.read_plates(body, url, charset)
    pdf = next((plate.pdf for plate in plates if plate.number == number), None)
    listing = paper_issues.read_stories(body, url, charset)
    for entry in listing.entries:
        entry.published, entry.pdf = day, pdf
    return listing


def _results(body: bytes, url: str, charset: str | None) -> Listing:
    return search_answers.read(body, url, charset).listing
