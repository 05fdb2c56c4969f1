"""When a host that fails is left alone, and when it is asked again."""

from __future__ import annotations

import math
from dataclasses import dataclass


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
