"""Makes the manifest impossible, in a process started with this folder on its path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from crawler.feeds import tally


def _broken(stats):
    raise RuntimeError("a bug for the test")


tally.coverage = _broken
