"""A night's work: which days it takes, and what it throws away afterwards."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.spiders.arguments import ALL, CST, PAPER

logger = logging.getLogger(__name__)

SECTIONS = f"{ALL},{PAPER}"
_FIRST_NIGHT = 7  # days
# What appears with a time before the last run's start, but after it had looked.
_OVERLAP = timedelta(days=1)
# A run with any of these did not do a whole night's work.
_NARROWER = {"pages", "limit", "query", "urls", "until"}


def arguments(
    given: Mapping[str, str], history: Iterable[Mapping[str, Any]], *, now: datetime, most: int
) -> dict[str, str]:
    """The spider's arguments for tonight: from the last complete night to now.

    `history`: manifests of complete runs, newest first; `most`: days to catch up. What was given
    stands, and a window that was given is not moved.
    """
    if "urls" in given or "query" in given:
        return dict(given)
    tonight = {"sections": SECTIONS, **given}
    if not _NARROWER.isdisjoint(given) or "since" in given:
        return tonight
    today = now.astimezone(CST).date()
    since = today - timedelta(days=_FIRST_NIGHT)
    if last := _last_night(history, tonight["sections"], now):
        since = max(last.astimezone(CST).date() - _OVERLAP, today - timedelta(days=most))
    return {**tonight, "since": since.isoformat()}


def _last_night(
    history: Iterable[Mapping[str, Any]], sections: str, now: datetime
) -> datetime | None:
    """When the last complete run over these sections began. One from the future does not count:
    a clock was wrong.
    """
    for manifest in history:
        given = manifest.get("arguments") or {}
        if given.get("sections") != sections or not _NARROWER.isdisjoint(given):
            continue
        started = datetime.strptime(manifest["started_at"], "%Y-%m-%dT%H:%M:%SZ").replace(
            tzinfo=UTC
        )
        if started <= now:
            return started
    return None


def prune(output: Path, days: int, *, now: datetime) -> list[Path]:
    """Delete archives, trials and logs older than `days`; what was deleted.

    Run folders are the feed and are never pruned. What cannot be deleted is said and left.
    """
    oldest = now - timedelta(days=days)
    name = oldest.strftime("%Y%m%dT%H%M%SZ")
    old = [path for path in output.glob("archive/*.warc.gz*") if path.name < name]
    old += [path for path in output.glob("trials/*") if path.name < name]
    logs = [*output.glob("*.log*"), *output.glob("logs/*")]
    old += [path for path in logs if path.is_file() and path.stat().st_mtime < oldest.timestamp()]
    for path in list(old):
        try:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError as error:
            logger.warning("cannot prune %s: %s", path, error.strerror)
            old.remove(path)
    if old:
        logger.info("pruned %d archives, trials and logs older than %d days", len(old), days)
    return old
