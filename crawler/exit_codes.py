"""How a command ends: the exit codes of docs/exit-codes.md."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    OK = 0
    ERROR = 1
    USAGE = 2
    DEGRADED = 3
    UNREACHED = 4
    LOCKED = 5
    OUTPUT = 6
    INTERRUPTED = 7

    @property
    def sentence(self) -> str:
        """What the code means, for a person."""
        return _SENTENCES[self]

    @property
    def is_complete(self) -> bool:
        """Whether a run that ends so has done all of its work (`complete` in the manifest)."""
        return self in (ExitCode.OK, ExitCode.DEGRADED)


_SENTENCES = {
    ExitCode.OK: "complete and healthy",
    ExitCode.ERROR: "an unexpected error; what was complete is published",
    ExitCode.USAGE: "a wrong argument or setting; nothing was touched",
    ExitCode.DEGRADED: "finished, but a check failed",
    ExitCode.UNREACHED: "no host could be used; nothing is published",
    ExitCode.LOCKED: "another run holds the lock; nothing was touched",
    ExitCode.OUTPUT: "the feed or the state cannot be written, or they contradict each other",
    ExitCode.INTERRUPTED: "interrupted; what was complete is published",
}
