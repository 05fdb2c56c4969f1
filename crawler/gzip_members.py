"""Bodies as they are packed on the wire: gzip, of one member or of several."""

from __future__ import annotations

import zlib
from functools import lru_cache

MAGIC = b"\x1f\x8b\x08"
WINDOW = 31  # zlib's window bits for a gzip header and trailer
_PART = 1 << 12  # what follows a member's end is copied: a body may be a million empty members


@lru_cache(maxsize=1)  # the archive asks whether a body is whole before its page is unpacked
def gunzip(packed: bytes, most: int) -> bytes:
    """What it unpacks to; what follows the last member and is no gzip is left.

    Raises EOFError where it ends early, ValueError where it is more than `most` bytes, zlib.error
    where it is no gzip or damaged.
    """
    pieces: list[bytes] = []
    left = most + 1  # one byte more than allowed tells that there is more
    at, view, size = 0, memoryview(packed), len(packed)
    while at < len(packed) and (not at or packed.startswith(MAGIC, at)):
        member = zlib.decompressobj(WINDOW)
        while not member.eof:
            if not (part := view[at : at + size]):
                raise EOFError("its gzip ends early")
            pieces.append(member.decompress(part, left))
            at += len(part) - len(member.unconsumed_tail) - len(member.unused_data)
            left -= len(pieces[-1])
            if left <= 0:
                raise ValueError(f"it unpacks to more than {most} bytes")
        size = _PART
    return b"".join(pieces)
