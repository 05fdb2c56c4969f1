"""A replay as a run: its lines, its checks, its manifest, its publication."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

from crawler import clock, report
from crawler.exit_codes import ExitCode
from crawler.feeds import publishing, tally
from crawler.feeds.exporter import begun, to_line, to_note
from crawler.feeds.lines import Lines
from crawler.feeds.manifest import Health, Manifest
from crawler.feeds.run import ARTICLES, JOURNAL, REJECTS, RunFolder, started
from crawler.items import Article, Reject, timestamp
from crawler.run_context import RunContext
from crawler.state import StateError
from crawler.state.store import State
from crawler.watching.replay.reading import Result
from crawler.watching.replay.running import Numbers, Replay
from crawler.watching.replay.workers import WorkerError

logger = logging.getLogger(__name__)

SPIDER = "replay"
LEAST_REJECTS = 3  # that make a run degraded, whatever their share


class Ending(NamedTuple):
    code: ExitCode
    sentence: str


class _Verdict(NamedTuple):
    code: ExitCode
    health: Health
    words: str
    reason: str


class Writer:
    """The files of a run folder. Raises OSError where they cannot be written to."""

    def __init__(self, run: RunFolder, context: RunContext) -> None:
        self.stats = tally.Numbers()
        with ExitStack() as stack:
            self._articles, self._rejects, self._journal = (
                Lines(stack.enter_context((run.partial / name).open("ab", buffering=0)))
                for name in (ARTICLES, REJECTS, JOURNAL)
            )
            self._journal.append(begun(SPIDER, context))
            self._files = stack.pop_all()

    def write(self, result: Result) -> None:
        """A record or reject; what is behind a record is on disk before it."""
        item = result.item
        if isinstance(item, Article):
            self._journal.append(to_note(item))
            self._articles.append(to_line(item))
            tally.count(self.stats, item)
        elif isinstance(item, Reject):
            self._rejects.append(to_line(item))
            tally.count(self.stats, item)

    def close(self) -> None:
        self._files.close()


def write(
    replay: Replay,
    run: RunFolder,
    state: State | None,
    context: RunContext,
    *,
    most_rejects: float,
    interrupted: list[int],
    language: str = "en",
) -> Ending:
    """Write what `replay` finds into the folder and publish it.

    `interrupted` holds the signals that came. `most_rejects`: MAX_REJECT_SHARE.
    """
    error: Exception | None = None
    writer = None
    try:
        writer = Writer(run, context)
        for result in replay.results():
            if result.kind != "unreadable" or run.trial:
                writer.write(result)
    except (OSError, StateError) as unwritable:
        return Ending(ExitCode.OUTPUT, f"{_in_words(unwritable)}; kept as {run.partial}")
    except Exception as unforeseen:
        logger.exception("an error nobody foresaw")
        error = unforeseen
    finally:
        if writer is not None:
            writer.close()
    numbers = replay.numbers
    if interrupted and run.is_empty:
        run.discard()
        return Ending(
            ExitCode.INTERRUPTED, "interrupted before there was anything; nothing published"
        )
    checks = list(_checks(numbers, most_rejects))
    verdict = _judge(numbers, checks, error, interrupted=bool(interrupted))
    assert writer is not None
    stats = writer.stats | {"workercn/unchanged": numbers.articles["unchanged"]}
    manifest = _manifest(run, stats, context, checks, verdict)
    failed = publishing.publish(
        run,
        manifest,
        transaction=state.learning if state is not None else None,
        report=lambda: report.attempt(
            report.write, run.partial, output=run.output, extra={}, language=language
        ),
    )
    if run.final.exists() and not run.trial:
        report.attempt(report.write_index, run.output, language=language)
    if failed:
        return Ending(ExitCode.OUTPUT, failed)
    return Ending(verdict.code, f"{verdict.words}: {summary(numbers)}; see {run.final}")


def summary(numbers: Numbers) -> str:
    """In words."""
    of = numbers.articles
    said = [f"{of['new']:,} new", f"{of['updated']:,} updated", f"{of['unchanged']:,} unchanged"]
    asides = {
        "that today's rules make no record of": of["lost"],
        "still no record": of["unreadable"],
        "of an older body": of["superseded"],
        "not whole in the archives": of["incomplete"],
        "damaged": of["damaged"],
        "that the site has removed": numbers.removed,
    }
    said += [f"{count:,} {words}" for words, count in asides.items() if count]
    pages = f"{numbers.pages:,} pages of {numbers.archives:,} archives"
    return f"{', '.join(said)}; {pages}, {numbers.rate:,.0f} pages/s"


def _checks(numbers: Numbers, most_rejects: float) -> Iterator[dict[str, Any]]:
    of = numbers.articles
    asked = of["new"] + of["updated"] + of["unchanged"] + of["lost"]
    lost, allowed = of["lost"], max(most_rejects * asked, LEAST_REJECTS)
    detail = f"today's rules make no record of {lost:,} of {asked:,} articles"
    ok = lost < LEAST_REJECTS or lost <= allowed
    yield {
        "name": "rejects",
        "ok": ok,
        "detail": detail,
        "code": "ok" if ok else "too_many",
        "data": {"number": lost, "total": asked, "allowed_share": most_rejects},
    }
    bad = numbers.damaged + numbers.foreign + of["damaged"]
    detail = (
        f"{numbers.exchanges:,} answers in {numbers.archives:,} archives; {numbers.torn:,} with a "
        f"torn end, {numbers.foreign:,} that are none of ours, "
        f"{numbers.damaged + of['damaged']:,} damaged places; of {of['incomplete']:,} articles a "
        "page or body is missing"
    )
    yield {
        "name": "archive",
        "ok": not bad,
        "detail": detail,
        "code": "damaged" if bad else "ok",
        "data": {"damaged": bad, "torn": numbers.torn, "incomplete": of["incomplete"]},
    }


def _judge(
    numbers: Numbers, checks: list[dict[str, Any]], error: Exception | None, *, interrupted: bool
) -> _Verdict:
    if interrupted and (error is None or isinstance(error, WorkerError)):
        return _Verdict(ExitCode.INTERRUPTED, "degraded", "interrupted, incomplete", "shutdown")
    if isinstance(error, WorkerError):
        return _Verdict(ExitCode.ERROR, "failed", f"ended early ({error})", "killed")
    if error is not None:
        words = traceback.format_exception_only(error)[-1].strip()
        return _Verdict(
            ExitCode.ERROR, "failed", f"ended early ({words}), traceback in the log", "error"
        )
    if errors := numbers.articles["error"]:
        words = f"{errors} errors nobody foresaw, tracebacks in the log"
        return _Verdict(ExitCode.ERROR, "failed", words, "finished")
    failed = [f"{check['name']} ({check['detail']})" for check in checks if not check["ok"]]
    if failed:
        return _Verdict(
            ExitCode.DEGRADED, "degraded", f"finished, degraded: {'; '.join(failed)}", "finished"
        )
    return _Verdict(ExitCode.OK, "ok", "complete and healthy", "finished")


def _manifest(
    run: RunFolder,
    stats: dict[str, Any],
    context: RunContext,
    checks: list[dict[str, Any]],
    verdict: _Verdict,
) -> dict[str, Any]:
    values = publishing.measured(run, stats) | {
        "run_id": run.run_id,
        "spider": SPIDER,
        "arguments": context.arguments,
        "command": context.command,
        "mirror": context.mirror,
        "started_at": timestamp(started(run.run_id)),
        "finished_at": timestamp(clock.now()),
        "finish_reason": verdict.reason,
        "complete": verdict.code.is_complete,
        "health": verdict.health,
        "exit_code": verdict.code,
        "checks": checks,
        "sections": {},  # it walks none
    }
    return Manifest.model_validate(values).model_dump()


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"the run cannot be written: {where}{error.strerror or error}"
    return str(error)
