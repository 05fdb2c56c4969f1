"""Splash, through scrapy-splash: the server at SPLASH_URL loads the page.

What scrapy-splash 0.11 has and Scrapy no longer supports is not used: slot policies that ask for
`Downloader._get_slot_key`, and SplashDeduplicateArgsMiddleware, which refuses asynchronous spiders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy.utils.url
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from w3lib.http import basic_auth_header
from w3lib.url import canonicalize_url

from crawler.downloader.credentials import split_credentials
from crawler.downloader.failures import Refused
from crawler.downloader.rendering import RenderError, page
from crawler.site.urls import DOMAIN

if TYPE_CHECKING:
    from crawler.downloader.handler import SiteDownloadHandler

# scrapy-splash imports it from there; Scrapy before 2.14 had w3lib's.
scrapy.utils.url.canonicalize_url = canonicalize_url  # type: ignore[attr-defined]

from scrapy_splash import (  # type: ignore[import-untyped]  # noqa: E402
    SlotPolicy,
    SplashMiddleware,
    SplashRequest,
)

_WAIT = 2.0  # seconds for what scripts ask for once the page is loaded
_MARGIN = 2.0  # seconds that Splash's limit is below ours: its own words tell more
_LONGEST = 90.0  # seconds, Splash's --max-timeout where nobody raised it
_DROPPED = 301  # Qt's code for the redirect that Splash makes of what it must not ask for
_NEVER = ["image/*", "font/*", "video/*", "audio/*", "application/font*", "application/x-font*"]
# What WebKit decides itself, and what is of the plain page.
_NOT_SENT = ("Accept-Encoding", "Cookie")


class Splash:
    """`/render.json` on Splash's default engine: `history` in it tells what the site answered."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._middleware = SplashMiddleware.from_crawler(crawler)
        # Twisted takes a password in an address for a part of the host's name, and says so.
        url, *login = split_credentials(crawler.settings["SPLASH_URL"])
        self._middleware.splash_base_url = url
        if any(login):
            self._middleware.auth = basic_auth_header(*login)
        self._seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")

    async def render(self, request: Request, site: SiteDownloadHandler) -> Response:
        spider = self._crawler.spider
        asked = self._request(request, site)
        through = self._middleware.process_request(asked, spider)
        try:
            answer = await site.send(through)
            answer = self._middleware.process_response(through, answer, spider)
        except Exception as error:
            raise RenderError(f"Splash: {type(error).__name__}: {error}") from error
        told: dict[str, Any] = getattr(answer, "data", {})
        if answer.status == 502 and (told.get("info") or {}).get("code") == _DROPPED:
            words = f"{request.url} leads to an address that is not on the site"
            raise Refused("refused_address", words)
        if answer.status != 200 or "html" not in told:
            raise RenderError(f"Splash answered {answer.status}: {_why(told)}")
        if told.get("history"):  # nothing of what WebKit had from its cache
            first = told["history"][0]
            if (there := first["request"]["url"]) != asked.url:
                headers = {"Location": self._unmirrored(there, request, site)}
                return Response(request.url, 302, headers)
            if (status := first["response"].get("status", 200)) != 200:
                headers = {one["name"]: one["value"] for one in first["response"]["headers"]}
                return Response(request.url, status, headers)
        return page(request, self._unmirrored(told["html"], request, site), "splash")

    async def close(self) -> None:
        """The server is not ours."""

    def _request(self, request: Request, site: SiteDownloadHandler) -> SplashRequest:
        parts = urlsplit(request.url)
        mirror = site.mirror_of(parts)
        headers = {
            name.decode(): value.decode("latin-1")
            for name, (value, *_) in request.headers.items()
            if name.decode() not in _NOT_SENT
        }
        timeout = min(max(self._seconds - _MARGIN, self._seconds / 2), _LONGEST)
        return SplashRequest(
            mirror.geturl() if mirror else request.url,
            endpoint="render.json",
            args={
                "html": 1,
                "history": 1,
                "wait": min(_WAIT, timeout / 3),
                "timeout": timeout,
                "images": 0,
                "html5_media": 0,
                "forbidden_content_types": _NEVER,
                # Splash asks for nothing elsewhere, redirects included.
                "allowed_domains": [mirror.hostname if mirror else DOMAIN],
                "headers": headers | ({"Host": parts.netloc} if mirror else {}),
            },
            slot_policy=SlotPolicy.SCRAPY_DEFAULT,
            session_id=None,
            meta={"download_timeout": self._seconds},
        )

    def _unmirrored(self, markup: str, request: Request, site: SiteDownloadHandler) -> str:
        """Addresses that scripts made of where the page seemed to be are the site's."""
        parts = urlsplit(request.url)
        mirror = site.mirror_of(parts)
        if mirror is None:
            return markup
        there = f"{mirror.scheme}://{mirror.netloc}/"
        return markup.replace(there, f"{parts.scheme}://{parts.netloc}/")


def _why(told: dict[str, Any]) -> str:
    info = told.get("info") or {}
    words = (told.get("description"), info.get("text") or info.get("description"))
    return ", ".join(filter(None, words)) or "no page"
