"""Makes the manifest impossible, in a process whose PATCHED_BY names this module."""

from crawler.runs import counters


def _broken(stats):
    raise RuntimeError("a bug for the test")


counters.coverage = _broken
