"""Files that are whole: read by lines, appended to, or replaced at once; where they can be."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, NamedTuple

logger = logging.getLogger(__name__)

_FRESH = re.compile(r"\..+\.[0-9a-f]{8}")  # as `fresh_name` gives it


class FileLine(NamedTuple):
    number: int  # from 1
    start: int  # bytes
    data: bytes  # its end included

    @property
    def end(self) -> int:
        return self.start + len(self.data)

    @property
    def object(self) -> dict[str, Any] | None:
        """The JSON object in it; None where it holds none."""
        try:
            value = json.loads(self.data)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None


def read_lines(path: Path) -> Iterator[FileLine]:
    """The lines of a file, the last of them perhaps torn."""
    start = 0
    with path.open("rb") as file:
        for number, data in enumerate(file, 1):
            yield FileLine(number, start, data)
            start += len(data)


class Appender:
    """Over a file that is open for appending, unbuffered: it holds what was appended whole, written
    when `append` returns.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.end = file.seek(0, os.SEEK_END)  # of what is whole

    def append(self, data: bytes) -> None:
        """Raises OSError, after what was written of it is cut off again."""
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            try:
                self._file.truncate(self.end)
            except OSError as error:
                logger.error("cannot cut the torn end off %s: %s", self._file.name, error.strerror)
            raise
        self.end += len(data)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` when it is whole, or leaves it as it was."""
    path = path.resolve()
    fresh = fresh_name(path)
    try:
        with written(fresh) as file:
            yield file
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def fresh_name(path: Path) -> Path:
    """A name beside a file, for what is to take its place."""
    return path.with_name(f".{path.name}.{token_hex(4)}")


def drop_fresh(folder: Path) -> None:
    """Delete what a kill has left of files that were to take another's place. Raises OSError."""
    for path in folder.iterdir():
        if _FRESH.fullmatch(path.name):
            path.unlink()


@contextmanager
def written(fresh: Path) -> Iterator[IO[bytes]]:
    """A new file, which is on disk at the end."""
    with fresh.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


# --- before anything is written ------------------------------------------------------------------


def unwritable(path: str | os.PathLike[str]) -> str | None:
    """Why a file cannot be written, None where it can; one that is not there is not left behind."""
    file = Path(path)
    try:
        if file.is_fifo():
            return None  # to open it would wait for a reader
        was_there = file.exists()
        file.open("ab").close()
        if not was_there:
            file.unlink()
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
    return None


def unusable_folder(path: Path) -> str | None:
    """Why a folder, or one yet to be made, can hold no file, None where it can. Tried with a file
    that has no name and leaves nothing behind.
    """
    there = path
    try:
        there = nearest_folder(path)
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"\n")
    except (OSError, ValueError) as error:
        return f"{there}: {getattr(error, 'strerror', None) or error}"
    return None


def nearest_folder(path: Path) -> Path:
    """The path, or of the folders above it the first that exists."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
