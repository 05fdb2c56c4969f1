"""How a run ends, whatever has driven it: exit code, manifest and publication."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from crawler import cluster, report
from crawler.downloader import hosts
from crawler.exit_codes import ExitCode
from crawler.items import Article, Reject
from crawler.monitoring.checks import CheckResult
from crawler.report import findings
from crawler.report.translation import Words
from crawler.run_context import RunContext
from crawler.runs import counters, projection
from crawler.runs.locks import startup_lock
from crawler.runs.manifest import Health
from crawler.runs.run import RunFolder
from crawler.runs.run_files import ERROR_STAT
from crawler.spiders import renders
from crawler.state import StateError
from crawler.state.session import ERROR_STAT as STATE_ERROR_STAT
from crawler.state.store import StateWriter

ERRORS = "workercn/errors"
_HEALTH: dict[ExitCode, Health] = {
    ExitCode.OK: "ok",
    ExitCode.DEGRADED: "degraded",
    ExitCode.INTERRUPTED: "degraded",
}
_INTERRUPTED = ("shutdown", "closespider_timeout", "closespider_pagecount")


class Ending:
    """`exit_code`, `sentence` and `results` are there after `finish`."""

    exit_code: ExitCode | None = None
    sentence = ""
    results: Sequence[CheckResult] = ()

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._run = RunFolder.of(context)
        self._items = 0  # records and rejects that came out of the pipelines
        # The transaction in which the state learns of the run; a trial has none.
        self._learning: Callable[[], AbstractContextManager[StateWriter]] | None = None

    def count(self, item: Any) -> None:
        self._items += isinstance(item, Article | Reject)

    def finish(self, stats: dict[str, Any], results: Sequence[CheckResult]) -> None:
        """Judge and publish the run. `stats`: all of it, with `finish_reason`."""
        self.results = results
        code, words = self._judge(stats, results)
        if code is ExitCode.OUTPUT:
            self.sentence = f"{words}; kept as {self._run.partial}"
        elif code is ExitCode.UNREACHED:
            self._run.discard()
            self.sentence = f"{words}; nothing published"
        elif error := self._settled():
            code, self.sentence = ExitCode.OUTPUT, f"{error}; kept as {self._run.partial}"
        else:
            manifest = self._manifest(stats, results, code)
            more = _to_render(stats, results)
            words = "; ".join(filter(None, (f"{words}: {self._numbers(stats)}", more)))
            if self._run.trial:
                words += "; a trial, which reads and writes no state"
            code, self.sentence = self._publish(manifest, words)
        # Last: an exception on the way, which Scrapy's dispatcher swallows, leaves it None.
        self.exit_code = code

    # --- what a driver adds -------------------------------------------------------------------

    @property
    def _outstanding(self) -> int:
        """Articles that were begun and came to no end."""
        return 0

    def _failed_feeds(self) -> list[str]:
        """Feeds beside ours (-o) that lack a record."""
        return []

    def _settled(self) -> str | None:
        """Leave in the folder what is this run's; what went wrong with it."""
        return None

    def _told(self) -> dict[str, Any]:
        """What the manifest has of the driver: `spider`, and what it walked."""
        raise NotImplementedError

    def _beside(self) -> dict[str, Any]:
        return {}

    def _numbers(self, stats: dict[str, Any]) -> str:
        """What came of the run, for the last line."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------

    def _publish(self, manifest: dict[str, Any], words: str) -> tuple[ExitCode, str]:
        """Give the folder its manifest, its report and its name. The state learns what the run
        tells in a transaction that commits after the rename.
        """
        run, language = self._run, self._context.language
        code, said = ExitCode(manifest["exit_code"]), f"{words}; see {run.final}"
        try:
            run.write_manifest(manifest)
            more = {"extra": self._beside(), "language": language}
            report.attempt(report.write, run.partial, output=run.output, **more)
            run.fsync()
            with self._learning() if self._learning else nullcontext() as writer:
                if writer is not None:
                    projection.apply_run(writer, run.partial)
                run.publish()
        except (OSError, StateError) as error:
            code = ExitCode.OUTPUT
            if not run.final.exists():
                return code, f"the run cannot be published: {error}; kept as {run.partial}"
            said = f"{error}; {run.final} is published, the state learns from it next time"
        if run.trial:
            return code, said
        try:
            with startup_lock(run.output):
                report.attempt(report.write_index, run.output, language=language)
                if code.is_complete:
                    run.make_latest(manifest)
        except OSError as error:
            code = ExitCode.OUTPUT
            said = f"latest.json cannot be replaced: {error}; the run is {run.final}"
        return code, said

    def _judge(self, stats: dict[str, Any], results: Sequence[CheckResult]) -> tuple[ExitCode, str]:
        """(exit code, in words)"""
        wrong = self._unwritten(stats) or self._unfinished(stats) or _unhealthy(stats, results)
        return wrong or (ExitCode.OK, "complete and healthy")

    def _unwritten(self, stats: dict[str, Any]) -> tuple[ExitCode, str] | None:
        """What was fetched and is not in the feed, the state or a feed of `-o`."""
        if error := stats.get(ERROR_STAT):
            return ExitCode.OUTPUT, f"the feed could not be written ({error})"
        for stat in (STATE_ERROR_STAT, cluster.ERROR_STAT):
            if error := stats.get(stat):
                return ExitCode.OUTPUT, f"{error}"
        seen, written = self._items, counters.lines(stats)
        if seen != written:
            return ExitCode.OUTPUT, f"the feed has {written} of {seen} records and rejects"
        if own := self._failed_feeds():
            return ExitCode.ERROR, f"the feed could not be written to {', '.join(own)} (-o)"
        return None

    def _unfinished(self, stats: dict[str, Any]) -> tuple[ExitCode, str] | None:
        """Why the crawl is not complete."""
        reason = stats.get("finish_reason", "unknown")
        if errors := stats.get(ERRORS, 0):
            return ExitCode.ERROR, f"{errors} unexpected errors, tracebacks in the log"
        if reason in _INTERRUPTED:
            return ExitCode.INTERRUPTED, f"interrupted ({reason}), incomplete"
        if reason != "finished":
            return ExitCode.ERROR, f"ended early ({reason})"
        if self._outstanding:
            return ExitCode.ERROR, f"{self._outstanding} articles unfinished"
        return None

    def _manifest(
        self, stats: dict[str, Any], results: Sequence[CheckResult], exit_code: ExitCode
    ) -> dict[str, Any]:
        return counters.manifest(
            self._run,
            stats,
            group=self._context.crawl_id,
            command=self._context.command,
            mirror=self._context.mirror,
            arguments=self._context.arguments,
            finish_reason=stats.get("finish_reason", "unknown"),
            complete=exit_code.is_complete,
            health=_HEALTH.get(exit_code, "failed"),
            exit_code=exit_code,
            checks=results,
            **self._told(),
        )


def _unhealthy(
    stats: dict[str, Any], results: Sequence[CheckResult]
) -> tuple[ExitCode, str] | None:
    """What is wrong with a crawl that is complete."""
    bad, asked = hosts.unusable(stats)
    if asked and len(bad) == len(asked):
        why = "; ".join(findings.unreached(Words(), *one) for one in bad.items())
        return ExitCode.UNREACHED, why
    failed = [f"{check['name']} ({check['detail']})" for check in results if not check["ok"]]
    if failed:
        return ExitCode.DEGRADED, f"finished, degraded: {'; '.join(failed)}"
    return None


def _to_render(stats: dict[str, Any], results: Sequence[CheckResult]) -> str:
    """What shows pages that their scripts build, where no failed check has said it."""
    told = any(check["data"].get("needs_rendering") for check in results if not check["ok"])
    return findings.to_render(Words(), 0 if told else stats.get(renders.NEEDED_STAT, 0))
