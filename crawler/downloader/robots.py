"""robots.txt as RFC 9309 has it: not reached or 5xx means keep out, 4xx means come in."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.downloader.failures import Reason, Refused, refusing

_PARSE_LIMIT = 500 * 1024  # RFC 9309 §2.5: at least 500 kibibytes are read


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware takes an error page for rules and an error for permission."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._closed: dict[str, tuple[Reason, str]] = {}  # host -> why nothing of it is asked for

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            raise Refused("robots", f"it answered {response.status}")  # to _robots_error
        # An error page is no rules: 4xx is read as an empty file, which allows all.
        body = response.body[:_PARSE_LIMIT] if response.status < 300 else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._stats.inc_value("robotstxt/unreachable")
        # Behind a name that leads into this network the host itself is refused.
        reason = exc.reason if isinstance(exc, Refused) else "robots"
        self._closed[netloc] = reason, f"robots.txt of {netloc} could not be had: {exc}"
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if why := self._closed.get(urlparse_cached(request).netloc):
            self._stats.inc_value("robotstxt/forbidden")
            raise Refused(*why)
        with refusing("robots"):
            super().process_request_2(rp, request)
