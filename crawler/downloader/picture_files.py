"""IMAGES_STORE: the pictures of new and changed articles, by Scrapy's own ImagesPipeline.

A picture is a request like any other: robots.txt, delays, guard, limits and retries are those of
pages. One that cannot be had costs a warning of its record, never the article.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Iterator
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.pipelines.files import FSFilesStore
from scrapy.pipelines.images import ImageException, ImagesPipeline
from scrapy.pipelines.media import MediaPipeline
from twisted.python.failure import Failure

from crawler.downloader import failures
from crawler.downloader.archiving import PICTURE
from crawler.downloader.credentials import host_of
from crawler.downloader.stopping import is_stopping
from crawler.items import Article, Image, StoredImage
from crawler.runs import counters

logger = logging.getLogger(__name__)

KEPT_STAT = "workercn/pictures/kept"
FAILED_STAT = "workercn/pictures/failed"  # why, in a word -> number
UNWRITABLE = "unwritable"
DOWN_STAT = "workercn/pictures/down"  # hosts that are asked for no more

_MAX_PIXELS = 50_000_000  # 150 MB when unpacked, twice
_IN_A_ROW = 3  # pictures of a host that got no answer; then it is asked for no more of them
_NO_ANSWER = {"timeout", "dns", "refused", "connection"}
_RETRIES = 1


class PictureStore(FSFilesStore):
    """A file is there whole or not at all: what is there is not fetched again."""

    def persist_file(
        self,
        path: str | PathLike[str],
        buf: BytesIO,
        info: MediaPipeline.SpiderInfo,
        meta: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        fresh = f"{path}.partial"
        try:
            super().persist_file(fresh, buf, info, meta, headers)
            self.at(fresh).replace(self.at(path))
        except OSError as error:
            raise _StoreError(error.strerror or str(error)) from error

    def at(self, path: str | PathLike[str]) -> Path:
        return Path(self.basedir, path)

    def digest(self, path: str) -> str:
        with self.at(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


class _StoreError(Exception):
    """A picture that came and could not be written."""


class PicturesPipeline(ImagesPipeline):
    """Puts `path`, below IMAGES_STORE, and `sha256` of the file there into a record's images."""

    STORE_SCHEMES = {**ImagesPipeline.STORE_SCHEMES, "": PictureStore, "file": PictureStore}
    EXPIRES = 36_500  # days: no picture changes under its address
    store: PictureStore

    def __init__(self, store_uri: str | PathLike[str], *, crawler: Crawler) -> None:
        super().__init__(store_uri, crawler=crawler)
        from PIL import Image as Pillow

        self._pillow = Pillow
        Pillow.MAX_IMAGE_PIXELS = None  # get_images looks itself
        self._turns = defaultdict[str, asyncio.Lock](asyncio.Lock)  # one picture of a host at once
        self._in_a_row = Counter[str]()
        self._why: dict[str, str] = {}  # address -> why the picture could not be had

    async def process_item(self, item: Any) -> Any:  # type: ignore[override]
        if not isinstance(item, Article) or not item.images or item.change == "removed":
            return item
        images = [await self._kept(image, item.url) for image in item.images]
        missing = dict.fromkeys(one.url for one in images if not isinstance(one, StoredImage))
        warnings = [f"images: {url} was not kept: {self._why[url]}" for url in missing]
        return item.model_copy(update={"images": images, "warnings": [*item.warnings, *warnings]})

    async def _kept(self, image: Image, page: str) -> Image:
        host = host_of(image.url)
        path = None
        async with self._turns[host]:
            if self._in_a_row[host] >= _IN_A_ROW:
                self._fail(image.url, "host_down")
            elif is_stopping(self.crawler):
                self._fail(image.url, "stopped")
            else:
                path = await super().process_item((image.url, page))
        if path is None:
            return Image(url=image.url, caption=image.caption)
        digest = self.store.digest(path)
        return StoredImage(url=image.url, caption=image.caption, path=path, sha256=digest)

    def get_media_requests(
        self, item: tuple[str, str], info: MediaPipeline.SpiderInfo
    ) -> list[Request]:
        url, page = item
        meta = {PICTURE: True, "max_retry_times": _RETRIES}
        return [Request(url, callback=NO_CALLBACK, headers={"Referer": page}, meta=meta)]

    async def media_downloaded(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> Any:
        self._in_a_row[host_of(request.url)] = 0
        if response.status != 200:
            raise ImageException(failures.status(response))
        await self.file_downloaded(response, request, info, item=item)
        path = self.file_path(request, response=response, info=info, item=item)
        return {"url": request.url, "path": path, "checksum": None, "status": "downloaded"}

    def get_images(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> Iterator[Any]:
        try:
            with self._pillow.open(BytesIO(response.body)) as picture:
                width, height = picture.size
            if width * height > _MAX_PIXELS:
                raise ImageException(f"too_large ({width} x {height} pixels)")
            yield from super().get_images(response, request, info, item=item)
        except ImageException:
            raise
        except Exception as error:  # whatever Pillow's readers of many formats raise
            raise ImageException("no_picture") from error

    def media_failed(  # type: ignore[override]
        self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo
    ) -> None:
        """Note why. Scrapy logs what is raised here with a traceback."""
        error = failure.value
        assert error is not None
        reason = failures.reason(error)
        if reason in _NO_ANSWER:
            self._count_no_answer(host_of(request.url))
        if isinstance(error, ImageException):
            reason = str(error)
        elif isinstance(error, _StoreError):
            reason = f"{UNWRITABLE} ({error})"
        self._fail(request.url, reason or f"{type(error).__name__}: {error}")

    def _count_no_answer(self, host: str) -> None:
        self._in_a_row[host] += 1
        if self._in_a_row[host] == _IN_A_ROW:
            logger.warning("%s gives no answer; it is asked for no more pictures", host)
            counters.tally(self.crawler.stats.get_stats(), DOWN_STAT)[host] += 1

    def _fail(self, url: str, why: str) -> None:
        self._why[url] = why
        counters.tally(self.crawler.stats.get_stats(), FAILED_STAT)[why.partition(" ")[0]] += 1
        logger.warning("picture %s was not kept: %s", url, why)

    def item_completed(
        self, results: list[Any], item: Any, info: MediaPipeline.SpiderInfo
    ) -> str | None:
        ((ok, found),) = results
        if not ok:  # no failure that media_failed knows
            self._fail(item[0], f"{type(found.value).__name__}: {found.value}")
        path: str | None = found["path"] if ok and found else None
        self.crawler.stats.inc_value(KEPT_STAT, int(path is not None))
        return path
