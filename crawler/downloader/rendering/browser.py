"""Chromium, through scrapy-playwright: a browser of today, without a way to the network.

What a page asks for is fetched by the crawler, one after the other with the site's delay, by
robots.txt and from the mirror, and given to the browser.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response, TextResponse
from scrapy_playwright.handler import (  # type: ignore[import-untyped]
    ScrapyPlaywrightDownloadHandler,
)
from scrapy_playwright.page import PageMethod  # type: ignore[import-untyped]

from crawler.downloader.failures import refusing
from crawler.downloader.rendering import RenderError, chromium, page
from crawler.downloader.robots import Robots
from crawler.site.urls import belongs

if TYPE_CHECKING:
    from crawler.downloader.handler import SiteDownloadHandler

logger = logging.getLogger(__name__)

# Whatever the browser asks for itself goes nowhere.
_NO_NETWORK = ("--host-resolver-rules=MAP * ~NOTFOUND", "--disable-quic", "--disable-gpu")
_LOADED = ("script", "xhr", "fetch")  # no images, media, fonts; no style sheets, which hold no text
_NOT_SENT = ("host", "cookie", "accept-encoding", "connection")
_NOT_GIVEN = (b"Content-Encoding", b"Content-Length", b"Transfer-Encoding", b"Set-Cookie")
_PART = 1 / 3  # of the page's time: what a script waits for, or for all that is left to come
_SCRIPTS_KEPT = 200  # of the site's own, which all its pages share
_TO_CLOSE = 5.0  # seconds for a page, then the browser is ended


class Browser:
    def __init__(self, crawler: Crawler) -> None:
        self._handler = _Handler(crawler)
        self._fetching = _Fetching(crawler)
        self._seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._numbers = itertools.count(1)

    async def render(self, request: Request, site: SiteDownloadHandler) -> Response:
        document = await site.download_request(request)
        if document.status != 200:
            return document
        document = self._fetching.unpacked(request, document)
        if not isinstance(document, TextResponse):
            return document
        visit = _Visit(request, document, self._fetching, site)
        agent = (request.headers.get("User-Agent") or b"").decode("latin-1")
        options = {"service_workers": "block", "user_agent": agent, "locale": "zh-CN"}
        settled = PageMethod(_settle, timeout=self._seconds * 1000 * _PART)
        asked = request.replace(
            meta={
                "playwright": True,
                # A context a page: it remembers nothing of the others, and is closed with it.
                "playwright_context": f"page {next(self._numbers)}",
                "playwright_context_kwargs": options,
                "playwright_page_init_callback": visit.begin,
                "playwright_page_methods": [settled],
            }
        )
        try:
            shown = await self._handler.download_request(asked)
            return page(request, shown.text, "chromium")
        except Exception as error:
            words = str(error).strip().partition("\n")[0]
            raise RenderError(f"Chromium: {type(error).__name__}: {words}") from error
        finally:
            if not await visit.end():
                logger.warning("Chromium does not close %s: ending it", request.url)
                await self._handler.restart()

    async def close(self) -> None:
        with contextlib.suppress(PlaywrightError):  # it may be gone already
            await self._handler.close()


class _Handler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Begins with the first page: when the engine starts, nobody knows whether one will come."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.config.launch_options = {
            "executable_path": chromium(crawler.settings),
            "chromium_sandbox": os.geteuid() != 0,  # Chromium refuses to have one as root
            "args": list(_NO_NETWORK),
        }
        self._beginning = asyncio.Lock()

    async def download_request(self, request: Request) -> Response:
        async with self._beginning:
            if not hasattr(self, "browser_provider"):
                await self._launch()
        response: Response = await super().download_request(request)
        return response

    async def restart(self) -> None:
        if hasattr(self, "browser"):
            with contextlib.suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(_TO_CLOSE):
                    await self.browser.close()


class _Fetching:
    """What pages ask for, by the rules of the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._robots = crawler.get_downloader_middleware(Robots)
        self._unpacking = HttpCompressionMiddleware.from_crawler(crawler)
        self._turn = asyncio.Lock()
        self._scripts: dict[str, Response] = {}

    def unpacked(self, request: Request, response: Response) -> Response:
        with refusing("too_large"):
            return self._unpacking.process_response(request, response)  # type: ignore[return-value]

    async def fetch(self, asked: Request, site: SiteDownloadHandler, *, script: bool) -> Response:
        """Raises Refused where robots.txt says so, and what asking the site raises."""
        if script and (known := self._scripts.get(asked.url)):
            return known
        if self._robots is not None:
            await self._robots.process_request(asked)
        slot = asked.meta.get("download_slot")
        async with self._turn:
            await asyncio.sleep(self._delay(slot))
            response = self.unpacked(asked, await site.download_request(asked))
        if script and response.status == 200 and len(self._scripts) < _SCRIPTS_KEPT:
            self._scripts[asked.url] = response
        return response

    def _delay(self, slot: str | None) -> float:
        found = self._crawler.engine.downloader.slots.get(slot or "")
        return found.delay if found else self._crawler.settings.getfloat("DOWNLOAD_DELAY")


