"""Which addresses may be asked at all: http(s) on workercn.cn and its subdomains.

Takes the place of Scrapy's OffsiteMiddleware, which lets requests with `dont_filter` pass and drops
others without calling their errback: an article that is redirected off the site would be lost
without a word.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.downloader.failures import Refused
from crawler.site.urls import belongs


class AddressGuard:
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
