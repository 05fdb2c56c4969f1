"""The records of a WARC file, whole ones only."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BufferedReader, BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from crawler.gzip_members import MAGIC, WINDOW, gunzip

# A bigger record is refused, so that no file can fill the memory.
LARGEST = 64 * 1024 * 1024

DAMAGE = (EOFError, ValueError, zlib.error, ArchiveLoadFailed, StatusAndHeadersParserException)
_END = b"\r\n\r\n"
_REQUEST = b"\r\nWARC-Type: request\r\n"
_CHUNK = 1 << 16

_loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)


class ArchiveError(Exception):
    """A file, and the byte of it, where no whole record can be read."""

    def __init__(self, path: Path, offset: int, reason: str) -> None:
        super().__init__(f"{path}: byte {offset}: {reason}")
        self.path = path
        self.offset = offset
        self.reason = reason


OnError = Callable[[ArchiveError], None]


class Record(NamedTuple):
    offset: int
    warc: Any  # warcio's ArcWarcRecord; None of a request

    def field(self, name: str) -> str | None:
        value: str | None = self.warc.rec_headers.get_header(name)
        return value

    @property
    def kind(self) -> str | None:
        return self.field("WARC-Type") if self.warc is not None else "request"

    @property
    def is_answer(self) -> bool:
        """Is it an HTTP answer, whole or a revisit?"""
        if self.kind not in ("response", "revisit") or not self.warc.http_headers:
            return False
        if self.field("WARC-Segment-Number"):
            return False
        return self.kind == "revisit" or not self.field("WARC-Truncated")

    @property
    def date(self) -> datetime:
        """Raises ValueError."""
        moment = datetime.fromisoformat(self.field("WARC-Date") or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)

    def run_id(self) -> str | None:
        """What a warcinfo record says, once; None in an archive that is not the crawler's."""
        for line in self.warc.raw_stream.read().decode("utf-8", "replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "run_id":
                return value.strip() or None
        return None

    def body(self) -> bytes:
        """The answer's body, unpacked; once. Raises EOFError, ValueError and zlib.error."""
        headers = self.warc.http_headers
        encoding = (headers.get_header("Content-Encoding") or "").strip().lower()
        chunked = headers.get_header("Transfer-Encoding")
        if encoding in ("gzip", "x-gzip") and not chunked:
            return gunzip(self.warc.raw_stream.read(), LARGEST)
        if encoding == "br" and not chunked:
            body = _unbrotli(self.warc.raw_stream.read())
        else:
            stream = self.warc.content_stream()
            body = b"".join(islice(iter(lambda: stream.read(_CHUNK), b""), LARGEST // _CHUNK + 1))
        if len(body) > LARGEST:
            raise ValueError(f"it unpacks to more than {LARGEST} bytes")
        return body


def _unbrotli(packed: bytes) -> bytes:
    """At most a byte more than is allowed. warcio's reader does not work with today's brotli."""
    import brotli  # type: ignore[import-untyped]

    try:
        body: bytes = brotli.Decompressor().process(packed, output_buffer_limit=LARGEST + 1)
    except brotli.error as error:
        raise ValueError(f"its brotli is damaged: {error}") from error
    return body


def records(path: Path, on_error: OnError) -> Iterator[Record]:
    """Every whole record in order; what is between them is told to `on_error`, which may raise."""
    try:
        with path.open("rb") as file:
            yield from whole_records(path, file, on_error)
    except OSError as error:
        on_error(ArchiveError(path, 0, error.strerror or str(error)))


def whole_records(path: Path, file: BufferedReader, on_error: OnError) -> Iterator[Record]:
    """As `records`, of a file that is open. Raises OSError."""
    while True:
        offset = file.tell()
        try:
            record = read_record(file)
        except DAMAGE as error:
            problem = ArchiveError(path, offset, _reason(error))
            problem.__cause__ = error
            on_error(problem)
            if not seek_record(file, offset + 1):
                return
            continue
        if record is None:
            return
        yield record


def read_record(file: BufferedReader) -> Record | None:
    """The record at the file's position; None at the end. Raises what `DAMAGE` names.

    What was sent is passed over unread: half of a file, and of the time that it takes.
    """
    offset = file.tell()
    plain = read_member(file)
    if plain is None:
        return None
    if not plain.startswith(b"WARC/"):
        raise ValueError("no WARC record")
    head = plain.find(_END) + len(_END)
    if plain.find(_REQUEST, 0, head) >= 0:
        return Record(offset, None)
    warc = _loader.parse_record_stream(BytesIO(plain), known_format="warc")
    length = warc.rec_headers.get_header("Content-Length") or ""
    if not length.isdecimal() or plain[head + int(length) :] != _END:
        raise ValueError("its length is not what the record says")
    return Record(offset, warc)


def _reason(error: BaseException) -> str:
    if isinstance(error, zlib.error):
        return f"no gzip, or damaged ({error})"
    return str(error).strip() or type(error).__name__


# --- gzip members -----------------------------------------------------------------------------


def read_member(file: BufferedReader) -> bytes | None:
    """Unpack the member at the file's position and move behind it; None at the end of the file.

    Raises EOFError, ValueError and zlib.error as `gunzip`; the position is then anywhere.
    """
    member = zlib.decompressobj(WINDOW)
    pieces: list[bytes] = []
    left = LARGEST + 1  # one byte more than allowed tells that there is more
    packed = file.read(_CHUNK)
    if not packed:
        return None
    while not member.eof:
        if not packed:
            raise EOFError("the file ends inside a record")
        pieces.append(member.decompress(packed, left))
        left -= len(pieces[-1])
        if left <= 0:
            raise ValueError(f"it unpacks to more than {LARGEST} bytes")
        packed = member.unconsumed_tail or (b"" if member.eof else file.read(_CHUNK))
    file.seek(-len(member.unused_data), 1)
    return b"".join(pieces)


def seek_record(file: BufferedReader, offset: int) -> bool:
    """Move to the first member from `offset` on that begins as a WARC record; to the file's end
    where there is none.
    """
    file.seek(offset)
    window = b""
    while chunk := file.read(_CHUNK):
        window += chunk
        base = file.tell() - len(window)
        at = window.find(MAGIC)
        while at >= 0:
            if _begins_record(file, base + at):
                return True
            at = window.find(MAGIC, at + 1)
        file.seek(base + len(window))
        window = window[-len(MAGIC) + 1 :]
    return False


def _begins_record(file: BufferedReader, offset: int) -> bool:
    """Leaves the file at `offset`."""
    file.seek(offset)
    try:
        begin = zlib.decompressobj(WINDOW).decompress(file.read(512), 5)
    except zlib.error:
        begin = b""
    file.seek(offset)
    return begin == b"WARC/"
