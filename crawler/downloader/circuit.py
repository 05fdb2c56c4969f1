"""When a host is left alone, because it fails or asked for a pause, and when it is asked again."""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from dataclasses import dataclass
from time import monotonic

from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler import clock
from crawler.downloader import failures, server_time
from crawler.downloader.failures import Refused
from crawler.downloader.stopping import TICK, is_stopping, sleep

logger = logging.getLogger(__name__)

# What says that a host is away or has too much to do; a page that fails alone says nothing.
_AWAY = {"timeout", "dns", "refused", "connection", "truncated"}
_BUSY = (429, 502, 503, 504)


@dataclass(slots=True)
class Circuit:
    """One host's. Closed while it answers; open, so that nobody asks, for `pause` seconds after
    `failures` in a row; then half open: one request is let through, the probe, whose answer closes
    it and whose failure opens it again for twice as long. After `probes` of them it stays open.

    Moments are seconds of one clock.
    """

    failures: int
    pause: float
    probes: int
    _in_a_row: int = 0
    _probed: int = 0  # in vain
    _until: float | None = None  # None: closed
    _probing: bool = False

    def wait(self, now: float) -> float:
        """Seconds until somebody may ask, inf for never; 0 is leave to ask, which a half open one
        gives once.
        """
        if self._until is None:
            return 0
        if self._probed >= self.probes:
            return math.inf
        if self._probing:
            return self.pause
        if now < self._until:
            return self._until - now
        self._probing = True
        return 0

    def answered(self) -> None:
        self._in_a_row = self._probed = 0
        self._until, self._probing = None, False

    def failed(self, now: float) -> bool:
        """Whether this has opened it."""
        self._in_a_row += 1
        if self._until is not None:
            if not self._probing:
                return False  # asked before it opened
            self._probing = False
            self._probed += 1
        elif self._in_a_row < self.failures:
            return False
        self._until = now + self.pause * 2**self._probed
        return True


class HostPauses:
    """429 and 503 with Retry-After pause every request to the host; one that asks for more than
    RETRY_AFTER_MAX seconds is not asked again before that time in this run. A host that fails
    CIRCUIT_FAILURES times in a row is left alone for CIRCUIT_PAUSE seconds.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._longest = settings.getfloat("RETRY_AFTER_MAX")
        self._until: dict[str, float] = {}  # host -> monotonic seconds
        limits = settings.getint("CIRCUIT_FAILURES"), settings.getfloat("CIRCUIT_PAUSE")
        self._circuits = defaultdict[str, Circuit](
            lambda: Circuit(*limits, settings.getint("CIRCUIT_PROBES"))
        )

    async def pause_over(self, host: str) -> None:
        """Return when `host` may be asked again; Refused where that is too far away."""
        left = self._until.get(host, 0.0) - monotonic()
        if left > self._longest:
            raise Refused("paused", f"{host} asked not to be asked for another {left:.0f} s")
        if left > 0:
            await sleep(self._crawler, left)

    async def let_through(self, host: str) -> None:
        """Return when `host`, should it have failed, may be asked; what becomes of the request has
        to be told to `record_result`. Refused where it is given up.
        """
        while (left := self._circuits[host].wait(monotonic())) and not is_stopping(self._crawler):
            if math.isinf(left):
                raise Refused("host_down", f"{host} fails and is not asked any more in this run")
            await sleep(self._crawler, min(left, TICK))

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
            self._crawler.stats.inc_value("workercn/circuit_opened")
        return seconds

    def _asked(self, host: str, response: Response) -> float | None:
        seconds = asked_pause(response)
        if seconds is not None and self.pause(host, seconds):
            logger.warning("%s asks for a pause of %.0f s (Retry-After)", host, seconds)
            self._crawler.stats.inc_value("workercn/pauses")
        return seconds

    def pause(self, host: str, seconds: float) -> bool:
        """Let the domain be asked no more for so long; False where it is not for longer already."""
        until = monotonic() + seconds
        if until <= self._until.get(host, 0.0):
            return False
        self._until[host] = until
        return True


def asked_pause(response: Response) -> float | None:
    """Seconds that a 429 or 503 asks for by Retry-After, in either form (`120`, an HTTP date)."""
    if response.status not in (429, 503):
        return None
    if (wait := server_time.seconds(response, "Retry-After")) is not None:
        return wait
    until = server_time.http_date(response, "Retry-After")
    return max(0.0, (until - clock.now()).total_seconds()) if until else None
