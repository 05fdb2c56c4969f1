"""What Scrapy's `-o` writes, in the forms of `scrapy feed merge -o`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from scrapy.exporters import CsvItemExporter, XmlItemExporter

from crawler.feeds.formats import cell


class PlainCsvExporter(CsvItemExporter):
    """Scrapy's `-o FILE.csv` with the cells of `feed merge -o FILE.csv`."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        return cell(name, _plain(value))


class PlainXmlExporter(XmlItemExporter):
    """Scrapy's `-o FILE.xml`: an element a key, and none of Python's words for nothing."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        return _without_none(_plain(value))


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
