"""Scrapy's own `-o FILE.csv`, `.xml` and `.json` hold plain values, as `feed merge` writes them."""

from __future__ import annotations

import csv
import io
import json
import marshal
from xml.etree import ElementTree

from scrapy.exporters import JsonItemExporter

from crawler.feeds import formats
from crawler.feeds.formats import PlainCsvExporter, PlainMarshalExporter, PlainXmlExporter
from crawler.runs.run_files import to_line
from tests.feeds.folders import record

ONE = record(
    "1",
    subtitle=None,
    title="=1+1",
    authors=[{"name": "孙川", "role": "reporter"}, {"name": "葛红普", "role": "author"}],
    sections=[{"slug": "edu", "name": None}],
    images=[{"url": "https://www.workercn.cn/1.jpg", "caption": None}],
)


def exported(exporter_class, **options):
    file = io.BytesIO()
    exporter = exporter_class(file, encoding="utf-8", **options)
    exporter.start_exporting()
    exporter.export_item(ONE)
    exporter.finish_exporting()
    return file.getvalue()


def test_csv_has_the_cells_of_the_merged_feed():
    (own,) = csv.DictReader(io.StringIO(exported(PlainCsvExporter).decode()))
    merged = io.BytesIO()
    formats.spreadsheet([to_line(ONE)], merged)
    (expected,) = csv.DictReader(io.StringIO(merged.getvalue().decode("utf-8-sig")))
    assert own == {key: value for key, value in expected.items() if key != "paper"}
    assert own["authors"] == "孙川 (reporter); 葛红普 (author)"
    assert own["title"] == "'=1+1"


def test_xml_has_an_element_a_key():
    (item,) = ElementTree.fromstring(exported(PlainXmlExporter))  # noqa: S314 - ours
    assert item.findtext("authors/value/name") == "孙川"
    assert [one.text for one in item.iterfind("authors/value/role")] == ["reporter", "author"]
    assert item.findtext("images/value/caption") == item.findtext("subtitle") == ""
    assert item.findtext("revision") == "1"
    assert [child.tag for child in item] == list(ONE.model_dump())


def test_marshal_has_the_record():
    assert marshal.loads(exported(PlainMarshalExporter)) == json.loads(to_line(ONE))  # noqa: S302


def test_json_has_the_line_of_the_feed():
    assert json.loads(exported(JsonItemExporter)) == [json.loads(to_line(ONE))]
