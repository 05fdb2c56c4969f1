"""A replay: the plain loop that drives readers, pipelines and revisions from the archives' index,
where a crawl has Scrapy's engine. What comes of it is written, judged and published as a crawl's.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crawler.exit_codes import ExitCode
from crawler.monitoring.checks import CheckResult
from crawler.monitoring.checks.judged import FEW, check_result, is_few
from crawler.monitoring.ending import ERRORS, Ending
from crawler.pipelines import rules
from crawler.replay import page_index
from crawler.replay.archive_files import REPLAY
from crawler.replay.page_index import Index
from crawler.replay.processes import Share, WorkerError, results, share
from crawler.replay.rereading import ReplayPlan, Rereader, Result
from crawler.runs import counters
from crawler.runs.run import RunFolder
from crawler.runs.run_files import ERROR_STAT, RunFiles
from crawler.state import KnownArticle, StateError
from crawler.state.queries import batched
from crawler.state.session import ERROR_STAT as STATE_ERROR_STAT
from crawler.state.store import State

logger = logging.getLogger(__name__)

_AT_ONCE = 500  # articles that the state is asked about together
_STAT = "workercn/replay/"
_TOLD = ("lost", "incomplete", "damaged", "error")  # kinds that the log names


class Replay:
    """`stats` holds the counters: of each kind of Result, of the index, `pages` that were parsed,
    `removed` articles, which are left alone, and `skipped` ones, which cannot read otherwise.
    """

    def __init__(self, plan: ReplayPlan, stopped: Callable[[], object]) -> None:
        self.plan = plan
        self.stats: counters.Stats = {}
        self._stopped = stopped
        self._began = time.monotonic()

    def results(self) -> Iterator[Result]:
        """One for each article that was read, by id. Ends early where `stopped`.

        Raises StateError, WorkerError, and OSError where there is no room for the index.
        """
        plan = self.plan
        with TemporaryDirectory(prefix="replay-") as folder:
            path = Path(folder) / "index"
            with page_index.created(path, plan.assigned, self._add) as index:
                self._add_files(index)
                if not self._choose(index):
                    return
                index.flush()
                reader = Rereader(plan)
                for listed in self._shared(reader.listings, path):
                    index.note(listed)
                index.flush()
                for result in self._shared(reader.articles, path):
                    self._count(result)
                    yield result

    def _shared(self, read: Callable[[Index, Share], Iterator[Any]], path: Path) -> Iterator[Any]:
        """What `read` makes of what is in the index, in --jobs processes."""

        def work(number: int, of: int) -> Iterator[Any]:
            with page_index.opened(path) as index:
                yield from read(index, partial(share, number=number, of=of))

        for result in results(work, self.plan.jobs):
            yield result
            if self._stopped():
                return

    def _add_files(self, index: Index) -> None:
        for number, path in enumerate(self.plan.files):
            if self._stopped():
                break
            logger.info("indexing %s", path)
            index.add(number, path)
            self._add("archives")

    def _choose(self, index: Index) -> bool:
        """Tell the index which articles are to be read; False where there are none."""
        chosen = False
        with self.plan.state() as state:
            for some in batched(index.ids(), _AT_ONCE):
                wanted = self._wanted(state, some)
                index.want(wanted)
                chosen |= bool(wanted)
        return chosen and not self._stopped()

    def _wanted(self, state: State | None, some: list[tuple[str, bool, str]]) -> list[str]:
        known = state.known([id_ for id_, _, _ in some]) if state else {}
        wanted = []
        for id_, is_article, digests in some:
            one = known.get(id_)
            if one is None and not is_article:
                continue  # a home page, robots.txt, a picture
            if one is not None and one.change == "removed":
                self._add("removed")
            elif one is not None and self._is_settled(one, digests):
                self._add("skipped")
            else:
                wanted.append(id_)
        return wanted

    def _is_settled(self, known: KnownArticle, digests: str) -> bool:
        """Is it certain to read as its newest revision does: the same bytes, the same rules?"""
        same_bytes = known.payload is not None and known.payload in digests.split()
        return same_bytes and known.rules == rules.version() and not self.plan.all

    def _add(self, name: str, number: int = 1) -> None:
        counters.add(self.stats, _STAT + name, number)

    def _count(self, result: Result) -> None:
        self._add(result.kind)
        self._add("pages", result.pages)
        if result.kind in _TOLD:
            logger.warning("%s: %s: %s", result.id, result.kind, result.words)

    def number(self, name: str) -> int:
        count: int = self.stats.get(_STAT + name, 0)
        return count

    @property
    def summary(self) -> str:
        """In words."""
        number = self.number
        skipped, seconds = number("skipped"), time.monotonic() - self._began
        said = [f"{number('new'):,} new", f"{number('updated'):,} updated"]
        said.append(f"{number('unchanged') + skipped:,} unchanged")
        asides = {
            "that today's rules make no record of": "lost",
            "still no record": "unreadable",
            "of an older body": "superseded",
            "not whole in the archives": "incomplete",
            "damaged": "damaged",
            "that the site has removed": "removed",
        }
        said += [f"{number(name):,} {words}" for words, name in asides.items() if number(name)]
        rate = (number("pages") + skipped) / seconds
        pages = f"{number('pages'):,} pages of {number('archives'):,} archives"
        if skipped:
            pages += f", {skipped:,} known to read the same"
        return f"{', '.join(said)}; {pages}, {rate:,.0f} pages/s"


def write(replay: Replay, state: State | None, interrupted: list[int]) -> tuple[ExitCode, str]:
    """Write what `replay` finds into the run's folder and publish it; exit code and last line.

    `interrupted` holds the signals that came.
    """
    stats, context = replay.stats, replay.plan.context
    ending = _ReplayEnding(replay, state)
    reason = "finished"
    try:
        with closing(RunFiles(context, REPLAY, stats)) as files:
            for result in replay.results():
                if result.item is not None and (result.kind != "unreadable" or context.trial):
                    ending.count(result.item)
                    files.write(result.item)
                if stats.get(ERROR_STAT):
                    break
    except StateError as error:
        stats[STATE_ERROR_STAT] = str(error)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        stats[ERROR_STAT] = f"{where}{error.strerror or error}"
    except WorkerError as error:
        logger.error("%s", error)
        reason = "killed"
    except Exception:
        logger.exception("unexpected error")
        counters.add(stats, ERRORS)
    run = RunFolder.of(context)
    if interrupted and run.is_empty:
        run.discard()
        return ExitCode.INTERRUPTED, "interrupted before there was anything; nothing published"
    counters.add(stats, "workercn/unchanged", replay.number("skipped"))
    counters.add(stats, ERRORS, replay.number("error"))
    stats["finish_reason"] = "shutdown" if interrupted else reason
    ending.finish(stats, [*_checks(replay)])
    assert ending.exit_code is not None
    return ending.exit_code, ending.sentence


class _ReplayEnding(Ending):
    def __init__(self, replay: Replay, state: State | None) -> None:
        super().__init__(replay.plan.context)
        self._replay = replay
        if state is not None:
            self._learning = state.learning

    def _told(self) -> dict[str, Any]:
        return {"spider": REPLAY, "sections": {}}  # it walks none

    def _numbers(self, stats: dict[str, Any]) -> str:
        return self._replay.summary


def _checks(replay: Replay) -> Iterator[CheckResult]:
    number = replay.number
    lost, share = number("lost"), replay.plan.settings.getfloat("MAX_REJECT_SHARE")
    asked = lost + sum(number(kind) for kind in ("new", "updated", "unchanged", "skipped"))
    ok = is_few(lost, asked, share)
    numbers = {"number": lost, "total": asked, "allowed_share": share, "few": FEW}
    yield check_result(
        "rejects", ok=ok, code="ok" if ok else "too_many", data=numbers | {"needs_rendering": 0}
    )
    bad = number("damaged") + number("foreign")
    numbers = {"damaged": bad, "torn": number("torn"), "incomplete": number("incomplete")}
    yield check_result("archive", ok=not bad, code="damaged" if bad else "ok", data=numbers)
