"""Retries with growing delay."""

from __future__ import annotations

import logging
import random
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawler.downloader import failures, hosts
from crawler.downloader.circuit import asked_pause
from crawler.downloader.credentials import host_of
from crawler.downloader.stopping import is_stopping, sleep
from crawler.report import findings
from crawler.report.translation import Words

logger = logging.getLogger(__name__)

_UNREACHED = {"dns", "refused"}


class Backoff(RetryMiddleware):
    """Scrapy's retries, each after twice the wait of the one before (RETRY_DELAY, RETRY_DELAY_MAX),
    more of them where nobody was reached (RETRY_TIMES_UNREACHED). What asks for a pause that is
    too long (RETRY_AFTER_MAX) is not retried.
    """

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self._delay = settings.getfloat("RETRY_DELAY")
        self._longest = settings.getfloat("RETRY_DELAY_MAX")
        more = settings.getint("RETRY_TIMES_UNREACHED") if self.max_retry_times else 0
        self._unreached = max(self.max_retry_times, more)
        self._told: set[str] = set()  # hosts that could not be reached, each said once
        self._patience = settings.getfloat("RETRY_AFTER_MAX")

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        wait = asked_pause(response)
        if wait is not None and wait > self._patience:
            return response
        result = super().process_response(request, response)
        if isinstance(result, Request) and wait is None:
            await sleep(self.crawler, self._growing(result))
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
            await sleep(self.crawler, self._growing(result))
        return result

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
