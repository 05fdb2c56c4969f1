"""What has changed in the updated articles of a run: read from it and from the runs before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.report import data
from crawler.runs.run import ARTICLES

_SHOWN = 20
_RUNS = 30  # looked through for the revision before


@dataclass(slots=True)
class Update:
    url: str
    title: str
    change: str  # updated or removed
    fields: list[str]
    revision: int
    old_title: str | None = None  # where it was another


@dataclass(slots=True, frozen=True)
class Updates:
    number: int  # of all updated and removed articles of the run
    shown: list[Update]


def read(run: Path, earlier: Iterable[Path]) -> Updates:
    """`earlier`: folders of the runs before, newest first. Lines that cannot be read are left out:
    the report counts them elsewhere.
    """
    number = 0
    found: dict[str, Update] = {}
    for record in data.records(run / ARTICLES):
        if record is None or record.get("change") not in ("updated", "removed"):
            continue
        number += 1
        if len(found) < _SHOWN:
            fields = [str(one) for one in record.get("changed_fields") or ()]
            url, title, change = (str(record.get(name, "")) for name in ("url", "title", "change"))
            update = Update(url, title, change, fields, _revision(record))
            found[str(record.get("id"))] = update
    wanted = {id_: update for id_, update in found.items() if "title" in update.fields}
    for folder, _ in zip(earlier, range(_RUNS), strict=False):
        if not wanted:
            break
        for record in data.records(folder / ARTICLES):
            id_ = str(record.get("id")) if record else ""
            if record and id_ in wanted and _revision(record) == wanted[id_].revision - 1:
                wanted.pop(id_).old_title = str(record.get("title", ""))
    return Updates(number, [*found.values()])


def _revision(record: dict[str, Any]) -> int:
    revision = record.get("revision")
    return revision if isinstance(revision, int) else 0
