"""What goes into an archive, a Capture, and what is read from one, an Exchange."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class ArchiveError(Exception):
    """A file, and the byte of it, where no whole record can be read."""

    def __init__(self, path: Path, offset: int, reason: str) -> None:
        super().__init__(f"{path}: byte {offset}: {reason}")
        self.path = path
        self.offset = offset
        self.reason = reason


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
        """The payload's: SHA-1 in base 32, as web archives compare by."""
        sha1 = hashlib.sha1(self.body, usedforsecurity=False).digest()
        return f"sha1:{base64.b32encode(sha1).decode()}"


@dataclass(frozen=True, slots=True)
class Exchange:
    url: str
    status: int
    headers: list[tuple[str, str]] = field(repr=False)  # as received: Content-Encoding included
    body: bytes | None = field(repr=False)  # unpacked; None where a revisit's is not to be found
    fetched_at: datetime  # aware, UTC
    run_id: str | None  # None in an archive that is not the crawler's
    is_revisit: bool  # unchanged: the body is that of an earlier record
