"""One stream of work, in this process or shared out among several."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from multiprocessing.connection import Connection
from typing import Any, TypeVar

_R = TypeVar("_R")

_AT_ONCE = 16  # results that are sent together

# (which share, of how many) -> a result for each item of that share, in order
Work = Callable[[int, int], Iterator[_R]]

# Of all items those of one process, as `share` deals them out
Share = Callable[[Iterator[Any]], Iterator[Any]]

_SIGNALS = {signal.SIGINT, signal.SIGTERM}


class WorkerError(Exception):
    """A process died of what is no exception of ours: killed, out of memory."""


def share(items: Iterator[_R], number: int, of: int) -> Iterator[_R]:
    """Every `of`-th handful of the items."""
    return (item for place, item in enumerate(items) if place // _AT_ONCE % of == number)


def results(work: Work[_R], jobs: int) -> Iterator[_R]:
    """What `work` makes of all shares, as if one process had done it; one is this process itself.

    Raises WorkerError, and what `work` does.
    """
    if jobs == 1:
        yield from work(0, 1)
        return
    # Forked, while there is no other thread: a fresh interpreter imports for a second or two what
    # this one has.
    context = multiprocessing.get_context("fork")
    pipes: list[Connection] = []
    processes = []
    try:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            for number in range(jobs):
                ours, theirs = context.Pipe(duplex=False)
                pipes.append(ours)
                words = (work, number, jobs, theirs, pipes)
                processes.append(context.Process(target=_serve, args=words, daemon=True))
                processes[-1].start()
                theirs.close()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for pipe in cycle(pipes):
            some = pipe.recv()
            if isinstance(some, Exception):
                raise some
            yield from some
            if len(some) < _AT_ONCE:
                return
    except EOFError as error:
        raise WorkerError("one of the processes of --jobs was killed") from error
    finally:
        for process in processes:
            process.kill()
            process.join()


def _serve(work: Work[Any], number: int, of: int, out: Connection, pipes: list[Connection]) -> None:
    """Ends where nobody reads any more: its parent has all that it wants, or was killed."""
    for signal_number in _SIGNALS:
        signal.signal(signal_number, signal.SIG_IGN)  # the parent ends in order
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    for pipe in pipes:
        pipe.close()
    try:
        found = work(number, of)
        while some := list(islice(found, _AT_ONCE)):
            out.send(some)
        out.send([])
    except BrokenPipeError:
        return
    except Exception as error:
        out.send(error)
