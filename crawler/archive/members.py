"""Gzip members: a compressed WARC file is one after the other, each a record."""

from __future__ import annotations

import zlib
from io import BufferedReader

from crawler.gzip_members import MAGIC, WINDOW

_CHUNK = 1 << 16

# A bigger record is refused, so that no file can fill the memory.
LARGEST = 64 * 1024 * 1024


def pack(plain: bytes, level: int) -> bytes:
    """One gzip member."""
    packer = zlib.compressobj(level, zlib.DEFLATED, WINDOW)
    return packer.compress(plain) + packer.flush()


def read_member(file: BufferedReader, most: int = LARGEST) -> bytes | None:
    """Unpack the member at the file's position and move behind it; None at the end of the file.

    Raises EOFError, ValueError and zlib.error as `gunzip`; the position is then anywhere.
    """
    member = zlib.decompressobj(WINDOW)
    pieces: list[bytes] = []
    left = most + 1  # one byte more than allowed tells that there is more
    packed = file.read(_CHUNK)
    if not packed:
        return None
    while not member.eof:
        if not packed:
            raise EOFError("the file ends inside a record")
        pieces.append(member.decompress(packed, left))
        left -= len(pieces[-1])
        if left <= 0:
            raise ValueError(f"it unpacks to more than {most} bytes")
        packed = member.unconsumed_tail or (b"" if member.eof else file.read(_CHUNK))
    file.seek(-len(member.unused_data), 1)
    return b"".join(pieces)


def seek_record(file: BufferedReader, offset: int) -> int | None:
    """Move to the first member from `offset` on that begins as a WARC record, and say where it is.

    None, with the file at its end, where there is none.
    """
    file.seek(offset)
    window = b""
    while chunk := file.read(_CHUNK):
        window += chunk
        base = file.tell() - len(window)
        at = window.find(MAGIC)
        while at >= 0:
            if _begins_record(file, base + at):
                return base + at
            at = window.find(MAGIC, at + 1)
        file.seek(base + len(window))
        window = window[-len(MAGIC) + 1 :]
    return None


def _begins_record(file: BufferedReader, offset: int) -> bool:
    """Leaves the file at `offset`."""
    file.seek(offset)
    try:
        begin = zlib.decompressobj(WINDOW).decompress(file.read(512), 5)
    except zlib.error:
        begin = b""
    file.seek(offset)
    return begin == b"WARC/"
