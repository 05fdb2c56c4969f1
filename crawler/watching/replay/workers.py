"""Jobs to results in their order, in this process or in several."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, TypeVar

from crawler.site import pages
from crawler.watching.replay.reading import Reader, Setup

_J = TypeVar("_J")
_R = TypeVar("_R")

_AT_ONCE = 16  # jobs sent to a process together
_AHEAD = 2  # batches a process that are under way, so that none has to wait

_reader: Reader


class WorkerError(Exception):
    """A process died of what is no exception: killed, out of memory."""


class Workers:
    """`jobs` of them; one is this process itself."""

    def __init__(self, setup: Setup, pool: ProcessPoolExecutor | None, jobs: int) -> None:
        self._own = Reader(setup) if pool is None else None
        self._pool, self._ahead = pool, jobs * _AHEAD

    def map(self, method: Callable[[Reader, _J], _R], jobs: Iterable[_J]) -> Iterator[_R]:
        """Results in the order of the jobs, which are taken a few batches ahead.

        Raises WorkerError.
        """
        if self._own is not None:
            own = self._own
            yield from (method(own, job) for job in jobs)
            return
        assert self._pool is not None
        under_way: deque[Future[list[_R]]] = deque()
        try:
            rest = iter(jobs)
            while some := list(islice(rest, _AT_ONCE)):
                with _undisturbed():
                    under_way.append(self._pool.submit(_run, method, some))
                if len(under_way) >= self._ahead:
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        except BrokenProcessPool as error:
            raise WorkerError("one of the processes of --jobs was killed") from error

    def close(self) -> None:
        if self._own is not None:
            self._own.close()


@contextmanager
def workers(setup: Setup, jobs: int) -> Iterator[Workers]:
    if jobs == 1:
        own = Workers(setup, None, 1)
        try:
            yield own
        finally:
            own.close()
        return
    # Forked, while there is no other thread: a fresh interpreter imports for a second or two what
    # this one has. They hold the output folder's lock, too, and end when this process does.
    pages.load_parsers()
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(setup,))
    try:
        yield Workers(setup, pool, jobs)
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A process started meanwhile is deaf to Ctrl-C: that is for this one, which ends in order."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(setup: Setup) -> None:
    global _reader  # noqa: PLW0603 - a process has one
    _reader = Reader(setup)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # this process's own handler came along
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Where the parent is killed nobody tells its processes."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _run(method: Callable[[Reader, Any], _R], jobs: list[Any]) -> list[_R]:
    return [method(_reader, job) for job in jobs]
