"""What is stored harms no reader: every string of every line, whatever the page writes."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from html.parser import HTMLParser

import pytest

from crawler.commands import exits
from tests.end_to_end.test_hostile import SENTENCE
from tests.support.harness import command, crawl, lines, run
from tests.support.hostile import page, serve

# Controls but tab and line feed, direction marks, line separators, lone surrogates.
UNCLEAN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
NASTY = "\x00\x01\x07\x0b\x1b[31m\x7f\x85\u200b\u202e\u2028\u2029\u2066\ufeff"
ENTITIES = "&#0;&#1;&#27;[2J&#x85;&#x202e;&#x2028;&#xd800;&#xfeff;&#x200b;"
DECOMPOSED = "Cafe\u0301"
N = NASTY + ENTITIES + DECOMPOSED
ADDRESS = "/c/2026-10-02/8000010.shtml"
PAGE = f"""<!DOCTYPE html><html><head><meta charset=utf-8><title>=1+1标题{N}-中工网</title></head><body>
<p>引题{N}</p><h1>=1+1标题{N}</h1><p>来源：工人{N}日报 2026-10-02 15:41{NASTY} 作者：张{N}三</p>
<div><p>（工人日报记者 李{N}四）{SENTENCE * 3}{N}</p>
<p>{SENTENCE}<a href="javascript:alert(1)">一</a><a href="java{ENTITIES}script:alert(1)">二</a>
<a href="java&#9;script:alert(1)">三</a><a href="/x{N}">四</a><a href="data:text/html,x">五</a><a href="//e.example/{N}">六</a>
<a href='http://e.example/"onmouseover="alert(1)'>七</a><b onclick=alert(1)>八</b><strong>九</strong></p>
<p><img src="/a{N}.jpg" width=500 onerror=alert(1) alt="图为{N}现场情况说明"></p><p>图为{N}会议现场。</p>
<p><img src="javascript:alert(1)" width=500></p><p><img src="x:y" width=500></p>
<p>&lt;script&gt;alert(1)&lt;/script&gt;{SENTENCE}</p><svg><script>alert(1)</script></svg><math><mtext><p>{SENTENCE}</p></math>
<table><tr><td>甲{N}</td><td>乙</td></tr><tr><td>丙</td><td>丁{N}</td></tr></table></div>
<p>责任编辑：王{N}五</p></body></html>"""
LISTED = (
    '[{"href":"/c/2026-10-02/8000010.shtml","title":"=1+1标题\\ud800\\u2028\\u0000\\u001b[31m","source":"工人\\ud800日报",'
    '"publishDate":"2026-10-02 15:41:00"},{"href":"/x\\ud800\\u2028\\u001b","title":"y"},'
    '{"href":"/c/2026-10-02/8000011.shtml","title":"\\ud800\\u2028"},{"href":"http://\\ud800\\u001b[/"}]'
)
FRONT = f"""<!DOCTYPE html><html><head><title>教育{N} - 中工网</title></head><body><ul class=list><li id=li_1>
<a href={ADDRESS}>=1+1标题{N}</a><span>2026-10-02 15:41:00</span></li></ul></body></html>"""


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for one in pair for text in strings(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in strings(one))


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    home = f'<html><body><a href="/edu/">教育{N}</a></body></html>'
    answers = {
        "/": page(home),
        "/edu/": page(FRONT),
        "/json/edu/index_2.json": page(LISTED, kind=b"application/json"),
        ADDRESS: page(PAGE, b'ETag: "x\x1b\x85"'),
        "/c/2026-10-02/8000011.shtml": page(f"<title>{N}</title>{N}"),
    }
    with serve(answers) as server:
        done = crawl(
            folder / "output",
            server.url,
            "since=2020-01-01",
            LOG_LEVEL="DEBUG",
            LOG_FILE=folder / "log",
            FEEDS=json.dumps({str(folder / "scrapy.csv"): {"format": "csv"}}),
        )
    assert ("listing", "not_an_article") in done.reasons
    assert any(stage in ("parse", "validate") for stage, _ in done.reasons), done.reasons
    return done


@pytest.mark.parametrize(
    "name", ["articles.jsonl", "rejects.jsonl", "journal.jsonl", "manifest.json"]
)
def test_every_string_is_clean_and_every_line_a_line_for_every_reader(output, name):
    path = output.folder / name
    values = [json.loads(path.read_text("utf-8"))] if name == "manifest.json" else lines(path)
    if name != "manifest.json":
        text = path.read_bytes().decode("utf-8")
        assert len(text.splitlines()) == text.count("\n") == len(values) > 0
    for text in (text for value in values for text in strings(value)):
        assert not UNCLEAN.search(text), ascii(text)
        assert unicodedata.is_normalized("NFC", text), ascii(text)


def test_addresses_are_of_the_web_and_hold_no_blank(output):
    record = next(one for one in output.records if one["id"] == "8000010")
    found: list[str] = [record["url"], *(image["url"] for image in record["images"])]

    class Links(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag in {
                "p",
                "a",
                "img",
                "figure",
                "figcaption",
                "strong",
                "table",
                "tbody",
                "tr",
                "td",
            }
            assert {name for name, _ in attrs} <= {"href", "src", "alt"}
            found.extend(value for name, value in attrs if name in ("href", "src"))

    Links().feed(record["body_html"])
    assert len(found) >= 4
    for url in found:
        assert re.fullmatch(r"https?://[^\s\"<>]+", url), ascii(url)
    assert "alert(1)</script>" not in record["body_html"]


def test_cells_of_both_kinds_of_csv_are_no_formulas(output, tmp_path):
    merged = tmp_path / "merged.csv"
    line = command("feed", "merge", "-o", str(merged), OUTPUT_DIR=output.output)
    assert run(line).returncode == 0
    for path in (merged, output.output.parent / "scrapy.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert any(row["title"].startswith("'=1+1标题") for row in rows)
        for cell in (cell for row in rows for cell in row.values()):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_log_and_standard_error_have_no_escapes_and_no_lines_of_the_site(output):
    log = (output.output.parent / "log").read_text("utf-8")
    assert len(log.splitlines()) == log.count("\n") > 10
    for text in (log, output.stderr):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text)


def test_the_last_line_is_one_line(capfd):
    exits.say("a\nb\x1b[31m\u2028c")
    assert capfd.readouterr().err == "a\\nb\\x1b[31m\\u2028c\n"


def test_the_report_is_clean(output):
    text = (output.folder / "report.html").read_text("utf-8")
    assert not UNCLEAN.search(text)
    assert "<script>alert" not in text


def test_no_file_has_a_name_of_the_sites(output):
    for path in output.output.rglob("*"):
        assert re.fullmatch(r"[\w.-]+", path.name, re.ASCII), path
        assert "8000010" not in path.name
