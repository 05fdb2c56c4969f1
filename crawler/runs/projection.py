"""How the state learns from a run folder: the folders are the log, the state is their fold.

Runs are folded in the order of their run_id, each in one transaction: first its records, then its
journal (docs/state.md), line by line. What a line changes depends on the rows of its articles and
on nothing else, so that folding every folder again gives the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from crawler.files import FileLine, read_lines
from crawler.items import timestamp
from crawler.runs import snapshots
from crawler.runs.manifest import DAYS_LEFT_OUT, held_back
from crawler.runs.reading import FeedError, is_snapshot, load_object, published_runs
from crawler.runs.run import ARTICLES, JOURNAL, MANIFEST, started
from crawler.state import (
    Failure,
    IssueRead,
    KnownArticle,
    LeftOut,
    OpenGap,
    RenderHint,
    Row,
    Sighting,
    StateError,
    Watermark,
)
from crawler.state.queries import batched
from crawler.state.store import State, StateWriter

_AT_ONCE = 500  # lines whose rows are read and written together
_YOUNGEST, _OLDEST = timedelta(minutes=5), timedelta(hours=20)  # between two checks
_FIRST_PAUSE = timedelta(hours=20)  # a night, less what a run may be early
_TRIES = 8
_ERROR_LENGTH = 500  # characters

_Json = dict[str, Any]
_K = TypeVar("_K")


class RunFolderError(StateError):
    """A run folder's file that cannot be read: one line that names it."""


def apply_run(writer: StateWriter, folder: Path) -> bool:
    """Fold one run folder, `.partial` or published; False where its run is known already.

    Raises RunFolderError.
    """
    manifest = _manifest(folder)
    if writer.has_run(manifest["run_id"]):
        return False
    if manifest.get("replaces"):
        snapshots.learn(writer, folder, manifest)
    else:
        fold = _Fold(writer, manifest)
        fold.all_of(folder / ARTICLES, fold.record)
        if (folder / JOURNAL).exists():
            fold.all_of(folder / JOURNAL, fold.note)
    writer.put_run(manifest)
    return True


def catch_up(state: State, output: Path) -> list[str]:
    """Fold the published runs that the state does not have, each in a transaction of its own.

    The run_ids of those, in order. Raises StateError.
    """
    learnt = []
    known = state.run_ids()
    for folder in _published(output):
        if folder.name not in known:
            with state.learning() as writer:
                if apply_run(writer, folder):
                    learnt.append(folder.name)
    return learnt


def rebuild(state: State, output: Path, *, force: bool = False) -> int:
    """Forget everything and fold all published runs again; how many.

    One transaction: whoever reads meanwhile, or after a death, finds the state as it was.

    Raises StateError, also where articles would be forgotten because their run folders are gone,
    unless `force`.
    """
    with suppress(snapshots.BehindError):  # which this mends
        catch_up(state, output)  # so that fewer articles afterwards are articles forgotten
    before = state.articles()
    with state.learning() as writer:
        writer.clear()
        runs = sum(apply_run(writer, folder) for folder in _published(output))
        forgotten = before - writer.articles()
        if forgotten > 0 and not force:
            raise StateError(
                f"{forgotten:,} published articles stand in no run folder and would be forgotten; "
                "allowed: --force"
            )
    return runs


def next_check(checked_at: str, published: str) -> str:
    """When an article is to be asked for again: the younger, the sooner."""
    checked = _moment(checked_at)
    age = checked - _moment(published)
    return timestamp(checked + min(max(age / 6, _YOUNGEST), _OLDEST))


def next_try(failed_at: str, tries: int) -> str | None:
    """When an article that failed so many times is tried again; None: not any more."""
    if tries >= _TRIES:
        return None
    pause = _FIRST_PAUSE * 2 ** (tries - 2) if tries > 1 else timedelta(0)
    return timestamp(_moment(failed_at) + pause)


