"""How our commands end early: one line on standard error and the contract's exit code."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.commands import permissions
from crawler.exit_codes import ExitCode
from crawler.fetching import rendering
from crawler.fetching.credentials import shown
from crawler.watching import log

# Numbers that a crawl reads, Scrapy's among them: a wrong one would end in a traceback, or hang.
_NUMBERS: dict[str, tuple[type[int] | type[float], float, float]] = {
    "MAX_REJECT_SHARE": (float, 0, 1),
    "MAX_FAILED_SHARE": (float, 0, 1),
    "MAX_FALLBACK_SHARE": (float, 0, 1),
    "MAX_COVERAGE_DROP": (float, 0, 1),
    "MAX_UPDATED_SHARE": (float, 0, 1),
    "MIN_UPDATED": (int, 1, 1_000_000),
    "MIN_SHORTER": (int, 1, 1_000_000),
    "MAX_SAME_BODY": (int, 1, 1_000_000),
    "MAX_OTHER_SHARE": (float, 0, 1),
    "MAX_PAUSE_TIMES": (float, 1, 1000),
    "MIN_PAUSE_HOURS": (float, 1, 100_000),
    "MIN_PAPER_PAUSE_DAYS": (int, 1, 36_500),
    "MIN_LISTED_SHARE": (float, 0, 1),
    "MIN_NEW_SHARE": (float, 0, 1),
    "MAX_AGE_HOURS": (float, 0, 100_000),
    "MAX_MISSING_SHARE": (float, 0, 1),
    "CHECK_MIN_RUNS": (int, 1, 60),
    "CHECK_MIN_RECORDS": (int, 1, 1_000_000),
    "RECHECK_DAYS": (int, 0, 36_500),
    "CATCH_UP_DAYS": (int, 1, 36_500),
    "RETAIN_DAYS": (int, 1, 36_500),
    "MAX_RUN_MINUTES": (float, 0.01, 100_000),
    "SLICE_DAYS": (int, 1, 100_000),
    "MAX_LISTING_PAGES": (int, 1, 1_000_000),
    "MAX_LISTING_ENTRIES": (int, 1, 1_000_000),
    "MAX_PAPER_PLATES": (int, 1, 1000),
    "MAX_ARTICLE_PAGES": (int, 1, 1000),
    "LISTING_FAILURES": (int, 1, 1000),
    "LISTING_REPEATS": (int, 1, 1000),
    "RETRY_TIMES": (int, 0, 100),
    "RETRY_TIMES_UNREACHED": (int, 0, 100),
    "RETRY_DELAY": (float, 0, 3600),
    "RETRY_DELAY_MAX": (float, 0, 3600),
    "RETRY_AFTER_MAX": (float, 0, 86_400),
    "CIRCUIT_FAILURES": (int, 1, 1_000_000),
    "CIRCUIT_PAUSE": (float, 0, 3600),
    "CIRCUIT_PROBES": (int, 1, 100),
    "DOWNLOAD_DELAY": (float, 0, 3600),
    "DOWNLOAD_TIMEOUT": (float, 0.001, 86_400),
    "DOWNLOAD_MAXSIZE": (int, 0, 2**40),
    "MAX_PAGE_ELEMENTS": (int, 1, 2**31),
    "MEMUSAGE_LIMIT_MB": (int, 0, 2**20),
    "CLOSESPIDER_PAGECOUNT": (int, 0, 2**31),
    "MAX_SECTIONS": (int, 1, 100_000),
    "DOWNLOAD_HEADERS_MAXSIZE": (int, 1024, 2**30),
    "DOWNLOAD_WARNSIZE": (int, 0, 2**40),
    "DNS_TIMEOUT": (float, 0.001, 3600),
    "CONCURRENT_REQUESTS": (int, 1, 1000),
    "CONCURRENT_REQUESTS_PER_DOMAIN": (int, 1, 1000),
    "VISIBILITY_SECONDS": (float, 1, 86_400),
    "MAX_WORKER_DEATHS": (int, 1, 1000),
    "REDIS_PATIENCE": (float, 0, 1_000_000),
    "REDIRECT_MAX_TIMES": (int, 0, 1000),
}
_SWITCHES = (
    "ARCHIVE_ENABLED",
    "ROBOTSTXT_OBEY",
    "AUTOTHROTTLE_ENABLED",
    "COOKIES_ENABLED",
    "PER_WORKER_RATE",
    "LOG_ENABLED",
)
_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")


class Stopped(SystemExit):
    """What `stop` raises: the exit code and the line that was said."""

    def __init__(self, code: ExitCode, sentence: str) -> None:
        super().__init__(code)
        self.exit_code = code
        self.sentence = sentence


def stop(code: ExitCode, message: str) -> NoReturn:
    sentence = f"scrapy: {' '.join(message.split())}"
    say(sentence)
    raise Stopped(code, sentence)


def in_one_line(parser: argparse.ArgumentParser) -> None:
    """Let a parser say what is wrong with an option in one line instead of its usage and a line."""
    parser.error = lambda message: stop(ExitCode.USAGE, message)  # type: ignore[method-assign]


@contextlib.contextmanager
def usage_in_one_line() -> Iterator[None]:
    """The same for what Scrapy itself finds wrong with an option's value."""
    try:
        yield
    except UsageError as error:
        stop(ExitCode.USAGE, str(error))


