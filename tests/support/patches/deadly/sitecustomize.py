"""Lets one page kill whoever reads it, in a process started with this folder on its path: the one
whose address holds DEADLY.
"""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from crawler.site import pages

_parse = pages.parse


def _deadly(body, url, **keywords):
    if os.environ["DEADLY"] in url:
        os.kill(os.getpid(), signal.SIGKILL)
    return _parse(body, url, **keywords)


pages.parse = _deadly
