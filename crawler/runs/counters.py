"""What was written, counted as it is written: the numbers behind the manifest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Protocol

from crawler.items import Article, FieldMark, Reject, fields_marked
from crawler.journal_notes import RecheckResult

OPTIONAL = fields_marked(FieldMark.COUNTED)

SECTIONS = "workercn/sections"  # slug -> SectionTally
REJECTS = "workercn/rejects"  # (stage, reason) -> number
NEW_BY_DAY = "workercn/new_by_day"  # of publication, 2024-02-29 -> number


class Counters(Protocol):
    """What is needed of Scrapy's StatsCollector."""

    def get_stats(self) -> dict[str, Any]: ...
    def get_value(self, key: str, default: Any = None) -> Any: ...
    def set_value(self, key: str, value: Any) -> None: ...
    def inc_value(self, key: str, count: int = 1, start: int = 0) -> None: ...
    def max_value(self, key: str, value: Any) -> None: ...


class DetachedStats(dict[str, Any]):
    """Stats without a crawl: of a replay, or of a run that left only its files."""

    def get_stats(self) -> dict[str, Any]:
        return self

    def get_value(self, key: str, default: Any = None) -> Any:
        return self.get(key, default)

    def set_value(self, key: str, value: Any) -> None:
        self[key] = value

    def inc_value(self, key: str, count: int = 1, start: int = 0) -> None:
        self[key] = self.get(key, start) + count

    def max_value(self, key: str, value: Any) -> None:
        self[key] = max(self.get(key, value), value)


@dataclass(slots=True)
class SectionTally:
    listed: int = 0
    pages: int = 0
    newest: str | None = None  # as a listing has it: 2024-02-29T09:06:00+08:00
    new: int = 0


def of_section(stats: Counters, slug: str) -> SectionTally:
    sections: dict[str, SectionTally] = stats.get_stats().setdefault(SECTIONS, {})
    return sections.setdefault(slug, SectionTally())


def tally(stats: Counters, key: str) -> Counter[Any]:
    """What is counted there, each by a name of its own."""
    found: Counter[Any] = stats.get_stats().setdefault(key, Counter())
    return found


def count(stats: Counters, item: Article | Reject | RecheckResult, by: int = 1) -> None:
    """`by`: -1 takes back what was counted, but for the newest time."""
    match item:
        case RecheckResult():
            _count_recheck(stats, item, by)
        case Reject():
            _count_reject(stats, item, by)
        case _:
            _count_article(stats, item, by)


def _count_recheck(stats: Counters, recheck: RecheckResult, by: int) -> None:
    outcome = "missing" if recheck.outcome == "missing" else "unchanged"
    stats.inc_value(f"workercn/{outcome}", by)
    if recheck.outcome == "rebased":
        stats.inc_value("workercn/rebased", by)


def _count_reject(stats: Counters, reject: Reject, by: int) -> None:
    stats.inc_value("workercn/rejected", by)
    tally(stats, REJECTS)[reject.stage, reject.reason] += by
    if reject.stage == "fetch":
        stats.inc_value("workercn/failed", by)


def _count_article(stats: Counters, article: Article, by: int) -> None:
    new = by if article.change == "new" else 0
    stats.inc_value(f"workercn/{article.change}", by)
    tally(stats, NEW_BY_DAY)[article.published_at[:10]] += new
    if by > 0:
        stats.max_value("workercn/newest", article.published_at)
    for section in article.sections:
        of_section(stats, section.slug).new += new
    if article.change == "removed":
        return  # it repeats what an earlier run has counted
    if not article.body:
        stats.inc_value("workercn/bodiless", by)
    for field in OPTIONAL:
        if getattr(article, field):
            stats.inc_value(f"workercn/field/{field}", by)


def articles(stats: dict[str, Any]) -> int:
    """Lines of articles.jsonl."""
    return sum(stats.get(f"workercn/{change}", 0) for change in ("new", "updated", "removed"))


def lines(stats: dict[str, Any]) -> int:
    """Lines of both files."""
    return articles(stats) + int(stats.get("workercn/rejected", 0))


def counts(stats: dict[str, Any]) -> dict[str, int]:
    """The manifest's `counts`, of a finished crawl's stats."""
    ours = (
        *("listed", "left_out", "new", "updated", "removed", "unchanged", "missing", "rebased"),
        *("rejected", "failed"),
    )
    return {name: stats.get(f"workercn/{name}", 0) for name in ours} | {
        "rendered": stats.get("workercn/rendered", 0),
        "requests": stats.get("downloader/request_count", 0),
        "not_modified": stats.get("downloader/response_status_count/304", 0),
        "bytes": stats.get("downloader/response_bytes", 0),
    }


def rejects(stats: dict[str, Any], stage: str) -> Counter[str]:
    """Why, at that stage -> number."""
    found = stats.get(REJECTS, {}).items()
    return Counter({reason: number for (where, reason), number in found if where == stage})


def sections(stats: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The manifest's `sections`: slug -> listed, pages, new, newest_published_at."""
    return {
        slug: {
            "listed": one.listed,
            "pages": one.pages,
            "new": one.new,
            "newest_published_at": one.newest,
        }
        for slug, one in stats.get(SECTIONS, {}).items()
    }


def coverage(stats: dict[str, Any]) -> dict[str, float]:
    """The manifest's `fields`: the share of this run's records that have each."""
    records = stats.get("workercn/new", 0) + stats.get("workercn/updated", 0)
    if not records:
        return {}
    return {
        field: round(stats.get(f"workercn/field/{field}", 0) / records, 4) for field in OPTIONAL
    }


def newest(stats: dict[str, Any]) -> str | None:
    times = [section["newest_published_at"] for section in sections(stats).values()]
    return max(filter(None, [*times, stats.get("workercn/newest")]), default=None)
