"""A night's work: which days it takes, and what it throws away afterwards."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler import clock
from crawler.clock import CST
from crawler.runs.run import stamp, started
from crawler.site.urls import is_slug
from crawler.spiders.arguments import ALL, PAPER
from crawler.state import Watermark

logger = logging.getLogger(__name__)

SECTIONS = f"{ALL},{PAPER}"
_FIRST_NIGHT = 7  # days
# What appears with a time before the last run's start, but after it had looked.
_OVERLAP = timedelta(days=1)
_CLOCK_OFF = timedelta(days=1)  # between this machine's clock and the site's
# A run that was given any of these did not do a whole night's work, or shall not.
_NARROWER = {"pages", "limit", "query", "urls", "since", "until"}

Manifest = Mapping[str, Any]


def arguments(
    given: Mapping[str, str],
    history: Iterable[Manifest],
    marks: Mapping[str, Watermark],
    *,
    now: datetime,
    most: int,
) -> dict[str, str]:
    """The spider's arguments for tonight: from the last complete night to now, and from further
    back where a section was not finished since.

    `history`: manifests of complete runs, newest first; `most`: days to catch up. What was given
    stands, and a window that was given is not moved.
    """
    if "urls" in given or "query" in given:
        return dict(given)
    tonight = {"sections": SECTIONS, **given}
    if not _NARROWER.isdisjoint(given):
        return tonight
    first = now - timedelta(days=_FIRST_NIGHT)
    if last := _last_night(history, tonight["sections"], now):
        oldest = now - timedelta(days=most)
        finished = _finished(last, marks, now=now, never=first, oldest=oldest)
        since = max(min([_started(last), *finished]) - _OVERLAP, oldest)
    else:
        since = first
    return {**tonight, "since": since.astimezone(CST).date().isoformat()}


def left_out(
    history: Iterable[Manifest], tonight: Mapping[str, str], now: datetime
) -> tuple[str, str] | None:
    """The first and the last day that nobody has walked since the last complete night, and that
    tonight's window leaves out as well; None where there is none.
    """
    last = _last_night(history, tonight.get("sections", ""), now)
    if last is None or "since" not in tonight:
        return None
    first, since = _started(last).astimezone(CST).date(), date.fromisoformat(tonight["since"])
    if first >= since:
        return None
    return first.isoformat(), (since - timedelta(days=1)).isoformat()


def _finished(
    last: Manifest,
    marks: Mapping[str, Watermark],
    *,
    now: datetime,
    never: datetime,
    oldest: datetime,
) -> Iterator[datetime]:
    """When each modern section of the last night was finished, and up to which day the paper.

    A section that a degraded night could not read has an older mark, or none yet; a day of the
    paper has none.
    """
    for slug in last.get("sections") or ():
        if slug == PAPER:
            issues = {mark.down_to for mark in marks.values() if mark.slug.startswith(f"{PAPER}/")}
            if issues:
                day = max(date.fromisoformat(min(issues)), oldest.astimezone(CST).date())
                while day.isoformat() in issues:
                    day += timedelta(days=1)
                yield datetime.combine(day, datetime.min.time(), CST)
        elif is_slug(slug):
            moment = started(marks[slug].run_id) if slug in marks else never
            if moment <= now:
                yield moment


def _last_night(history: Iterable[Manifest], sections: str, now: datetime) -> Manifest | None:
    """The last complete run over these sections. One from the future does not count: a clock was
    wrong.
    """
    for manifest in history:
        given = manifest.get("arguments") or {}
        if given.get("sections") != sections or not _NARROWER.isdisjoint(given.keys() - {"since"}):
            continue
        if _started(manifest) <= now:
            return manifest
    return None


def _started(manifest: Manifest) -> datetime:
    return datetime.strptime(manifest["started_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def prune(output: Path, days: int, *, now: datetime, server_time: datetime | None) -> list[Path]:
    """Delete archives, trials and logs older than `days`; what was deleted.

    `server_time` is the newest that the site told in this run. Where it, or a run of a later time,
    makes our clock doubtful, nothing is deleted, and that is said. Run folders are the feed and are
    never pruned. What cannot be deleted is said and left.
    """
    if doubt := _doubt(output, now, server_time):
        logger.warning("nothing is pruned: %s", doubt)
        return []
    oldest = now - timedelta(days=days)
    name = stamp(oldest)
    old = [path for path in output.glob("archive/*.warc.gz*") if path.name < name]
    old += [path for path in output.glob("trials/*") if path.name < name]
    logs = [*output.glob("*.log*"), *output.glob("logs/*")]
    old += [path for path in logs if path.is_file() and clock.at(path.stat().st_mtime) < oldest]
    for path in list(old):
        try:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError as error:
            logger.warning("cannot prune %s: %s", path, error.strerror)
            old.remove(path)
    if old:
        logger.info("pruned %d archives, trials and logs older than %d days", len(old), days)
    return old


def _doubt(output: Path, now: datetime, server_time: datetime | None) -> str | None:
    named = (*output.glob("runs/*Z-*"), *output.glob("archive/*Z-*"))
    newest = max((path.name for path in named), default="")
    if newest[:16] > stamp(now):
        return f"it is {stamp(now)} on this machine, and {newest} is of a later time"
    if server_time is None:
        return "the site told no time by which this machine's clock could be confirmed"
    if abs(server_time - now) > _CLOCK_OFF:
        return f"it is {stamp(now)} on this machine and {stamp(server_time)} on the site's"
    return None
