"""A file of the run folder that holds whole lines only, each on disk when `append` returns."""

from __future__ import annotations

import logging
import os
from typing import IO

logger = logging.getLogger(__name__)


class Lines:
    """Over a file that is open for appending, unbuffered."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = file.seek(0, os.SEEK_END)  # of the last whole line

    def append(self, line: bytes) -> None:
        """Raises OSError, after what was written of the line is cut off again."""
        left = memoryview(line)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            self._cut()
            raise
        self._end += len(line)

    def _cut(self) -> None:
        try:
            self._file.truncate(self._end)
        except OSError as error:
            logger.error("cannot cut the torn line off %s: %s", self._file.name, error.strerror)
