"""The log: what happens, a line an event; in JSON each with the run it belongs to.

Scrapy's own handler knows neither runs nor JSON, and writes what the site says as it is, and
addresses with the passwords in them. So the
commands that make a run do without it (LOG_INSTALL_ROOT_HANDLER) and call `set_up`.
"""

from __future__ import annotations

import copy
import json
import logging
import re
import time
import traceback
from collections.abc import Mapping
from typing import Any

from scrapy.extensions.logstats import LogStats
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.settings import BaseSettings

from crawler import clock
from crawler.downloader import failures
from crawler.downloader.credentials import redact

JSON = "json"

_NAME = "workercn"  # of the handler

_is_json = False

# What they say at INFO is the same every night, or stands once a page.
_EVERY_NIGHT = (
    "scrapy.addons",
    "scrapy.core",
    "scrapy.crawler",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.memusage",
    "scrapy.middleware",
    "scrapy.spidermiddlewares",
    "scrapy.utils.log",
)

# Ends a line for some reader, moves a terminal's cursor, turns the direction of text, or is none.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def set_up(settings: BaseSettings, run_id: str) -> None:
    """Log to where Scrapy's LOG_ settings say; with LOG_FORMAT=json one object a line.

    Takes the place of what an earlier call has set up.
    """
    fresh = _handler(settings)
    fresh.set_name(_NAME)
    fresh.setLevel(settings["LOG_LEVEL"])
    fresh.setFormatter(
        JsonLines(run_id)
        if settings["LOG_FORMAT"] == JSON
        else TextLines(run_id, settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"])
    )
    if fresh.level > logging.DEBUG:
        fresh.addFilter(_is_worth_reading)
    if (before := handler()) is not None:
        logging.root.removeHandler(before)
        before.close()
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(fresh)


def speak(form: str) -> None:
    """Let lines that go around the log have the form of LOG_FORMAT too: the last one, above all."""
    global _is_json  # noqa: PLW0603 - as standard error is the process's own
    _is_json = form == JSON


def line(sentence: str, level: int = logging.INFO) -> str:
    """What goes around the log, in its form."""
    if not _is_json:
        return one_line(sentence)
    there = handler()
    form = there.formatter if there and isinstance(there.formatter, JsonLines) else JsonLines(None)
    return form.format(
        logging.makeLogRecord(
            {"name": _NAME, "levelno": level, "levelname": logging.getLevelName(level)}
            | {"msg": sentence}
        )
    )


def handler() -> logging.Handler | None:
    """Where the log goes; None before it is set up."""
    return next((one for one in logging.root.handlers if one.get_name() == _NAME), None)


def is_format(text: str) -> bool:
    if text == JSON:
        return True
    try:
        TextLines("", text, None).format(logging.makeLogRecord({}))
    except (KeyError, TypeError, ValueError):
        return False
    return True


def one_line(text: str) -> str:
    r"""Text for one line of a log, mail or label: `\n` for a newline, `\x1b` for an escape."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class Events(LogFormatter):
    """Scrapy's words, but of an item that is dropped only why: the item is a whole article."""

    def dropped(self, item: Any, exception: BaseException, *rest: Any) -> LogFormatterResult:
        return {**super().dropped(item, exception, *rest), "msg": "Dropped: %(exception)s"}


class TextLines(logging.Formatter):
    """What LOG_FORMAT says, `%(run_id)s` included; a traceback follows, indented.

    So whatever begins at the left is an event of its own, and none that the site made up.
    """

    def __init__(self, run_id: str, form: str, date_form: str | None) -> None:
        super().__init__(form, date_form)
        self._run_id = run_id

    def converter(self, seconds: float | None) -> time.struct_time:
        """The system's local time, by our clock."""
        return clock.at(seconds or 0).astimezone().timetuple()

    def format(self, record: logging.LogRecord) -> str:
        event = copy.copy(record)
        event.exc_info = event.exc_text = event.stack_info = None
        event.run_id = self._run_id
        line = one_line(redact(super().format(event)))
        return "\n".join([line, *(f"    {one_line(further)}" for further in _traceback(record))])


class JsonLines(logging.Formatter):
    """One object a line: time (ISO 8601 UTC), level, logger, run_id, message, and exception (a
    traceback) where there is one."""

    def __init__(self, run_id: str | None) -> None:
        super().__init__()
        self._run_id = run_id

    def format(self, record: logging.LogRecord) -> str:
        moment = clock.at(record.created)
        event = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "run_id": self._run_id,
            "message": redact(record.getMessage()),
        }
        if trace := _traceback(record):
            event["exception"] = "\n".join(trace)
        line = json.dumps(event, ensure_ascii=False)
        return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def _traceback(record: logging.LogRecord) -> list[str]:
    """The lines of a record's traceback and stack; most have none. For a failure of the network
    the error itself is enough, and only if the message does not contain it.
    """
    kind, error, trace = record.exc_info or (None, None, None)
    if error is not None and failures.reason(error) is not None:
        in_message = str(error) and str(error) in record.getMessage()
        parts = [] if in_message else traceback.format_exception_only(kind, error)
    else:
        parts = traceback.format_exception(kind, error, trace) if error else []
    text = redact("".join([*parts, record.stack_info or ""])).rstrip("\n")
    return text.split("\n") if text else []


def _handler(settings: BaseSettings) -> logging.Handler:
    if path := settings["LOG_FILE"]:
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        return logging.FileHandler(path, mode=mode, encoding=settings["LOG_ENCODING"])
    return logging.StreamHandler() if settings.getbool("LOG_ENABLED") else logging.NullHandler()


def _is_worth_reading(record: logging.LogRecord) -> bool:
    if record.levelno > logging.INFO:
        return True
    if record.name == LogStats.__module__ and isinstance(record.args, Mapping):
        return bool(record.args.get("pages"))
    return not record.name.startswith(_EVERY_NIGHT)
