"""Which addresses may be asked at all, and redirects that lead to no address of the web: Scrapy's
middlewares raise what is not meant for them, or hand on the answer as if it were a page.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.http import Response

from crawler.downloader.failures import Refused, refusing
from crawler.downloader.rendering import VALIDATORS
from crawler.site.urls import belongs

# Of a page in UTF-16, which has a NUL beside each letter, Scrapy's own reading tells.
_MAY_REFRESH = (b"refresh", b"\0")
_HEAD = 4 * 4096  # bytes: Scrapy looks at so many characters, of four bytes at most

_REDIRECTS = (301, 302, 303, 307, 308)


class AddressGuard:
    """http(s) on workercn.cn and its subdomains.

    Takes the place of Scrapy's OffsiteMiddleware, which lets requests with `dont_filter` pass and
    drops others without calling their errback: an article that is redirected off the site would be
    lost without a word.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        self._anywhere = getattr(crawler.spider, "any_site", False)  # `scrapy extract URL`

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if self._anywhere or belongs(urlsplit(request.url)):
            return
        self._stats.inc_value("workercn/refused_addresses")
        raise Refused("refused_address", f"{request.url} is not on the site")


class Redirects(RedirectMiddleware):
    """`Location: file:///etc/passwd`, `http://[::1` and the like are refused."""

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        location = response.headers.get("Location")
        try:
            with refusing("redirect_loop"):
                result: Request | Response = super().process_response(request, response)
        except ValueError:
            result = response
        if result is response and location and response.status in _REDIRECTS:
            words = f"{location.decode('latin-1')} is not on the site"
            raise Refused("refused_address", words)
        return _elsewhere(result)


class MetaRefresh(MetaRefreshMiddleware):
    """`<meta http-equiv=refresh content="0;url=javascript:…">` leads nowhere: it stays a page, as
    does one whose header names a charset that is none (rot13): the bytes decide.
    """

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        head = response.body[:_HEAD].lower()
        if not any(sign in head for sign in _MAY_REFRESH):
            return response  # the whole body would be decoded only to find none
        try:
            with refusing("redirect_loop"):
                result: Request | Response = super().process_response(request, response)
        except (ValueError, LookupError):
            return response
        return _elsewhere(result)


def _elsewhere(result: Request | Response) -> Request | Response:
    """A request for another address has no validators: a 304 to them says nothing of the article
    that they are of.
    """
    if isinstance(result, Request):
        for name in VALIDATORS:
            result.headers.pop(name, None)
        result.meta.pop("earlier", None)
    return result
