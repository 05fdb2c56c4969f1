"""Redis, which may be away: said at once, and tried again after a moment."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from scrapy_redis.connection import get_redis

_TIMEOUT = 3.0  # seconds for an answer, during which all else waits
_PAUSE = 1.0  # seconds between two attempts to reach a server that is away


class RedisUnavailableError(Exception):
    """Redis does not answer: one line, without its password."""


class RedisServer:
    """Raises RedisUnavailableError, also without asking where it was away a moment ago."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        where = f"{parts.hostname}:{parts.port or 6379}" if parts.hostname else parts.path
        self.name = f"redis {where}"
        self._redis: Redis = get_redis(
            url=url,
            decode_responses=True,
            socket_timeout=_TIMEOUT,
            socket_connect_timeout=_TIMEOUT,
            retry=Retry(NoBackoff(), 1),  # a connection that an earlier failure left broken
        )
        self._next_try = 0.0
        self.away_since: float | None = None  # monotonic seconds

    def run(self, script: str, key: str, *arguments: object) -> Any:
        """What a Lua script returns; Redis is sent its text once, and then its digest."""
        registered = self._redis.register_script(script)
        return self._ask(lambda: registered([key], list(arguments)))  # type: ignore[arg-type]

    def ping(self) -> None:
        self._ask(self._redis.ping)

    def hold(self, key: str, value: str, seconds: int) -> str:
        """The value of a key: this one, where it had none."""
        set_ = self._ask(lambda: self._redis.set(key, value, nx=True, ex=seconds))
        held: str = value if set_ else self._ask(lambda: self._redis.get(key))
        return held

    def keys(self, pattern: str) -> list[str]:
        found: list[str] = self._ask(lambda: list(self._redis.scan_iter(pattern, count=1000)))
        return found

    def close(self) -> None:
        self._redis.close()

    def _ask(self, question: Callable[[], Any]) -> Any:
        if monotonic() < self._next_try:
            raise RedisUnavailableError(f"{self.name} is away")
        try:
            answer = question()
        except RedisError as error:
            now = monotonic()
            self.away_since = self.away_since or now
            self._next_try = now + _PAUSE
            raise RedisUnavailableError(f"{self.name}: {error}") from error
        self.away_since = None
        return answer
