"""The command only ends, as the code in ENDING does, in a process whose PATCHED_BY names this module."""

import os

from scrapy import cmdline


def _end():
    exec(os.environ["ENDING"], {})  # noqa: S102


cmdline.execute = _end
