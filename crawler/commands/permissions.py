"""Who may read what the commands write: OUTPUT_UMASK."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_OWNERS = 0o700

_started_with: int | None = None


def read(text: str) -> int | None:
    """`027` as the bits it takes from new files; None for what is none, or takes the owner's."""
    try:
        bits = int(text, 8)
    except ValueError:
        return None
    return bits if 0 <= bits < _OWNERS and not bits & _OWNERS else None


def restrict(bits: int) -> None:
    """Take these from whatever is made from now on, besides what the process was started with."""
    global _started_with  # noqa: PLW0603 - as the umask itself, one for the process
    if _started_with is None:
        _started_with = os.umask(0o077)
    os.umask(_started_with | bits)


@contextmanager
def as_started() -> Iterator[None]:
    """For a file that is meant for another program's user."""
    now = os.umask(0o077)
    os.umask(now if _started_with is None else _started_with)
    try:
        yield
    finally:
        os.umask(now)
