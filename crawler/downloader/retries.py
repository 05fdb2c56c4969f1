"""Retries with growing delay; a pause of a whole host where it asked for one, or where it fails."""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections import defaultdict
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawler import clock
from crawler.downloader import failures, hosts, server_time
from crawler.downloader.circuit import Circuit
from crawler.downloader.credentials import host_of
from crawler.downloader.failures import Refused
from crawler.downloader.stopping import is_stopping
from crawler.report import findings
from crawler.report.translation import Words

logger = logging.getLogger(__name__)

_TICK = 0.25  # seconds between looks at whether the crawl is being stopped
# What says that a host is away or has too much to do; a page that fails alone says nothing.
_AWAY = {"timeout", "dns", "refused", "connection", "truncated"}
_BUSY = (429, 502, 503, 504)
_UNREACHED = {"dns", "refused"}


class Backoff(RetryMiddleware):
    """Scrapy's retries, each after twice the wait of the one before (RETRY_DELAY, RETRY_DELAY_MAX),
    more of them where nobody was reached (RETRY_TIMES_UNREACHED).

    429 and 503 with Retry-After pause every request to the domain; one that asks for more than
    RETRY_AFTER_MAX seconds is not asked again before that time in this run. A host that fails
    CIRCUIT_FAILURES times in a row is left alone for CIRCUIT_PAUSE seconds (circuit.py).
    """

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self._delay = settings.getfloat("RETRY_DELAY")
        self._longest = settings.getfloat("RETRY_DELAY_MAX")
        more = settings.getint("RETRY_TIMES_UNREACHED") if self.max_retry_times else 0
        self._unreached = max(self.max_retry_times, more)
        self._told: set[str] = set()  # hosts that could not be reached, each said once
        self._patience = settings.getfloat("RETRY_AFTER_MAX")
        self._paused_until: dict[str, float] = {}  # host -> monotonic seconds
        limits = settings.getint("CIRCUIT_FAILURES"), settings.getfloat("CIRCUIT_PAUSE")
        self._circuits = defaultdict[str, Circuit](
            lambda: Circuit(*limits, settings.getint("CIRCUIT_PROBES"))
        )

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        wait = asked_pause(response)
        if wait is not None and wait > self._patience:
            return response
        result = super().process_response(request, response)
        if isinstance(result, Request) and wait is None:
            await self._sleep(self._growing(result))
        return result

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        if is_stopping(self.crawler):
            return None
        if failures.is_cause(exception):
            hosts.of(self.crawler.stats, request).why = failures.name(exception)
        if failures.reason(exception) in _UNREACHED:
            request.meta["max_retry_times"] = self._unreached
            self._tell(host_of(request.url), failures.name(exception))
        result = super().process_exception(request, exception)
        if isinstance(result, Request):
            await self._sleep(self._growing(result))
        return result

    async def pause_over(self, host: str) -> None:
        """Return when `host` may be asked again; Refused where that is too far away."""
        left = self._paused_until.get(host, 0.0) - monotonic()
        if left > self._patience:
            raise Refused("paused", f"{host} asked not to be asked for another {left:.0f} s")
        if left > 0:
            await self._sleep(left)

    async def let_through(self, host: str) -> None:
        """Return when `host`, should it have failed, may be asked; what becomes of the request has
        to be told to `record_result`. Refused where it is given up.
        """
        while (left := self._circuits[host].wait(monotonic())) and not is_stopping(self.crawler):
            if math.isinf(left):
                raise Refused("host_down", f"{host} fails and is not asked any more in this run")
            await self._sleep(min(left, _TICK))

    def record_result(self, host: str, answer: Response | BaseException) -> float | None:
        """Pause the host where it asks for it, or fails too often; for how many seconds it asked.

        Called by the download handler: when the middlewares see the response, the slot has sent
        its next request already.
        """
        circuit, seconds = self._circuits[host], None
        if isinstance(answer, Response):
            is_away = answer.status in _BUSY
            seconds = self._asked(host, answer)
        else:
            is_away = failures.reason(answer) in _AWAY
        if not is_away:
            circuit.answered()
        elif circuit.failed(monotonic()):
            logger.warning("%s fails; it is left alone for a while", host)
            self.crawler.stats.inc_value("workercn/circuit_opened")
        return seconds

    def _asked(self, host: str, response: Response) -> float | None:
        seconds = asked_pause(response)
        if seconds is not None and self.pause(host, seconds):
            logger.warning("%s asks for a pause of %.0f s (Retry-After)", host, seconds)
            self.crawler.stats.inc_value("workercn/pauses")
        return seconds

    def pause(self, host: str, seconds: float) -> bool:
        """Let the domain be asked no more for so long; False where it is not for longer already."""
        until = monotonic() + seconds
        if until <= self._paused_until.get(host, 0.0):
            return False
        self._paused_until[host] = until
        return True

    def _tell(self, host: str, reason: str) -> None:
        """What is wrong and what is done about it, once for each host."""
        if host in self._told:
            return
        self._told.add(host)
        say = Words()
        seconds = sum(map(self._wait, range(1, self._unreached + 1)))
        next_ = f"retrying for up to {say.span(seconds)}" if self._unreached else "not retrying"
        logger.warning("%s; %s", findings.unreached(say, host, reason), next_)

    def _wait(self, times: int) -> float:
        """Seconds before the retry of that number, from 1."""
        wait: float = min(self._delay * 2.0 ** (times - 1), self._longest)
        return wait

    def _growing(self, retry: Request) -> float:
        wait = self._wait(retry.meta["retry_times"])
        return wait * random.uniform(0.75, 1.25)  # noqa: S311 - spreads retries, keeps no secret

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not longer than the crawl runs: Ctrl-C shall not wait for a retry."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0 and not is_stopping(self.crawler):
            await asyncio.sleep(min(left, _TICK))


def asked_pause(response: Response) -> float | None:
    """Seconds that a 429 or 503 asks for by Retry-After, in either form (`120`, an HTTP date)."""
    if response.status not in (429, 503):
        return None
    if (wait := server_time.seconds(response, "Retry-After")) is not None:
        return wait
    until = server_time.http_date(response, "Retry-After")
    return max(0.0, (until - clock.now()).total_seconds()) if until else None
