"""Does work grow faster than what is given? Told by ratios of processor time in one process.

How long something takes says more of the machine than of the code; that eight times the text takes
sixty-four times as long does not depend on it.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median
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
    before = _seconds(work, givens[0])
    for short, long in pairwise(givens):
        taken = _seconds(work, long)
        if _grows(work, short, long, before, taken):
            return True
        before = taken
    return False


def _grows(
    work: Callable[[Given], object], short: Given, long: Given, before: float, taken: float
) -> bool:
    """Measured once more where it seems so: the median of the short one's, another of the long."""
    for _ in range(TRIES):
        if taken < COARSE or taken < SUPERLINEAR * before:
            return False
        before = median((before, _seconds(work, short), _seconds(work, short)))
        if taken < SUPERLINEAR * before:
            return False
        taken = _seconds(work, long)
    return True


def _seconds(work: Callable[[Given], object], given: Given) -> float:
    """Of this thread's processor time, so that others at work do not count."""
    began = time.thread_time()
    work(given)
    return time.thread_time() - began


def peak(work: Callable[[], object]) -> int:
    """Bytes that Python had allocated at most, on any machine the same."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
