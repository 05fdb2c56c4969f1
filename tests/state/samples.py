"""Rows and run folders to test with, and all that a state holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crawler.state import Failure, KnownArticle

RUNS = [f"2026112{day}T040000Z-workercn-0000" for day in range(10)]  # one a night


def known(id_: str = "8163816", **changes: Any) -> KnownArticle:
    return KnownArticle(
        id=id_,
        url=f"https://www.workercn.cn/c/2026-11-20/{id_}.shtml",
        generation="modern",
        title="好消息",
        published="2026-11-20T08:00:00+08:00",
        revision=1,
        change="new",
        content_hash="sha256:aa",
        raw_hash="bb",
        parser="cc",
        etag='"dd"',
        modified="Fri, 20 Nov 2026 00:00:00 GMT",
        run_id=RUNS[0],
        place=0,
        first_seen="2026-11-20T04:00:00Z",
        last_seen="2026-11-20T04:00:00Z",
        checked_at="2026-11-20T04:00:00Z",
        next_check="2026-11-20T04:40:00Z",
        missing=0,
    )._replace(**changes)


def failure(id_: str = "8163817", **changes: Any) -> Failure:
    return Failure(
        id=id_,
        url=f"https://www.workercn.cn/c/2026-11-20/{id_}.shtml",
        tries=1,
        reason="timeout",
        error="took longer than 60 seconds",
        first_failed="2026-11-20T04:00:00Z",
        last_failed="2026-11-20T04:00:00Z",
        next_try="2026-11-20T04:00:00Z",
        entry={"title": "好消息", "sections": []},
    )._replace(**changes)


def record(id_: str = "8163816", night: int = 0, **changes: Any) -> dict[str, Any]:
    """What the state reads of a line of articles.jsonl, fetched that night."""
    return {
        "id": id_,
        "url": f"https://www.workercn.cn/c/2026-11-20/{id_}.shtml",
        "generation": "modern",
        "kind": "article",
        "title": "好消息",
        "sections": [],
        "published_at": "2026-11-20T08:00:00+08:00",
        "published_precision": "second",
        "language": "zh-Hans",
        "content_hash": "sha256:aa",
        "change": "new",
        "revision": 1,
        "fetched_at": at(night),
    } | changes


def behind(id_: str = "8163816", revision: int = 1, **changes: Any) -> dict[str, Any]:
    note = {"note": "record", "id": id_, "revision": revision}
    return note | {"etag": '"e"', "modified": "m", "raw": "r", "parser": "p"} | changes


def checked(outcome: str, night: int, id_: str = "8163816", **changes: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("etag", "modified", "raw", "parser", "content_hash"))
    note = {"note": "checked", "id": id_, "outcome": outcome, "checked_at": at(night)}
    return note | nothing | changes


def reread(id_: str = "8163816", **changes: Any) -> dict[str, Any]:
    return checked("reread", 0, id_, **{"raw": "r", "parser": "q"} | changes)


def failed(night: int, id_: str = "8163816", **changes: Any) -> dict[str, Any]:
    return {
        "note": "failed",
        "id": id_,
        "url": f"https://www.workercn.cn/c/2026-11-20/{id_}.shtml",
        "reason": "timeout",
        "error": "took longer than 60 seconds",
        "failed_at": at(night),
        "entry": {"title": "好消息", "sections": []},
    } | changes


def seen(slug: str, ids: list[str], night: int, name: str | None = None) -> dict[str, Any]:
    return {"note": "seen", "slug": slug, "name": name, "ids": ids, "seen_at": at(night)}


def walked(slug: str, down_to: str, pages: int) -> dict[str, Any]:
    return {"note": "walked", "slug": slug, "down_to": down_to, "pages": pages}


def at(night: int) -> str:
    return f"2026-11-2{night}T04:00:00Z"


def write_run(
    output: Path,
    night: int,
    records: list[dict[str, Any]],
    notes: list[dict[str, Any]] | None = None,
    *,
    complete: bool = True,
) -> Path:
    """A published run; with `notes` None, one of before there were journals."""
    folder = output / "runs" / RUNS[night]
    folder.mkdir(parents=True)
    lines = {"articles.jsonl": records} | ({} if notes is None else {"journal.jsonl": notes})
    for name, values in lines.items():
        text = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
        (folder / name).write_text(text, "utf-8", "backslashreplace")
    (folder / "manifest.json").write_text(json.dumps(manifest(night, complete=complete)), "utf-8")
    return folder


def manifest(night: int, *, complete: bool = True) -> dict[str, Any]:
    return {
        "run_id": RUNS[night],
        "started_at": at(night),
        "finished_at": f"2026-11-2{night}T05:00:00Z",
        "complete": complete,
        "health": "ok" if complete else "failed",
        "arguments": {"query": "工会"},
    }


def dump(state: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every column of every table, but for what was migrated when."""
    from sqlalchemy import select

    from crawler.state.tables import metadata

    return {
        table.name: [
            tuple(map(repr, row))
            for row in state._rows(select(table).order_by(*table.primary_key), {})
        ]
        for table in metadata.sorted_tables
        if table.name != "migration"
    }
