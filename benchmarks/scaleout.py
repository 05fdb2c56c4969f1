"""Do more workers do more, and do they lose or double anything when they are killed?

`python -m benchmarks.scaleout`: one worker and then four share a crawl of the embedded site, whose
answers take 200 ms; and four of which one is killed every 3 s, while Redis is restarted once and
has nothing of what it had. Needs what the tests need (tests/requirements.txt), redis-server and
PostgreSQL. Takes about eight minutes with the default of 4,000 articles.

`--memory`: what Redis takes for a queued article, of 20,000.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.figures import judge
from benchmarks.site import UNHURRIED, embedded_site
from crawler import clock
from tests.support.services import Redis, postgresql

GOAL = 3.5  # of one worker's rate, by four
LATENCY = 0.2  # seconds
KILL_EVERY = 3.0  # seconds
SETTINGS = {
    **UNHURRIED,
    "CONCURRENT_REQUESTS": 2,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
    "PER_WORKER_RATE": 1,
    "VISIBILITY_SECONDS": 10,
    "MAX_WORKER_DEATHS": 1000,  # which no page is to blame for
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=4_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--memory", action="store_true", help="only what Redis takes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _redis(folder) as redis:
            if given.memory:
                return _memory(redis, folder)
        truth = folder / "truth.jsonl"
        options = ("--warm", "--truth", str(truth), "--latency", str(LATENCY))
        with embedded_site(*options, "--articles", str(given.articles)) as mirror:
            ids = {json.loads(line)["id"] for line in truth.open(encoding="utf-8")}
            print(f"python -m benchmarks.scaleout --articles {given.articles}\n")
            heads = ("records", "lost", "twice", "seconds", "articles/s", "of one")
            print(f"{'':<28}" + "".join(f"{head:>11}" for head in heads))
            site, workers = (mirror, ids), given.workers
            one = _row("1 worker", site, folder, 1)
            many = _row(f"{workers} workers", site, folder, workers, one=one)
            _row("… killed", site, folder, workers, one=one, kill=True)
    print()
    return int(not judge(f"{workers} workers, times one", many / one, least=GOAL))


def _row(
    name: str,
    site: tuple[str, set[str]],
    folder: Path,
    workers: int,
    *,
    one: float = 0,
    kill: bool = False,
) -> float:
    """Print a row; articles a second, from the first that was fetched to the last."""
    mirror, ids = site
    output = Path(tempfile.mkdtemp(dir=folder))
    with _redis(output) as redis, postgresql() as database:
        settings = SETTINGS | {"OUTPUT_DIR": output, "MIRROR_URL": mirror}
        settings |= {"REDIS_URL": redis.url, "STATE_URL": database.database()}
        begin = time.perf_counter()
        crew = [_start(settings) for _ in range(workers)]
        if kill:
            name = f"… killed {_kill(crew, settings, redis)} times"
        codes = [worker.wait() for worker in crew]
        seconds = time.perf_counter() - begin
        if kill:
            # What the last of the killed had written is in folders that a next run publishes.
            codes.append(_start(settings).wait())
    records = [
        json.loads(line)
        for path in output.glob("runs/*[0-9a-f]/articles.jsonl")
        for line in path.open(encoding="utf-8")
    ]
    times = Counter((record["id"], record["revision"]) for record in records)
    fetched = [datetime.fromisoformat(record["fetched_at"]) for record in records]
    fetching = (max(fetched) - min(fetched)).total_seconds()
    twice = sum(number > 1 for number in times.values())
    lost = len(ids - {id_ for id_, _ in times})
    rate = len(times) / fetching
    ratio = f"{rate / one:.2f}" if one else ""
    print(
        f"{name:<28}{len(times):>11,}{lost:>11}{twice:>11}{seconds:>11.0f}{rate:>11.1f}{ratio:>11}"
        + (f"  exit codes {sorted(set(codes))}" if any(codes) else ""),
        flush=True,
    )
    return rate


def _start(settings: dict[str, Any]) -> subprocess.Popen[bytes]:
    since = clock.today() - timedelta(days=60)
    line = [sys.executable, "-m", "scrapy", "crawl", "workercn", "-a", "crawl_id=benchmark"]
    line += ["-a", f"since={since}"]
    for name, value in settings.items():
        line += ["-s", f"{name}={value}"]
    return subprocess.Popen(line, stderr=subprocess.DEVNULL)


def _kill(crew: list[subprocess.Popen[bytes]], settings: dict[str, Any], redis: Redis) -> int:
    """Kill a worker every few seconds, each replaced at once, until one ends by itself."""
    dice = random.Random(4)  # noqa: S311 - keeps no secret
    killed, restarted = 0, False
    began = time.monotonic()
    while all(worker.poll() is None for worker in crew):
        time.sleep(KILL_EVERY)
        place = dice.randrange(len(crew))
        if crew[place].poll() is None:
            crew[place].kill()
            crew[place].wait()
            killed += 1
            crew[place] = _start(settings)
        if not restarted and time.monotonic() - began > 30:
            restarted = True
            redis.stop()
            redis.start()
    return killed


@contextmanager
def _redis(folder: Path) -> Iterator[Redis]:
    server = Redis(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _memory(redis: Redis, folder: Path) -> int:
    """Articles as their listings name them, queued, and then finished."""
    from crawler.cluster.redis_server import RedisServer
    from crawler.cluster.shared_crawl import SharedCrawl
    from crawler.items import ListingEntry

    number = 20_000
    truth = folder / "truth.jsonl"
    with embedded_site("--truth", str(truth), "--articles", str(number)):
        records = [json.loads(line) for line in truth.open(encoding="utf-8")]
    server = RedisServer(redis.url)
    crawl = SharedCrawl(server, "memory", "20261122T000000Z-workercn-0000", 3600)
    print(
        f"python -m benchmarks.scaleout --memory\n\n{number:,} articles, MB for 1,000,000 of them"
    )
    empty = _used(redis)
    for record in records:
        sections = record.get("sections") or [{"slug": "character", "name": "人物"}]
        published = record["published_at"][:19].replace("T", " ")
        words = (record["title"], published, record["source"])
        crawl.push(ListingEntry(record["url"], record["id"], *words, sections=sections))
    print(f"{'queued':<12}{(_used(redis) - empty) / number:>8.0f}")
    for _ in range(number):
        taken = crawl.take()
        assert taken is not None
        crawl.done(taken.entry, crawl.run_id)
    print(f"{'finished':<12}{(_used(redis) - empty) / number:>8.0f}")
    return 0


def _used(redis: Redis) -> float:
    """Bytes that its data takes."""
    import redis as client

    with client.Redis.from_url(redis.url) as connection:
        return float(connection.info("memory")["used_memory"])


if __name__ == "__main__":
    sys.exit(main())
