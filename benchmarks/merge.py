"""Does `scrapy feed` keep within its memory? A million made-up records, merged and verified.

`python -m benchmarks.merge`: once with short bodies and once with 3 kB ones, in 50 runs that each
go over ten years in no order, which is the worst case for putting them in order; one record in
twenty has a second revision. Takes about a quarter of an hour and 20 GB of disk under --folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.figures import judge

GOAL = 300  # MB, whatever the number of records
RUNS = 50
UPDATED = 20  # one record in so many
SHORT, LONG = 200, 3000  # bytes of a body
FORMATS = ("jsonl", "jsonl.gz", "jsonl.zst", "csv", "parquet")
SENTENCES = (
    "“台上一分钟，台下十年功，无人机巡检也是一样。”",
    "据介绍，该项目自2019年实施以来，已惠及职工1479人次，满意率达到91%。",
    "与会单位汇报了工作开展情况，并就做好下一步工作作了交流发言。",
    "会议强调，要创新工作举措，确保取得实实在在的成效，推动产业工人队伍建设改革取得新突破。",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument(
        "--bodies", type=int, nargs="+", choices=(SHORT, LONG), default=(SHORT, LONG)
    )
    parser.add_argument("--folder", help="where the records are made, and deleted")
    given = parser.parse_args()
    print(f"python -m benchmarks.merge --records {given.records}\n")
    print(f"{'':22}{'MB in':>8}{'seconds':>9}{'records/s':>11}{'peak MB':>9}")
    peaks = []
    for body in given.bodies:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            output = Path(folder)
            # Apart: until it has started, a command counts what its parent takes as its own.
            with ProcessPoolExecutor(1, get_context("spawn")) as apart:
                size = apart.submit(make, output, given.records, body).result() / 1e6
            actions = [["merge", "-o", str(output / f"view.{ending}")] for ending in given.formats]
            for action in (["verify"], *actions):
                seconds, peak = measure([*action, "-s", f"OUTPUT_DIR={output}"])
                peaks.append(peak)
                name = " .".join([action[0], *(action[2:] and [action[2].partition("view.")[2]])])
                print(
                    f"{name:14}{body:>6} B{size:>8.0f}{seconds:>9.0f}"
                    f"{given.records / seconds:>11,.0f}{peak:>9.0f}",
                    flush=True,
                )
    print()
    return int(not judge("peak MB of verify and merge", max(peaks), most=GOAL))


def measure(words: list[str]) -> tuple[float, float]:
    """Seconds, and the peak of resident memory in MB, of a `scrapy feed` command."""
    begin = time.perf_counter()
    line = [sys.executable, "-m", "scrapy", "feed", *words]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(line)} ended with {process.returncode}")
    return time.perf_counter() - begin, usage.ru_maxrss / 1024


def make(output: Path, records: int, size: int) -> int:
    """A feed of so many articles with bodies of `size` bytes; its bytes."""
    chance = random.Random(size)  # noqa: S311
    ids = list(range(records))
    chance.shuffle(ids)
    a_run = -(-records // RUNS)
    total = 0
    for number in range(RUNS):
        run_id = f"202611{number // 24 + 1:02}T{number % 24:02}0000Z-workercn-{number:04x}"
        fresh = ids[number * a_run : (number + 1) * a_run]
        # Of the run before: a revision stands once.
        again = ids[max(0, number - 1) * a_run : number * a_run : UPDATED]
        lines = [
            line(chance, run_id, id_, revision, size)
            for revision, chosen in ((1, fresh), (2, again))
            for id_ in chosen
        ]
        counts = {"new": len(fresh), "updated": len(again)}
        total += publish(output / "runs" / run_id, b"".join(lines), counts)
        (output / "runs" / run_id / "report.html").write_text("<html></html>", "utf-8")
    return total


def line(chance: random.Random, run_id: str, id_: int, revision: int, size: int) -> bytes:
    sentence = SENTENCES[id_ % len(SENTENCES)] + str(chance.random())
    body = sentence * (size // len(sentence.encode()) + 1)
    moment = datetime(2016, 1, 1) + timedelta(seconds=chance.randrange(10 * 365 * 86_400))
    record = {
        "schema": "workercn.article/1",
        "id": str(1_000_000 + id_),
        "url": f"https://www.workercn.cn/c/2016-01-01/{1_000_000 + id_}.shtml",
        "generation": "modern",
        "kind": "article",
        "pretitle": None,
        "title": SENTENCES[id_ % len(SENTENCES)],
        "subtitle": None,
        "sections": [{"slug": "character", "name": "人物"}],
        "source": "工人日报客户端",
        "published_at": f"{moment:%Y-%m-%dT%H:%M:%S}+08:00",
        "published_precision": "second",
        "authors": [{"name": "孙川", "role": "reporter"}],
        "editors": [{"name": "于小淑", "role": "editor"}],
        "body": body,
        "body_html": f"<p>{body}</p>" if size == LONG else "",
        "images": [],
        "language": "zh-Hans",
        "raw": {"published_at": None, "source": None, "authors": None, "editors": None},
        "extracted_by": {"title": "label"},
        "warnings": [],
        "content_hash": f"sha256:{id_:064x}",
        "change": "new" if revision == 1 else "updated",
        "revision": revision,
        "changed_fields": [],
        "fetched_at": "2026-11-22T12:30:55Z",
        "run_id": run_id,
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def publish(run: Path, articles: bytes, changes: dict[str, int]) -> int:
    """Write a run folder; the bytes of its articles."""
    run.mkdir(parents=True)
    files: dict[str, Any] = {}
    for name, data in (("articles.jsonl", articles), ("rejects.jsonl", b"")):
        (run / name).write_bytes(data)
        files[name] = {
            "records": data.count(b"\n"),
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    now = datetime.now(UTC).isoformat()
    counts = ("listed", "removed", "unchanged", "rejected", "failed", "requests", "not_modified")
    manifest = {
        "schema": "workercn.run/1",
        "run_id": run.name,
        "spider": "workercn",
        "arguments": {},
        "started_at": now,
        "finished_at": now,
        "finish_reason": "finished",
        "complete": False,
        "health": "ok",
        "exit_code": 0,
        "files": files,
        "counts": dict.fromkeys((*counts, "bytes"), 0) | changes,
        "sections": {},
        "fields": {},
        "newest_published_at": None,
        "checks": [],
        "versions": {"crawler": "", "scrapy": "", "python": ""},
    }
    (run / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return len(articles)


if __name__ == "__main__":
    sys.exit(main())
