"""Was it a good run? Each check with the number it saw and the number it wanted."""

from __future__ import annotations

from typing import Any, TypedDict

from crawler.feeds import tally
from crawler.fetching import hosts
from crawler.site.urls import is_slug

_FEW = 2  # rejects that degrade no run, however small


class Check(TypedDict):
    name: str
    ok: bool
    detail: str


def run(stats: dict[str, Any], *, max_reject_share: float) -> list[Check]:
    return [_hosts(stats), _sections(stats), _listings(stats), _rejects(stats, max_reject_share)]


def _hosts(stats: dict[str, Any]) -> Check:
    bad, asked = hosts.unusable(stats)
    detail = f"{len(asked) - len(bad)} of {len(asked)} hosts could be used"
    return {"name": "hosts", "ok": not bad, "detail": _name(detail, bad)}


def _sections(stats: dict[str, Any]) -> Check:
    # Only modern ones: the paper has days without an issue, an old channel may be gone for good.
    sections = {slug: one for slug, one in tally.sections(stats).items() if is_slug(slug)}
    sections.pop("paper", None)
    silent = [slug for slug, section in sections.items() if not section["listed"]]
    detail = f"{len(sections) - len(silent)} of {len(sections)} sections listed something"
    return {"name": "sections", "ok": not silent, "detail": _name(detail, silent)}


def _listings(stats: dict[str, Any]) -> Check:
    failed = stats.get("workercn/listing/failed", 0)
    read = sum(section["pages"] for section in tally.sections(stats).values())
    return {
        "name": "listings",
        "ok": not failed,
        "detail": f"{read} of {read + failed} listing pages could be read",
    }


def _rejects(stats: dict[str, Any], share: float) -> Check:
    """Of the articles asked for; what a listing names and is none is not the crawl's failure."""
    counts = tally.counts(stats)
    rejected = counts["rejected"] - tally.rejected(stats, "listing")
    total = rejected + counts["new"] + counts["updated"] + counts["unchanged"]
    detail = f"{rejected} of {total} articles rejected, allowed a share of {share:g} (or {_FEW})"
    return {
        "name": "rejects",
        "ok": rejected <= _FEW or rejected <= share * total,
        "detail": detail,
    }


def _name(detail: str, bad: list[str]) -> str:
    return f"{detail}; not: {', '.join(bad)}" if bad else detail
