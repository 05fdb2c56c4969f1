"""`scrapy feed verify|merge|schema|rebuild-state|prune`: checks the run folders, makes one file of
them, the state once more, or room.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler import report
from crawler.commands import exits
from crawler.commands.project_command import ProjectCommand
from crawler.exit_codes import ExitCode
from crawler.spiders.arguments import ArgumentError, Arguments, past_day

if TYPE_CHECKING:
    from crawler.feeds.formats import Format
    from crawler.runs.reading import FeedError

_STDOUT = 1
_NAMED = 20  # lines left out that merge names; verify names all


class Command(ProjectCommand, ScrapyCommand):
    requires_crawler_process = False
    usage = "[options] verify|merge|rebuild-state|prune|schema"
    most_words = sys.maxsize
    does = "Check the run folders (verify), make one file of them (merge), print the schema"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        exits.describe(parser, "Actions", {name: one.does for name, one in _ACTIONS.items()})
        for name, action in _ACTIONS.items():
            if action.options:
                group = parser.add_argument_group(f"Options of {name}")
                for flag, keywords in action.options.items():
                    group.add_argument(flag, **keywords)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        action = _ACTIONS.get(args[0]) if args else None
        if not action:
            what = f"{args[0]!r} is none of its actions" if args else "no action"
            exits.refuse(f"feed: {what}; allowed: {', '.join(_ACTIONS)}")
        exits.refuse_leftovers(args, len(args) if action.takes_words else 1, action.usage)
        for name, other in _ACTIONS.items():
            for flag, keywords in other.options.items():
                given = getattr(opts, keywords.get("dest", flag.lstrip("-")))
                if other is not action and given not in (None, False):
                    what = f"{flag} is an option of {name}; allowed: {action.usage}"
                    exits.refuse(what)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.runs.reading import FeedError
        from crawler.state.session import url_of

        name, *words = args
        opts.state_url = url_of(self.settings)
        opts.describe, opts.language = self.describe, self.settings["REPORT_LANGUAGE"]
        # As Ctrl-C, so that nothing half written is left.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.exitcode = _ACTIONS[name].run(self.output, words, opts)
        except FeedError as error:
            exits.refuse(f"feed {name}: {error}")
        except BrokenPipeError:  # `| head -1`: whoever reads has enough
            self.exitcode = 128 + signal.SIGPIPE
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            exits.stop(ExitCode.OUTPUT, f"feed {name}: {where}{error.strerror or error}")
        except KeyboardInterrupt:
            exits.stop(ExitCode.INTERRUPTED, f"feed {name}: interrupted")


def _verify(output: Path, words: list[str], opts: argparse.Namespace) -> ExitCode:
    from crawler.feeds.verifying import verify

    with open(_STDOUT, "w", encoding="utf-8", closefd=False) as out:
        # A path is a run's name, too: output/runs/20261122T123054Z-workercn-306a/
        names = {Path(word).name for word in words}
        deleted = [] if names else _deleted(output, opts.state_url)
        seen = verify(output, names, deleted=deleted, on_error=lambda one: print(one, file=out))
        for group, runs in seen.groups.items():
            print(
                f"{group}: {seen.grouped[group]:,} records in the runs of {runs} workers", file=out
            )
        numbers = (
            f"{_count(seen.runs, 'run')}, {_count(seen.records, 'record')}, "
            f"{_count(seen.rejects, 'reject')}, {seen.bytes:,} bytes"
        )
        if not seen.problems:
            print(f"{numbers}: as they should be", file=out)
            return ExitCode.OK
    exits.say(f"scrapy: feed verify: {_count(seen.problems, 'problem')} in {numbers}")
    return ExitCode.DEGRADED


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _deleted(output: Path, state_url: str) -> list[str]:
    """Runs whose folders should be there by the state, where there is one to ask."""
    from crawler.runs.startup import lost_runs
    from crawler.state import StateError, default_url, open_state

    if state_url == default_url(output.absolute()) and not (output / "state.db").exists():
        return []
    try:
        with closing(open_state(state_url)) as state:
            return lost_runs(state, output)
    except StateError as error:
        exits.say(f"scrapy: feed verify: not compared with the state: {error}")
        return []


def _merge(output: Path, words: list[str], opts: argparse.Namespace) -> ExitCode:
    from crawler.feeds import formats
    from crawler.feeds.merging import merge
    from crawler.feeds.sqlite_export import sqlite, write_metadata

    if not opts.file:
        exits.refuse(f"feed merge: no -o FILE; allowed: {_ACTIONS['merge'].usage}")
    window = _window(opts)
    try:
        write = formats.jsonl if opts.file == "-" else formats.choose(opts.file)
    except ValueError as error:
        exits.refuse(f"-o {opts.file}: {error}")
    left_out = 0

    def leave_out(error: FeedError) -> None:
        nonlocal left_out
        left_out += 1
        if left_out <= _NAMED:
            exits.say(f"scrapy: feed merge: left out: {error}")

    if opts.newest is not None:
        write = _with_newest(write, opts.newest)
    with _target(output, opts.file) as file:
        count = merge(
            output,
            file,
            write,
            since=window.since,
            until=window.until,
            sections=() if "all" in window.sections else window.sections,
            removed=opts.removed,
            group=opts.group,
            on_error=leave_out,
        )
    if write is sqlite:
        write_metadata(Path(opts.file))
    if left_out:
        exits.say(f"scrapy: feed merge: {_count(count, 'record')}; {left_out:,} left out")
        return ExitCode.DEGRADED
    exits.say(f"scrapy: feed merge: {_count(count, 'record')}")
    return ExitCode.OK


def _with_newest(write: Format, newest: str) -> Format:
    """`write` bounded to that many articles. Only the feeds of feed readers are bounded."""
    from crawler.feeds.syndication import atom, json_feed

    if write not in (atom, json_feed):
        what = "only feeds have a bound; allowed: with -o feed.xml or -o feed.json"
        exits.refuse(f"feed merge: --newest {newest}: {what}")
    if not (newest.isascii() and newest.isdigit() and int(newest)):
        what = "not a whole number of at least 1; allowed: 1, 2, 3, …"
        exits.refuse(f"feed merge: --newest {newest}: {what}")
    return partial(write, newest=int(newest))


def _window(opts: argparse.Namespace) -> Arguments:
    """since, until and sections, as the spider understands its arguments of these names."""
    given = ((name, getattr(opts, name)) for name in ("since", "until", "sections"))
    return exits.parsed({name: word for name, word in given if word is not None}, "feed merge: ")


def _target(output: Path, name: str) -> AbstractContextManager[IO[bytes]]:
    from crawler.feeds.merging import target
    from crawler.files import replacing

    if name == "-":
        return open(_STDOUT, "wb", closefd=False)
    try:
        path = target(output, name)
    except ValueError as error:
        exits.refuse(f"-o {name}: {error}")
    if not path.parent.is_dir():
        exits.refuse(f"-o {name}: allowed: a file in a folder that is there")
    return replacing(path)


def _rebuild_state(output: Path, words: list[str], opts: argparse.Namespace) -> ExitCode:
    from crawler.runs import projection
    from crawler.runs.locks import lock
    from crawler.state import StateError, default_url, open_state

    with exits.output_errors(output), lock(output):
        try:
            state = open_state(opts.state_url)
        except StateError as error:
            # What cannot be read is not needed: all of it is in the run folders.
            broken = output / "state.db"
            if opts.state_url != default_url(output.absolute()) or not broken.exists():
                raise
            exits.say(f"scrapy: feed rebuild-state: {error}; put aside as {broken}.broken")
            broken.replace(f"{broken}.broken")
            state = open_state(opts.state_url)
        with closing(state):
            runs = projection.rebuild(state, output, force=opts.force)
    exits.say(f"scrapy: feed rebuild-state: learnt from {runs:,} runs")
    return ExitCode.OK


def _prune(output: Path, words: list[str], opts: argparse.Namespace) -> ExitCode:
    from crawler.feeds.pruning import prune

    if not opts.before:
        usage = _ACTIONS["prune"].usage
        exits.refuse(f"feed prune: no --before DAY; allowed: {usage}")
    try:
        day = past_day("--before", opts.before)
    except ArgumentError as error:
        exits.refuse(f"feed prune: {error}")
    with exits.output_errors(output):
        folders, records, unreadable = prune(output, opts.state_url, day, opts.describe)
    if folders:
        report.attempt(report.write_index, output, language=opts.language)
    said = f"{folders:,} run folders deleted" if folders else f"nothing to delete before {day}"
    if records is not None:
        said += f", {records:,} records kept in a snapshot"
    if unreadable:
        said += f"; kept with all after it, because it cannot be read: {unreadable}"
    exits.say(f"scrapy: feed prune: {said}")
    return ExitCode.DEGRADED if unreadable else ExitCode.OK


def _schema(output: Path, words: list[str], opts: argparse.Namespace) -> ExitCode:
    with open(_STDOUT, "wb", closefd=False) as out:
        out.write(files("crawler.schema").joinpath("article-1.schema.json").read_bytes())
    return ExitCode.OK


@dataclass(frozen=True, slots=True)
class _Action:
    run: Callable[[Path, list[str], argparse.Namespace], ExitCode]  # OUTPUT_DIR, words → exit code
    usage: str
    does: str
    options: dict[str, dict[str, Any]] = field(default_factory=dict)  # as add_argument takes them
    takes_words: bool = False


_DAY = {"metavar": "DAY", "help": "of publication, inclusive: YYYY-MM-DD, yesterday, 7d"}

_ACTIONS = {
    "verify": _Action(
        _verify,
        "scrapy feed verify [RUN…]",
        "hashes, counts and schema of all runs or of these, and revisions over all",
        takes_words=True,
    ),
    "merge": _Action(
        _merge,
        "scrapy feed merge -o FILE [--since DAY] [--until DAY] [--sections SLUGS] "
        "[--group CRAWL_ID] [--newest N] [--removed]",
        "the newest revision of each article, in the order of publication",
        {
            "-o": {
                "dest": "file",
                "metavar": "FILE",
                "help": ".jsonl[.gz|.zst] .csv .parquet .db .xml .json; - is standard output",
            },
            "--since": _DAY,
            "--until": _DAY,
            "--sections": {
                "metavar": "SLUGS",
                "help": "seen in any of these: character,edu,legacy:all",
            },
            "--group": {"metavar": "CRAWL_ID", "help": "of the workers that shared this crawl"},
            "--newest": {"metavar": "N", "help": "of .xml and .json: articles at most (100)"},
            "--removed": {"action": "store_true", "help": "also what the site has removed"},
        },
    ),
    "rebuild-state": _Action(
        _rebuild_state,
        "scrapy feed rebuild-state [--force]",
        "forget what is known between runs and learn it again from the run folders",
        {"--force": {"action": "store_true", "help": "also where articles are forgotten by that"}},
    ),
    "prune": _Action(
        _prune,
        "scrapy feed prune --before DAY",
        "put a snapshot, the newest record of each article, in the place of older run folders",
        {
            "--before": {
                "metavar": "DAY",
                "help": "runs that began before it in China go: YYYY-MM-DD, yesterday, 90d",
            }
        },
    ),
    "schema": _Action(_schema, "scrapy feed schema", "the JSON Schema of a record"),
}
