"""Whether an output folder holds runs of the live site or of a mirror: the two never mix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from crawler.feeds.run import JOURNAL, MANIFEST, PARTIAL


class Origin(NamedTuple):
    run_id: str
    mirror: str | None  # its address; None: the live site


def origin(output: Path) -> Origin | None:
    """Of the newest run that asked a site and tells which, published or killed; None where no run
    tells: an older version's do not.
    """
    for folder in sorted((output / "runs").glob("*Z-*"), reverse=True):
        told = _told(folder)
        if told.get("command") not in (None, "replay"):
            return Origin(folder.name.removesuffix(PARTIAL), told.get("mirror"))
    return None


def _told(folder: Path) -> dict[str, Any]:
    try:
        if folder.suffix == PARTIAL:
            with (folder / JOURNAL).open("rb") as journal:
                told = json.loads(journal.readline())  # the note `begun`
        else:
            told = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}  # what cannot be read is the concern of whoever opens the folder
    return told if isinstance(told, dict) else {}
