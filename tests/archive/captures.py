"""Captures and archives for the tests."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from warcio.checker import Checker

from crawler.archive import Archive, Capture

PAGE = "<html><title>全国总工会</title><p>劳动最光荣</p></html>".encode()
THEN = datetime(2026, 10, 2, 7, 41, 16, 250_000, tzinfo=UTC)
HTML = (b"Content-Type", b"text/html; charset=utf-8")
GZIP = (b"Content-Encoding", b"gzip")


def capture(number: int = 0, body: bytes = PAGE, **given: Any) -> Capture:
    """The answer to one of many addresses, a minute after the one before."""
    fields: dict[str, Any] = {
        "url": f"https://www.workercn.cn/c/2026-10-02/{8163000 + number}.shtml",
        "fetched_at": THEN + timedelta(minutes=number),
        "status": 200,
        "headers": [HTML],
        "body": body,
        "request_headers": [(b"Host", b"www.workercn.cn")],
    }
    return Capture(**{**fields, **given})


def packed(number: int, plain: bytes = PAGE) -> Capture:
    return capture(number, gzip.compress(plain, mtime=0), headers=[HTML, GZIP])


def write(path: Path, captures: Iterable[Capture], **given: Any) -> Path:
    """An archive of these, whose run_id is its name."""
    run_id = path.name.removesuffix(".warc.gz")
    archive = Archive(path, {"software": "tests", "run_id": run_id}, **given)
    for one in captures:
        archive.add(one)
    archive.close()
    return path


def is_valid(path: Path, capsys: Any) -> bool:
    """What `warcio check` says of every digest in the file."""
    capsys.readouterr()
    code = Checker(SimpleNamespace(inputs=[str(path)], verbose=True)).process_all()
    said = capsys.readouterr()
    return code == 0 and "digest pass" in said.out and "fail" not in said.out and not said.err
