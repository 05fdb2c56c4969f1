"""The download handler: waits while a domain asked for a pause, and reads from a mirror.

This is the only place that knows of mirrors. With MIRROR_URL every request for the site goes to
that address with the original host in `Host:`; robots.txt, redirects, slots and records see the
original address, because they all stand above this.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
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
        parts = urlsplit(request.url)
        if self._backoff is not None:
            # Waiting here, inside the domain's slot, stops all that is queued behind this request.
            await self._backoff.pause_over(parts.hostname or "")
        if self._mirror is None or not belongs(parts):
            return await super().download_request(request)
        mirrored = request.replace(
            url=parts._replace(scheme=self._mirror.scheme, netloc=self._mirror.netloc).geturl()
        )
        mirrored.headers["Host"] = parts.netloc
        response = await super().download_request(mirrored)
        # The engine measures latency on its own copy of the request (AutoThrottle reads it there).
        request.meta["download_latency"] = mirrored.meta.get("download_latency")
        return response.replace(url=request.url)
