"""What was written, counted as it is written: the numbers behind the manifest."""

from __future__ import annotations

from typing import Any, Protocol

from crawler.items import Article, FieldMark, Reject, fields_marked
from crawler.journal_notes import RecheckResult

OPTIONAL = fields_marked(FieldMark.COUNTED)


class Counters(Protocol):
    """What is needed of Scrapy's StatsCollector."""

    def get_value(self, key: str, default: Any = None) -> Any: ...
    def set_value(self, key: str, value: Any) -> None: ...
    def inc_value(self, key: str, count: int = 1, start: int = 0) -> None: ...
    def max_value(self, key: str, value: Any) -> None: ...


class DetachedStats(dict[str, Any]):
    """Stats without a crawl: of a replay, or of a run that left only its files."""

    def get_value(self, key: str, default: Any = None) -> Any:
        return self.get(key, default)

    def set_value(self, key: str, value: Any) -> None:
        self[key] = value

    def inc_value(self, key: str, count: int = 1, start: int = 0) -> None:
        self[key] = self.get(key, start) + count

    def max_value(self, key: str, value: Any) -> None:
        self[key] = max(self.get(key, value), value)


def count(stats: Counters, item: Article | Reject | RecheckResult) -> None:
    if isinstance(item, RecheckResult):
        stats.inc_value("workercn/missing" if item.outcome == "missing" else "workercn/unchanged")
        if item.outcome == "rebased":
            stats.inc_value("workercn/rebased")
        return
    if isinstance(item, Reject):
        stats.inc_value("workercn/rejected")
        stats.inc_value(f"workercn/rejected/{item.stage}/{item.reason}")
        if item.stage == "fetch":
            stats.inc_value("workercn/failed")
        return
    stats.inc_value(f"workercn/{item.change}")
    if item.change == "new":
        stats.inc_value(f"workercn/day/{item.published_at[:10]}")
    stats.max_value("workercn/newest", item.published_at)
    for section in item.sections:
        stats.inc_value(f"workercn/section/{section.slug}/{item.change}")
    if item.change == "removed":
        return  # it repeats what an earlier run has counted
    if not item.body:
        stats.inc_value("workercn/bodiless")
    for field in OPTIONAL:
        if getattr(item, field):
            stats.inc_value(f"workercn/field/{field}")


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


def under(stats: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The stats whose keys begin so, by the rest of their keys."""
    return {key.removeprefix(prefix): stats[key] for key in stats if key.startswith(prefix)}


def rejected(stats: dict[str, Any], stage: str) -> int:
    return sum(under(stats, f"workercn/rejected/{stage}/").values())


def sections(stats: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The manifest's `sections`: slug -> listed, pages, new, newest_published_at."""
    counted = under(stats, "workercn/section/")
    # A slug may hold a slash itself: legacy:news/32841
    slugs = dict.fromkeys(key.rpartition("/")[0] for key in counted)
    return {
        slug: {name: counted.get(f"{slug}/{name}", 0) for name in ("listed", "pages", "new")}
        | {"newest_published_at": counted.get(f"{slug}/newest")}
        for slug in slugs
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
