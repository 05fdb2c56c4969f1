"""The tables as the newest migration leaves them: a column for each field of a row."""

from __future__ import annotations

import json
from typing import Any, get_args, get_type_hints

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    literal_column,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from crawler.state import rows


class _WordsType(TypeDecorator[str]):
    """Text of the site: a NUL or half a surrogate pair, which no database takes, becomes U+FFFD."""

    # PostgreSQL compares by the rules of its database's language, unless told to go by code point
    # as SQLite does.
    impl = Text().with_variant(Text(collation="C"), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or (value.isascii() and "\0" not in value):
            return value
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", "\ufffd")


def to_json(value: Any) -> str:
    """JSON in which half a surrogate pair stays the escape it came as."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


metadata = MetaData()
_TYPES = {str: _WordsType, int: Integer, bool: Boolean}


def _table(name: str, row: type, *indexes: Index, keys: int = 1) -> Table:
    """`keys`: how many of the first columns are the primary key."""
    columns = []
    for number, (field, hint) in enumerate(get_type_hints(row).items()):
        nullable = type(None) in get_args(hint)
        plain = get_args(hint)[0] if nullable else hint
        kind: Any = _TYPES.get(plain) or JSON(none_as_null=nullable)
        if (row, field) == (rows.KnownArticle, "place"):
            kind = BigInteger
        columns.append(Column(field, kind, primary_key=number < keys, nullable=nullable))
    return Table(name, metadata, *columns, *indexes)


article = _table("article", rows.KnownArticle)
seen_in = _table("seen_in", rows.Sighting, keys=2)
left_out = _table("left_out", rows.LeftOut, keys=2)
failure = _table("failure", rows.Failure)
mark = _table("mark", rows.Watermark)
gap = _table("gap", rows.OpenGap, keys=2)
issue = _table("issue", rows.IssueRead)
rendering = _table("rendering", rows.RenderHint, keys=2)
claim = _table("claim", rows.Claim, Index("claim_run", "run_id"), keys=2)
run = _table("run", rows.AppliedRun)
migration = _table("migration", rows.Migration)

# Of what run folders tell, in rows of these kinds.
TABLES: dict[type, Table] = {
    rows.KnownArticle: article,
    rows.Sighting: seen_in,
    rows.LeftOut: left_out,
    rows.Failure: failure,
    rows.Watermark: mark,
    rows.OpenGap: gap,
    rows.IssueRead: issue,
    rows.RenderHint: rendering,
    rows.AppliedRun: run,
}

# For what is due: the newest articles, and the few of any age that the last run found gone. With
# literals: a query with parameters in their place is not seen to be one of the index's rows.
is_gone = (article.c.missing > literal_column("0")) & (
    article.c.change != literal_column("'removed'")
)
Index("article_published", article.c.published, article.c.id)
# Written out: SQLAlchemy's `postgresql_where` imports its dialect, .06 s.
GONE_INDEX = """
    CREATE INDEX article_gone ON article (published, id)
    WHERE missing > 0 AND change != 'removed'"""
