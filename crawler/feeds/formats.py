"""The files a view of the feed can be written to, by the end of their names."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.util import find_spec
from types import NoneType, UnionType
from typing import IO, TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from scrapy.exporters import CsvItemExporter, MarshalItemExporter, XmlItemExporter

from crawler.feeds.sqlite_export import sqlite
from crawler.feeds.syndication import atom, json_feed
from crawler.items import PaperArticle

if TYPE_CHECKING:
    import pyarrow as pa

# Writes lines of JSON to a file that is open for bytes.
Format = Callable[[Iterable[bytes], IO[bytes]], None]

# Bytes. Readers of Parquet like large groups; as Python's objects a chunk takes ten times as much.
_ROW_GROUP = 16 << 20
_CHUNK = 1 << 18
# What readers skip groups by. The least and greatest body of each group would stay in memory.
_SOUGHT = ["id", "generation", "source", "published_at", "change", "fetched_at", "run_id"]
# What Excel, LibreOffice and others run at the start of a cell, full-width forms included.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def choose(name: str) -> Format:
    """The format that a file's name ends with. ValueError says what is allowed, or lacking."""
    for ending, write in _FORMATS.items():
        if name.lower().endswith(ending):
            if write is parquet and not find_spec("pyarrow"):
                raise ValueError("Parquet needs a library that is not here: pip install pyarrow")
            return write
    raise ValueError(f"no format is known by that name; allowed: {', '.join(_FORMATS)}")


def jsonl(lines: Iterable[bytes], file: IO[bytes]) -> None:
    file.writelines(lines)


def gzipped(lines: Iterable[bytes], file: IO[bytes]) -> None:
    # Neither name nor time in it: the same records are the same bytes.
    with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        packed.writelines(lines)


def zstandard(lines: Iterable[bytes], file: IO[bytes]) -> None:
    from backports.zstd import ZstdFile  # Scrapy brings it along

    with ZstdFile(file, "wb") as packed:
        packed.writelines(lines)


def spreadsheet(lines: Iterable[bytes], file: IO[bytes]) -> None:
    """CSV as RFC 4180 has it, with the byte order mark by which Excel knows UTF-8."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        rows = csv.DictWriter(text, list(PaperArticle.model_fields))
        rows.writeheader()
        for line in lines:
            rows.writerow({key: cell(key, value) for key, value in json.loads(line).items()})
    finally:
        text.detach()


def cell(key: str, value: Any) -> Any:
    """The value of a record's key as a cell of a table; models as dictionaries."""
    return escape_formula(value if isinstance(value, str) else _flat(key, value))


def escape_formula(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value


def _flat(key: str, value: Any) -> Any:
    """`孙川 (reporter); 葛红普 (author)`, `character; edu`; other nested values as JSON."""
    if key in ("authors", "editors"):
        return "; ".join(f"{person['name']} ({person['role']})" for person in value)
    if key == "sections":
        return "; ".join(section["slug"] for section in value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def parquet(lines: Iterable[bytes], file: IO[bytes]) -> None:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    schema = _arrow_schema()
    group: list[pa.RecordBatch] = []
    with ParquetWriter(file, schema, compression="zstd", write_statistics=_SOUGHT) as writer:
        for chunk in _chunks(lines):
            rows = [_row(json.loads(line)) for line in chunk]
            group.append(pa.RecordBatch.from_pylist(rows, schema))
            if sum(batch.nbytes for batch in group) >= _ROW_GROUP:
                writer.write_table(pa.Table.from_batches(group))
                group.clear()
        if group:
            writer.write_table(pa.Table.from_batches(group))


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    chunk, size = [], 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _row(record: dict[str, Any]) -> dict[str, Any]:
    for key in ("published_at", "fetched_at"):
        record[key] = datetime.fromisoformat(record[key])
    return record


def _arrow_schema() -> pa.Schema:
    import pyarrow as pa

    types = _struct(PaperArticle) | {  # Parquet has no seconds
        "published_at": pa.timestamp("ms", "Asia/Shanghai"),
        "fetched_at": pa.timestamp("ms", "UTC"),
    }
    return pa.schema(types)


def _struct(model: type[BaseModel]) -> dict[str, pa.DataType]:
    return {name: _arrow_type(field.annotation) for name, field in model.model_fields.items()}


def _arrow_type(annotation: Any) -> pa.DataType:
    """Of a field's annotation: models become structs, `X | None` is X."""
    import pyarrow as pa

    arguments = [one for one in get_args(annotation) if one is not NoneType]
    origin = get_origin(annotation)
    if origin is list:
        return pa.list_(_arrow_type(arguments[0]))
    if origin is dict:
        return pa.map_(*map(_arrow_type, arguments))
    if origin in (Union, UnionType, Annotated):
        return _arrow_type(arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pa.struct(_struct(annotation))
    others = {bool: pa.bool_(), int: pa.int32(), float: pa.float64()}
    return others.get(annotation, pa.string())


_FORMATS: dict[str, Format] = {
    ".jsonl": jsonl,
    ".jsonl.gz": gzipped,
    ".jsonl.zst": zstandard,
    ".csv": spreadsheet,
    ".parquet": parquet,
    ".db": sqlite,
    ".xml": atom,
    ".json": json_feed,
}


# --- what Scrapy's -o writes ----------------------------------------------------------------------


class PlainCsvExporter(CsvItemExporter):
    """Scrapy's `-o FILE.csv` with the cells of `feed merge -o FILE.csv`."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        return cell(name, _plain(value))


class PlainXmlExporter(XmlItemExporter):
    """Scrapy's `-o FILE.xml`: an element a key, and none of Python's words for nothing."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        return _without_none(_plain(value))


class PlainMarshalExporter(MarshalItemExporter):
    """Scrapy's `-o FILE.marshal`, which takes Python's own types alone."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_none(one) for one in value]
    return "" if value is None else value
