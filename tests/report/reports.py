"""Run folders made up for the tests of the report."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FIRST = datetime(2026, 9, 20, 19, 0, 4, tzinfo=UTC)
FIELDS = ("title", "subtitle", "source", "published_at", "authors", "editors", "body", "images")


def run_id(night: int) -> str:
    return f"{FIRST + timedelta(days=night):%Y%m%dT%H%M%SZ}-workercn-{night:04x}"


def manifest(night: int, **changes: Any) -> dict[str, Any]:
    """As a good night's; `changes` replace its keys, those of `counts` one by one."""
    dice = random.Random(night)
    start = FIRST + timedelta(days=night)
    counts = {
        "listed": 240,
        "new": dice.randint(90, 150),
        "updated": dice.randint(0, 12),
        "removed": dice.randint(0, 3),
        "unchanged": 80,
        "rejected": dice.randint(0, 2),
        "failed": 0,
        "requests": 290,
        "not_modified": 40,
        "bytes": 18_146_920,
    }
    slugs = ("character", "edu", "acftu", "rights", "legacy:news/32841")
    return {
        "schema": "workercn.run/1",
        "run_id": run_id(night),
        "spider": "workercn",
        "arguments": {"since": "2026-10-01"},
        "started_at": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "finished_at": f"{start + timedelta(seconds=280 + dice.randint(0, 90)):%Y-%m-%dT%H:%M:%SZ}",
        "finish_reason": "finished",
        "complete": True,
        "health": "ok",
        "exit_code": 0,
        "salvaged": False,
        "files": {"articles.jsonl": {"records": 3, "bytes": 900, "sha256": "0" * 64}},
        "sections": {
            slug: {
                "listed": 40 + dice.randint(-4, 4),
                "pages": 2,
                "new": 20,
                "newest_published_at": f"{start - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}+08:00",
            }
            for slug in slugs
        },
        "fields": {name: round(dice.uniform(0.8, 1), 4) for name in FIELDS},
        "newest_published_at": None,
        "checks": [
            {"name": "hosts", "ok": True, "detail": "1 of 1 hosts could be used"},
            {"name": "sections", "ok": True, "detail": "5 of 5 sections listed something"},
        ],
        "versions": {"crawler": "0.1.0", "scrapy": "2.19.0", "python": "3.11.7"},
        **changes,
        "counts": counts | changes.get("counts", {}),
    }


DEGRADED = {
    "health": "degraded",
    "exit_code": 3,
    "checks": [
        {"name": "hosts", "ok": True, "detail": "1 of 1 hosts could be used"},
        {
            "name": "sections",
            "ok": False,
            "detail": "4 of 5 sections listed something; not: edu",
        },
    ],
}
INTERRUPTED = {
    "health": "degraded",
    "exit_code": 7,
    "complete": False,
    "finish_reason": "shutdown",
}
FAILED = {"health": "failed", "exit_code": 1, "complete": False, "finish_reason": "finished"}


def article(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(8_900_000 + number),
        "url": f"https://www.workercn.cn/c/2026-10-01/{8_900_000 + number}.shtml",
        "title": f"山东济南区总工会建成{number}个户外劳动者驿站",
        "source": "工人日报客户端",
        "sections": [{"slug": "acftu", "name": "工会"}],
        "language": "zh-Hans",
        "published_at": f"2026-10-01T{number // 60 % 24:02}:{number % 60:02}:00+08:00",
        "published_precision": "second",
        "change": "new",
        "body": "记者了解到，" * 20,
    } | changes


def reject(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "url": f"https://www.workercn.cn/c/2026-10-01/{number}.shtml",
        "stage": "fetch",
        "reason": "http_404",
        "error": "answered 404",
        "fetched_at": "2026-10-01T19:00:05Z",
        "raw": None,
    } | changes


def make(
    output: Path,
    night: int,
    *,
    articles: list[Any] = (),
    rejects: list[Any] = (),
    **changes: Any,
) -> Path:
    """A published run; what is no dict among its lines is written as it stands."""
    folder = output / "runs" / run_id(night)
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(manifest(night, **changes)), "utf-8")
    for name, lines in (("articles.jsonl", articles), ("rejects.jsonl", rejects)):
        with (folder / name).open("w", encoding="utf-8", errors="surrogatepass") as file:
            file.writelines(
                (json.dumps(line) if isinstance(line, dict) else str(line)) + "\n" for line in lines
            )
    return folder
