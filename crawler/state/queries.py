"""What can be asked of the state: statements made once, rows as they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice, pairwise
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, bindparam, exists, func, select, tuple_

from crawler.clock import CST
from crawler.items import timestamp
from crawler.state.rows import (
    Failure,
    IssueRead,
    KnownArticle,
    OpenGap,
    Pause,
    RenderHint,
    Sighting,
    Watermark,
)
from crawler.state.tables import (
    article,
    failure,
    gap,
    is_gone,
    issue,
    left_out,
    mark,
    rendering,
    run,
    seen_in,
)

_T = TypeVar("_T")

_MOST_PAGES = 40  # of the history, as long as what is asked for; a year of several runs a day
AT_ONCE = 500  # rows a question, or a page of an answer that may be long


_Select = Select[Any]


def _among(table: Table) -> _Select:
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))


_BY_ID = select(article).where(article.c.id == bindparam("id"))
_KNOWN = _among(article)
_FAILURES = _among(failure)
_SIGHTINGS = _among(seen_in)
_MARK = select(mark).where(mark.c.slug == bindparam("slug"))
_NEED = select(rendering).where(
    rendering.c.slug == bindparam("slug"), rendering.c.kind == bindparam("kind")
)
_GAPS = select(gap).where(gap.c.slug == bindparam("slug")).order_by(gap.c.start)
_LEFT_OUT = _among(left_out).where(left_out.c.slug == bindparam("slug"))
_OLDER = (
    select(func.max(article.c.published))
    .join(seen_in, seen_in.c.id == article.c.id)
    .where(
        seen_in.c.slug == bindparam("slug"),
        article.c.published < bindparam("published"),
        article.c.change != "removed",
    )
)
_BETWEEN = (
    select(article.c.id)
    .join(seen_in, seen_in.c.id == article.c.id)
    .where(
        seen_in.c.slug == bindparam("slug"),
        article.c.published > bindparam("first"),
        article.c.published < bindparam("last"),
        article.c.missing == 0,
        article.c.change != "removed",
    )
    .limit(AT_ONCE)
)
_ASSIGNED = select(article.c.id, article.c.url).where(
    article.c.id.like("%-%"), article.c.generation != "paper"
)
_SEEN_THERE = select(seen_in.c.id).where(seen_in.c.slug == bindparam("slug")).limit(1)
_RUN = select(run.c.run_id).where(run.c.run_id == bindparam("run_id"))

_ON_DAY = select(func.count()).where(
    article.c.published >= bindparam("day"),
    article.c.published < bindparam("next"),
    article.c.change != "removed",
)
_TIMES = (
    select(seen_in.c.slug, article.c.published)
    .distinct()
    .join(article, article.c.id == seen_in.c.id)
    .where(
        article.c.published >= bindparam("since"),
        article.c.change != "removed",
        seen_in.c.slug.in_(bindparam("slugs", expanding=True)),
    )
    .order_by(seen_in.c.slug, article.c.published)
)
_RECENT = select(article).where(article.c.published >= bindparam("since"))
_GONE = select(article).where(is_gone, article.c.published < bindparam("since"))
_DUE = article.c.next_check <= bindparam("now")


class StateReader:
    """Questions, over `_rows`, which says how they reach the database."""

    def _rows(self, statement: _Select, values: dict[str, Any]) -> Sequence[Any]:
        raise NotImplementedError

    # --- by id --------------------------------------------------------------------------------

    def find(self, id_: str) -> KnownArticle | None:
        for row in self._rows(_BY_ID, {"id": id_}):
            return KnownArticle._make(row)
        return None

    def known(self, ids: Iterable[str]) -> dict[str, KnownArticle]:
        return {row.id: KnownArticle._make(row) for row in self._among(_KNOWN, ids)}

    def failures(self, ids: Iterable[str]) -> dict[str, Failure]:
        return {row.id: Failure._make(row) for row in self._among(_FAILURES, ids)}

    def sightings(self, ids: Iterable[str]) -> dict[str, dict[str, Sighting]]:
        """id -> slug -> where it was seen."""
        found: defaultdict[str, dict[str, Sighting]] = defaultdict(dict)
        for row in self._among(_SIGHTINGS, ids):
            found[row.id][row.slug] = Sighting._make(row)
        return dict(found)

    def _among(self, statement: _Select, ids: Iterable[str]) -> Iterator[Any]:
        for some in batched(ids, AT_ONCE):
            yield from self._rows(statement, {"ids": some})

    # --- what is due --------------------------------------------------------------------------

    def due(
        self,
        now: datetime,
        published_since: datetime,
        slugs: Collection[str] | None = None,
        *,
        all_of_window: bool = False,
    ) -> Iterator[KnownArticle]:
        """Articles to be asked for again, the newest first.

        Those published since then, and of any age those that the last run found gone; in sections
        of these slugs, or in any. `all_of_window`: also those whose next check is later than now.
        Both moments are aware.
        """
        since = published_since.astimezone(CST).isoformat(timespec="seconds")
        values = {"now": _utc(now), "since": since}
        newest_first = [article.c.published.desc(), article.c.id.desc()]
        for statement in (_RECENT, _GONE):
            asked = _of_sections(statement.order_by(*newest_first), article, slugs)
            if not all_of_window:
                asked = asked.where(_DUE)
            place = tuple_(article.c.published, article.c.id)
            last: KnownArticle | None = None
            while True:
                page = asked.limit(AT_ONCE)
                if last:
                    page = page.where(place < tuple_(last.published, last.id))
                rows = self._rows(page, values)
                for row in rows:
                    last = KnownArticle._make(row)
                    yield last
                if len(rows) < AT_ONCE:
                    break

    def due_failures(
        self, now: datetime, slugs: Collection[str] | None = None
    ) -> Iterator[Failure]:
        """Articles to be tried again, of sections with these slugs or of any."""
        statement = select(failure).where(failure.c.next_try <= _utc(now))
        return self._failures(_of_sections(statement, failure, slugs))

    def waiting_failures(self) -> Iterator[Failure]:
        return self._failures(select(failure).where(failure.c.next_try.is_not(None)))

    def given_up(self) -> Iterator[Failure]:
        return self._failures(select(failure).where(failure.c.next_try.is_(None)))

    def _failures(self, statement: _Select) -> Iterator[Failure]:
        """By id, a page at a time."""
        statement = statement.where(failure.c.id > bindparam("after"))
        statement = statement.order_by(failure.c.id).limit(AT_ONCE)
        after: str | None = ""
        while after is not None:
            rows = self._rows(statement, {"after": after})
            yield from map(Failure._make, rows)
            after = rows[-1].id if len(rows) == AT_ONCE else None

    def published_on(self, day: date) -> int:
        """How many articles of a day, as counted in China, are known and not removed."""
        days = {"day": day.isoformat(), "next": (day + timedelta(days=1)).isoformat()}
        ((number,),) = self._rows(_ON_DAY, days)
        return int(number)

    def pauses(self, slugs: Collection[str], since: datetime) -> dict[str, Pause]:
        """Of each section, by its articles published since then."""
        rows = groupby(self._times(slugs, since), key=itemgetter(0))
        return {slug: _pause([published for _, published in some]) for slug, some in rows}

    def pause(self, slugs: Collection[str], since: datetime) -> Pause | None:
        """Of all these sections together; None where nothing is known of them."""
        times = sorted({published for _, published in self._times(slugs, since)})
        return _pause(times) if times else None

    def _times(self, slugs: Collection[str], since: datetime) -> Sequence[Any]:
        """(slug, when an article was published), in order."""
        values = {"slugs": list(slugs), "since": since.astimezone(CST).isoformat()}
        return self._rows(_TIMES, values)

    # --- sections and runs --------------------------------------------------------------------

    def mark(self, slug: str) -> Watermark | None:
        for row in self._rows(_MARK, {"slug": slug}):
            return Watermark._make(row)
        return None

    def marks(self) -> dict[str, Watermark]:
        return {row.slug: Watermark._make(row) for row in self._rows(select(mark), {})}

    def gaps(self, slug: str) -> list[OpenGap]:
        return [OpenGap._make(row) for row in self._rows(_GAPS, {"slug": slug})]

    def left_out(self, slug: str, ids: Iterable[str]) -> set[str]:
        """Which of these the first walk of the section left out."""
        return {
            row.id
            for some in batched(ids, AT_ONCE)
            for row in self._rows(_LEFT_OUT, {"slug": slug, "ids": some})
        }

    def newest_before(self, slug: str, published: str) -> str | None:
        """When the newest article was published that was seen in the section and is older; removed
        ones do not count.
        """
        ((newest,),) = self._rows(_OLDER, {"slug": slug, "published": published})
        return str(newest) if newest else None

    def issues(self) -> dict[str, IssueRead]:
        """By day, of the paper: those that were read and are not known to be whole."""
        return {row.day: IssueRead._make(row) for row in self._rows(select(issue), {})}

    def between(self, slug: str, first: str, last: str) -> list[str]:
        """Articles that were seen in the section, published between these times, and are there; at
        most 500.
        """
        rows = self._rows(_BETWEEN, {"slug": slug, "first": first, "last": last})
        return [row.id for row in rows]

    def assigned(self) -> dict[str, str]:
        """Address -> id, of articles whose number another article has."""
        return {row.url: row.id for row in self._rows(_ASSIGNED, {})}

    def has_seen(self, slug: str) -> bool:
        """Has any run seen an article in that section?"""
        return bool(self._rows(_SEEN_THERE, {"slug": slug}))

    def need(self, slug: str, kind: str) -> RenderHint | None:
        for row in self._rows(_NEED, {"slug": slug, "kind": kind}):
            return RenderHint._make(row)
        return None

    def has_run(self, run_id: str) -> bool:
        return bool(self._rows(_RUN, {"run_id": run_id}))

    def run_ids(self) -> set[str]:
        return {row.run_id for row in self._rows(select(run.c.run_id), {})}

    def group_of(self, run_id: str) -> str | None:
        """The crawl that a run was a worker's part of."""
        rows = self._rows(
            select(run.c.manifest).where(run.c.run_id == bindparam("run_id")), {"run_id": run_id}
        )
        return next((row.manifest.get("group") for row in rows), None)

    def articles(self) -> int:
        """How many articles are known."""
        (row,) = self._rows(select(func.count().label("number")).select_from(article), {})
        return int(row.number)

    def pages_of(self, table: Table) -> Iterator[Sequence[Any]]:
        """All rows of a table, some hundred at a time."""
        key = list(table.primary_key)
        statement = select(table).order_by(*key).limit(AT_ONCE)
        rows = self._rows(statement, {})
        while rows:
            yield rows
            last = [getattr(rows[-1], column.name) for column in key]
            rows = self._rows(statement.where(tuple_(*key) > tuple_(*last)), {})

    def history(self, limit: int, *, complete_only: bool = True) -> list[dict[str, Any]]:
        """Manifests, the newest first: so many of each command over the same sections at most, so
        that many runs of one section do not hide the nights.
        """
        statement = select(run.c.run_id, run.c.manifest).order_by(run.c.run_id.desc())
        statement = statement.where(run.c.run_id < bindparam("before")).limit(limit)
        if complete_only:
            statement = statement.where(run.c.complete)
        found: list[dict[str, Any]] = []
        kinds: Counter[tuple[str | None, str | None]] = Counter()
        before = "~"  # behind every run_id
        for _ in range(_MOST_PAGES):
            rows = self._rows(statement, {"before": before})
            for row in rows:
                given = row.manifest.get("arguments") or {}
                kind = (row.manifest.get("command"), given.get("sections"))
                kinds[kind] += 1
                if kinds[kind] <= limit:
                    found.append(row.manifest)
            if len(rows) < limit:
                break
            before = rows[-1].run_id
        return found


def _pause(published: Sequence[str]) -> Pause:
    times = [datetime.fromisoformat(moment) for moment in published]
    longest = max((later - one for one, later in pairwise(times)), default=timedelta(0))
    return Pause(times[-1], longest, times[-1] - times[0], len(times))


def batched(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """As itertools.batched of Python 3.12."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def _utc(moment: datetime) -> str:
    return timestamp(moment.astimezone(UTC))


def _of_sections(statement: _Select, table: Table, slugs: Collection[str] | None) -> _Select:
    if slugs is None:
        return statement
    seen: ColumnElement[bool] = exists().where(
        seen_in.c.id == table.c.id, seen_in.c.slug.in_(list(slugs))
    )
    return statement.where(seen)
