"""The feed as an SQLite database with full-text search: `scrapy feed merge -o news.db`."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from types import NoneType, UnionType
from typing import IO, Any, get_args

from crawler.files import replacing
from crawler.items import PaperArticle

# Lists of a record that have a table of their own.
_TABLES = ("authors", "editors", "sections", "images")


def column_type(annotation: Any) -> str:
    """Of a field's annotation: `X | None` is X."""
    arguments = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    (given, *_) = (one for one in arguments if one is not NoneType)
    return {bool: "INTEGER", int: "INTEGER", float: "REAL"}.get(given, "TEXT")


_COLUMNS = {
    key: f'"{key}" {column_type(field.annotation)}'
    for key, field in PaperArticle.model_fields.items()
    if key not in _TABLES
}
_WORD = re.compile(r"[^\W_]+")

_SCHEMA = f"""
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    {", ".join(_COLUMNS.values())}
);
CREATE TABLE people (
    article_id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (article_id, position)
) WITHOUT ROWID;
CREATE TABLE sections (
    article_id TEXT NOT NULL, slug TEXT NOT NULL, name TEXT, PRIMARY KEY (article_id, slug)
) WITHOUT ROWID;
CREATE TABLE images (
    article_id TEXT NOT NULL, position INTEGER NOT NULL, url TEXT NOT NULL, caption TEXT,
    path TEXT, sha256 TEXT, PRIMARY KEY (article_id, position)
) WITHOUT ROWID;
-- Of title and body each word's pairs of characters: no tokenizer of SQLite's splits Chinese into
-- words, and trigram does not find words of two characters. Row ids are articles.number.
CREATE VIRTUAL TABLE bigrams USING fts5 (title, body, content='', tokenize='unicode61');
"""
_INDEXES = """
CREATE UNIQUE INDEX articles_id ON articles (id);
CREATE INDEX articles_published_at ON articles (published_at);
CREATE INDEX people_name ON people (name);
CREATE INDEX sections_slug ON sections (slug);
INSERT INTO bigrams (bigrams) VALUES ('optimize');
"""

# Makes `"工会 会会 会员 " "职工 "` of 工会会员 职工: a phrase of pairs for each word of :words, and
# for a word of one character the beginning of a pair.
_SEARCH = """
WITH RECURSIVE asked (q) AS (
    SELECT trim(replace(replace(:words, '"', ' '), char(12288), ' '))
), characters (i, before, this, after) AS (
    SELECT 1, ' ', substr(q, 1, 1), substr(q || ' ', 2, 1) FROM asked
    UNION ALL
    SELECT i + 1, this, after, substr(q || ' ', i + 2, 1)
    FROM characters, asked WHERE i < length(q)
), expression (pattern) AS (
    SELECT replace('"' || group_concat(CASE
        WHEN this = ' ' THEN '" "'
        WHEN after != ' ' THEN this || after || ' '
        WHEN before = ' ' THEN this || '"* "'
        ELSE ''
    END, '') || '"', '""', '') FROM characters
)
SELECT articles.id, articles.published_at, articles.title, articles.source, articles.url
FROM bigrams JOIN articles ON articles.number = bigrams.rowid, expression
WHERE bigrams MATCH pattern
ORDER BY articles.published_at DESC
"""


def sqlite(lines: Iterable[bytes], file: IO[bytes]) -> None:
    """Write tables `articles`, `people`, `sections`, `images` and the full-text index `bigrams`.

    SQLite writes to a path, so the database is made in a temporary folder and copied. Raises
    OSError where that cannot be written.
    """
    with TemporaryDirectory(prefix="feed-merge-") as folder:
        path = Path(folder) / "feed.db"
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as database:
                _fill(database, map(json.loads, lines))
        except sqlite3.Error as error:
            raise OSError(f"temporary database: {error}") from None
        with path.open("rb") as made:
            shutil.copyfileobj(made, file)


def _fill(database: sqlite3.Connection, records: Iterator[dict[str, Any]]) -> None:
    for setting in ("journal_mode = OFF", "synchronous = OFF"):
        database.execute(f"PRAGMA {setting}")
    database.executescript(_SCHEMA)
    database.execute("BEGIN")
    marks = ", ".join("?" * (len(_COLUMNS) + 1))
    for number, record in enumerate(records, 1):
        values = [_value(record.get(key)) for key in _COLUMNS]
        database.execute(f"INSERT INTO articles VALUES ({marks})", [number, *values])  # noqa: S608
        id_ = record["id"]
        people = enumerate(record["authors"] + record["editors"])
        database.executemany(
            "INSERT INTO people VALUES (?, ?, ?, ?)",
            [(id_, position, one["name"], one["role"]) for position, one in people],
        )
        database.executemany(
            "INSERT OR IGNORE INTO sections VALUES (?, ?, ?)",
            [(id_, one["slug"], one["name"]) for one in record["sections"]],
        )
        database.executemany(
            "INSERT INTO images VALUES (?, ?, ?, ?, ?, ?)",
            [
                (id_, position, one["url"], one["caption"], one.get("path"), one.get("sha256"))
                for position, one in enumerate(record["images"])
            ],
        )
        database.execute(
            "INSERT INTO bigrams (rowid, title, body) VALUES (?, ?, ?)",
            (number, bigrams(record["title"]), bigrams(record["body"])),
        )
    database.execute("COMMIT")
    database.executescript(_INDEXES)


def _value(value: Any) -> Any:
    """As SQLite holds it; lists and objects as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def bigrams(text: str) -> str:
    """`工会 工` … the pairs of each word's characters, and its last character alone.

    工会会员 becomes `工会 会会 会员 员`; so a word of any length is a phrase of pairs, and a
    single character the beginning of one.
    """
    return " ".join(word[at : at + 2] for word in _WORD.findall(text) for at in range(len(word)))


def write_metadata(database: Path) -> None:
    """Write news.metadata.json beside news.db."""
    with replacing(database.with_suffix(".metadata.json")) as file:
        file.write(datasette_metadata(database))


def datasette_metadata(database: Path) -> bytes:
    """Metadata for `datasette news.db --metadata …` with a query `search` that finds words."""
    query = {
        "sql": _SEARCH.strip(),
        "title": "全文检索 · Search title and body",
        "description": "Words of any length; several with blanks between must all occur.",
        "params": ["words"],
    }
    tables = {"articles": {"sort_desc": "published_at", "label_column": "title"}}
    metadata = {"databases": {database.stem: {"queries": {"search": query}, "tables": tables}}}
    return (json.dumps(metadata, ensure_ascii=False, indent=2) + "\n").encode()
