"""Reads archives, the crawler's and others', as a stream of exchanges."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from crawler.archive.exchange import ArchiveError, Exchange
from crawler.archive.records import OnError, Record, records
from crawler.archive.referred import Referred


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
