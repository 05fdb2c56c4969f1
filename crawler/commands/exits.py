"""How our commands end early: one line on standard error and the contract's exit code."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from scrapy.commands import ScrapyHelpFormatter
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings, default_settings

from crawler.commands import extras, interruptions, permissions, values
from crawler.downloader import rendering
from crawler.downloader.credentials import redact
from crawler.exit_codes import ExitCode
from crawler.monitoring import log

_LEVELS: dict[int | None, int] = {
    ExitCode.OK: logging.INFO,
    ExitCode.DEGRADED: logging.WARNING,
}


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


def in_one_line(parser: argparse.ArgumentParser) -> None:
    """Let a parser say what is wrong with an option in one line instead of its usage and a line."""
    parser.error = lambda message: stop(ExitCode.USAGE, message)  # type: ignore[method-assign]
    for action in parser._actions:
        if action.dest == "set":
            action.type = _setting
        elif action.dest in ("pidfile", "profile"):
            action.type = _file


class _Lines(ScrapyHelpFormatter):
    """Scrapy's form of help, which keeps the lines of descriptions."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}" for line in text.splitlines())


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
            usable = isinstance(json.loads(value), dict)
        except ValueError:
            usable = False
        if not usable:
            allowed = "a dictionary, as JSON"
            raise argparse.ArgumentTypeError(str(values.SettingError(name, value, allowed)))
    return word


def _file(path: str) -> str:
    if why := values.unwritable(path):
        raise argparse.ArgumentTypeError(f"{path}: {why}; allowed: a file to write to")
    return path


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
    from crawler.runs.locks import LockedError
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
        stop(ExitCode.USAGE, f"{word!r} is no option or argument here; allowed: {usage}")


def check_text(what: str, words: Mapping[str, str]) -> None:
    """Stop on bytes that are not UTF-8, which could be written to no manifest."""
    for name, value in words.items():
        if not (values.is_whole(name) and values.is_whole(value)):
            stop(ExitCode.USAGE, f"{what} {name}={value}: allowed: text in UTF-8")


def check_components(settings: BaseSettings) -> None:
    """Stop on a class that cannot be imported. Once there is a reactor: they may ask for it."""
    try:
        values.check_all_classes(settings)
    except values.SettingError as problem:
        stop(ExitCode.USAGE, str(problem))


def check_extras(settings: BaseSettings, *names: str) -> None:
    """Stop on a setting that needs a library which is not installed."""
    if wrong := extras.problem(settings, *names):
        stop(ExitCode.USAGE, wrong)


def check_settings(settings: BaseSettings) -> None:
    """Stop on a setting whose value cannot be meant. What is written from here on is as private as
    they say.
    """
    log.speak(str(settings["LOG_FORMAT"]))
    try:
        values.check(settings)
    except values.SettingError as problem:
        stop(ExitCode.USAGE, str(problem))
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
            words = f"setting MIRROR_URL={redact(mirror)}: no address; allowed: http://host:port"
            stop(ExitCode.USAGE, words)
    check_extras(settings, "RENDERER", "REDIS_URL", "STATE_URL")
    if wrong := rendering.problem(settings):
        stop(ExitCode.USAGE, wrong)
    if given := settings["STATE_URL"]:
        from crawler.state import StateUrlError
        from crawler.state.database import check_url

        try:
            check_url(given)
        except StateUrlError as error:
            stop(ExitCode.USAGE, f"setting {error}")
    if not log.is_format(form := str(settings["LOG_FORMAT"])):
        stop(
            ExitCode.USAGE,
            f"setting LOG_FORMAT={form}: allowed: json, or a form of Python's logging",
        )
    # log.set_up() installs one; to Scrapy's own, json is a broken form.
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
