"""A resolver to which every name is this machine, and none for some of the times it is asked.

NAMES_ARE_AWAY=30:38: eight times, from the thirtieth on (counted from 0).
"""

from __future__ import annotations

import os
from itertools import count
from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.error import DNSLookupError


class Resolver(CachingThreadedResolver):
    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self._asked = count()
        self._away = range(*map(int, os.environ["NAMES_ARE_AWAY"].split(":")))

    def getHostByName(self, name: str, timeout: Any = ()) -> defer.Deferred[str]:
        if next(self._asked) in self._away:
            return defer.fail(DNSLookupError(f"no address for {name}"))
        return defer.succeed("127.0.0.1")
