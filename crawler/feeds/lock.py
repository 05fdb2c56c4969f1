"""One run at a time in an output folder."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crawler.items import timestamp

LOCK = ".lock"


class LockedError(Exception):
    """Another run holds the lock; the message names its process, host and start."""


@contextmanager
def lock(output: Path) -> Iterator[None]:
    """Hold the output folder's lock. Raises LockedError, or OSError where it cannot be made.

    The kernel holds it for the open file, so that it ends with its owner, however that dies. The
    words in the file only tell who it is.
    """
    output.mkdir(parents=True, exist_ok=True)
    with (output / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"another run holds the lock: {_owner(output / LOCK)}") from None
        started = timestamp(datetime.now(UTC))
        owner = {"pid": os.getpid(), "host": socket.gethostname(), "started_at": started}
        file.truncate(0)
        file.write(json.dumps(owner) + "\n")
        file.flush()
        yield


def _owner(path: Path) -> str:
    try:
        owner = json.loads(path.read_text("utf-8"))
        return f"pid {owner['pid']} on {owner['host']}, started {owner['started_at']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"its owner has not yet written {path}"
