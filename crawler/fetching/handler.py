"""The download handler: waits while a domain asked for a pause, and reads from a mirror.

This is the only place that knows of mirrors. With MIRROR_URL every request for the site goes to
that address with the original host in `Host:`; robots.txt, redirects, slots and records see the
original address, because they all stand above this.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.fetching.backoff import Backoff
from crawler.site.urls import belongs


class SiteDownloadHandler(HTTP11DownloadHandler):
    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._backoff = crawler.get_downloader_middleware(Backoff)
        mirror = crawler.settings["MIRROR_URL"]
        self._mirror = urlsplit(mirror) if mirror else None

    async def download_request(self, request: Request) -> Response:
        if not self._crawler.engine.running:
            # After Ctrl-C what waits in the slot is not asked for any more.
            raise IgnoreRequest("the crawl is being stopped")
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if self._backoff is not None:
            # Waiting here, inside the domain's slot, stops all that is queued behind this request.
            await self._backoff.pause_over(host)
        if self._mirror is None or not belongs(parts):
            response = await super().download_request(request)
        else:
            response = await self._from_mirror(request, parts, self._mirror)
        if self._backoff is not None:
            self._backoff.heed(host, response)
        return response

    async def _from_mirror(
        self, request: Request, parts: SplitResult, mirror: SplitResult
    ) -> Response:
        there = parts._replace(scheme=mirror.scheme, netloc=mirror.netloc).geturl()
        mirrored = request.replace(url=there)
        mirrored.headers["Host"] = parts.netloc
        mirrored.meta.pop("proxy", None)  # meant for the site, not for this address
        response = await super().download_request(mirrored)
        # AutoThrottle reads the latency from the request it knows.
        request.meta["download_latency"] = mirrored.meta.get("download_latency")
        return response.replace(url=request.url)
