"""A crawl from a Python program: `from crawler.api import run_crawl` (docs/orchestrating.md)."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from crawler.exit_codes import ExitCode
from crawler.runs.manifest import Manifest
from crawler.runs.run import MANIFEST, PARTIAL

__all__ = ["CrawlKilledError", "CrawlResult", "ExitCode", "Manifest", "UsageError", "run_crawl"]

logger = logging.getLogger(__name__)

_PROCESS = Path(__file__).with_name("process.py")


class UsageError(ValueError):
    """A wrong argument or setting; the message names it and says what is allowed."""


class CrawlKilledError(RuntimeError):
    """A signal ended the crawl's process at once; the next run publishes what it has left."""


@dataclass(frozen=True, slots=True)
class CrawlResult:
    exit_code: ExitCode
    sentence: str  # in words, as the command's last line says it
    folder: Path | None  # the run folder, `.partial` where it could not be published
    manifest: Manifest | None  # of a run that is published


def run_crawl(
    *, command: Literal["crawl", "nightly"] = "crawl", **arguments_and_settings: Any
) -> CrawlResult:
    """Crawl in a process of its own and wait for its end.

    Keywords in lower case are the spider's arguments, in upper case settings:
    `run_crawl(sections="edu", since="yesterday", OUTPUT_DIR="/srv/news")`. None is as if it were
    not given. Lines of the log go to the logger `crawler.api`.

    Raises UsageError for a wrong argument or setting, before anything is touched, and
    CrawlKilledError. An exception that is raised while it waits (KeyboardInterrupt, a time limit by
    a signal) lets the crawl end in order, then goes on.
    """
    given = {name: v for name, v in arguments_and_settings.items() if v is not None}
    request = {
        "command": command,
        "arguments": {name: _words(v) for name, v in given.items() if not name.isupper()},
        "settings": {name: v for name, v in given.items() if name.isupper()},
    }
    read, write = os.pipe()
    with os.fdopen(read, encoding="utf-8") as answer:
        code, sentence = _run(json.dumps(request, default=str), write)
        told = answer.read()
    if code < 0:
        raise CrawlKilledError(f"the crawl was killed by {signal.Signals(-code).name}")
    if code == ExitCode.USAGE:
        raise UsageError(sentence)
    return _result(ExitCode(code), sentence, Path(told) if told else None)


def _words(value: Any) -> str:
    """As `-a` takes it: True is 1, a list its parts with commas between."""
    if isinstance(value, bool):
        return str(int(value))
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _run(request: str, answer: int) -> tuple[int, str]:
    """Exit status and last line. `answer`: a descriptor for the process, closed here."""
    # A session of its own: Ctrl-C at a terminal is for this process, which then ends that one.
    line = [sys.executable, "-P", str(_PROCESS), str(answer)]
    try:
        process = subprocess.Popen(
            line,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(answer,),
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
    finally:
        os.close(answer)
    assert process.stdin is not None
    assert process.stderr is not None
    with process:
        try:
            process.stdin.write(request + "\n")
            process.stdin.flush()
            last = _logged(process.stderr)
            return process.wait(), last
        except BaseException:
            process.stdin.close()  # which it takes as a SIGTERM
            _logged(process.stderr)
            process.wait()
            raise
        finally:
            process.kill()  # where a second exception came


def _logged(lines: Iterator[str]) -> str:
    """The last line, when all are logged."""
    last = ""
    for line in lines:
        if line.strip():
            last = line.rstrip()
            logger.info("%s", last)
    return last.removeprefix("scrapy: ").removeprefix("workercn: ")


def _result(code: ExitCode, sentence: str, folder: Path | None) -> CrawlResult:
    if folder is None:
        return CrawlResult(code, sentence, None, None)
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except OSError:
        partial = folder.with_name(folder.name + PARTIAL)
        return CrawlResult(code, sentence, partial if partial.exists() else None, None)
    return CrawlResult(code, sentence, folder, manifest)
