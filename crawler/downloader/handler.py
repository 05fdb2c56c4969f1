"""The download handler: waits while a domain asked for a pause or it is the turn of another worker,
reads from a mirror, and has pages rendered that are wanted so.

This is the only place that knows of mirrors. With MIRROR_URL every request for the site goes to
that address with the original host in `Host:`; robots.txt, redirects, slots and records see the
original address, because they all stand above this.
"""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import SplitResult, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
)
from scrapy.http import Response

from crawler import cluster
from crawler.downloader import headers, stopping
from crawler.downloader.circuit import HostPauses
from crawler.downloader.credentials import host_of
from crawler.downloader.failures import Refused
from crawler.downloader.rendering import RENDER, Rendering
from crawler.downloader.resolver import refused
from crawler.downloader.stopping import refuse_when_stopping, stopped
from crawler.site.urls import belongs


class SiteDownloadHandler(HTTP11DownloadHandler):
    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        largest = crawler.settings.getint("DOWNLOAD_HEADERS_MAXSIZE")
        self._pool._factory = partial(headers.BoundedFactory, largest=largest)  # type: ignore[assignment]
        self._pauses = HostPauses(crawler)
        self._rendering = crawler.get_extension(Rendering)
        worker = cluster.worker_of(crawler)
        self._turns = worker.turns if worker else None
        mirror = crawler.settings["MIRROR_URL"]
        self._mirror = urlsplit(mirror) if mirror else None
        self._under_way: set[asyncio.Task[Response]] = set()
        crawler.signals.connect(self._give_up, stopping.OVERDUE)

    async def download_request(self, request: Request) -> Response:
        refuse_when_stopping(self._crawler)  # what has waited in the slot
        task = asyncio.ensure_future(self._in_turn(request))
        self._under_way.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if task in self._under_way:
                raise
            raise stopped() from None
        finally:
            self._under_way.discard(task)

    def _give_up(self) -> None:
        """A stop has waited for long enough."""
        while self._under_way:
            self._under_way.pop().cancel()

    async def _in_turn(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        # Waiting here, inside the domain's slot, stops all that is queued behind this request.
        await self._pauses.pause_over(host)
        rendering = self._rendering if request.meta.get(RENDER) else None
        # What Chromium asks for comes back here, each request for a turn of its own.
        if self._turns is None or (rendering and rendering.name == "playwright"):
            return await self._download(request, parts)
        async with self._turns.turn(host, request, self._paused, page=rendering is not None):
            return await self._download(request, parts)

    async def _paused(self, host: str, seconds: float) -> None:
        """Another worker was asked for a pause."""
        self._pauses.pause(host, seconds)
        await self._pauses.pause_over(host)

    async def _download(self, request: Request, parts: SplitResult) -> Response:
        if self._rendering is not None and request.meta.get(RENDER):
            return await self._rendering.render(request, self)
        host, mirror = parts.hostname or "", self.mirror_of(parts)
        await self._pauses.let_through(host)
        refuse_when_stopping(self._crawler)
        try:
            if mirror is None:
                response = await self.send(request)
            else:
                response = await self._from_mirror(request, parts, mirror)
        except BaseException as error:
            self._pauses.record_result(host, error)
            raise
        asked = self._pauses.record_result(host, response)
        if asked is not None and self._turns is not None:
            self._turns.pause(host, asked)
        return response

    async def send(self, request: Request) -> Response:
        """To the very address of the request."""
        try:
            return await super().download_request(request)
        except CannotResolveHostError as error:
            host = host_of(request.url)
            if address := refused.get(host):
                words = f"{request.url}: {host} leads to the private address {address}"
                raise Refused("refused_address", words) from error
            raise
        except DownloadFailedError as error:
            if large := headers.too_large(error):
                raise DownloadCancelledError(large.args[0]) from error
            raise

    def mirror_of(self, parts: SplitResult) -> SplitResult | None:
        """Where that address of the site really is."""
        if self._mirror is None or not belongs(parts):
            return None
        return parts._replace(scheme=self._mirror.scheme, netloc=self._mirror.netloc)

    async def _from_mirror(
        self, request: Request, parts: SplitResult, mirror: SplitResult
    ) -> Response:
        mirrored = request.replace(url=mirror.geturl())
        mirrored.headers["Host"] = parts.netloc
        # Meant for the site, not for this address.
        mirrored.meta.pop("proxy", None)
        mirrored.headers.pop("Proxy-Authorization", None)
        response = await self.send(mirrored)
        # AutoThrottle reads the latency from the request it knows.
        request.meta["download_latency"] = mirrored.meta.get("download_latency")
        return response.replace(url=request.url)
