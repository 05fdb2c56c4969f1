"""Which archive files are replayed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from crawler.runs.run import is_run_id

SPIDER = "workercn"  # whose archives are read
REPLAY = "replay"  # what takes its place in the runs made here
_ENDING = ".warc.gz"


class SourceError(ValueError):
    """A word that names no archive, and what may be one."""


def find(
    output: Path, words: Sequence[str], tell: Callable[[str], None], *, trials: bool = False
) -> list[Path]:
    """The archives of these runs or files in the order given, each once; without words all of
    OUTPUT_DIR, the oldest first, those of trials only with `trials`.

    What is left out is told. Raises SourceError for a word that names nothing, and where nothing
    is left.
    """
    if words:
        found = [path for word in words if (path := _named(output, word, tell))]
    else:
        found = _all(output, tell, trials=trials)
    if not found:
        raise SourceError(f"no archive to read; allowed: those in {output / 'archive'}, or files")
    return list(dict.fromkeys(found))


def spider_of(run_id: str) -> str | None:
    """20261122T040000Z-workercn-0a1b -> workercn; None for what is no run_id."""
    return run_id[17:-5] if is_run_id(run_id) else None


def _named(output: Path, word: str, tell: Callable[[str], None]) -> Path | None:
    path = Path(word)
    if path.is_file():
        return path
    run_id = path.name.removesuffix(_ENDING)  # a path is a run's name, too
    archive = output / "archive" / f"{run_id}{_ENDING}"
    if archive.is_file():
        return archive
    if is_run_id(run_id) and any(output.glob(f"*/{run_id}*/")):  # published, a trial, or .partial
        tell(f"{run_id} has no archive: {archive} is not there; left out")
        return None
    raise SourceError(f"{word!r} is no run with an archive, nor a file; allowed: RUN_ID, FILE")


def _all(output: Path, tell: Callable[[str], None], *, trials: bool) -> list[Path]:
    found = []
    for path in sorted((output / "archive").glob(f"*{_ENDING}")):
        run_id = path.name.removesuffix(_ENDING)
        if spider_of(run_id) != SPIDER:
            tell(f"{path}: no archive of a {SPIDER} run; left out")
        elif not trials and (output / "trials" / run_id).is_dir():
            tell(f"{path}: of a trial, which is no part of the feed; left out")
        else:
            found.append(path)
    return found
