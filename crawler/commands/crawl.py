"""`scrapy crawl`, with a run folder and the exit codes of docs/exit-codes.md."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from contextlib import ExitStack, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import BaseRunSpiderCommand

from crawler import clock, cluster, run_context
from crawler.commands import exits, interruptions, outputs, permissions
from crawler.commands.project_command import ProjectCommand
from crawler.downloader import server_time
from crawler.downloader.credentials import split_credentials
from crawler.exit_codes import ExitCode
from crawler.monitoring import log, metrics
from crawler.run_context import RunContext
from crawler.runs.run import MANIFEST, RunFolder
from crawler.spiders.arguments import HELP

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.monitoring.checks import CheckResult
    from crawler.runs.startup import EarlierRuns


logger = logging.getLogger(__name__)

Ending = tuple[ExitCode, str, "list[CheckResult]"]  # exit code, last line, what was checked
_SPIDER = "workercn"
_JOB = "_job"  # scrapyd's own argument


class Command(ProjectCommand, BaseRunSpiderCommand):
    usage = "[workercn] [-a NAME=VALUE] [-s NAME=VALUE] [-o FILE]"
    most_words = 1
    does = "Crawl the site into a run folder (see README)"
    interrupted_as = "workercn"
    name = "crawl"
    _of_a_night: dict[str, Any] = {}  # what the run's context has of it
    _server_time: datetime | None = None  # the newest that the site told

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        rows = {f"-a {name}=…": does for name, does in HELP.items()}
        exits.describe(parser, "Spider arguments", rows)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if args not in ([], [_SPIDER]):
            exits.refuse(f"{' '.join(args)}: allowed: {self.line}")
        opts.spargs.pop(_JOB, None)
        exits.check_extras(self.settings, "METRICS_FILE")
        if wrong := cluster.problem(self.settings):
            exits.refuse(wrong)
        self._arguments = exits.parsed(opts.spargs)
        shared, given = self.settings["REDIS_URL"], self._arguments
        if given.crawl_id and not shared:
            what = "nothing is shared; allowed: together with the setting REDIS_URL"
            exits.refuse(f"argument crawl_id={given.crawl_id}: {what}")
        if given.limit and shared:
            what = "a trial is not shared; allowed: without the setting REDIS_URL"
            exits.refuse(f"argument limit={given.limit}: {what}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Its deprecated names walk the whole stack, source files and all: .06 s more where the
        # downloader imports it, deep down.
        import scrapy.core.downloader.contextfactory  # noqa: F401

        from crawler.runs.locks import run_lock, startup_lock
        from crawler.runs.startup import opened
        from crawler.state.session import url_of

        exits.check_components(self.settings)
        if wrong := outputs.problem(self.settings, self._spider()):
            exits.refuse(wrong)
        self.settings.set("FEEDS", outputs.of_articles(self.settings), priority="cmdline")
        output = self.output
        self._refuse_mixing()
        trial = self._arguments.limit is not None
        if self.settings["IMAGES_STORE"]:
            pipelines = self.settings.getdict("ITEM_PIPELINES")
            pipelines["crawler.downloader.picture_files.PicturesPipeline"] = 750
            self.settings.set("ITEM_PIPELINES", pipelines, priority="cmdline")
        log.set_up(self.settings, _SPIDER)
        crawl_id = self._crawl_id()
        if crawl_id:
            cluster.share(self.settings)
        with ExitStack() as stack:
            before = None
            with exits.output_errors(output), startup_lock(output) if crawl_id else nullcontext():
                if not trial:
                    state = url_of(self.settings)
                    folder = opened(output, state, self.describe, shared=crawl_id is not None)
                    before = stack.enter_context(folder)
                given = self.tonight(opts.spargs, before)
                if crawl_id:
                    given = self._joined(crawl_id, opts.spargs, given)
                run = RunFolder.create(output, _SPIDER, trial=trial)
                if crawl_id:
                    stack.enter_context(run_lock(output, run.run_id))
            log.set_up(self.settings, run.run_id)
            context = self._context(run, crawl_id, given)
            self.settings.set(run_context.SETTING, context, priority="cmdline")
            self.exitcode, sentence, checks = self._crawl(run, given)
            interruptions.end_with(self.exitcode, f"workercn: {sentence}")
            if not trial:
                manifest = _manifest(run, self.exitcode, checks)
                self.afterwards(manifest | {"sentence": sentence})
        interruptions.ignore()
        exits.say(f"workercn: {sentence}", self.exitcode)

    def _spider(self) -> type:
        try:
            return self.crawler_process.spider_loader.load(_SPIDER)
        except KeyError:
            modules = ",".join(self.settings.getlist("SPIDER_MODULES"))
            allowed = f"allowed: modules with the spider {_SPIDER}"
            exits.refuse(f"setting SPIDER_MODULES={modules}: {allowed}")

    def _context(self, run: RunFolder, crawl_id: str | None, given: dict[str, str]) -> RunContext:
        return RunContext(
            run_id=run.run_id,
            folder=run.partial,
            trial=run.trial,
            command=self.name,
            mirror=self._mirror(),
            crawl_id=crawl_id,
            arguments=given,
            language=self.settings["REPORT_LANGUAGE"],
            **self._of_a_night,
        )

    def _mirror(self) -> str | None:
        """Its address without credentials; None: the live site, or a gateway that counts as it."""
        if self.settings.getbool("MIRROR_IS_LIVE"):
            return None
        return split_credentials(self.settings["MIRROR_URL"])[0] or None

    def _refuse_mixing(self) -> None:
        from crawler.runs.startup import origin

        there, mirror = origin(self.output), self._mirror()
        if there is None or (there.mirror is None) == (mirror is None):
            return
        what = f"the mirror {there.mirror}" if there.mirror else "the live site"
        allowed = "allowed: another OUTPUT_DIR"
        if mirror:
            allowed += ", or MIRROR_IS_LIVE=1 for a gateway to the live site"
        words = f"setting MIRROR_URL={mirror or ''}: {self.output} holds runs of {what}"
        exits.refuse(f"{words}, such as {there.run_id}; {allowed}")

    def _crawl_id(self) -> str | None:
        """Of the crawl that this run shares with others; None where it is alone."""
        if not self.settings["REDIS_URL"]:
            return None
        return self._arguments.crawl_id or f"{_SPIDER}-{clock.now():%Y%m%d}"

    def _joined(
        self, crawl_id: str, asked: dict[str, str], given: dict[str, str]
    ) -> dict[str, str]:
        """The spider's arguments in a shared crawl: those of the worker that came first, with
        which what was `asked` for here must agree.
        """
        from crawler.cluster.redis_server import RedisServer, RedisUnavailableError
        from crawler.cluster.shared_crawl import join

        name = {"crawl_id": crawl_id}
        try:
            server = RedisServer(self.settings["REDIS_URL"])
            theirs = join(server, crawl_id, given | name)
            server.close()
        except RedisUnavailableError as error:
            exits.stop(ExitCode.OUTPUT, str(error))
        for argument, value in asked.items():
            if value != theirs.get(argument):
                there = ", ".join(f"{n}={v}" for n, v in theirs.items() if n != "crawl_id")
                what = f"the crawl {crawl_id} has {there or 'no arguments'}; allowed: the same"
                exits.refuse(f"argument {argument}={value}: {what}")
        exits.parsed(theirs)
        return theirs

    def tonight(self, given: dict[str, str], before: EarlierRuns | None) -> dict[str, str]:
        """The spider's arguments; `before`: what earlier runs tell, of a trial nothing."""
        return given

    def afterwards(self, manifest: dict[str, Any]) -> None:
        """What is left to do when a run has ended, still under the lock. `manifest`: the run's, or
        as much of one as there is of a run that was not published, and its `sentence`.
        """
        if path := self.settings["METRICS_FILE"]:
            try:
                with permissions.as_started():  # node_exporter has a user of its own
                    metrics.write(Path(path), manifest)
            except OSError as error:
                logger.warning("METRICS_FILE=%s cannot be written: %s", path, error.strerror)

    def _crawl(self, run: RunFolder, given: dict[str, str]) -> Ending:
        crawler = self._create_crawler(_SPIDER)
        ending = interruptions.InOrder(self.crawler_process, crawler)
        self.crawler_process.crawl(crawler, **given)
        self.crawler_process.start(install_signal_handlers=False)
        sys.stdout.flush()  # of -o -: a signal from here on ends the process as it is
        self._server_time = crawler.stats.get_value(server_time.STAT)
        return _outcome(crawler, run, interrupted=bool(ending.numbers))


def _manifest(run: RunFolder, code: ExitCode, checks: list[CheckResult]) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((run.final / MANIFEST).read_text("utf-8"))
    except OSError:
        return nothing_published(code) | {"run_id": run.run_id, "checks": checks}
    return manifest


def nothing_published(code: ExitCode) -> dict[str, Any]:
    from crawler.items import timestamp

    finished_at = timestamp(clock.now())
    return {"run_id": None, "health": "failed", "exit_code": code, "finished_at": finished_at}


def _outcome(crawler: Crawler, run: RunFolder, *, interrupted: bool) -> Ending:
    from crawler.monitoring.outcome import Outcome

    outcome = crawler.get_extension(Outcome) if crawler._extensions else None
    if outcome is not None and outcome.exit_code is not None:
        return outcome.exit_code, outcome.sentence, list(outcome.results)
    if not interrupted:
        return ExitCode.ERROR, f"an unexpected error, see the log; kept as {run.partial}", []
    if run.is_empty:
        run.discard()
        return ExitCode.INTERRUPTED, interruptions.NOTHING_YET, []
    return ExitCode.INTERRUPTED, f"interrupted and not ended in order; kept as {run.partial}", []
