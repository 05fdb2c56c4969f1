"""How our commands end early: one line on standard error and the contract's exit code."""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from scrapy.commands import ScrapyHelpFormatter
from scrapy.settings import BaseSettings, default_settings

from crawler.commands import interruptions, permissions, values
from crawler.downloader import rendering
from crawler.exit_codes import ExitCode
from crawler.files import unwritable
from crawler.monitoring import channels, log
from crawler.spiders.arguments import ArgumentError, Arguments

_LEVELS: dict[int | None, int] = {
    ExitCode.OK: logging.INFO,
    ExitCode.DEGRADED: logging.WARNING,
}
# Libraries that only some settings need: the setting, how a value begins that needs it, what it
# needs, and the extra of this project that has that.
_EXTRAS = (
    ("ALERT_URLS", "", "apprise", "alerts"),
    ("METRICS_FILE", "", "prometheus_client", "metrics"),
    ("REDIS_URL", "", "scrapy_redis", "redis"),
    ("REDIS_URL", "", "redis", "redis"),
    ("RENDERER", "splash", "scrapy_splash", "splash"),
    ("RENDERER", "playwright", "scrapy_playwright", "playwright"),
    ("RENDERER", "playwright", "playwright", "playwright"),
    ("STATE_URL", "postgresql", "psycopg", "postgresql"),
)


class Stopped(SystemExit):
    """What `stop` raises: the exit code and the line that was said."""

    def __init__(self, code: ExitCode, sentence: str) -> None:
        super().__init__(code)
        self.exit_code = code
        self.sentence = sentence


def stop(code: ExitCode, message: str) -> NoReturn:
    sentence = f"scrapy: {' '.join(message.split())}"
    interruptions.ignore()
    say(sentence, code)
    raise Stopped(code, sentence)


def refuse(message: str) -> NoReturn:
    """Stop on a wrong argument, option or setting."""
    stop(ExitCode.USAGE, message)


def parsed(given: dict[str, str], where: str = "") -> Arguments:
    for name, value in given.items():  # what is not UTF-8 could be written to no manifest
        if not values.is_whole(name + value):
            refuse(f"{where}argument {name}={value}: allowed: text in UTF-8")
    try:
        return Arguments.parse(given)
    except ArgumentError as error:
        refuse(f"{where}{error}")


def in_one_line(parser: argparse.ArgumentParser) -> None:
    """Let a parser say what is wrong with an option in one line instead of its usage and a line."""
    parser.error = refuse  # type: ignore[method-assign]
    for action in parser._actions:
        if action.dest == "set":
            action.type = _setting
        elif action.dest in ("pidfile", "profile"):
            action.type = _file


class _Lines(argparse.RawDescriptionHelpFormatter, ScrapyHelpFormatter):
    """Scrapy's form of help, which keeps the lines of descriptions."""


def add_argument_of_spider(parser: argparse.ArgumentParser, form: str, does: str) -> None:
    """Declare -a, for a command that takes one argument of the spider's."""
    parser.add_argument("-a", dest="spargs", action="append", default=[], metavar=form, help=does)


def describe(parser: argparse.ArgumentParser, title: str, rows: Mapping[str, str]) -> None:
    """Let `-h` list what is no option of the command line itself, one line each."""
    parser.formatter_class = _Lines
    width = max(map(len, rows))
    words = "\n".join(f"{name:{width}}  {does}" for name, does in rows.items())
    parser.add_argument_group(title, words)


def _setting(word: str) -> str:
    """A word of -s, where Scrapy would say nothing but that it is wrong."""
    name, _, value = word.partition("=")
    default = getattr(default_settings, name, None)
    if isinstance(default, dict) and value:
        try:
            BaseSettings(value)
        except (ValueError, AttributeError):
            wrong = values.SettingError(name, value, "a dictionary, as JSON")
            raise argparse.ArgumentTypeError(str(wrong)) from None
    return word


def _file(path: str) -> str:
    if why := unwritable(path):
        raise argparse.ArgumentTypeError(f"{path}: {why}; allowed: a file to write to")
    return path


def write(data: bytes) -> None:
    """On standard output; stop where that takes nothing."""
    try:
        with open(1, "wb", closefd=False) as output:
            output.write(data)
    except OSError as error:
        stop(ExitCode.OUTPUT, f"standard output: {error.strerror}")


@contextlib.contextmanager
def output_errors(output: Path) -> Iterator[None]:
    """Stop where the output folder or the state is not to be had."""
    from crawler.runs.locks import LockedError
    from crawler.state import StateError, StateUrlError

    try:
        yield
    except LockedError as error:
        stop(ExitCode.LOCKED, str(error))
    except StateUrlError as error:
        refuse(f"setting {error}")
    except StateError as error:
        stop(ExitCode.OUTPUT, str(error))
    except OSError as error:
        stop(ExitCode.OUTPUT, f"cannot write to OUTPUT_DIR={output}: {error}")


def say(sentence: str, code: int | None = ExitCode.OK) -> None:
    """The last line on standard error, in the form of the log; where that is closed, nobody reads
    it.
    """
    level = _LEVELS.get(code, logging.ERROR)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(log.line(sentence, level) + "\n")
        sys.stderr.flush()


def refuse_leftovers(args: list[str], allowed: int, usage: str) -> None:
    """Scrapy hands options it does not know to the command as if they were arguments."""
    unknown = [word for word in args if word.startswith("-") and word != "-"]
    if unknown or len(args) > allowed:
        word = unknown[0] if unknown else args[allowed]
        refuse(f"{word!r} is no option or argument here; allowed: {usage}")


def check_components(settings: BaseSettings) -> None:
    """Stop on a class that cannot be imported. Once there is a reactor: they may ask for it."""
    try:
        values.check_all_classes(settings)
    except values.SettingError as problem:
        refuse(str(problem))


def check_extras(settings: BaseSettings, *names: str) -> None:
    """Stop where one of these settings needs a library that is not installed, without a word of its
    value, which may be a secret.
    """
    for name, start, library, extra in _EXTRAS:
        given = str(settings[name] or "") if name in names else ""
        if given and given.startswith(start) and find_spec(library) is None:
            package = library.replace("_", "-")
            refuse(
                f"setting {name}: it needs {package}, which is not installed; allowed: after "
                f"pip install {package}, or with the extra {extra!r} of this project"
            )


def channels_of(setting: str) -> list[str]:
    """The addresses in ALERT_URLS. Stop on one that is no use."""
    urls = channels.split(setting)
    if wrong := channels.check(urls):
        refuse(f"setting ALERT_URLS: {wrong}")
    return urls


def check_settings(settings: BaseSettings) -> None:
    """Stop on a setting whose value cannot be meant. What is written from here on is as private as
    they say.
    """
    log.speak(str(settings["LOG_FORMAT"]))
    try:
        values.check(settings)
        check_extras(settings, "RENDERER", "REDIS_URL", "STATE_URL")
        if wrong := rendering.problem(settings):
            refuse(wrong)
        if url := settings["STATE_URL"]:
            from crawler.state.database import check_url

            with output_errors(Path(settings["OUTPUT_DIR"])):
                check_url(url)
    except values.SettingError as problem:
        refuse(str(problem))
    permissions.restrict(int(settings["OUTPUT_UMASK"], 8))
    # log.set_up() installs one; to Scrapy's own, json is a broken form.
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