@contextlib.contextmanager
def output_errors(output: Path) -> Iterator[None]:
    """Stop where the output folder or the state is not to be had."""
    from crawler.feeds.lock import LockedError
    from crawler.state import StateError, StateUrlError

    try:
        yield
    except LockedError as error:
        stop(ExitCode.LOCKED, str(error))
    except StateUrlError as error:
        stop(ExitCode.USAGE, f"setting {error}")
    except StateError as error:
        stop(ExitCode.OUTPUT, str(error))
    except OSError as error:
        stop(ExitCode.OUTPUT, f"cannot write to OUTPUT_DIR={output}: {error}")


def say(sentence: str) -> None:
    """The last line on standard error; where that is closed, nobody reads it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(log.one_line(sentence) + "\n")
        sys.stderr.flush()


def refuse_leftovers(args: list[str], allowed: int, usage: str) -> None:
    """Scrapy hands options it does not know to the command as if they were arguments."""
    unknown = [word for word in args if word.startswith("-") and word != "-"]
    if unknown or len(args) > allowed:
        word = unknown[0] if unknown else args[allowed]
        stop(ExitCode.USAGE, f"{word!r} is no option or argument here; allowed: {usage}")


def check_settings(settings: BaseSettings) -> None:
    """Stop on a setting of ours that cannot be meant. What is written from here on is as private as
    they say.
    """
    umask = permissions.read(str(settings["OUTPUT_UMASK"]))
    if umask is None:
        stop(
            ExitCode.USAGE, f"setting OUTPUT_UMASK={settings['OUTPUT_UMASK']}: allowed: 000 to 077"
        )
    permissions.restrict(umask)
    if not settings["OUTPUT_DIR"]:
        stop(ExitCode.USAGE, "setting OUTPUT_DIR=: no folder; allowed: a path, such as output")
    mirror = settings["MIRROR_URL"]
    if mirror:
        try:
            parts = urlsplit(mirror)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.path not in ("", "/") or parts.query or "@" in parts.netloc:
            words = f"setting MIRROR_URL={shown(mirror)}: no address; allowed: http://host:port"
            stop(ExitCode.USAGE, words)
    if wrong := rendering.problem(settings):
        stop(ExitCode.USAGE, wrong)
    for name, (kind, low, high) in _NUMBERS.items():
        _number(settings, name, kind, low, high)
    for name in _SWITCHES:
        _switch(settings, name)
    _floors(settings)
    if (metrics := settings["METRICS_FILE"]) and not Path(metrics).parent.is_dir():
        stop(
            ExitCode.USAGE,
            f"setting METRICS_FILE={metrics}: allowed: a file in a folder that is there",
        )
    level = str(settings["LOG_LEVEL"]).upper()
    if level not in _LEVELS:
        stop(
            ExitCode.USAGE,
            f"setting LOG_LEVEL={settings['LOG_LEVEL']}: allowed: {', '.join(_LEVELS)}",
        )
    settings.set("LOG_LEVEL", level, priority=settings.getpriority("LOG_LEVEL") or 0)
    if path := settings["LOG_FILE"]:
        try:
            Path(path).open("ab").close()
        except OSError as error:
            stop(
                ExitCode.USAGE,
                f"setting LOG_FILE={path}: {error.strerror}; allowed: a file to write to",
            )
    if not log.is_format(form := str(settings["LOG_FORMAT"])):
        stop(
            ExitCode.USAGE,
            f"setting LOG_FORMAT={form}: allowed: json, or a form of Python's logging",
        )
    # log.set_up() installs one; to Scrapy's own, json is a broken form.
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")


def _number(
    settings: BaseSettings, name: str, kind: type[int] | type[float], low: float, high: float
) -> None:
    try:
        value = kind(settings[name])
        usable = low <= value <= high
    except (TypeError, ValueError):
        usable = False
    if not usable:
        what = "a whole number" if kind is int else "a number"
        stop(
            ExitCode.USAGE,
            f"setting {name}={settings[name]}: allowed: {what} from {low:g} to {high:g}",
        )


def _floors(settings: BaseSettings) -> None:
    try:
        floors = settings.getdict("COVERAGE_FLOORS")
        usable = all(0 <= float(share) <= 1 for share in floors.values())
    except (TypeError, ValueError):
        usable = False
    if not usable:
        what = 'JSON such as {"body": 0.95}, shares from 0 to 1'
        stop(
            ExitCode.USAGE,
            f"setting COVERAGE_FLOORS={settings['COVERAGE_FLOORS']}: allowed: {what}",
        )


def _switch(settings: BaseSettings, name: str) -> None:
    try:
        settings.getbool(name)
    except ValueError:
        stop(ExitCode.USAGE, f"setting {name}={settings[name]}: allowed: 1 or 0")
