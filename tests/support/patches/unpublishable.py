"""Makes the manifest impossible, in a process whose PATCHED_BY names this module."""

from crawler.feeds import tally


def _broken(stats):
    raise RuntimeError("a bug for the test")


tally.coverage = _broken