class _Fold:
    """One run's lines into rows, some hundred lines at a time."""

    def __init__(self, writer: StateWriter, manifest: _Json) -> None:
        self._learner = writer
        self._run_id: str = manifest["run_id"]
        self._complete: bool = manifest["complete"]
        self._held_back = held_back(manifest)
        checks = manifest.get("checks") or ()
        self._begins_anew = any(check.get("code") == DAYS_LEFT_OUT for check in checks)
        self._finished_at: str = manifest["finished_at"]
        self._notes: dict[str, Callable[[_Json], None]] = {
            "record": self._behind_record,
            "checked": self._checked,
            "seen": self._seen,
            "said": self._said,
            "outside": self._outside,
            "failed": self._failed,
            "walked": self._walked,
            "gaps": self._gaps,
            "issue": self._issue,
            "tried": self._tried,
        }

    def all_of(self, path: Path, fold: Callable[[int, _Json], None]) -> None:
        for some in batched(_lines(path), _AT_ONCE):
            self._load(value for _, value in some)
            for line, value in some:
                try:
                    fold(line.start, value)
                except (KeyError, TypeError, ValueError) as error:
                    what = f"line {line.number}: {type(error).__name__}: {error}"
                    raise RunFolderError(f"{path}, {what}") from error
            self._store()

    def _load(self, lines: Iterable[_Json]) -> None:
        named = (id_ for line in lines for id_ in (line.get("id"), *(line.get("ids") or ())))
        ids = {id_ for id_ in named if isinstance(id_, str)}
        self._articles = self._learner.known(ids)
        self._failures = self._learner.failures(ids)
        self._sightings = {
            (sighting.id, slug): sighting
            for seen in self._learner.sightings(ids).values()
            for slug, sighting in seen.items()
        }
        self._before = (dict(self._articles), dict(self._failures), dict(self._sightings))

    def _store(self) -> None:
        articles, failures, sightings = self._before
        self._learner.put(_changed(articles, self._articles))
        self._learner.put(_changed(sightings, self._sightings))
        self._learner.put(_changed(failures, self._failures))
        self._learner.forget_failures(failures.keys() - self._failures.keys())

    # --- lines --------------------------------------------------------------------------------

    def record(self, place: int, record: _Json) -> None:
        id_, at = record["id"], record["fetched_at"]
        before = self._articles.get(id_)
        self._failures.pop(id_, None)
        for section in record["sections"]:
            self._sight(id_, section["slug"], section["name"])
        if before and before.revision >= record["revision"]:
            return
        # A replay tells of a body fetched earlier: what a later check found stands.
        later = before if before and before.checked_at > at else None
        self._articles[id_] = KnownArticle(
            id=id_,
            url=record["url"],
            generation=record["generation"],
            title=record["title"],
            published=record["published_at"],
            revision=record["revision"],
            change=record["change"],
            content_hash=record["content_hash"],
            raw_hash=None,
            parser=None,
            etag=None,
            modified=None,
            run_id=self._run_id,
            place=place,
            first_seen=min(at, before.first_seen) if before else at,
            last_seen=max(at, before.last_seen) if before else at,
            checked_at=later.checked_at if later else at,
            next_check=later.next_check if later else next_check(at, record["published_at"]),
            missing=later.missing if later else 0,
            entry=before.entry if before else None,
            missing_since=later.missing_since if later else None,
            kind=record["kind"],
            precision=record["published_precision"],
            language=record["language"],
        )

    def note(self, _: int, note: _Json) -> None:
        if fold := self._notes.get(note["note"]):
            fold(note)

    def _behind_record(self, note: _Json) -> None:
        known = self._articles.get(note["id"])
        # A run killed between the note and its record has only the note.
        if known and (known.run_id, known.revision) == (self._run_id, note["revision"]):
            self._failures.pop(known.id, None)
            self._articles[known.id] = _with_response(known, note)._replace(rules=note["parser"])

    def _checked(self, note: _Json) -> None:
        known, at, outcome = self._articles.get(note["id"]), note["checked_at"], note["outcome"]
        if outcome == "reread":
            if known and known.raw_hash == note["raw"]:
                self._articles[known.id] = known._replace(rules=note["parser"])
            return
        gone = outcome == "missing"
        if not gone:
            self._failures.pop(note["id"], None)
        if known is None or at < known.checked_at:
            return
        known = _with_response(known, note)._replace(
            rules=known.rules if note["raw"] in (None, known.raw_hash) else None,
            checked_at=at,
            missing=known.missing + 1 if gone else 0,
            missing_since=(known.missing_since or at) if gone else None,
        )
        if outcome == "rebased":
            known = known._replace(content_hash=note["content_hash"])
        again = note.get("next_check")
        if again is None and gone and known.change != "removed":
            again = timestamp(_moment(at) + _FIRST_PAUSE)  # the note of an older version
        again = again or next_check(at, known.published)
        self._articles[known.id] = known._replace(next_check=again)

    def _seen(self, note: _Json) -> None:
        for id_ in note["ids"]:
            self._sight(id_, note["slug"], note["name"])
            if known := self._articles.get(id_):
                last_seen = max(known.last_seen, note["seen_at"])
                self._articles[id_] = known._replace(last_seen=last_seen)

    def _said(self, note: _Json) -> None:
        for id_, said in zip(note["ids"], note["said"], strict=True):
            self._sight(id_, note["slug"], None)
            sighting = self._sightings[id_, note["slug"]]
            by_kind = {**(sighting.said or {}), note["kind"]: said}
            self._sightings[id_, note["slug"]] = sighting._replace(said=by_kind)

    def _outside(self, note: _Json) -> None:
        self._learner.put(LeftOut(id_, note["slug"], self._run_id) for id_ in note["ids"])

    def _failed(self, note: _Json) -> None:
        id_, at = note["id"], note["failed_at"] or self._finished_at
        before = self._failures.get(id_)
        tries = before.tries + 1 if before else 1
        self._failures[id_] = Failure(
            id=id_,
            url=note["url"],
            tries=tries,
            reason=note["reason"],
            error=note["error"] and note["error"][:_ERROR_LENGTH],
            first_failed=before.first_failed if before else at,
            last_failed=at,
            next_try=next_try(at, tries),
            entry=note["entry"],
        )
        for section in note["entry"].get("sections") or []:
            self._sight(id_, section["slug"], section["name"])

    def _walked(self, note: _Json) -> None:
        if not self._complete or note["slug"] in self._held_back:
            return
        noted = note.get("noted", False)
        fresh = Watermark(note["slug"], self._run_id, note["down_to"], note["pages"], noted)
        before = self._learner.mark(fresh.slug)
        if before is not None and fresh.down_to > _day_of(before.run_id):
            if not self._begins_anew:
                return  # it ends above where the mark begins: what lies between is not walked
            before = None  # that is given up, or every later night would walk down to the mark
        if before is not None:
            if before.run_id > self._run_id:
                return
            down_to, pages = min(fresh.down_to, before.down_to), max(fresh.pages, before.pages)
            fresh = fresh._replace(down_to=down_to, pages=pages)
        self._learner.put([fresh])

    def _gaps(self, note: _Json) -> None:
        slug = note["slug"]
        newer = any(gap.run_id > self._run_id for gap in self._learner.gaps(slug))
        if not self._complete or newer:
            return
        self._learner.forget_gaps(slug)
        self._learner.put(OpenGap(slug=slug, run_id=self._run_id, **gap) for gap in note["gaps"])

    def _issue(self, note: _Json) -> None:
        if self._complete:
            self._learner.put([IssueRead(note["day"], note["read_at"], note["digest"])])

    def _tried(self, note: _Json) -> None:
        before = self._learner.need(note["slug"], note["kind"])
        if before is None or before.tried_at <= note["tried_at"]:
            values = (note["slug"], note["kind"], note["needs_rendering"], note["tried_at"])
            self._learner.put([RenderHint(*values)])

    def _sight(self, id_: str, slug: str, name: str | None) -> None:
        before = self._sightings.get((id_, slug))
        self._sightings[id_, slug] = Sighting(
            id_,
            slug,
            name or (before.name if before else None),
            min(before.run_id, self._run_id) if before else self._run_id,
            before.said if before else None,
        )


