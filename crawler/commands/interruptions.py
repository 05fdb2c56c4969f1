"""SIGINT and SIGTERM, from a command's first moment to its last line: no traceback, one line, and
the exit code that tells what there is.

Whatever a kill at any moment leaves is put right by the next run, so a command that has nothing to
end in order is left at once: an exception out of a signal handler may come up inside an import or a
finaliser, where Python prints it and goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scrapy import signals

from crawler.exit_codes import ExitCode
from crawler.monitoring import log

if TYPE_CHECKING:
    from scrapy.crawler import Crawler, CrawlerProcessBase

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_Handler = Callable[[int, Any], None] | signal.Handlers

NOTHING_YET = "interrupted before there was anything; nothing published"


def end_with(code: int, sentence: str) -> None:
    """From here on a signal ends the process at once, with this code and this last line."""

    def leave(number: int, frame: Any) -> None:
        _write(sentence, logging.INFO if code == ExitCode.OK else logging.ERROR)
        os._exit(code)

    install(leave)


def ignore() -> None:
    """For the last line, after which nothing can be done any more."""
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:  # else a program may go on
        install(signal.SIG_IGN)


class InOrder:
    """While it crawls: the first signal lets it end in order, the second does not wait for what is
    under way. `numbers`: the signals that came.
    """

    def __init__(self, process: CrawlerProcessBase, crawler: Crawler) -> None:
        self.numbers: list[int] = []
        self._process, self._crawler = process, crawler
        self._stopping: asyncio.Future[None] | None = None
        crawler.signals.connect(self._started, signals.engine_started)
        install(self._noticed)

    def _noticed(self, number: int, frame: Any) -> None:
        from twisted.internet import reactor

        self.numbers.append(number)
        if len(self.numbers) == 1:
            say("workercn", number)
            reactor.callFromThread(self._stop)
        elif len(self.numbers) == 2:
            reactor.callFromThread(self._process._stop_reactor)

    async def _started(self) -> None:
        if self.numbers:
            self._stop()

    def _stop(self) -> None:
        engine = self._crawler._engine
        # Before it starts it cannot be stopped; between its signal and `running` it can.
        if engine is not None and engine._starting and self._stopping is None:
            self._stopping = asyncio.ensure_future(engine.stop_async())


def install(handler: _Handler) -> None:
    for number in _SIGNALS:
        with contextlib.suppress(ValueError):  # a program runs the command in another thread
            signal.signal(number, handler)


def say(command: str, number: int) -> None:
    """That it is stopping, and how to force it, whatever LOG_LEVEL and LOG_FILE are."""
    name = signal.Signals(number).name
    _write(f"{command}: {name}: stopping in order; once more (Ctrl-C) forces it", logging.WARNING)


def _write(sentence: str, level: int) -> None:
    """Not through sys.stderr, in the middle of whose writing a signal may come."""
    with contextlib.suppress(OSError):
        os.write(2, (log.line(sentence, level) + "\n").encode("utf-8", "backslashreplace"))
