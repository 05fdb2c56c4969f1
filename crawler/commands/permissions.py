"""Who may read what the commands write: OUTPUT_UMASK."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


def read(text: str) -> int | None:
    """`027` as the bits it takes from new files; None for what is none, or takes the owner's."""
    try:
        bits = int(text, 8)
    except ValueError:
        return None
    return bits if 0 <= bits <= 0o77 else None


@cache
def _started_with() -> int:
    """The umask of the process before it was restricted."""
    bits = os.umask(0o077)
    os.umask(bits)
    return bits


def restrict(bits: int) -> None:
    """Take these from whatever is made from now on, besides what the process was started with."""
    os.umask(_started_with() | bits)


@contextmanager
def as_started() -> Iterator[None]:
    """For a file that is meant for another program's user."""
    now = os.umask(_started_with())
    try:
        yield
    finally:
        os.umask(now)
