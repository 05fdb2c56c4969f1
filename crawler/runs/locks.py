"""One run at a time in an output folder, or the workers of shared crawls."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler import clock
from crawler.items import timestamp

LOCK = ".lock"


class LockedError(Exception):
    """Another run holds the lock; the message names its process, host and start."""


@contextmanager
def lock(output: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the output folder's lock, alone or `shared` with others that share it. Raises
    LockedError, or OSError where it cannot be made.

    The kernel holds it for the open file, so that it ends with its owner, however that dies. The
    words in the file only tell who it is.
    """
    output.mkdir(parents=True, exist_ok=True)
    with (output / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"another run holds the lock: {_owner(output / LOCK)}") from None
        started = timestamp(clock.now())
        owner = {"pid": os.getpid(), "host": socket.gethostname(), "started_at": started}
        file.truncate(0)
        file.write(json.dumps(owner) + "\n")
        file.flush()
        yield


@contextmanager
def startup_lock(output: Path) -> Iterator[None]:
    """One at a time begins in a shared folder: who salvages shall not find a run half made."""
    output.mkdir(parents=True, exist_ok=True)
    with (output / f"{LOCK}.door").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def run_lock(output: Path, run_id: str) -> Iterator[bool]:
    """Hold a run's own lock; False where another process does, which is alive then."""
    path = output / f"{LOCK}.{run_id}"
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            with suppress(FileNotFoundError):
                path.unlink()


def _owner(path: Path) -> str:
    try:
        owner = json.loads(path.read_text("utf-8"))
        return f"pid {owner['pid']} on {owner['host']}, started {owner['started_at']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"its owner has not yet written {path}"
