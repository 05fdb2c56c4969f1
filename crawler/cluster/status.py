"""How a shared crawl stands, for a person: `scrapy workers`."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.cluster import scripts
from crawler.cluster.redis_server import RedisServer
from crawler.cluster.shared_crawl import Standing, key_of


def crawls(server: RedisServer) -> list[str]:
    """The names of those that Redis knows. Raises RedisUnavailableError."""
    before, after = key_of("*").split("*")
    keys = server.keys(f"{before}*{after}:arguments")
    return sorted(key.removeprefix(before).removesuffix(f"{after}:arguments") for key in keys)


def look(server: RedisServer, crawl_id: str) -> Standing:
    return Standing.of(server.script(scripts.STANDING)([key_of(crawl_id)], ["", 0]))


def lines(crawl_id: str, crawl: Standing) -> Iterator[str]:
    walk = "walked" if crawl.seeded else "being walked"
    yield (
        f"{crawl_id}: listings {walk}; {crawl.waiting + crawl.lost:,} queued, "
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
    minutes, seconds = divmod(round(crawl.left / crawl.rate), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02} left"
