"""What the crawler has shortened, the long way that Scrapy goes: for comparing what comes of both."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

from crawler.archive import warc_writer
from crawler.downloader import redirects
from crawler.downloader.archiving import Archiving
from crawler.downloader.compression import Compression
from crawler.gzip_members import gunzip
from crawler.spiders import discovery

SETTINGS = {
    "STATS_CLASS": "scrapy.statscollectors.MemoryStatsCollector",
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.downloader.redirects.MetaRefresh": None,
        "tests.support.long_ways.MetaRefresh": 580,
        "crawler.downloader.compression.Compression": None,
        "tests.support.long_ways.Unpacked": 590,
        "crawler.downloader.archiving.Archiving": None,
        "tests.support.long_ways.Archived": 950,
    },
}


class MetaRefresh(redirects.MetaRefresh):
    def process_response(self, request: Request, response: Response) -> Request | Response:
        redirects._MAY_REFRESH = (b"",)
        return super().process_response(request, response)


class Unpacked(Compression):
    _decode = staticmethod(HttpCompressionMiddleware._decode)


class Archived(Archiving):
    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        warc_writer.gunzip = gunzip.__wrapped__
        discovery._AT_ONCE = 1
