"""An archive written in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from queue import SimpleQueue
from threading import Thread

from crawler.archive.exchange import Capture
from crawler.archive.writer import Archive

# Bytes of bodies that may wait: some hundred pages.
_MOST_WAITING = 4 * 1024 * 1024


class Background:
    """Takes captures without waiting and writes them in order.

    An error ends the writing: `on_error` is called, in the thread, and what comes later is dropped.
    """

    def __init__(self, archive: Archive, on_error: Callable[[Exception], None]) -> None:
        self.archive = archive
        self._on_error = on_error
        self._queue: SimpleQueue[Capture | None] = SimpleQueue()
        # Bytes; each is changed by one thread alone, so that no lock is needed.
        self._put = self._written = 0
        # A daemon: a second Ctrl-C waits for nobody.
        self._thread = Thread(target=self._run, name="archive", daemon=True)
        self._thread.start()

    @property
    def is_full(self) -> bool:
        return self._put - self._written >= _MOST_WAITING and self._thread.is_alive()

    def put(self, capture: Capture) -> None:
        """Whoever calls it waits before, while the archive `is_full`."""
        if self._thread.is_alive():
            self._put += len(capture.body)
            self._queue.put(capture)

    def close(self) -> None:
        """Return when all that was put is on disk, or has been given up."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            with closing(self.archive):
                while (capture := self._queue.get()) is not None:
                    self.archive.add(capture)
                    self._written += len(capture.body)
        except Exception as error:
            self._on_error(error)
