"""`scrapy replay [RUN_ID…|FILE.warc.gz…]`: the archive read again with today's parsers."""

from __future__ import annotations

import argparse
import logging
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler.commands import exits, interruptions
from crawler.commands.project_command import ProjectCommand
from crawler.exit_codes import ExitCode
from crawler.monitoring import log
from crawler.replay import archive_files
from crawler.replay.processes import WorkerError
from crawler.run_context import RunContext
from crawler.runs.run import RunFolder
from crawler.site import urls

if TYPE_CHECKING:
    from crawler.replay.driver import Replay

logger = logging.getLogger(__name__)

_MOST_JOBS = 64


class Command(ProjectCommand, ScrapyCommand):
    requires_crawler_process = False
    usage = "[RUN_ID…|FILE.warc.gz…] [-a full=1] [--all] [--dry-run] [--jobs N]"
    most_words = sys.maxsize
    does = "Read the archive again with today's parsers and publish what differs as a run"
    interrupted_as = "replay"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        exits.add_argument_of_spider(parser, "full=1", "all records, as a trial")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="a table of what would change, field by field; nothing is written",
        )
        parser.add_argument(
            "--all",
            action="store_true",
            help="read also what cannot read otherwise: the same bytes by the same rules",
        )
        parser.add_argument(
            "--jobs", type=int, default=1, metavar="N", help="processes (default: 1)"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        self._full = False
        for word in opts.spargs:
            if word not in ("full=1", "full=0"):
                exits.refuse(f"-a {word}: no argument of replay; allowed: full=1")
            self._full = word == "full=1"
        if not 1 <= opts.jobs <= _MOST_JOBS:
            exits.refuse(f"--jobs {opts.jobs}: allowed: 1 to {_MOST_JOBS}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        output = self.output.absolute()
        log.set_up(self.settings, "replay")
        try:
            files = archive_files.find(output, args, logger.warning, trials=self._full)
        except archive_files.SourceError as error:
            exits.refuse(f"replay: {error}")
        self._opts, self._files = opts, [path.absolute() for path in files]
        self._interrupted = _notice_interruptions()
        with exits.output_errors(output), ExitStack() as stack:
            if opts.dry_run:
                self.exitcode, sentence = self._table(output)
            else:
                self.exitcode, sentence = self._write(output, args, stack)
        interruptions.ignore()
        exits.say(f"replay: {sentence}", self.exitcode)

    def _write(self, output: Path, args: list[str], stack: ExitStack) -> tuple[ExitCode, str]:
        from crawler.replay import driver
        from crawler.runs.startup import opened
        from crawler.state import open_state
        from crawler.state.session import url_of

        arguments = {"archives": " ".join(args) or "all"} | ({"full": "1"} if self._full else {})
        state = None
        if not self._full:
            url = url_of(self.settings)
            stack.enter_context(opened(output, url, self.describe))
            state = stack.enter_context(closing(open_state(url)))
        run = RunFolder.create(output, archive_files.REPLAY, trial=self._full)
        log.set_up(self.settings, run.run_id)
        return driver.write(self._replay(run.partial, arguments), state, self._interrupted)

    def _table(self, output: Path) -> tuple[ExitCode, str]:
        from crawler.replay.differences import Differences

        differences = Differences()
        replay = self._replay(output / "runs" / "replay.partial", {})
        try:
            for result in replay.results():
                differences.add(result)
        except WorkerError as error:
            exits.stop(ExitCode.ERROR, f"replay: {error}")
        exits.write(differences.render().encode())
        words = f"nothing is written: {replay.summary}"
        if self._interrupted:
            return ExitCode.INTERRUPTED, f"interrupted, incomplete; {words}"
        return ExitCode.ERROR if replay.number("error") else ExitCode.OK, words

    def _replay(self, folder: Path, arguments: dict[str, str]) -> Replay:
        from crawler.replay.driver import Replay
        from crawler.replay.rereading import ReplayPlan

        context = RunContext(
            run_id=folder.stem,
            folder=folder,
            trial=self._full,
            command="replay",
            language=self.settings["REPORT_LANGUAGE"],
            arguments=arguments,
        )
        plan = ReplayPlan(
            files=self._files,
            context=context,
            settings=self.settings,
            state_url=None if self._full else self._existing_state(),
            assigned=self._assigned(),
            jobs=self._opts.jobs,
            all=self._opts.all,
        )
        return Replay(plan, lambda: self._interrupted)

    def _existing_state(self) -> str | None:
        """Its address; None where there is none yet: opening it would make one."""
        from crawler.state.session import url_of

        url = url_of(self.settings)
        kind, _, path = url.partition(":///")
        return None if kind == "sqlite" and not Path(path).exists() else url

    def _assigned(self) -> dict[str, str]:
        """The ids that are not the number in the address, as they were published."""
        from crawler.state import StateError, open_state

        if (url := self._existing_state()) is None:
            return {}
        try:
            with closing(open_state(url)) as state:
                assigned = state.assigned()
        except StateError as error:
            logger.warning("which articles share a number is not known: %s", error)
            return {}
        return {urls.place(url): id_ for url, id_ in assigned.items()}


def _notice_interruptions() -> list[int]:
    """The signals that come; after the first a second one ends it at once."""
    seen: list[int] = []

    def noticed(number: int, frame: Any) -> None:
        seen.append(number)
        interruptions.say("replay", number)
        interruptions.end_with(ExitCode.INTERRUPTED, "replay: interrupted, and not ended in order")

    interruptions.install(noticed)
    return seen
