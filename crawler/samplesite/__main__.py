"""`python -m crawler.samplesite`: serve the embedded site until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from crawler.samplesite import faults
from crawler.samplesite.articles import CST
from crawler.samplesite.faults import Fault
from crawler.samplesite.pieces import GENERATIONS, Generation
from crawler.samplesite.server import serve
from crawler.samplesite.site import Site


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, no usage."""
        self.exit(2, f"{self.prog}: {message}\n")


def _between(least: int, most: int) -> Callable[[str], int]:
    def read(words: str) -> int:
        try:
            number = int(words)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{words!r} is no number from {least} to {most}")
        return number

    return read


def _seconds(words: str) -> float:
    try:
        seconds = float(words)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{words!r} is no number from 0 to 3600")
    return seconds


def _clock(words: str) -> datetime:
    try:
        clock = datetime.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words!r} is not like 2026-10-05T09:00") from None
    return clock if clock.tzinfo else clock.replace(tzinfo=CST)


def _generations(words: str) -> list[Generation]:
    chosen = [one for one in GENERATIONS if words == "all" or one in words.split(",")]
    if words != "all" and len(chosen) != len(words.split(",")):
        raise argparse.ArgumentTypeError(f"{words!r} is not all or some of {','.join(GENERATIONS)}")
    return chosen


def _fault(spec: str) -> Fault:
    try:
        return Fault(spec)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def arguments(prog: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=prog,
        description="Serve the embedded copy of www.workercn.cn.",
        epilog=faults.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=_between(0, 65535), default=0, help="default: any free one")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other articles")
    parser.add_argument("--articles", type=_between(1, 200_000), default=220, help="modern ones")
    parser.add_argument("--legacy", type=_between(0, 200_000), default=60, help="articles to 2021")
    parser.add_argument("--json2021", type=_between(0, 200_000), default=40, help="those of 2021")
    parser.add_argument("--papers", type=_between(0, 4000), default=10, help="days of the paper")
    parser.add_argument(
        "--now", type=_clock, help="the site's clock, in Asia/Shanghai (default: the present)"
    )
    parser.add_argument("--latency", type=_seconds, default=0, help="seconds before each answer")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="write the true records: JSONL")
    parser.add_argument(
        "--truth-of",
        type=_generations,
        default=["modern"],
        metavar="GENERATIONS",
        help="which of them: all, or modern,json2021,legacy,paper (default: modern)",
    )
    parser.add_argument(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="SPEC",
        help="PATTERN:KIND[=VALUE][@TIMES], e.g. '/c/*:status=503,120@2'; may be repeated",
    )
    parser.add_argument("--warm", action="store_true", help="make every page before serving")
    return parser


def main(argv: Sequence[str] | None = None, prog: str = "samplesite") -> int:
    """Prints the address when ready; 0 when stopped by a signal, 2 where it cannot serve."""
    options = arguments(prog).parse_args(argv)
    # Blocked, and waited for: a handler does not wake this thread where another gets the signal.
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    site = Site(
        options.seed,
        options.articles,
        options.now,
        legacy=options.legacy,
        json2021=options.json2021,
        papers=options.papers,
    )
    if options.warm:
        site.warm()
    try:
        if options.truth:
            with options.truth.open("w", encoding="utf-8") as file:
                for record in site.truth(*options.truth_of):
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")
        with serve(site, options.port, options.fault, options.latency) as server:
            print(server.url, flush=True)
            signal.sigwait(ends)
    except OSError as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
