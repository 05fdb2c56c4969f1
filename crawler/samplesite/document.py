"""One thing the embedded site can answer with: made when first asked for, kept as it was sent."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import datetime

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
JPEG = "image/jpeg"
PDF = "application/pdf"

KEPT = 10_000  # article pages of a generation, of about 14 kB each as they are sent


class Document:
    """A body, its type and its validators; `modified` is aware, None for no Last-Modified."""

    def __init__(
        self,
        render: Callable[[], str | bytes],
        content_type: str = HTML,
        modified: datetime | None = None,
    ) -> None:
        self.content_type = content_type
        self.modified = modified
        self._render = render
        self._etag: str | None = None
        self._plain: bytes | None = None
        self._gzipped: bytes | None = None

    @property
    def etag(self) -> str:
        """Weak, as both encodings share it."""
        if self._etag is None:
            self._etag = f'W/"{zlib.crc32(self.plain):08x}-{len(self.plain):x}"'
        return self._etag

    @property
    def plain(self) -> bytes:
        if self._plain is None:
            made = self._render()
            self._plain = made.encode() if isinstance(made, str) else made
        return self._plain

    @property
    def gzipped(self) -> bytes:
        """Asked for once, only this encoding is kept: ten thousand plain pages are 0.6 GB."""
        if self._gzipped is None:
            self._gzipped = gzip.compress(self.plain, compresslevel=1, mtime=0)
            _ = self.etag
            self._plain = None
        return self._gzipped
