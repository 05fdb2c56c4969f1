"""Writes one run's archive: each record a gzip member, each on disk whole or not at all."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from http.client import responses
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from crawler import clock
from crawler.files import Appender
from crawler.gzip_members import WINDOW, gunzip

# Measured on the site's pages: 6 takes half as long again as 4 for 3 % less. What came packed
# gets 1 % smaller by any level, at 14 times the cost of 0.
_LEVEL = 4
_STORED = 0

# Payloads remembered for finding the same one again, in under 2 MB. In a run the same bytes come
# again soon (the page for what is not there) or not at all.
_REMEMBERED = 4096

_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_MEDIA = {
    "warcinfo": "application/warc-fields",
    "request": "application/http; msgtype=request",
    "response": "application/http; msgtype=response",
    "revisit": "application/http; msgtype=response",
}
_CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class ArchivedBefore(NamedTuple):
    """Where a payload was archived first: address, time and digest of that record."""

    url: str
    fetched_at: datetime  # aware, UTC, to the microsecond
    digest: str  # sha1:<base32>


# (address, digest of the payload just received, or None for a 304) -> the record that has the
# payload already.
Lookup = Callable[[str, str | None], ArchivedBefore | None]

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Capture:
    """One request and its answer, as sent and received; only a chunked body has been put together.

    No header may contain a line break.
    """

    url: str
    fetched_at: datetime  # aware
    status: int
    headers: Headers
    body: bytes
    method: str = "GET"
    request_headers: Headers = ()  # with Host
    request_body: bytes = b""
    ip: str | None = None

    @cached_property
    def digest(self) -> str:
        """The payload's."""
        return _digest(self.body)


class Archive:
    """A new WARC file, open for captures. For one thread at a time.

    It has its name from the first record on. What a kill leaves ends with a whole record or with
    a torn one, which `repair` cuts off.
    """

    def __init__(
        self,
        path: Path,
        info: Mapping[str, str],
        *,
        lookup: Lookup | None = None,
        largest: int = 16 * 1024 * 1024,
    ) -> None:
        """`info` goes into the warcinfo record; a packed body of more than `largest` bytes is not
        archived. Raises OSError where the file cannot be made.
        """
        self.path = path
        self.captures = 0
        self.refused = 0  # packed, and not whole
        self._lookup = lookup
        self._largest = largest
        self._seen: dict[str, ArchivedBefore] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        fresh = path.with_name(f".{path.name}")
        self._file = fresh.open("xb", buffering=0)
        try:
            self._appender = Appender(self._file)
            self._appender.append(_warcinfo(path.name, info))
            fresh.rename(path)
        except OSError:
            self._file.close()
            fresh.unlink()
            raise

    def add(self, capture: Capture) -> None:
        """Write the request and its answer, unless the body is packed and not whole.

        After an OSError the file ends with the last whole record.
        """
        packed = any(
            name.lower() == b"content-encoding" and value.strip().lower() in (b"gzip", b"x-gzip")
            for name, value in capture.headers
        )
        if packed and not _is_whole(capture.body, self._largest):
            self.refused += 1
            return
        kind, fields = self._answer(capture)
        line = f"HTTP/1.1 {capture.status} {responses.get(capture.status, 'Unknown')}"
        block = _block(line, capture.headers, capture.body if kind == "response" else b"")
        level = _STORED if packed and kind == "response" else _LEVEL
        about = _about(capture)
        answer = _record(kind, block, about | fields, level)
        block = _block(_request_line(capture), capture.request_headers, capture.request_body)
        fields = {"WARC-Concurrent-To": about["WARC-Record-ID"]}
        self._appender.append(answer + _record("request", block, _about(capture) | fields))
        self.captures += 1

    @property
    def size(self) -> int:
        """Bytes, of whole records."""
        return self._appender.end

    def close(self) -> None:
        """Bring it to disk. An archive without a capture is taken away. Raises OSError."""
        with self._file:
            if self.captures:
                os.fsync(self._file.fileno())
            else:
                self.path.unlink()

    def _answer(self, capture: Capture) -> tuple[str, dict[str, str]]:
        """Type and fields of the answer's record; of a revisit where the payload is archived."""
        if capture.status == 304:
            earlier = self._lookup(capture.url, None) if self._lookup else None
            return "revisit", _revisit("server-not-modified", earlier)
        digest = {"WARC-Payload-Digest": capture.digest}
        earlier = self._find(capture) if capture.body else None
        if earlier is None:
            return "response", digest
        cut = {"WARC-Truncated": "length"}
        return "revisit", _revisit("identical-payload-digest", earlier) | digest | cut

    def _find(self, capture: Capture) -> ArchivedBefore | None:
        """The record that has this payload; where there is none, this one is remembered."""
        digest = capture.digest
        earlier = self._seen.get(digest)
        if earlier is None and self._lookup is not None:
            earlier = self._lookup(capture.url, digest)
        self._seen[digest] = earlier or ArchivedBefore(capture.url, capture.fetched_at, digest)
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return earlier


def _warcinfo(name: str, info: Mapping[str, str]) -> bytes:
    about = {"WARC-Record-ID": _new_id(), "WARC-Filename": name, "WARC-Date": _date(clock.now())}
    fields = {**info, "format": "WARC File Format 1.1", "conformsTo": _CONFORMS}
    block = "".join(f"{key}: {value}\r\n" for key, value in fields.items() if value)
    return _record("warcinfo", block.encode(), about)


def _about(capture: Capture) -> dict[str, str]:
    """The fields that answer and request have, each with an ID of its own."""
    date = _date(capture.fetched_at)
    about = {"WARC-Record-ID": _new_id(), "WARC-Date": date, "WARC-Target-URI": capture.url}
    return about | {"WARC-IP-Address": capture.ip} if capture.ip else about


def _block(start: str, headers: Headers, body: bytes) -> bytes:
    lines = [start.encode("latin-1"), *(b"%s: %s" % pair for pair in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _record(kind: str, block: bytes, about: Mapping[str, str], level: int = _LEVEL) -> bytes:
    """One gzip member. Written here: warcio writes headers that are not ASCII anew."""
    fields = {
        "WARC-Type": kind,
        **about,
        "WARC-Block-Digest": _digest(block),
        "Content-Type": _MEDIA[kind],
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    plain = b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"
    return zlib.compress(plain, level, WINDOW)


def _new_id() -> str:
    return f"<urn:uuid:{uuid4()}>"


def _digest(data: bytes) -> str:
    """SHA-1 in base 32, as web archives compare by."""
    sha1 = hashlib.sha1(data, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(sha1).decode()}"


def _revisit(profile: str, earlier: ArchivedBefore | None) -> dict[str, str]:
    fields = {"WARC-Profile": _PROFILE + profile}
    if earlier is not None:
        fields["WARC-Refers-To-Target-URI"] = earlier.url
        fields["WARC-Refers-To-Date"] = _date(earlier.fetched_at)
    return fields


def _request_line(capture: Capture) -> str:
    parts = urlsplit(capture.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return f"{capture.method} {target} HTTP/1.1"


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _is_whole(body: bytes, most: int) -> bool:
    try:
        gunzip(body, most)
    except (EOFError, ValueError, zlib.error):
        return False
    return True