class _Visit:
    """One page in the browser, from its first request to its end."""

    def __init__(
        self, request: Request, document: Response, fetching: _Fetching, site: SiteDownloadHandler
    ) -> None:
        seconds = request.meta.get("download_timeout", 60.0) * _PART
        self._meta = {"download_slot": request.meta["download_slot"], "download_timeout": seconds}
        self._document = document
        self._fetching = fetching
        self._site = site
        self._given = False  # the document
        self._page: Page | None = None

    async def begin(self, page: Page, request: Request) -> None:
        self._page = page
        await page.route("**/*", self._answer)

    async def end(self) -> bool:
        """Close all that the page has opened; False where that hangs."""
        if self._page is None:
            return True
        try:
            async with asyncio.timeout(_TO_CLOSE):
                await self._page.context.close()
        except TimeoutError:
            return False
        except PlaywrightError:
            pass  # the browser is gone, and the page with it
        return True

    async def _answer(self, route: Route) -> None:
        with contextlib.suppress(PlaywrightError):  # the page was closed meanwhile
            response = await self._response(route)
            if response is None:
                await route.abort()
                return
            headers = {
                name.decode("latin-1"): b", ".join(values).decode("latin-1")
                for name, values in response.headers.items()
                if name not in _NOT_GIVEN
            }
            await route.fulfill(status=response.status, headers=headers, body=response.body)

    async def _response(self, route: Route) -> Response | None:
        """What to give the browser; None for what it is not to have."""
        asked = route.request
        if asked.is_navigation_request():
            # The page itself, once: not what it frames, and not where its scripts lead.
            if self._given or asked.frame.parent_frame is not None:
                return None
            self._given = True
            return self._document
        kind = asked.resource_type
        if kind not in _LOADED or not belongs(urlsplit(asked.url)):
            return None
        headers = {
            name: value
            for name, value in asked.headers.items()
            if name.lower() not in _NOT_SENT and not name.lower().startswith("sec-")
        }
        ours = Request(
            asked.url,
            method=asked.method,
            headers=headers | {"Accept-Encoding": "gzip"},
            body=asked.post_data_buffer or b"",
            meta={**self._meta},
        )
        try:
            return await self._fetching.fetch(ours, self._site, script=kind == "script")
        except Exception as error:
            logger.warning("%s asks for %s: %s", self._document.url, asked.url, error)
            return None


async def _settle(page: Page, *, timeout: float) -> None:
    """Until nothing has been asked for in half a second; a page that never rests is taken as is.

    `timeout` is in milliseconds.
    """
    with contextlib.suppress(PlaywrightTimeoutError):
        await page.wait_for_load_state("networkidle", timeout=timeout)
