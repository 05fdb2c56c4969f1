"""robots.txt as RFC 9309 has it: not reached or 5xx means keep out, 4xx means come in."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred

from crawler.downloader.refusals import Reason, Refused, refusing

_PARSE_LIMIT = 500 * 1024  # RFC 9309 §2.5: at least 500 kibibytes are read


class _KeepOut(RobotParser):
    """The rules of a host whose robots.txt could not be had."""

    def __init__(self, reason: Reason, why: str) -> None:
        self.reason: Reason = reason
        self.why = why

    @classmethod
    def from_crawler(cls, crawler: object, robotstxt_body: bytes) -> _KeepOut:
        raise NotImplementedError("made by Robots alone")

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return False


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware takes an error page for rules and an error for permission."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._keep_out(netloc, "robots", f"robots.txt of {netloc} answered {response.status}")
            return
        # An error page is no rules: 4xx is read as an empty file, which allows all.
        body = response.body[:_PARSE_LIMIT] if response.status < 300 else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._stats.inc_value(f"robotstxt/exception_count/{type(exc)}")
        # Behind a name that leads into this network the host itself is refused.
        reason = exc.reason if isinstance(exc, Refused) else "robots"
        self._keep_out(netloc, reason, f"robots.txt of {netloc} could not be had: {exc}")

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if isinstance(rp, _KeepOut):
            self._stats.inc_value("robotstxt/forbidden")
            raise Refused(rp.reason, rp.why)
        with refusing("robots"):
            super().process_request_2(rp, request)

    def _keep_out(self, netloc: str, reason: Reason, why: str) -> None:
        self._stats.inc_value("robotstxt/unreachable")
        rules = _KeepOut(reason, why)
        waiting = self._parsers[netloc]
        self._parsers[netloc] = rules
        if isinstance(waiting, Deferred):
            waiting.callback(rules)
