"""`scrapy replay [RUN_ID…|FILE.warc.gz…]`: the archive again through today's parsers."""

from __future__ import annotations

import argparse
import logging
import sys
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler.commands import exits, interruptions
from crawler.exit_codes import ExitCode
from crawler.run_context import RunContext
from crawler.watching import log

if TYPE_CHECKING:
    from crawler.state.store import State
    from crawler.watching.replay.reading import Setup

logger = logging.getLogger(__name__)

_USAGE = "scrapy replay [RUN_ID…|FILE.warc.gz…] [-a full=1] [--dry-run] [--jobs N]"
_MOST_JOBS = 64


class Command(ScrapyCommand):
    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[RUN_ID…|FILE.warc.gz…] [-a full=1] [--dry-run] [--jobs N]"

    def short_desc(self) -> str:
        return "The archive again through today's parsers, no network: what differs, as a run"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        interruptions.begin("replay")
        super().add_options(parser)
        exits.in_one_line(parser)
        parser.add_argument(
            "-a",
            dest="spargs",
            action="append",
            default=[],
            metavar="full=1",
            help="all records, as a trial",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="a table of what would change, field by field; nothing is written",
        )
        parser.add_argument(
            "--jobs", type=int, default=1, metavar="N", help="processes (default: 1)"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        with exits.usage_in_one_line():
            super().process_options(args, opts)
        exits.refuse_leftovers(args, len(args), _USAGE)
        self._full = False
        for word in opts.spargs:
            if word not in ("full=1", "full=0"):
                exits.stop(ExitCode.USAGE, f"-a {word}: no argument of replay; allowed: full=1")
            self._full = word == "full=1"
        if not 1 <= opts.jobs <= _MOST_JOBS:
            exits.stop(ExitCode.USAGE, f"--jobs {opts.jobs}: allowed: 1 to {_MOST_JOBS}")
        assert self.settings is not None
        exits.check_settings(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.watching.replay import sources

        assert self.settings is not None
        output = Path(self.settings["OUTPUT_DIR"]).absolute()
        log.set_up(self.settings, "replay")
        try:
            files = sources.find(output, args, logger.warning, trials=self._full)
        except sources.SourceError as error:
            exits.stop(ExitCode.USAGE, f"replay: {error}")
        interrupted = _notice_interruptions()
        if opts.dry_run:
            self.exitcode, sentence = self._table(output, files, opts.jobs, interrupted)
        else:
            self.exitcode, sentence = self._write(output, args, files, opts.jobs, interrupted)
        interruptions.ignore()
        exits.say(f"replay: {sentence}", self.exitcode)

    def _write(
        self, output: Path, args: list[str], files: list[Path], jobs: int, interrupted: list[int]
    ) -> tuple[ExitCode, str]:
        """Exit code and last line."""
        from crawler import report
        from crawler.feeds.opening import opened
        from crawler.feeds.run import RunFolder
        from crawler.state import open_state
        from crawler.state.session import url_of
        from crawler.watching.replay import run as running
        from crawler.watching.replay.running import Replay

        assert self.settings is not None
        arguments = {"archives": " ".join(args) or "all"} | ({"full": "1"} if self._full else {})
        language = self.settings["REPORT_LANGUAGE"]
        describe = partial(report.attempt, report.write, output=output, language=language)
        with ExitStack() as stack:
            state = None
            with exits.output_errors(output):
                if not self._full:
                    url = url_of(self.settings)
                    stack.enter_context(opened(output, url, describe))
                    state = stack.enter_context(closing(open_state(url)))
                run = RunFolder.create(output, running.SPIDER, trial=self._full)
            log.set_up(self.settings, run.run_id)
            context = RunContext(
                run_id=run.run_id,
                folder=run.partial,
                trial=run.trial,
                command="replay",
                arguments=arguments,
            )
            setup = self._setup(files, output, run.run_id)
            return running.write(
                Replay(setup, state, jobs, lambda: bool(interrupted)),
                run,
                state,
                context,
                most_rejects=self.settings.getfloat("MAX_REJECT_SHARE"),
                interrupted=interrupted,
                language=language,
            )

    def _table(
        self, output: Path, files: list[Path], jobs: int, interrupted: list[int]
    ) -> tuple[ExitCode, str]:
        """The table on standard output; exit code and last line."""
        from crawler.watching.replay.differences import Differences
        from crawler.watching.replay.run import summary
        from crawler.watching.replay.running import Replay
        from crawler.watching.replay.workers import WorkerError

        differences = Differences()
        with ExitStack() as stack, exits.output_errors(output):
            state = None if self._full else self._state_as_it_is(stack)
            setup = self._setup(files, output, "replay")
            replay = Replay(setup, state, jobs, lambda: bool(interrupted))
            try:
                for result in replay.results():
                    differences.add(result)
            except WorkerError as error:
                exits.stop(ExitCode.ERROR, f"replay: {error}")
        sys.stdout.write(differences.render())
        sys.stdout.flush()
        words = f"nothing is written: {summary(replay.numbers)}"
        if interrupted:
            return ExitCode.INTERRUPTED, f"interrupted, incomplete; {words}"
        return ExitCode.ERROR if replay.numbers.articles["error"] else ExitCode.OK, words

    def _state_as_it_is(self, stack: ExitStack) -> State | None:
        """None where there is none yet: opening it would make one."""
        from crawler.state import open_state
        from crawler.state.session import url_of

        assert self.settings is not None
        url = url_of(self.settings)
        kind, _, path = url.partition(":///")
        if kind == "sqlite" and not Path(path).exists():
            return None
        return stack.enter_context(closing(open_state(url)))

    def _setup(self, files: list[Path], output: Path, run_id: str) -> Setup:
        from crawler.watching.replay.reading import Limits, Setup

        assert self.settings is not None
        pipelines = dict(self.settings.getdict("ITEM_PIPELINES"))
        return Setup(
            [path.absolute() for path in files],
            output,
            run_id,
            pipelines,
            self._full,
            Limits.of(self.settings),
            self._assigned(),
        )

    def _assigned(self) -> dict[str, str]:
        """The ids that are not the number in the address, as they were published."""
        from crawler.site import urls
        from crawler.state import StateError

        try:
            with ExitStack() as stack:
                state = self._state_as_it_is(stack)
                assigned = state.assigned() if state is not None else {}
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
