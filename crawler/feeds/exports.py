"""EXPORTS: the current view of the feed in other formats, written by `scrapy nightly`.

They are made before the run is published, so that one that fails is a failed check in its manifest,
and take the place of yesterday's once it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.feeds import formats
from crawler.feeds.merging import target, view, write_counted
from crawler.feeds.sqlite_export import sqlite, write_metadata
from crawler.files import fresh_name, written
from crawler.runs.reading import published_runs

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Export:
    path: Path
    records: int = 0
    error: str | None = None
    fresh: Path | None = None  # the new file, which takes the place of the one before


def targets(output: Path, names: Iterable[str]) -> list[Path]:
    """The files of EXPORTS. ValueError names one that cannot be written, and what is allowed."""
    paths = []
    for name in filter(None, map(str.strip, names)):
        try:
            formats.choose(name)
            paths.append(target(output, name))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return paths


class Exports:
    """`files`: one for each path; `left_out`: lines of run folders that could not be read."""

    def __init__(self, output: Path, paths: Iterable[Path]) -> None:
        self._output = output
        self.files = [Export(path) for path in paths]
        self.left_out = 0

    def make(self, run: Path) -> None:
        """Write new files from the published runs and the folder of this one."""
        if not self.files:
            return
        try:
            runs = [*published_runs(self._output), run]
            with view(runs, on_error=self._leave_out) as lines:
                for export in self.files:
                    _make(export, lines)
        except OSError as error:  # of the temporary index
            for export in self.files:
                export.error = export.error or str(error)

    def _leave_out(self, error: Exception) -> None:
        self.left_out += 1
        logger.warning("left out of EXPORTS: %s", error)

    def publish(self) -> None:
        for export in self.files:
            if export.fresh is None or export.error:
                continue
            place = export.path.resolve()
            try:
                export.fresh.replace(place)
                if formats.choose(export.path.name) is sqlite:
                    write_metadata(place)
            except OSError as error:
                logger.error("%s cannot be replaced: %s", place, error.strerror)

    def discard(self) -> None:
        """Delete what was made and has not been published."""
        for export in self.files:
            if export.fresh is not None:
                export.fresh.unlink(missing_ok=True)


def _make(export: Export, lines: Callable[[], Iterator[bytes]]) -> None:
    try:
        place = export.path.resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        export.fresh = fresh_name(place)
        with written(export.fresh) as file:
            export.records = write_counted(lines(), file, formats.choose(export.path.name))
    except OSError as error:
        export.error = error.strerror or str(error)
    except Exception as error:  # of a format's library: it costs the file, not the run
        logger.exception("%s cannot be exported", export.path)
        export.error = f"{type(error).__name__}: {error}"
