"""Reads archives, the crawler's and others', as a stream of exchanges, and repairs torn ones."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crawler.archive.records import ArchiveError, OnError, Record, records, whole_records
from crawler.archive.referred import Referred


@dataclass(frozen=True, slots=True)
class Exchange:
    url: str
    status: int
    headers: list[tuple[str, str]] = field(repr=False)  # as received: Content-Encoding included
    body: bytes | None = field(repr=False)  # unpacked; None where a revisit's is not to be found
    fetched_at: datetime  # aware, UTC
    run_id: str | None  # None in an archive that is not the crawler's
    is_revisit: bool  # unchanged: the body is that of an earlier record


def read(
    paths: Iterable[str | os.PathLike[str]],
    *,
    folder: str | os.PathLike[str] | None = None,
    on_error: OnError | None = None,
) -> Iterator[Exchange]:
    """The answers in these files, in their order.

    A revisit's body is looked for in the files given and in those of `folder`.
    Without `on_error` the first thing that cannot be read ends it with an ArchiveError, after all
    that stands before; with it the error is told and reading goes on at the next whole record.
    Requests, answers cut short (WARC-Truncated, segments) and records that are no HTTP are left
    out.
    """
    files = [Path(path) for path in paths]
    tell = on_error or _raise
    with closing(Referred(files, Path(folder) if folder is not None else None)) as referred:
        for path in files:
            yield from _exchanges(path, referred, tell)


def _exchanges(path: Path, referred: Referred, tell: OnError) -> Iterator[Exchange]:
    run_id = None
    for record in records(path, tell):
        if record.kind == "warcinfo":
            run_id = record.run_id()
        elif record.is_answer:
            try:
                exchange = _exchange(record, run_id, referred)
            except (OSError, EOFError, ValueError, zlib.error) as error:
                tell(ArchiveError(path, record.offset, f"the record cannot be used: {error}"))
            else:
                yield exchange


def _exchange(record: Record, run_id: str | None, referred: Referred) -> Exchange:
    is_revisit = record.kind == "revisit"
    http = record.warc.http_headers
    return Exchange(
        url=record.field("WARC-Target-URI") or "",
        status=int(http.get_statuscode()),
        headers=http.headers,
        body=referred.body(record) if is_revisit else record.body(),
        fetched_at=record.date,
        run_id=run_id,
        is_revisit=is_revisit,
    )


def _raise(error: ArchiveError) -> None:
    raise error


def repair(path: Path) -> int:
    """Cut off what follows the last whole record, and say how many bytes that was.

    A file without a request or answer is taken away. Raises ArchiveError, and leaves the file
    alone, where whole records follow a damaged one or where it does not begin as a WARC file;
    OSError where it cannot be read or written.
    """
    errors: list[ArchiveError] = []
    number = 0
    with path.open("rb") as file:
        for _ in whole_records(path, file, errors.append):
            number += 1
            if errors:
                reason = "damaged, and whole records follow"
                raise ArchiveError(path, errors[0].offset, reason) from errors[0]
        size = file.tell()
    end = errors[0].offset if errors else size
    if end == 0 and errors and not isinstance(errors[0].__cause__, EOFError):
        raise ArchiveError(path, 0, "no WARC file") from errors[0]
    if number <= 1:  # the warcinfo
        path.unlink()
        return size
    os.truncate(path, end)
    return size - end
