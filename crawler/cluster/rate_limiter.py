"""Politeness that all workers share: whose turn it is to ask a host.

`workercn:turn:{<host>}`         when the host may be asked next
`workercn:turn:{<host>}:asking`  sorted set: requests under way → when they count no more
`workercn:turn:{<host>}:pause`   there for as long as the host asked not to be asked (Retry-After)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler

from crawler import run_context
from crawler.cluster.redis_server import RedisServer, RedisUnavailableError
from crawler.downloader.failures import Refused
from crawler.downloader.stopping import refuse_when_stopping

_BEGIN = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local host, asking, delay = KEYS[1], KEYS[1] .. ':asking', tonumber(ARGV[2])
local function wait_for_next()
  redis.call('SET', host, now + delay, 'PX', math.ceil(delay * 1000) + 1)
end
"""

# → the seconds of a pause and the seconds until it is worth while to ask again, both 0: go
_TAKE = """
local pause = redis.call('PTTL', host .. ':pause')
if pause > 0 then return {tostring(pause / 1000), '0'} end
local first = tonumber(redis.call('GET', host) or 0)
if first > now then return {'0', tostring(first - now)} end
redis.call('ZREMRANGEBYSCORE', asking, '-inf', now)
if redis.call('ZCARD', asking) >= tonumber(ARGV[3]) then return {'0', '0.05'} end
wait_for_next()
redis.call('ZADD', asking, now + tonumber(ARGV[4]), ARGV[1])
redis.call('PEXPIRE', asking, math.ceil(tonumber(ARGV[4]) * 1000))
return {'0', '0'}
"""

# ARGV[3]: 1 where the delay counts from now, after all that a page asked for
_END = "redis.call('ZREM', asking, ARGV[1]) if ARGV[3] == '1' then wait_for_next() end"

_PAUSE = """
if redis.call('PTTL', host .. ':pause') < tonumber(ARGV[1]) then
  redis.call('SET', host .. ':pause', 1, 'PX', ARGV[1])
end
"""

_GRACE = 30.0  # seconds beyond DOWNLOAD_TIMEOUT, after which a request is that of a dead worker

Pause = Callable[[str, float], Awaitable[None]]


class SharedRateLimiter:
    """CONCURRENT_REQUESTS_PER_DOMAIN and the delay, of all workers together.

    The delay is the longest of any worker: each asks for its own, which AutoThrottle may have
    made longer than DOWNLOAD_DELAY.
    """

    def __init__(self, crawler: Crawler, server: RedisServer, insist: Callable[..., Any]) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._insist = insist
        self._server = server
        self._most = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._delay = settings.getfloat("DOWNLOAD_DELAY")
        self._seconds = settings.getfloat("DOWNLOAD_TIMEOUT") + _GRACE
        run_id = run_context.required(settings).run_id
        self._names = (f"{run_id}:{number}" for number in count())

    @asynccontextmanager
    async def turn(
        self, host: str, request: Request, pause: Pause, *, page: bool
    ) -> AsyncIterator[None]:
        """Wait until it is this worker's turn, and have it until the end of the block.

        `pause` waits where the host asked for it, and raises where that takes too long. `page`:
        with all that Splash asks for to show it. Raises Refused where the crawl is stopped
        meanwhile.
        """
        name, delay = next(self._names), self._delay_of(request)
        await self._wait(host, name, delay, pause)
        try:
            yield
        finally:
            self._try(_END, host, name, delay, int(page))

    async def _wait(self, host: str, name: str, delay: float, pause: Pause) -> None:
        while True:
            try:
                asked, wait = await self._insist(
                    self._run, _TAKE, host, name, delay, self._most, self._seconds
                )
            except RedisUnavailableError as error:
                raise Refused("stopped", str(error)) from error
            if float(asked):
                await pause(host, float(asked))
            elif not float(wait):
                return
            else:
                await asyncio.sleep(min(float(wait), 1.0))
            refuse_when_stopping(self._crawler)

    def pause(self, host: str, seconds: float) -> None:
        """Let no worker ask the host for so long."""
        if seconds > 0:
            self._try(_PAUSE, host, int(seconds * 1000))

    def _try(self, script: str, host: str, *arguments: object) -> None:
        """What cannot be said passes: turns end by themselves, and this worker knows of a pause."""
        with suppress(RedisUnavailableError):
            self._run(script, host, *arguments)

    def _run(self, script: str, host: str, *arguments: object) -> Any:
        return self._server.run(_BEGIN + script, f"workercn:turn:{{{host}}}", *arguments)

    def _delay_of(self, request: Request) -> float:
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        return max(self._delay, slot.delay if slot else 0.0)
