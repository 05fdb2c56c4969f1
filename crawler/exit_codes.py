"""How a command ends: the exit codes of docs/exit-codes.md."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    sentence: str  # what the code means, for a person

    def __new__(cls, number: int, sentence: str = "") -> ExitCode:
        code = int.__new__(cls, number)
        code._value_ = number
        code.sentence = sentence
        return code

    OK = 0, "complete and healthy"
    ERROR = 1, "an unexpected error; what was complete is published"
    USAGE = 2, "a wrong argument or setting; nothing was touched"
    DEGRADED = 3, "finished, but a check failed"
    UNREACHED = 4, "no host could be used; nothing is published"
    LOCKED = 5, "another run holds the lock; nothing was touched"
    OUTPUT = 6, "the feed or the state cannot be written, or they contradict each other"
    INTERRUPTED = 7, "interrupted; what was complete is published"

    @property
    def is_complete(self) -> bool:
        """Whether a run that ends so has done all of its work (`complete` in the manifest)."""
        return self in (ExitCode.OK, ExitCode.DEGRADED)
