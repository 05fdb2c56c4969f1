"""What does it cost to know a million articles? Against an empty state, and the limits we set.

`python -m benchmarks.state [--known N] [--records N] [--url postgresql://…]`: known articles are
made by SQL, then a process of its own opens the state, looks articles up and reads what is due. The
second table is of runs folded into an empty state. A database given by --url is emptied.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import judge

MEDIAN_GOAL = 100  # µs a lookup
MEMORY_GOAL = 20  # MB more with all known than with none
START_GOAL = 1.5  # s until the first lookup is answered, the interpreter's start included
STEEPEST = 0.2  # exponent of a lookup: a tree grows deeper, if slowly
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
WINDOW = timedelta(days=3)
DIGEST = "sha256:" + "0123456789abcdef" * 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--known", type=int, default=1_000_000)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--lookups", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3, help="the start is their median")
    parser.add_argument("--url", help="of a database to use instead of SQLite; it is emptied")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--fold", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure is not None:
        print(json.dumps(_measure(given.url, given.measure, given.lookups)))
    elif given.fold is not None:
        print(json.dumps(_fold(given.url, given.fold)))
    else:
        print(f"python -m benchmarks.state --known {given.known} --records {given.records}\n")
        with tempfile.TemporaryDirectory() as folder:
            url = given.url or f"sqlite:///{folder}/state.db"
            _lookups(url, given.known, given.lookups, given.rounds)
            _folds(url, Path(folder), given.records)
    return 0


def _lookups(url: str, known: int, lookups: int, rounds: int) -> None:
    print(f"{'known':>9}{'start s':>9}{'open ms':>9}{'median µs':>11}{'p99 µs':>9}", end="")
    print(f"{'due':>8}{'due s':>8}{'MB':>7}")
    memory, sizes, medians = [], (known // 100, known // 10, known), []
    for number in (0, *sizes):
        _fill(url, number)
        starts = []
        for _ in range(rounds):
            begin = time.perf_counter()
            row = _child("--url", url, "--measure", number, "--lookups", lookups)
            starts.append(row["first"] - begin)
        row["start"] = statistics.median(starts)
        memory.append(row["MB"])
        medians.append(row["median"])
        print(f"{number:>9,}{row['start']:>9.2f}{row['open']:>9.1f}", end="")
        print(f"{row['median']:>11.0f}{row['p99']:>9.0f}{row['due']:>8,}", end="")
        print(f"{row['scan']:>8.2f}{row['MB']:>7.0f}", flush=True)
    if not url.startswith("sqlite"):
        return  # how far away the server is, no limit says
    print()
    steepness = statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(median) for median in medians[1:]]
    ).slope
    judge(f"s to start with {known:,} known", row["start"], most=START_GOAL)
    judge("µs a lookup", row["median"], most=MEDIAN_GOAL)
    judge("exponent of a lookup by the known", steepness, most=STEEPEST)
    judge("MB more than with an empty state", memory[-1] - memory[0], most=MEMORY_GOAL)


def _folds(url: str, output: Path, records: int) -> None:
    print(f"\n{'records':>9}{'seconds':>9}{'records/s':>11}{'MB':>7}")
    for number in (records // 10, records):
        _fill(url, 0)
        folder = _run_folder(output / str(number), number)
        row = _child("--url", url, "--fold", folder)
        print(f"{number:>9,}{row['seconds']:>9.1f}", end="")
        print(f"{number / row['seconds']:>11,.0f}{row['MB']:>7.0f}", flush=True)


def _child(*options: object) -> dict[str, float]:
    line = [sys.executable, "-m", "benchmarks.state", *map(str, options)]
    done = subprocess.run(line, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def _measure(url: str, known: int, lookups: int) -> dict[str, float]:
    from crawler.state import open_state

    state = open_state(url)
    state.find("1")
    first = time.perf_counter()
    state.close()
    begin = time.perf_counter()
    state = open_state(url)
    opened = time.perf_counter() - begin
    chosen = random.Random(7)  # noqa: S311
    took = []
    for _ in range(lookups):
        number = str(8_000_000 + chosen.randrange(max(known, 1)))
        begin = time.perf_counter()
        found = state.find(number)
        took.append((time.perf_counter() - begin) * 1e6)
        assert (found is None) == (known == 0)
    begin = time.perf_counter()
    due = sum(1 for _ in state.due(NOW, NOW - WINDOW))
    scan = time.perf_counter() - begin
    state.close()
    took.sort()
    return {
        "first": first,  # on the clock that this process shares with its parent
        "open": opened * 1000,
        "median": statistics.median(took),
        "p99": took[int(lookups * 0.99)],
        "due": due,
        "scan": scan,
        "MB": _peak(),
    }


def _fold(url: str, folder: Path) -> dict[str, float]:
    from crawler.runs import projection
    from crawler.state import open_state

    state = open_state(url)
    begin = time.perf_counter()
    with state.learning() as writer:
        projection.apply_run(writer, folder)
    seconds = time.perf_counter() - begin
    state.close()
    return {"seconds": seconds, "MB": _peak()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# n from 0 up: a hundred articles a day, of which each hundredth was gone when last asked for.
_NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers (n) AS "
    "(SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {known})",
    "postgresql": "WITH numbers (n) AS (SELECT generate_series(0, {known} - 1))",
}
_PUBLISHED = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', '2026-11-22 12:00', '-' || (n * 864) || ' seconds')",
    "postgresql": "to_char(timestamp '2026-11-22 12:00' - n * interval '864 seconds', "
    "'YYYY-MM-DD\"T\"HH24:MI:SS')",
}
_ARTICLES = """
    INSERT INTO article (id, url, generation, title, published, revision, change, content_hash,
        raw_hash, parser, etag, modified, run_id, place, first_seen, last_seen, checked_at,
        next_check, missing) {numbers}
    SELECT CAST(8000000 + n AS TEXT),
        'https://www.workercn.cn/c/2026-11-22/' || CAST(8000000 + n AS TEXT) || '.shtml',
        'modern', '一线职工的好消息：全国总工会部署冬季送温暖工作 ' || CAST(n AS TEXT),
        {published} || '+08:00', 1, 'new', '{digest}', '{digest}', '0123456789ab',
        '"0123456789abcdef"', 'Sun, 22 Nov 2026 04:00:00 GMT', '20261121T040000Z-workercn-0000',
        n * CAST(4000 AS BIGINT), '2026-11-21T04:00:00Z', '2026-11-21T04:00:00Z',
        '2026-11-21T04:00:00Z', '2026-11-22T00:00:00Z',
        CASE WHEN n - n / 100 * 100 = 99 THEN 1 ELSE 0 END
    FROM numbers"""
_SIGHTINGS = "INSERT INTO seen_in SELECT id, 'character', '人物', run_id, NULL FROM article"


def _fill(url: str, known: int) -> None:
    """Make a state of so many articles, by SQL."""
    from sqlalchemy import create_engine

    from crawler.state import open_state

    state = open_state(url)
    with state.learning() as writer:
        writer.clear()
    state.close()
    url = url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    name = engine.dialect.name
    articles = _ARTICLES.format(
        numbers=_NUMBERS[name].format(known=known), published=_PUBLISHED[name], digest=DIGEST
    )
    with engine.connect() as connection:
        if known:
            connection.exec_driver_sql(articles)
            connection.exec_driver_sql(_SIGHTINGS)
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _run_folder(folder: Path, records: int) -> Path:
    folder.mkdir()
    run_id = "20261122T040000Z-workercn-0000"
    with (
        (folder / "articles.jsonl").open("w") as articles,
        (folder / "journal.jsonl").open("w") as journal,
    ):
        for number in range(records):
            id_ = str(8_000_000 + number)
            record = {
                "id": id_,
                "url": f"https://www.workercn.cn/c/2026-11-22/{id_}.shtml",
                "generation": "modern",
                "kind": "article",
                "language": "zh-Hans",
                "title": f"一线职工的好消息 {number}",
                "sections": [{"slug": "character", "name": "人物"}],
                "published_at": "2026-11-22T09:00:00+08:00",
                "published_precision": "second",
                "body": "全国总工会部署冬季送温暖工作。" * 70,  # 3 kB
                "content_hash": DIGEST,
                "change": "new",
                "revision": 1,
                "fetched_at": "2026-11-22T04:00:00Z",
            }
            behind = {"etag": None, "modified": None, "raw": DIGEST, "parser": "0123456789ab"}
            note = {"note": "record", "id": id_, "revision": 1, **behind}
            articles.write(json.dumps(record, ensure_ascii=False) + "\n")
            journal.write(json.dumps(note) + "\n")
    moments = {"started_at": "2026-11-22T04:00:00Z", "finished_at": "2026-11-22T05:00:00Z"}
    manifest = {"run_id": run_id, **moments, "complete": True, "health": "ok"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


if __name__ == "__main__":
    sys.exit(main())
