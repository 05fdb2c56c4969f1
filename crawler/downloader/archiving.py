"""Every answer as it came over the wire into OUTPUT_DIR/archive/<run_id>.warc.gz."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response

from crawler import __version__, clock, run_context
from crawler.archive import Archive, ArchivedBefore, Capture

logger = logging.getLogger(__name__)

ERROR_STAT = "workercn/archive/error"
PICTURE = "picture"  # in Request.meta: it goes to IMAGES_STORE (pictures.py)

# Of a body cut short, or not from the network.
_NOT_ARCHIVED = {"dataloss", "download_stopped", "cached"}


class Archiving:
    """A downloader middleware, the nearest of all to the downloader: bodies are as received, and
    the addresses those of the site, mirror or not.

    A request whose body an earlier run has archived says where in `request.meta["earlier"]`, an
    Earlier; what a later run needs of the answer is in `response.meta["archived"]`, another.

    What cannot be written ends the archive, not the crawl: it is said in the log and under
    `workercn/archive/error`.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        context = run_context.of(settings)
        if context is None or not settings.getbool("ARCHIVE_ENABLED"):
            raise NotConfigured
        self._crawler = crawler
        self._stats = crawler.stats
        self._context = context
        self._path = context.output / "archive" / f"{context.run_id}.warc.gz"
        self._archive: Archive | None = None
        self._earlier: ArchivedBefore | None = None  # of the answer that is being written
        crawler.signals.connect(self._open, signals.spider_opened)
        crawler.signals.connect(self._close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Archiving:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        request.meta.pop("archived", None)  # of the answer that redirected here
        archive = self._archive
        given_up = self._stats.get_value(ERROR_STAT)
        if archive is None or given_up or request.meta.get(PICTURE):
            return response
        if _NOT_ARCHIVED.intersection(response.flags):
            return response
        capture = _capture(request, response)
        self._earlier = request.meta.get("earlier")
        try:
            archive.add(capture)
        except Exception as error:
            self._give_up(error)
        else:
            request.meta["archived"] = ArchivedBefore(
                capture.url, capture.fetched_at, capture.digest
            )
        return response

    def _open(self) -> None:
        settings = self._crawler.settings
        info = {
            "software": f"workercn-crawler/{__version__} Scrapy/{scrapy.__version__}",
            "run_id": self._context.run_id,
            "arguments": json.dumps(self._context.arguments, ensure_ascii=False),
            "http-header-user-agent": settings["USER_AGENT"],
        }
        largest = settings.getint("DOWNLOAD_MAXSIZE")
        try:
            self._archive = Archive(self._path, info, lookup=self._look_up, largest=largest)
        except OSError as error:
            self._give_up(error)

    def _look_up(self, url: str, digest: str | None) -> ArchivedBefore | None:
        earlier = self._earlier
        return earlier if earlier and digest in (None, earlier.digest) else None

    def _close(self) -> None:
        if self._archive is None:
            return
        try:
            self._archive.close()
        except OSError as error:
            self._give_up(error)
        for name in ("captures", "refused", "size"):
            self._stats.set_value(f"workercn/archive/{name}", getattr(self._archive, name))

    def _give_up(self, error: Exception) -> None:
        words = error.strerror if isinstance(error, OSError) else repr(error)
        self._stats.set_value(ERROR_STAT, f"{self._path}: {words}")
        logger.error("cannot write %s: %s; going on without an archive", self._path, words)


def _capture(request: Request, response: Response) -> Capture:
    host = urlsplit(request.url).netloc.rpartition("@")[2].encode()
    sent = _pairs(request.headers)
    # A proxy's password is no part of what the site was asked.
    headers = [pair for pair in sent if pair[0] not in (b"Host", b"Proxy-Authorization")]
    return Capture(
        url=request.url,
        fetched_at=clock.now(),
        status=response.status,
        headers=_pairs(response.headers),
        body=response.body,
        method=request.method,
        request_headers=[(b"Host", host), *headers],
        request_body=request.body,
        ip=str(response.ip_address) if response.ip_address else None,
    )


def _pairs(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name in headers for value in headers.getlist(name)]
