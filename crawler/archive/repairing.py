"""Makes a whole file of one that a kill has torn."""

from __future__ import annotations

import os
from io import BufferedReader
from pathlib import Path

from crawler.archive.exchange import ArchiveError
from crawler.archive.members import seek_record
from crawler.archive.records import DAMAGE, read_record


def repair(path: Path) -> int:
    """Cut off what follows the last whole record, and say how many bytes that was.

    A file without a request or answer is taken away. Raises ArchiveError, and leaves the file
    alone, where whole records follow a damaged one or where it does not begin as a WARC file;
    OSError where it cannot be read or written.
    """
    with path.open("rb") as file:
        end, records = _whole(path, file)
        size = file.seek(0, os.SEEK_END)
    if records <= 1:  # the warcinfo
        path.unlink()
        return size
    os.truncate(path, end)
    return size - end


def _whole(path: Path, file: BufferedReader) -> tuple[int, int]:
    """(where the whole records end, how many they are)"""
    records = 0
    while True:
        offset = file.tell()
        try:
            if read_record(file) is None:
                return offset, records
        except DAMAGE as error:
            if seek_record(file, offset + 1) is not None:
                raise ArchiveError(path, offset, "damaged, and whole records follow") from error
            if offset == 0 and not isinstance(error, EOFError):
                raise ArchiveError(path, 0, "no WARC file") from error
            return offset, records
        records += 1
