"""Unpacks bodies, and takes one that ends early for what it is.

Scrapy hands on what it could unpack of a truncated gzip as if it were the page: half an article
would become a record.
"""

from __future__ import annotations

import contextlib
import re
import zlib
from gzip import BadGzipFile, GzipFile
from io import BytesIO

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import HtmlResponse, Response

from crawler.downloader.failures import Refused, refusing
from crawler.downloader.rendering import RENDERED
from crawler.downloader.retries import Backoff
from crawler.gzip_members import gunzip

# What each of a page's tags or an answer's values has: a tag of three bytes takes a kilobyte and a
# hundredth of a millisecond once it is an element of a tree.
_ELEMENTS = (b"<", b"{", b",")
_BETWEEN = re.compile(rb"[\s,]+")
_PIECE = 1 << 16  # bytes unpacked at a time: what follows a whole member may be a bomb
_BEGIN = re.compile(rb"<html|<!doctype html", re.IGNORECASE)
_HEAD = 1_000  # bytes in which a page begins
_END = re.compile(rb"</html", re.IGNORECASE)
_SHORTEST = 4_000  # bytes: fewer are head and menu
_FORGOTTEN = 1  # `<div>` without an end tag, of a page that is whole
_TAIL = 20_000  # bytes: what is written behind the end is short


class Compression(HttpCompressionMiddleware):
    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self.crawler = crawler

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        packed = response.body
        said = b",".join(response.headers.getlist("Content-Encoding")).lower()
        codings = [one for one in _BETWEEN.split(said) if one not in (b"", b"identity")]
        try:
            with refusing("too_large"):  # a bomb, found while it is unpacked
                unpacked = super().process_response(request, response)
            if codings in ([b"gzip"], [b"x-gzip"]):
                if not _is_whole(packed, len(unpacked.body)):
                    raise ResponseDataLossError("the gzip ends early")
            elif self._lacks_its_end(unpacked):  # other codings, unasked for, tell no end either
                raise ResponseDataLossError("the page has no end")
        except (ResponseDataLossError, OSError, EOFError, zlib.error) as error:
            loss = ResponseDataLossError(f"{response.url} is not whole: {error}")
            # The chain does not ask for retries of what goes wrong on the way back.
            backoff = self.crawler.get_downloader_middleware(Backoff)
            retry = await backoff.process_exception(request, loss) if backoff else None
            if isinstance(retry, Request):
                return retry
            raise loss from error
        most = self.crawler.settings.getint("MAX_PAGE_ELEMENTS")
        refuse_elements(unpacked.body, response.url, most)
        return unpacked

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        """One gzip member, as nearly every body is, in one call; all else is Scrapy's."""
        if encoding in (b"gzip", b"x-gzip"):
            with contextlib.suppress(EOFError, ValueError, zlib.error):
                return gunzip(body, max_size)
        return HttpCompressionMiddleware._decode(body, encoding, max_size)

    def _lacks_its_end(self, response: Request | Response) -> bool:
        """Is this a page of the site whose body a wrong length, or none, has cut unnoticed?"""
        if not isinstance(response, HtmlResponse) or response.status != 200:
            return False
        if RENDERED in response.flags or getattr(self.crawler.spider, "any_site", False):
            return False
        return is_cut(response.body)


def refuse_elements(body: bytes, url: str, most: int) -> None:
    """Raises Refused for what has more than so many."""
    if len(body) > most and any(body.count(sign) > most for sign in _ELEMENTS):
        raise Refused("too_many_elements", f"{url} is over MAX_PAGE_ELEMENTS ({most})")


def is_cut(markup: bytes) -> bool:
    """Does a whole page's markup end before its end?

    One that was written without its end tag ends with another, of what was opened last; a cut one
    mostly ends within words, and nearly always inside of several elements. Of a fragment, of JSON
    that is called HTML, and of what ends before an article could begin nothing is said.
    """
    body = markup.rstrip()
    if len(body) < _SHORTEST or not _BEGIN.search(body, 0, _HEAD):
        return False
    if _END.search(body, max(0, len(body) - _TAIL)):
        return False
    lower = body.lower()
    still_open = lower.count(b"<div") - lower.count(b"</div")
    return not body.endswith(b">") or still_open > _FORGOTTEN


def _is_whole(packed: bytes, size: int) -> bool:
    """Does this gzip, of `size` bytes unpacked, have its end?"""
    if not packed or int.from_bytes(packed[-4:], "little") == size & 0xFFFFFFFF:
        return True  # the trailer tells the size: nearly always enough
    with GzipFile(fileobj=BytesIO(packed)) as members:  # several, or bytes after the last
        try:
            while members.read(_PIECE):
                pass
        except EOFError:
            return False
        except (BadGzipFile, zlib.error):
            return True  # something that is no gzip follows a whole member
    return True
