"""`feed merge -o news.db`: tables and full-text search, as SQLite and Datasette read them."""

from __future__ import annotations

import io
import json
import sqlite3

import pytest

from crawler.feeds.merging import merge
from crawler.feeds.sqlite_export import bigrams, column_type, datasette_metadata, sqlite
from crawler.items import Paper
from tests.feeds.folders import publish, record

ARTICLES = {
    "a": ("工会为货车司机送清凉", "各级工会会员走进 C919 车间。"),
    "b": ("职工夜校开课", "会前，工友们说：“很实用。”报名的人很多，课"),
    "c": ("劳动者权益", "法院工作人员会见了当事人。他的母校。"),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    output = tmp_path_factory.mktemp("output")
    publish(output, 1, *(record(i, title=t, body=b) for i, (t, b) in ARTICLES.items()))
    file = io.BytesIO()
    assert merge(output, file, sqlite) == 3
    path = output / "news.db"
    path.write_bytes(file.getvalue())
    with sqlite3.connect(path) as connection:
        yield connection
    connection.close()


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (int, "INTEGER"),
        (int | None, "INTEGER"),
        (bool | None, "INTEGER"),
        (float | None, "REAL"),
        (str, "TEXT"),
        (str | None, "TEXT"),
        (list[int], "TEXT"),
        (Paper, "TEXT"),
    ],
)
def test_the_type_of_a_column(annotation, expected):
    assert column_type(annotation) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("工会会员", "工会 会会 会员 员"),
        ("会", "会"),
        ("", ""),
        ("工会，会员", "工会 会 会员 员"),
        ("C919客机", "C9 91 19 9客 客机 机"),
        ("𠮷野家", "𠮷野 野家 家"),
    ],
)
def test_bigrams(text, expected):
    assert bigrams(text) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("工会", "a"),
        ("货车司机", "a"),
        ("会会员", "a"),
        ("工友们", "b"),
        ("司机", "a"),
        ("会", "abc"),  # anywhere, beside a comma too
        ("课", "b"),  # the last of a text
        ("很多课", ""),  # not over a comma
        ("c919", "a"),
        ("工会 会员", "a"),
        ("　职工　会 ", "b"),
        ("会员 母校", ""),
        ("员工", ""),  # both pairs' characters occur, the word does not
        ("工作人员会", "c"),
        ('工会" OR "母校', ""),
    ],
)
def test_the_query_for_datasette_finds_words_of_any_length(database, words, expected, tmp_path):
    metadata = json.loads(datasette_metadata(tmp_path / "news.db"))
    query = metadata["databases"]["news"]["queries"]["search"]
    assert query["params"] == ["words"]
    found = database.execute(query["sql"], {"words": words})
    assert "".join(sorted(row[0] for row in found)) == expected


def test_each_list_of_a_record_is_a_table(tmp_path):
    images = [{"url": "https://www.workercn.cn/1.jpg", "caption": None}]
    sections = [{"slug": "edu", "name": "教育"}, {"slug": "edu", "name": "教育"}]
    one = record(
        "a",
        authors=[{"name": "孙川", "role": "reporter"}],
        editors=[{"name": "于小淑", "role": "editor"}],
        images=images,
        sections=sections,
    )
    publish(tmp_path, 1, one)
    file = io.BytesIO()
    merge(tmp_path, file, sqlite)
    (tmp_path / "x.db").write_bytes(file.getvalue())
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.row_factory = sqlite3.Row
    (article,) = map(dict, connection.execute("SELECT * FROM articles"))
    assert article["id"] == "a"
    assert article["revision"] == 1
    assert json.loads(article["raw"]) == one.raw.model_dump()
    people = connection.execute("SELECT name, role FROM people ORDER BY position").fetchall()
    assert [tuple(row) for row in people] == [("孙川", "reporter"), ("于小淑", "editor")]
    assert len(connection.execute("SELECT * FROM sections").fetchall()) == 1
    (image,) = map(dict, connection.execute("SELECT * FROM images"))
    assert image["url"].endswith("1.jpg")
    assert image["sha256"] is None
    connection.close()


def test_datasette_reads_it(database, tmp_path):
    datasette = pytest.importorskip("datasette.app", reason="pip install datasette")
    import asyncio

    path = database.execute("PRAGMA database_list").fetchone()[2]
    app = datasette.Datasette([path], metadata=json.loads(datasette_metadata(tmp_path / "news.db")))
    answer = asyncio.run(app.client.get("/news/search.json?words=工会&_shape=objects"))
    assert answer.status_code == 200, answer.text
    assert [row["id"] for row in answer.json()["rows"]] == ["a"]
