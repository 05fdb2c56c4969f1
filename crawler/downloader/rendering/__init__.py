"""Pages that their own scripts build, through a renderer: RENDERER=splash or playwright.

The download handler hands it the requests that ask for it, so that all above sees the page under
its own address and treats it as any other: robots.txt, delays, retries, the archive.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, NotConfigured
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings

from crawler.downloader.credentials import redact, web_address

if TYPE_CHECKING:
    from crawler.downloader.handler import SiteDownloadHandler
    from crawler.downloader.rendering.browser import Browser
    from crawler.downloader.rendering.splash import Splash

logger = logging.getLogger(__name__)

RENDER = "render"  # in Request.meta: True where the page is wanted as a browser shows it
RENDERED = "rendered"  # among Response.flags
MARK = "X-Rendered-By"  # a header of the response, in the archive too

STAT = "workercn/rendered"
FAILED_STAT = "workercn/rendering/failed"

OTHER = {"splash": "playwright", "playwright": "splash"}

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_AT_ONCE = 2  # pages
_IN_A_ROW = 3  # failures after which the renderer is left alone for the rest of the run
_GRACE = 5.0  # seconds beyond DOWNLOAD_TIMEOUT, in which a site that hangs is told from a renderer
VALIDATORS = ("If-None-Match", "If-Modified-Since")  # which speak of one address


class RenderError(Exception):
    """The renderer, not the site, failed to give a page."""


class Rendering:
    """An extension, there where RENDERER is not off.

    Counts `workercn/rendered` and `workercn/rendering/failed`. A renderer that failed three times
    in a row is not asked any more: each page would wait for the time limit.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.name: str = crawler.settings["RENDERER"]
        if self.name not in OTHER:
            raise NotConfigured
        self._crawler = crawler
        self._seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._pages = asyncio.Semaphore(_AT_ONCE)
        self._failures = 0  # in a row
        self._renderer: Splash | Browser | None = None
        crawler.signals.connect(self._close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Rendering:
        return cls(crawler)

    async def render(self, request: Request, site: SiteDownloadHandler) -> Response:
        """Raises RenderError, and what asking the site raises."""
        async with self._pages:
            if self._failures >= _IN_A_ROW:
                self._crawler.stats.inc_value(FAILED_STAT)
                raise RenderError(f"{self.name} failed {_IN_A_ROW} times in a row, not asked again")
            try:
                async with asyncio.timeout(self._seconds + _GRACE):
                    response = await self._make().render(as_plain(request), site)
            except TimeoutError:
                self._failed(request)
                words = f"{self.name} gave no page in {self._seconds + _GRACE:g} seconds"
                raise RenderError(words) from None
            except RenderError:
                self._failed(request)
                raise
            finally:
                self._pause(request)
        self._failures = 0
        if self._largest and len(response.body) > self._largest:
            raise DownloadCancelledError(f"the rendered page is larger than {self._largest} bytes")
        if RENDERED in response.flags:
            self._crawler.stats.inc_value(STAT)
        return response

    def _make(self) -> Splash | Browser:
        if self._renderer is None:
            if self.name == "splash":
                from crawler.downloader.rendering.splash import Splash

                self._renderer = Splash(self._crawler)
            else:
                from crawler.downloader.rendering.browser import Browser

                self._renderer = Browser(self._crawler)
        return self._renderer

    def _failed(self, request: Request) -> None:
        self._failures += 1
        self._crawler.stats.inc_value(FAILED_STAT)
        if self._failures == _IN_A_ROW:
            logger.error("%s failed again, at %s: it is not asked any more", self.name, request.url)

    def _pause(self, request: Request) -> None:
        """Let the delay count from the last that the page asked for, not from the page."""
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is not None:
            slot.lastseen = monotonic()

    async def _close(self) -> None:
        if self._renderer is not None:
            await self._renderer.close()


def as_plain(request: Request) -> Request:
    """The same request as of a page that needs no rendering."""
    meta = {key: value for key, value in request.meta.items() if key != RENDER}
    plain = request.replace(meta=meta)
    for name in VALIDATORS:  # of the plain page, which is the same whatever its scripts show
        plain.headers.pop(name, None)
    return plain


def page(request: Request, markup: str, renderer: str) -> HtmlResponse:
    headers = {"Content-Type": "text/html; charset=utf-8", MARK: renderer}
    body = markup.encode("utf-8", "replace")
    return HtmlResponse(request.url, headers=headers, body=body, flags=[RENDERED])


def chromium(settings: BaseSettings) -> str | None:
    """PLAYWRIGHT_CHROMIUM, or the system's."""
    given = settings["PLAYWRIGHT_CHROMIUM"]
    return given or next(filter(None, map(shutil.which, _CHROMIUM)), None)


def problem(settings: BaseSettings) -> str | None:
    """What is wrong with the settings of the renderer, in a line."""
    name = settings["RENDERER"]
    if name == "off":
        return None
    if name == "splash":
        words = f"setting SPLASH_URL={redact(settings['SPLASH_URL'])}: allowed: http://host:port"
        return None if web_address(settings["SPLASH_URL"]) else words
    program = chromium(settings)
    if program is None or not Path(program).is_file():
        return f"setting PLAYWRIGHT_CHROMIUM={program or ''}: allowed: Chromium's path"
    return None
