"""What is known between runs: a fold of the run folders, which a crawl reads and never writes.

`open_state` brings SQLAlchemy in, 0.2 s; the rest of this file costs nothing to import.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler.state.errors import StateError, StateUrlError
from crawler.state.published_lines import published_line
from crawler.state.rows import (
    Failure,
    IssueRead,
    KnownArticle,
    LeftOut,
    OpenGap,
    Pause,
    RenderHint,
    Row,
    Sighting,
    Watermark,
)

if TYPE_CHECKING:
    from crawler.state.state_writer import StateWriter as StateWriter
    from crawler.state.store import State as State

__all__ = [
    "Failure",
    "IssueRead",
    "KnownArticle",
    "LeftOut",
    "OpenGap",
    "Pause",
    "RenderHint",
    "Row",
    "Sighting",
    "StateError",
    "StateUrlError",
    "Watermark",
    "default_url",
    "open_state",
    "published_line",
]


def default_url(output: Path) -> str:
    """Of the SQLite file in an output folder."""
    return f"sqlite:///{quote(str(output / 'state.db'))}"


def open_state(url: str, *, patience: float = 10.0) -> State:
    """Connect to `sqlite:///path` or `postgresql://…`, and bring its tables up to date.

    Raises StateUrlError where the address is none of these, StateError where the database is away
    or was written by a newer version.
    """
    from crawler.state.store import State

    return State(url, patience)
