"""From a word of the argument `sections` to the sections that it means."""

from __future__ import annotations

from datetime import date

from crawler.site import sections
from crawler.spiders.arguments import EVERY, PAPER
from crawler.spiders.paged import Json2021, Legacy, Modern, Paged
from crawler.spiders.paper import Paper
from crawler.spiders.sections import Section


def of(word: str, since: date | None, until: date | None) -> list[Section]:
    """The sections that one word of the argument `sections`, but `all`, means."""
    kind, _, code = word.partition(":")
    new: list[Paged] = []
    if word == PAPER:
        return [Paper(since, until)]
    if kind == "legacy" and code:
        codes = sections.table().legacy if code == EVERY else (code,)
        new = [Legacy(f"legacy:{one}") for one in codes]
    elif kind == "json2021" and code:
        names = sections.table().json2021
        codes = tuple(names) if code == EVERY else (code,)
        new = [Json2021(f"json2021:{one}", names.get(one)) for one in codes]
    else:
        new = [Modern(word)]
    for section in new:
        section.may_be_gone = code == EVERY
    return [*new]
