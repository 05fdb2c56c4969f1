"""The earlier runs that one can be compared with: manifests, of any version of this crawler."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice, pairwise
from statistics import median
from typing import Any

from crawler.monitoring.checks import RunReview

Manifest = dict[str, Any]

RUNS = 14  # two weeks: as many weekends as a median bears

# Arguments that move a run's window or repeat its requests, not what is to be found on a page.
_OF_THE_WINDOW = ("since", "until", "full", "recheck_days")
# Two runs closer than this are one night: the second finds what came in between.
_NIGHT = timedelta(hours=18)


def comparable(night: RunReview) -> list[Manifest]:
    """Complete runs of the same command and sections, newest first."""
    wanted = _command(night.manifest)
    return [run for run in of_the_sections(night) if _command(run) == wanted]


def of_the_sections(night: RunReview) -> list[Manifest]:
    """Complete runs of the same sections by any command, newest first."""
    runs = [
        run
        for run in night.history
        if run.get("complete")
        and (at := started(run))
        and at <= night.now
        and _kind(run) == _kind(night.manifest)
    ]
    return sorted(runs, key=lambda run: started(run) or night.now, reverse=True)


def from_the_future(night: RunReview) -> int:
    """How many runs a clock that has jumped dates after this one."""
    return sum(1 for run in night.history if (at := started(run)) and at > night.now)


def nights(runs: list[Manifest]) -> list[Manifest]:
    """Those of the cron job that had a whole night's articles to find."""
    return [
        run
        for run, before in pairwise(runs)
        if _is_nightly(run) and is_a_night(started(run), before)
    ]


def is_a_night(at: datetime | None, before: Manifest) -> bool:
    then = started(before)
    return at is not None and then is not None and at - then >= _NIGHT


def started(run: Manifest) -> datetime | None:
    try:
        at = datetime.fromisoformat(run["started_at"])
    except (KeyError, TypeError, ValueError):
        return None
    return at if at.tzinfo else None


def usual(values: Iterable[float | None], least: int) -> float | None:
    """The median of the newest 14 that are known; None for fewer than `least`."""
    known = list(islice((value for value in values if value is not None), RUNS))
    return median(known) if known and len(known) >= least else None


# --- numbers of one manifest ------------------------------------------------------------------


def count(run: Manifest, name: str) -> int | None:
    number: int | None = (run.get("counts") or {}).get(name)
    return number


def data(run: Manifest, name: str, key: str) -> float | None:
    """A number that a check of the run was made by."""
    for check in run.get("checks") or ():
        if check.get("name") == name:
            number: float | None = (check.get("data") or {}).get(key)
            return number
    return None


def records(run: Manifest) -> int:
    return (count(run, "new") or 0) + (count(run, "updated") or 0)


def fresh(run: Manifest) -> int | None:
    """New records but the paper's."""
    new = count(run, "new")
    return None if new is None else new - (section(run, "paper", "new") or 0)


def newest(run: Manifest) -> str | None:
    """The newest time that a listing names; the paper's is a day."""
    others = (one for slug, one in sections(run).items() if slug != "paper" and one)
    times = [one.get("newest_published_at") for one in others]
    return max(filter(None, times), default=run.get("newest_published_at"))


def section(run: Manifest, slug: str, name: str) -> int | None:
    number: int | None = (sections(run).get(slug) or {}).get(name)
    return number


def walked_down(run: Manifest, slug: str, pages: int) -> bool:
    """Did the run read the section, and no more than so many of its pages?"""
    return 0 < (section(run, slug, "pages") or 0) <= pages


def sections(run: Manifest) -> dict[str, Any]:
    return run.get("sections") or {}


def coverage(run: Manifest, field: str) -> float | None:
    """The share that has the field of the run's records that may have it."""
    share: float | None = (run.get("fields") or {}).get(field)
    many = looked_at(run, field)
    return min(share * records(run) / many, 1.0) if share is not None and many else share


def looked_at(run: Manifest, field: str) -> int:
    """How many records may have the field. The paper names no editors: its stories do not count
    where they are looked for, or a thin night of the site would look like a broken page.
    """
    papers = (section(run, "paper", "new") or 0) if field == "editors" else 0
    return max(records(run) - papers, 0)


def _is_nightly(run: Manifest) -> bool:
    """Only the cron job checks how fresh its articles are."""
    return any(check.get("name") == "freshness" for check in run.get("checks") or ())


def _command(run: Manifest) -> str:
    """An older version's manifest does not name it."""
    command: str | None = run.get("command")
    return command or ("nightly" if _is_nightly(run) else "crawl")


def _kind(run: Manifest) -> tuple[object, ...]:
    given = run.get("arguments") or {}
    what = {name: given[name] for name in given if name not in _OF_THE_WINDOW}
    if "crawl_id" in what:
        what["crawl_id"] = "shared"  # a part of what a run alone has
    # A replay, too, has all sections by its arguments, and walks none.
    return {"sections": "all"} | what, bool(sections(run))
