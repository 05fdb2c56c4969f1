"""Lets one page kill whoever reads it, in a process whose PATCHED_BY names this module: the
page whose address holds DEADLY.
"""

import os
import signal

from crawler.site import pages

_parse = pages.parse


def _deadly(body, url, **keywords):
    if os.environ["DEADLY"] in url:
        os.kill(os.getpid(), signal.SIGKILL)
    return _parse(body, url, **keywords)


pages.parse = _deadly