def _with_response(known: KnownArticle, note: _Json) -> KnownArticle:
    """With what the note tells of the response behind it; what it does not tell stays."""
    return known._replace(
        etag=note["etag"] or known.etag,
        modified=note["modified"] or known.modified,
        raw_hash=note["raw"] or known.raw_hash,
        parser=note["parser"] or known.parser,
        payload=note.get("payload") or known.payload,
        archived_at=note.get("archived_at") or known.archived_at,
        entry=note.get("listed") or known.entry,
    )


def _changed(before: Mapping[_K, Row], after: Mapping[_K, Row]) -> Iterator[Row]:
    return (row for key, row in after.items() if row != before.get(key))


def _published(output: Path) -> list[Path]:
    """Oldest first, and a snapshot before all: a run that was salvaged late may be older."""
    try:
        runs = published_runs(output) if (output / "runs").is_dir() else []
    except FeedError as error:
        raise RunFolderError(str(error)) from error
    return sorted(runs, key=lambda run: not is_snapshot(run.name))


def _manifest(folder: Path) -> _Json:
    path = folder / MANIFEST
    try:
        manifest = load_object(path)
    except FeedError as error:
        raise RunFolderError(str(error)) from error
    if missing := {"run_id", "started_at", "finished_at", "complete", "health"} - manifest.keys():
        raise RunFolderError(f"{path}: no manifest: without {', '.join(sorted(missing))}")
    return manifest


def _lines(path: Path) -> Iterator[tuple[FileLine, _Json]]:
    try:
        for line in read_lines(path):
            if (value := line.object) is None:
                raise RunFolderError(f"{path}, line {line.number}: no object")
            yield line, value
    except OSError as error:
        raise RunFolderError(f"{path}: {error.strerror}") from error


def _day_of(run_id: str) -> str:
    return (started(run_id) + timedelta(hours=8)).date().isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
