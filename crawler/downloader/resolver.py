"""From a host's name to an address of the internet: whoever answers for the name may not send the
crawl into the network that it runs in.

The address that was checked is the one that is connected to, whatever the name leads to a moment
later. Those that the settings name (mirror, renderer, proxy, PRIVATE_HOSTS) may lead anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import CrawlerProcess
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

# name -> the address that was refused. Twisted tells who asks for the name nothing but that it has
# none; kept here as Scrapy keeps its cache of names.
refused: dict[str, str] = {}


class PublicResolver(CachingThreadedResolver):
    """Scrapy's, less addresses that are not of the internet: DNSLookupError, and noted."""

    def __init__(
        self, reactor: ReactorBase, cache_size: int, timeout: float, chosen: frozenset[str]
    ) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._chosen = chosen

    @classmethod
    def from_crawler(cls, crawler: CrawlerProcess, reactor: ReactorBase) -> PublicResolver:  # type: ignore[override]
        settings = crawler.settings
        size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, size, settings.getfloat("DNS_TIMEOUT"), chosen_hosts(settings))

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        found = super().getHostByName(name, timeout)
        return found if name.lower() in self._chosen else found.addCallback(self._public, name)

    def _public(self, address: str, name: str) -> str:
        if not is_public(address):
            refused[name.lower()] = address
            raise DNSLookupError(name)
        refused.pop(name.lower(), None)
        return address


def is_public(address: str) -> bool:
    """Neither private, shared, loopback, link-local (metadata), multicast nor reserved."""
    found = ip_address(address)
    return found.is_global and not found.is_multicast


def chosen_hosts(settings: BaseSettings) -> frozenset[str]:
    return frozenset(map(str.lower, _chosen(settings)))


def _chosen(settings: BaseSettings) -> Iterator[str]:
    yield from filter(None, map(str.strip, settings["PRIVATE_HOSTS"].split(",")))
    named = [settings["MIRROR_URL"]]
    if settings["RENDERER"] == "splash":
        named.append(settings["SPLASH_URL"])
    # A proxy may be written without its scheme.
    named += (url if "://" in url else f"//{url}" for url in getproxies().values())
    for url in named:
        try:
            yield urlsplit(url or "").hostname or ""
        except ValueError:
            continue
