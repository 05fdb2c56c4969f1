"""Whether an output folder holds runs of the live site or of a mirror: the two never mix."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from crawler.files import read_lines
from crawler.runs.reading import manifest_of
from crawler.runs.run import JOURNAL, PARTIAL


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
    if folder.suffix != PARTIAL:
        return manifest_of(folder)
    with suppress(OSError):
        for line in read_lines(folder / JOURNAL):
            return line.object or {}  # the note `begun`
    return {}
