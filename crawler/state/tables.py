"""The tables as the newest migration leaves them."""

from __future__ import annotations

import json
from typing import Any

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

# PostgreSQL compares by the rules of its database's language, unless told to go by code point
# as SQLite does.
_Text = Text().with_variant(Text(collation="C"), "postgresql")


class _WordsType(TypeDecorator[str]):
    """Text of the site: a NUL or half a surrogate pair, which no database takes, becomes U+FFFD."""

    impl = _Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", "\ufffd")


def to_json(value: Any) -> str:
    """JSON in which half a surrogate pair stays the escape it came as."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


metadata = MetaData()

article = Table(
    "article",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("url", _WordsType, nullable=False),
    Column("generation", _Text, nullable=False),
    Column("title", _WordsType, nullable=False),
    Column("published", _Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("change", _Text, nullable=False),
    Column("content_hash", _Text, nullable=False),
    Column("raw_hash", _Text),
    Column("parser", _Text),
    Column("etag", _WordsType),
    Column("modified", _WordsType),
    Column("run_id", _Text, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("first_seen", _Text, nullable=False),
    Column("last_seen", _Text, nullable=False),
    Column("checked_at", _Text, nullable=False),
    Column("next_check", _Text, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("payload", _Text),
    Column("archived_at", _Text),
    Column("entry", JSON(none_as_null=True)),
    Column("missing_since", _Text),
    Column("rules", _Text),
    Column("kind", _Text),
    Column("precision", _Text),
    Column("language", _Text),
)

seen_in = Table(
    "seen_in",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("slug", _Text, primary_key=True),
    Column("name", _WordsType),
    Column("run_id", _Text, nullable=False),
    Column("said", JSON(none_as_null=True)),
)

left_out = Table(
    "left_out",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("slug", _Text, primary_key=True),
    Column("run_id", _Text, nullable=False),
)

failure = Table(
    "failure",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("url", _WordsType, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reason", _WordsType, nullable=False),
    Column("error", _WordsType),
    Column("first_failed", _Text, nullable=False),
    Column("last_failed", _Text, nullable=False),
    Column("next_try", _Text),
    Column("entry", JSON, nullable=False),
)

mark = Table(
    "mark",
    metadata,
    Column("slug", _Text, primary_key=True),
    Column("run_id", _Text, nullable=False),
    Column("down_to", _Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("noted", Boolean, nullable=False),
)

gap = Table(
    "gap",
    metadata,
    Column("slug", _Text, primary_key=True),
    Column("start", _Text, primary_key=True),
    Column("end", _Text, nullable=False),
    Column("reason", _Text, nullable=False),
    Column("opened_at", _Text, nullable=False),
    Column("last_night", _Text, nullable=False),
    Column("nights", Integer, nullable=False),
    Column("unreachable", Boolean, nullable=False),
    Column("run_id", _Text, nullable=False),
)

issue = Table(
    "issue",
    metadata,
    Column("day", _Text, primary_key=True),
    Column("read_at", _Text, nullable=False),
    Column("digest", _Text, nullable=False),
)

rendering = Table(
    "rendering",
    metadata,
    Column("slug", _Text, primary_key=True),
    Column("kind", _Text, primary_key=True),
    Column("needed", Boolean, nullable=False),
    Column("tried_at", _Text, nullable=False),
)

claim = Table(
    "claim",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("run_id", _Text, nullable=False),
    Column("claimed_at", _Text, nullable=False),
    Column("published", Boolean, nullable=False),
    Index("claim_run", "run_id"),
)

run = Table(
    "run",
    metadata,
    Column("run_id", _Text, primary_key=True),
    Column("started_at", _Text, nullable=False),
    Column("finished_at", _Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("health", _Text, nullable=False),
    Column("manifest", JSON, nullable=False),
)

migration = Table(
    "migration",
    metadata,
    Column("name", _Text, primary_key=True),
    Column("applied_at", _Text, nullable=False),
)

# For what is due: the newest articles, and the few of any age that the last run found gone. With
# literals: a query with parameters in their place is not seen to be one of the index's rows.
is_gone = (article.c.missing > literal_column("0")) & (
    article.c.change != literal_column("'removed'")
)
Index("article_published", article.c.published, article.c.id)
Index(
    "article_gone",
    article.c.published,
    article.c.id,
    sqlite_where=is_gone,  # PostgreSQL's has it too; to say so here imports its dialect: .06 s
)
