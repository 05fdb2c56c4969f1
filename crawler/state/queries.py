"""What can be asked of the state: rows as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain, groupby, islice, pairwise, starmap
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, bindparam, exists, func, select, tuple_

from crawler.clock import CST
from crawler.items import timestamp
from crawler.state.rows import (
    Failure,
    IssueRead,
    KnownArticle,
    LeftOut,
    OpenGap,
    Pause,
    RenderHint,
    Sighting,
    Watermark,
)
from crawler.state.tables import TABLES, article, failure, gap, is_gone, run, seen_in

_T = TypeVar("_T")
_R = TypeVar("_R", bound=tuple[Any, ...])  # a kind of row

AT_ONCE = 500  # rows a question, or a page of an answer that may be long

_Select = Select[Any]


# What is asked for every article: made once, which takes as long as to ask.
@cache
def _by_key(table: Table) -> _Select:
    key = table.primary_key
    return select(table).where(*(column == bindparam(column.name) for column in key))


@cache
def _among(table: Table) -> _Select:
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))


class StateReader:
    """Questions, over `_rows`, which says how they reach the database."""

    def _rows(self, statement: _Select, values: dict[str, Any] | None = None) -> Sequence[Any]:
        raise NotImplementedError

    def _get(self, row: type[_R], **key: str) -> _R | None:
        found = self._rows(_by_key(TABLES[row]), key)
        return row(*found[0]) if found else None

    def _some(self, row: type[_R], ids: Iterable[str]) -> Iterator[_R]:
        for some in batched(ids, AT_ONCE):
            found = self._rows(_among(TABLES[row]), {"ids": some})
            yield from starmap(row, found)

    def _all(self, row: type[_R]) -> Iterator[_R]:
        return starmap(row, self._rows(select(TABLES[row])))

    def _pages(self, statement: _Select, *by: Any, newest_first: bool = False) -> Iterator[Any]:
        """Rows in the order of these columns, which tell them apart, some hundred at a time."""
        order = [column.desc() for column in by] if newest_first else by
        page = statement = statement.order_by(*order).limit(AT_ONCE)
        while rows := self._rows(page):
            yield rows
            if len(rows) < AT_ONCE:
                return
            place, last = tuple_(*by), tuple_(*(getattr(rows[-1], column.name) for column in by))
            page = statement.where(place < last if newest_first else place > last)

    # --- articles -----------------------------------------------------------------------------

    def find(self, id_: str) -> KnownArticle | None:
        return self._get(KnownArticle, id=id_)

    def known(self, ids: Iterable[str]) -> dict[str, KnownArticle]:
        return {row.id: row for row in self._some(KnownArticle, ids)}

    def failures(self, ids: Iterable[str]) -> dict[str, Failure]:
        return {row.id: row for row in self._some(Failure, ids)}

    def sightings(self, ids: Iterable[str]) -> dict[str, dict[str, Sighting]]:
        """id -> slug -> where it was seen."""
        found: defaultdict[str, dict[str, Sighting]] = defaultdict(dict)
        for row in self._some(Sighting, ids):
            found[row.id][row.slug] = row
        return dict(found)

    def left_out(self, slug: str, ids: Iterable[str]) -> set[str]:
        """Which of these the first walk of the section left out."""
        return {row.id for row in self._some(LeftOut, ids) if row.slug == slug}

    def assigned(self) -> dict[str, str]:
        """Address -> id, of articles whose number another article has."""
        asked = select(article.c.id, article.c.url).where(
            article.c.id.like("%-%"), article.c.generation != "paper"
        )
        return {row.url: row.id for row in self._rows(asked)}

    def articles(self) -> int:
        return int(self._value(select(func.count()).select_from(article)))

    def published_on(self, day: date) -> int:
        """How many articles of a day, as counted in China, are known and not removed."""
        asked = select(func.count()).where(
            article.c.published >= day.isoformat(),
            article.c.published < (day + timedelta(days=1)).isoformat(),
            article.c.change != "removed",
        )
        return int(self._value(asked) or 0)

    def _value(self, statement: _Select) -> Any:
        rows = self._rows(statement)
        return rows[0][0] if rows else None

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
        for which in (article.c.published >= since, is_gone & (article.c.published < since)):
            asked = _of_sections(select(article).where(which), article, slugs)
            if not all_of_window:
                asked = asked.where(article.c.next_check <= _utc(now))
            pages = self._pages(asked, article.c.published, article.c.id, newest_first=True)
            yield from map(KnownArticle._make, chain.from_iterable(pages))

    def due_failures(
        self, now: datetime, slugs: Collection[str] | None = None
    ) -> Iterator[Failure]:
        """Articles to be tried again, of sections with these slugs or of any."""
        return self._failures(failure.c.next_try <= _utc(now), slugs)

    def waiting_failures(self) -> Iterator[Failure]:
        return self._failures(failure.c.next_try.is_not(None))

    def given_up(self) -> Iterator[Failure]:
        return self._failures(failure.c.next_try.is_(None))

    def _failures(
        self, which: ColumnElement[bool], slugs: Collection[str] | None = None
    ) -> Iterator[Failure]:
        asked = _of_sections(select(failure).where(which), failure, slugs)
        pages = self._pages(asked, failure.c.id)
        return map(Failure._make, chain.from_iterable(pages))

    # --- sections -----------------------------------------------------------------------------

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
        asked = _SEEN.distinct().where(
            seen_in.c.slug.in_(list(slugs)),
            article.c.published >= since.astimezone(CST).isoformat(),
        )
        return self._rows(asked.order_by(seen_in.c.slug, article.c.published))

    def newest_before(self, slug: str, published: str) -> str | None:
        """When the newest article was published that was seen in the section and is older; removed
        ones do not count.
        """
        asked = _SEEN.with_only_columns(func.max(article.c.published)).where(
            seen_in.c.slug == slug, article.c.published < published
        )
        newest: str | None = self._value(asked)
        return newest

    def between(self, slug: str, first: str, last: str) -> list[str]:
        """Articles that were seen in the section, published between these times, and are there; at
        most 500.
        """
        asked = _SEEN.with_only_columns(article.c.id).where(
            seen_in.c.slug == slug,
            article.c.published > first,
            article.c.published < last,
            article.c.missing == 0,
        )
        return [row.id for row in self._rows(asked.limit(AT_ONCE))]

    def has_seen(self, slug: str) -> bool:
        asked = select(seen_in.c.id).where(seen_in.c.slug == slug).limit(1)
        return bool(self._rows(asked))

    def mark(self, slug: str) -> Watermark | None:
        return self._get(Watermark, slug=slug)

    def marks(self) -> dict[str, Watermark]:
        return {row.slug: row for row in self._all(Watermark)}

    def gaps(self, slug: str) -> list[OpenGap]:
        asked = select(gap).where(gap.c.slug == slug).order_by(gap.c.start)
        return [OpenGap._make(row) for row in self._rows(asked)]

    def issues(self) -> dict[str, IssueRead]:
        """By day, of the paper: those that were read and are not known to be whole."""
        return {row.day: row for row in self._all(IssueRead)}

    def need(self, slug: str, kind: str) -> RenderHint | None:
        return self._get(RenderHint, slug=slug, kind=kind)

    # --- runs ---------------------------------------------------------------------------------

    def has_run(self, run_id: str) -> bool:
        return bool(self._rows(select(run.c.run_id).where(run.c.run_id == run_id)))

    def run_ids(self) -> set[str]:
        return {row.run_id for row in self._rows(select(run.c.run_id))}

    def group_of(self, run_id: str) -> str | None:
        rows = self._rows(select(run.c.manifest).where(run.c.run_id == run_id))
        return next((row.manifest.get("group") for row in rows), None)

    def pages_of(self, table: Table) -> Iterator[Sequence[Any]]:
        """All rows of a table, some hundred at a time."""
        return self._pages(select(table), *table.primary_key)

    def history(self, limit: int, *, complete_only: bool = True) -> list[dict[str, Any]]:
        """Manifests, the newest first: so many of each command over the same sections at most, so
        that many runs of one section do not hide the nights.
        """
        kind = [run.c.manifest[key].as_string() for key in ("command", ("arguments", "sections"))]
        newest_first = run.c.run_id.desc()
        nth = func.row_number().over(partition_by=kind, order_by=newest_first).label("nth")
        counted = select(run.c.run_id, nth)
        if complete_only:
            counted = counted.where(run.c.complete)
        runs = counted.subquery()
        chosen = select(runs.c.run_id).where(runs.c.nth <= limit)
        asked = select(run.c.manifest).where(run.c.run_id.in_(chosen)).order_by(newest_first)
        return [row.manifest for row in self._rows(asked)]


# Where articles that are there were seen.
_SEEN = (
    select(seen_in.c.slug, article.c.published)
    .join(article, article.c.id == seen_in.c.id)
    .where(article.c.change != "removed")
)


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
    seen = exists().where(seen_in.c.id == table.c.id, seen_in.c.slug.in_(list(slugs)))
    return statement.where(seen)
