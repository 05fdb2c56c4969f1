"""Run folders as the crawler publishes them, of records that differ in what a test is about."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from crawler.items import Article, Reject, article_of
from crawler.runs.manifest import Manifest
from crawler.runs.run import REPORT, RunFolder
from crawler.runs.run_files import to_line
from tests.pipelines.test_record import page, through

_RECORD = json.loads(through(page()).model_dump_json())
_REJECT = Reject("https://www.workercn.cn/c/2024-02-29/1.shtml", "fetch", "http_404")


def run_id(day: int) -> str:
    return f"202611{day:02}T190000Z-workercn-{day:04x}"


def record(id_: str = "8163816", revision: int = 1, **changes: Any) -> Article:
    change = "new" if revision == 1 else "updated"
    values = _RECORD | {"id": id_, "revision": revision, "change": change} | changes
    return article_of(values)


def publish(
    output: Path,
    day: int,
    *records: Article,
    rejects: int = 0,
    complete: bool = True,
    partial: bool = False,
) -> Path:
    """The folder of the run of that November night, with its run_id in each record."""
    run = RunFolder(output, run_id(day), trial=False)
    run.partial.mkdir(parents=True)
    lines = [to_line(record.model_copy(update={"run_id": run.run_id})) for record in records]
    (run.partial / "articles.jsonl").write_bytes(b"".join(lines))
    (run.partial / "rejects.jsonl").write_bytes(to_line(_REJECT) * rejects)
    (run.partial / "journal.jsonl").touch()
    if partial:
        return run.partial
    changes = Counter(record.change for record in records)
    counts = dict.fromkeys(
        ("listed", "unchanged", "failed", "requests", "not_modified", "bytes"), 0
    )
    manifest = Manifest(
        run_id=run.run_id,
        spider="workercn",
        arguments={},
        started_at=f"2026-11-{day:02}T19:00:00Z",
        finished_at=f"2026-11-{day:02}T19:10:00Z",
        finish_reason="finished",
        complete=complete,
        health="ok",
        exit_code=0,
        salvaged=not complete,
        files=run.files(),
        counts=counts
        | {change: changes[change] for change in ("new", "updated", "removed")}
        | {"rejected": rejects},
        sections={},
        fields={},
        newest_published_at=None,
        checks=[],
        versions={"crawler": "1", "scrapy": "2.19.0", "python": "3.11"},
    ).model_dump()
    run.write_manifest(manifest)
    (run.partial / REPORT).write_text("<!DOCTYPE html>\n<html></html>\n", "utf-8")
    run.publish()
    if complete:
        run.make_latest(manifest)
    return run.final


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
