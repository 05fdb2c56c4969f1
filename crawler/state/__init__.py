"""What is known between runs: a fold of the run folders, which a crawl reads and never writes.

`open_state` brings SQLAlchemy in, 0.2 s; the rest of this file costs nothing to import.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from crawler.state.rows import Failure as Failure
from crawler.state.rows import IssueRead as IssueRead
from crawler.state.rows import KnownArticle as KnownArticle
from crawler.state.rows import LeftOut as LeftOut
from crawler.state.rows import OpenGap as OpenGap
from crawler.state.rows import Pause as Pause
from crawler.state.rows import RenderHint as RenderHint
from crawler.state.rows import Row as Row
from crawler.state.rows import Sighting as Sighting
from crawler.state.rows import Watermark as Watermark

if TYPE_CHECKING:
    from crawler.state.store import State as State
    from crawler.state.store import StateWriter as StateWriter


class StateError(Exception):
    """One line: the database, without its password, and what is wrong with it."""


class StateUrlError(StateError, ValueError):
    """STATE_URL is no address of a database that can be used here."""


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


def published_line(output: Path, known: KnownArticle) -> dict[str, Any] | None:
    """The record of a known article's newest revision; None where its run folder is gone.

    Raises StateError where the folder has something else in that place.
    """
    path = output / "runs" / known.run_id / "articles.jsonl"
    try:
        with path.open("rb") as file:
            file.seek(known.place)
            line = file.readline()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}") from error
    try:
        record: dict[str, Any] = json.loads(line)
        found = (record["id"], record["revision"])
    except (ValueError, TypeError, KeyError):
        found = None
    if found != (known.id, known.revision):
        what = f"no revision {known.revision} of {known.id} at byte {known.place}"
        raise StateError(f"{path}: {what}, where the state has it; scrapy feed rebuild-state helps")
    return record
