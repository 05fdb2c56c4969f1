"""How a shared crawl stands, for a person: `scrapy workers`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from crawler.cluster import scripts
from crawler.cluster.redis_server import RedisServer
from crawler.cluster.shared_crawl import key_of


class Member(NamedTuple):
    run_id: str
    taken: int
    written: int  # finished, and not yet published


class Crawl(NamedTuple):
    crawl_id: str
    seeded: bool  # the listings are walked
    seeder: str | None
    waiting: int
    workers: list[Member]
    rate: float  # articles a second, over the last minutes

    @property
    def taken(self) -> int:
        return sum(member.taken for member in self.workers)

    @property
    def seconds_left(self) -> float | None:
        """None where nobody can know: the listings are still walked, or nothing is being done."""
        left = self.waiting + self.taken
        if not self.seeded or (left and not self.rate):
            return None
        return left / self.rate if left else 0.0


def crawls(server: RedisServer) -> list[str]:
    """The names of those that Redis knows. Raises AwayError."""
    before, after = key_of("*").split("*")
    keys = server.keys(f"{before}*{after}:arguments")
    return sorted(key.removeprefix(before).removesuffix(f"{after}:arguments") for key in keys)


def look(server: RedisServer, crawl_id: str) -> Crawl:
    """Raises AwayError."""
    told: dict[str, Any] = json.loads(server.script(scripts.STANDING)([key_of(crawl_id)], ["", 0]))
    return Crawl(
        crawl_id,
        told["seeded"],
        told["seeder"] or None,
        told["waiting"],
        [Member(*one) for one in told["workers"]],
        _rate(list(told["rate"]), told["now"]),
    )


def lines(crawl: Crawl) -> Iterator[str]:
    walk = "walked" if crawl.seeded else "being walked"
    yield (
        f"{crawl.crawl_id}: listings {walk}; {crawl.waiting:,} queued, {crawl.taken:,} in flight, "
        f"{len(crawl.workers)} workers, {crawl.rate:.1f} articles/s, {_left(crawl)}"
    )
    for member in crawl.workers:
        role = ", walks the listings" if member.run_id == crawl.seeder and not crawl.seeded else ""
        done = f"{member.taken:,} in flight, {member.written:,} finished"
        yield f"  {member.run_id}: {done}{role}"


def _rate(pairs: list[str], now: float) -> float:
    """Of the buckets of the last minutes: from the first of them until now."""
    numbers = [int(one) for one in pairs]
    oldest = now // scripts.BUCKET - scripts.BUCKETS
    buckets = {at: n for at, n in zip(numbers[::2], numbers[1::2], strict=True) if at > oldest}
    if not buckets:
        return 0.0
    return sum(buckets.values()) / max(now - min(buckets) * scripts.BUCKET, scripts.BUCKET)


def _left(crawl: Crawl) -> str:
    seconds = crawl.seconds_left
    if seconds is None:
        return "time left unknown"
    if not seconds:
        return "nothing left"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02} left"
