"""Nights as numbers: what a finished crawl counted, and the manifests of the nights before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy.settings import BaseSettings

from crawler.monitoring import checks
from crawler.runs.counters import REJECTS, SECTIONS, SectionTally

NOW = datetime(2026, 10, 2, 20, 0, tzinfo=UTC)  # 04:00 of October 3rd at the site
THRESHOLDS = {
    "MAX_REJECT_SHARE": 0.05,
    "MAX_FAILED_SHARE": 0.02,
    "MAX_FALLBACK_SHARE": 0.1,
    "COVERAGE_FLOORS": {"body": 0.95, "source": 0.8, "editors": 0.5, "authors": 0.3},
    "MAX_COVERAGE_DROP": 0.25,
    "MAX_UPDATED_SHARE": 0.5,
    "MIN_UPDATED": 10,
    "MIN_SHORTER": 5,
    "MAX_SAME_BODY": 4,
    "MAX_OTHER_SHARE": 0.2,
    "MAX_PAUSE_TIMES": 3,
    "MIN_PAUSE_HOURS": 48,
    "MIN_PAPER_PAUSE_DAYS": 4,
    "MIN_LISTED_SHARE": 0.5,
    "MIN_NEW_SHARE": 0.2,
    "MAX_AGE_HOURS": 48,
    "MAX_MISSING_SHARE": 0.1,
    "CHECK_MIN_RUNS": 5,
    "CHECK_MIN_RECORDS": 20,
}
EDU = {"edu": (27, 1)}
FULL = {"body": 1.0, "source": 0.9, "editors": 0.8, "authors": 0.4}


def counted(
    sections: dict[str, tuple[Any, ...]] = EDU,
    fields: dict[str, float] = FULL,
    more: dict[str, int] | None = None,
    **counts: int,
) -> dict[str, Any]:
    """The stats of a crawl; of a section (listed, pages[, newest[, new]]), of a field its share."""
    stats: dict[str, Any] = {f"workercn/{name}": number for name, number in counts.items()}
    stats[SECTIONS] = {slug: SectionTally(*numbers) for slug, numbers in sections.items()}
    records = counts.get("new", 0) + counts.get("updated", 0)
    stats |= {f"workercn/field/{name}": share * records for name, share in fields.items()}
    return stats | (more or {})


def rejects(number: int, stage: str = "validate", reason: str = "missing_body") -> dict[str, Any]:
    told = {"workercn/rejected": number, REJECTS: {(stage, reason): number}}
    return told | ({"workercn/failed": number} if stage == "fetch" else {})


def before(days: float, *, new: int = 100, **changes: Any) -> dict[str, Any]:
    """The manifest of a nightly run so many days ago; `changes` replace its keys, None takes one."""
    manifest = {
        "complete": True,
        "started_at": f"{NOW - timedelta(days=days, hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "arguments": {},
        "counts": {"new": new, "updated": 0},
        "sections": {"edu": {"listed": 27, "pages": 1, "new": new}},
        "fields": FULL,
        "newest_published_at": "2026-10-01T12:00:00+08:00",
        "checks": [{"name": "freshness", "ok": True, "detail": ""}],
    } | changes
    return {key: value for key, value in manifest.items() if value is not None}


def nights(number: int, **changes: Any) -> list[dict[str, Any]]:
    """So many nights, one a day, newest first."""
    return [before(days, **changes) for days in range(1, number + 1)]


def judge(name: str, stats: dict[str, Any], **more: Any) -> checks.CheckResult:
    """One check of a nightly run."""
    settings = BaseSettings(THRESHOLDS)
    night = checks.RunReview(
        **{
            "stats": stats,
            "settings": settings,
            "now": NOW,
            "started_at": NOW - timedelta(hours=1),
            "nightly": True,
        }
        | more
    )
    (found,) = [check for check in checks.run(night) if check["name"] == name]
    return found
