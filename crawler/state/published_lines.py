"""From the state back to the feed: the record that a row was learnt from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crawler.state.errors import StateError
from crawler.state.rows import KnownArticle


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
