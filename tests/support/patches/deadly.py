"""Lets one page kill whoever reads it, in a process whose PATCHED_BY names this module: the
page whose address holds DEADLY.
"""

import os
import signal

from crawler.site import page_table

_parse = page_table.parse


def _deadly(body, url, **keywords):
    if os.environ["DEADLY"] in url:
        os.kill(os.getpid(), signal.SIGKILL)
    return _parse(body, url, **keywords)


page_table.parse = _deadly
