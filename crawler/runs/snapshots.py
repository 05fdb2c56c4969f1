"""A snapshot: a run folder in the place of older ones, with the newest record of each article and
with what the state had learnt from them (state.db), so that no journal has to be kept for ever.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crawler.files import read_lines
from crawler.runs.run import ARTICLES, STATE
from crawler.state import StateError, default_url, open_state
from crawler.state.store import StateWriter


class BehindError(StateError):
    """The state has not learnt from all of the runs that a snapshot replaces, but from others."""


def learn(writer: StateWriter, folder: Path, manifest: dict[str, Any]) -> None:
    """What a snapshot tells: to an empty state all of it; to one that knows the runs which it
    replaces, where their records stand from now on. Raises StateError, BehindError.
    """
    known, replaces = writer.run_ids(), set(manifest["replaces"])
    if known and (lacking := replaces - known):
        what = f"{folder.name} replaces {len(lacking)} runs that the state has not learnt from"
        raise BehindError(f"{what}, such as {min(lacking)}; scrapy feed rebuild-state helps")
    if known:
        writer.move(_places(folder), manifest["run_id"])
        return
    with TemporaryDirectory() as scratch:
        try:  # a copy: to open an older one changes it
            shutil.copyfile(folder / STATE, Path(scratch, STATE))
        except OSError as error:
            raise StateError(f"{folder / STATE}: {error.strerror}") from error
        with closing(open_state(default_url(Path(scratch)))) as then:
            writer.copy(then)


def _places(folder: Path) -> Iterator[tuple[str, int, int]]:
    try:
        for line in read_lines(folder / ARTICLES):
            record = json.loads(line.data)
            yield record["id"], record["revision"], line.start
    except (OSError, ValueError) as error:
        raise StateError(f"{folder / ARTICLES}: {error}") from error
