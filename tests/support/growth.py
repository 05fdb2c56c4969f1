"""Does work grow faster than what is given? Told by ratios of processor time in one process.

How long something takes says more of the machine than of the code; that eight times the text takes
sixty-four times as long does not depend on it.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

STEP = 8  # each text is so many times as long as the one before
SUPERLINEAR = STEP**1.5  # times as long: 8 where it is linear, 64 where it is quadratic
COARSE = 0.003  # seconds: of less the clock tells nothing
TRIES = 4  # noise is not above the ratio so many times

Given = TypeVar("Given")


def grows(work: Callable[[Given], object], givens: Sequence[Given]) -> bool:
    """Whether from one of the `givens` to the next, `STEP` times as long, work grows too much.

    They come in the order of their length, so that what is cubic is found out before it hangs.
    """
    return any(_grows(work, short, long) for short, long in pairwise(givens))


def _grows(work: Callable[[Given], object], short: Given, long: Given) -> bool:
    for _ in range(TRIES):
        slow = _seconds(work, long)
        if slow < COARSE or slow < SUPERLINEAR * _seconds(work, short, runs=3):
            return False
    return True


def _seconds(work: Callable[[Given], object], given: Given, runs: int = 1) -> float:
    """Of this thread's processor time, so that others at work do not count; the longest run."""
    times = []
    for _ in range(runs):
        began = time.thread_time()
        work(given)
        times.append(time.thread_time() - began)
    return max(times)


def peak(work: Callable[[], object]) -> int:
    """Bytes that Python had allocated at most, on any machine the same."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
