"""A resolver to which every name is this machine, and none for a while.

NAMES_ARE_AWAY=30:6: for six lookups, from number 30 on, counted from 0; 30:6s: for six seconds.
"""

from __future__ import annotations

import os
import time
from itertools import count
from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.error import DNSLookupError


class Resolver(CachingThreadedResolver):
    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        first, length = os.environ["NAMES_ARE_AWAY"].split(":")
        self._numbers = count(-int(first))  # of lookups, 0 the first that may find nothing
        self._by_clock = length.endswith("s")
        self._length = float(length.removesuffix("s"))
        self._began: float | None = None

    def getHostByName(self, name: str, timeout: Any = ()) -> defer.Deferred[str]:
        number = next(self._numbers)
        if number >= 0:
            now = time.monotonic()
            self._began = self._began or now
            passed = now - self._began if self._by_clock else number
            if passed < self._length:
                return defer.fail(DNSLookupError(f"no address for {name}"))
        return defer.succeed("127.0.0.1")
