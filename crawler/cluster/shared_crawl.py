"""A crawl as its workers share it in Redis (scripts.py says what stands there)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any, NamedTuple

from crawler.cluster import scripts
from crawler.cluster.redis_server import RedisServer
from crawler.items import ListingEntry


class Member(NamedTuple):
    run_id: str
    taken: int
    written: int  # finished, and not yet published


class Standing(NamedTuple):
    seeded: bool  # the listings are walked
    waiting: int
    taken: int  # by workers that are alive
    seeder: str | None  # the run_id of the worker that walks the listings
    workers: list[Member]
    rate: float  # articles a second, over the last minutes

    @classmethod
    def of(cls, told: str) -> Standing:
        values: dict[str, Any] = json.loads(told)
        workers = [Member(*one) for one in values.pop("workers")]
        rate = _rate(list(values.pop("rate")), values.pop("now"))
        return cls(**values | {"seeder": values["seeder"] or None}, workers=workers, rate=rate)

    @property
    def left(self) -> int:
        return self.waiting + self.taken

    @property
    def over(self) -> bool:
        return self.seeded and not self.left


class TakenEntry(NamedTuple):
    entry: ListingEntry
    deaths: int  # of workers that had it taken


class SharedCrawl:
    """As one of its workers sees it. Everything raises RedisUnavailableError."""

    def __init__(self, server: RedisServer, crawl_id: str, run_id: str, visibility: float) -> None:
        """`visibility`: seconds without a word after which a worker is presumed dead."""
        self.server = server
        self.run_id = run_id
        self._key = key_of(crawl_id)
        self._worker = (run_id, visibility)
        self._articles = 0  # the most that were there during this walk
        self._lost = False  # some of them are there no more

    def _run(self, script: str, *arguments: object) -> Any:
        return self.server.run(scripts.BEGIN + script, self._key, *self._worker, *arguments)

    def beat(self) -> int:
        """Say that this worker lives; how many do, itself included."""
        return int(self._run(scripts.BEAT, scripts.KEPT))

    def poll(self) -> Standing:
        return Standing.of(self._run(scripts.STANDING))

    # --- the walk -----------------------------------------------------------------------------

    def acquire_leadership(self) -> bool:
        """Is it this worker that walks the listings?"""
        if not self._run(scripts.LEAD):
            return False
        self._articles, self._lost = 0, False
        return True

    def seeded(self) -> bool:
        """The walk is over; False where Redis has lost something of it, so that it begins again, or
        where it is another's by now.
        """
        return not self._lost and bool(self._run(scripts.SEEDED, self._articles))

    def push(self, entry: ListingEntry) -> bool:
        """Queue an article behind all others; False where the crawl has it already."""
        new, articles = self._run(scripts.PUSH, entry.id, encoded(entry))
        # There were more: it was restarted, or a copy that lagged behind took its place.
        self._lost |= articles < self._articles
        self._articles = max(self._articles, articles)
        return bool(new)

    def answered(self, entry: ListingEntry, run_id: str) -> bool:
        """Note that a worker's folder has an article already; False where that worker is dead."""
        return bool(self._run(scripts.ANSWERED, entry.id, encoded(entry), run_id))

    # --- articles -----------------------------------------------------------------------------

    def take(self) -> TakenEntry | None:
        found = self._run(scripts.TAKE)
        return TakenEntry(decoded(found[0]), found[1]) if found else None

    def done(self, entry: ListingEntry, run_id: str | None) -> None:
        """It is finished: what became of it stands in that run's folder, or is published."""
        self._run(scripts.DONE, entry.id, encoded(entry), run_id or "")

    def led_to(self, id_: str, by: str) -> bool:
        """Take an article that a redirect leads to; False where it has a turn of its own."""
        return bool(self._run(scripts.LED_TO, id_, by))

    def is_alive(self, run_id: str) -> bool:
        return bool(self._run(scripts.ALIVE, run_id))

    def give_back(self) -> None:
        """Let others do at once what this worker has taken and will not finish."""
        self._run(scripts.GIVE_BACK)

    def leave(self, *, published: bool) -> None:
        """The last word; what stands in a folder that is not published is done by others."""
        self._run(scripts.LEAVE, int(published))


def key_of(crawl_id: str) -> str:
    return f"workercn:{{{crawl_id}}}"


def join(server: RedisServer, crawl_id: str, arguments: dict[str, str]) -> dict[str, str]:
    """The spider's arguments in this crawl: those of the worker that came first."""
    own = json.dumps(arguments, ensure_ascii=False, sort_keys=True)
    held = server.hold(f"{key_of(crawl_id)}:arguments", own, scripts.KEPT)
    theirs: dict[str, str] = json.loads(held)
    return theirs


# --- for a person: `scrapy workers` ---------------------------------------------------------------


def crawls(server: RedisServer) -> list[str]:
    """The names of those that Redis knows. Raises RedisUnavailableError."""
    before, after = key_of("*").split("*")
    keys = server.keys(f"{before}*{after}:arguments")
    return sorted(key.removeprefix(before).removesuffix(f"{after}:arguments") for key in keys)


def look(server: RedisServer, crawl_id: str) -> Standing:
    return Standing.of(server.run(scripts.BEGIN + scripts.STANDING, key_of(crawl_id), "", 0))


def lines(crawl_id: str, crawl: Standing) -> Iterator[str]:
    """How a crawl stands."""
    walk = "walked" if crawl.seeded else "being walked"
    yield (
        f"{crawl_id}: listings {walk}; {crawl.waiting:,} queued, "
        f"{crawl.taken:,} in flight, {len(crawl.workers)} workers, {crawl.rate:.1f} articles/s, "
        f"{_time_left(crawl)}"
    )
    for member in crawl.workers:
        role = ", walks the listings" if member.run_id == crawl.seeder and not crawl.seeded else ""
        done = f"{member.taken:,} in flight, {member.written:,} finished"
        yield f"  {member.run_id}: {done}{role}"


def _time_left(crawl: Standing) -> str:
    """Unknown while the listings are still walked, or nothing is being done."""
    if not crawl.seeded or (crawl.left and not crawl.rate):
        return "time left unknown"
    if not crawl.left:
        return "nothing left"
    return f"{timedelta(seconds=round(crawl.left / crawl.rate))} left"


def _rate(pairs: list[str], now: float) -> float:
    """Of the buckets of the last minutes: from the first of them until now."""
    numbers = [int(one) for one in pairs]
    oldest = now // scripts.BUCKET - scripts.BUCKETS
    buckets = {at: n for at, n in zip(numbers[::2], numbers[1::2], strict=True) if at > oldest}
    if not buckets:
        return 0.0
    return sum(buckets.values()) / max(now - min(buckets) * scripts.BUCKET, scripts.BUCKET)


def encoded(entry: ListingEntry) -> str:
    # JSON, not scrapy-redis' pickle: who can write to Redis shall not run code here.
    values = {key: value for key, value in asdict(entry).items() if value}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def decoded(words: str) -> ListingEntry:
    return ListingEntry(**json.loads(words))
