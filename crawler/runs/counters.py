"""What was written, counted as it is written, and the manifest that comes of it.

They are Scrapy's stats where a crawl runs, else a dictionary of their own.
"""

from __future__ import annotations

import platform
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import scrapy
from scrapy.statscollectors import MemoryStatsCollector

from crawler import __version__, clock
from crawler.items import Article, FieldMark, Reject, fields_marked, timestamp
from crawler.journal_notes import RecheckResult
from crawler.runs.manifest import Counts, Manifest
from crawler.runs.run import RunFolder, started

OPTIONAL = fields_marked(FieldMark.COUNTED)

SECTIONS = "workercn/sections"  # slug -> SectionTally
REJECTS = "workercn/rejects"  # (stage, reason) -> number
NEW_BY_DAY = "workercn/new_by_day"  # of publication, 2024-02-29 -> number
# Those of the manifest's counts that Scrapy counts.
_BY_SCRAPY = {
    "requests": "downloader/request_count",
    "not_modified": "downloader/response_status_count/304",
    "bytes": "downloader/response_bytes",
}


Stats = dict[str, Any]


class RunStats(MemoryStatsCollector):
    """Scrapy's, without its warnings about a `spider` argument that nobody gives any more: each
    call went through a wrapper and a failed look-up, a hundred times a page.
    """

    __getattribute__ = object.__getattribute__


@dataclass(slots=True)
class SectionTally:
    listed: int = 0
    pages: int = 0
    newest_published_at: str | None = None  # as a listing has it: 2024-02-29T09:06:00+08:00
    new: int = 0


def of_section(stats: Stats, slug: str) -> SectionTally:
    sections: dict[str, SectionTally] = stats.setdefault(SECTIONS, {})
    return sections.setdefault(slug, SectionTally())


def tally(stats: Stats, key: str) -> Counter[Any]:
    """What is counted there, each by a name of its own."""
    found: Counter[Any] = stats.setdefault(key, Counter())
    return found


def add(stats: Stats, key: str, number: int = 1) -> None:
    stats[key] = stats.get(key, 0) + number


def count(stats: Stats, item: Article | Reject | RecheckResult, by: int = 1) -> None:
    """`by`: -1 takes back what was counted, but for the newest time."""
    match item:
        case RecheckResult(outcome=outcome):
            add(stats, f"workercn/{'missing' if outcome == 'missing' else 'unchanged'}", by)
            if outcome == "rebased":
                add(stats, "workercn/rebased", by)
        case Reject(stage=stage, reason=reason):
            add(stats, "workercn/rejected", by)
            tally(stats, REJECTS)[stage, reason] += by
            if stage == "fetch":
                add(stats, "workercn/failed", by)
        case _:
            _count_article(stats, item, by)


def _count_article(stats: Stats, article: Article, by: int) -> None:
    new = by if article.change == "new" else 0
    add(stats, f"workercn/{article.change}", by)
    tally(stats, NEW_BY_DAY)[article.published_at[:10]] += new
    if by > 0:
        newest = stats.get("workercn/newest", "")
        stats["workercn/newest"] = max(newest, article.published_at)
    if new:  # a revision names all its sections, which this run need not have walked
        for section in article.sections:
            of_section(stats, section.slug).new += new
    if article.change == "removed":
        return  # it repeats what an earlier run has counted
    if not article.body:
        add(stats, "workercn/bodiless", by)
    for field in OPTIONAL:
        if getattr(article, field):
            add(stats, f"workercn/field/{field}", by)


def articles(stats: Stats) -> int:
    """Lines of articles.jsonl."""
    return sum(stats.get(f"workercn/{change}", 0) for change in ("new", "updated", "removed"))


def lines(stats: Stats) -> int:
    """Lines of both files."""
    return articles(stats) + int(stats.get("workercn/rejected", 0))


def counts(stats: Stats) -> dict[str, int]:
    """The manifest's `counts`, of a finished crawl's stats."""
    keys = {name: _BY_SCRAPY.get(name, f"workercn/{name}") for name in Counts.model_fields}
    return {name: stats.get(key, 0) for name, key in keys.items()}


def rejects(stats: Stats, stage: str) -> Counter[str]:
    """Why, at that stage -> number."""
    found = stats.get(REJECTS, {}).items()
    return Counter({reason: number for (where, reason), number in found if where == stage})


def sections(stats: Stats) -> dict[str, dict[str, Any]]:
    """The manifest's `sections`: slug -> listed, pages, new, newest_published_at."""
    return {slug: asdict(one) for slug, one in stats.get(SECTIONS, {}).items()}


def coverage(stats: Stats) -> dict[str, float]:
    """The manifest's `fields`: the share of this run's records that have each."""
    records = stats.get("workercn/new", 0) + stats.get("workercn/updated", 0)
    if not records:
        return {}
    return {
        field: round(stats.get(f"workercn/field/{field}", 0) / records, 4) for field in OPTIONAL
    }


def newest(stats: Stats) -> str | None:
    times = [section["newest_published_at"] for section in sections(stats).values()]
    return max(filter(None, [*times, stats.get("workercn/newest")]), default=None)


def manifest(run: RunFolder, stats: Stats, **told: Any) -> dict[str, Any]:
    """A run's manifest: what its name, its files and its numbers tell, and what is `told`."""
    values: dict[str, Any] = {
        "run_id": run.run_id,
        "started_at": timestamp(started(run.run_id)),
        "finished_at": timestamp(clock.now()),
        "checks": [],
        "files": run.files(),
        "counts": counts(stats),
        "sections": sections(stats),
        "fields": coverage(stats),
        "newest_published_at": newest(stats),
        "versions": {
            "crawler": __version__,
            "scrapy": scrapy.__version__,
            "python": platform.python_version(),
        },
    }
    return Manifest.model_validate(values | told).model_dump()
