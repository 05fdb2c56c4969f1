"""An hour passes while the first listing is on its way, in a process whose PATCHED_BY names this
module.
"""

import os

from crawler.site.listings import parsers

_read = parsers.read_page


def _an_hour_later(*words, **keywords):
    os.environ["CLOCK_OFFSET"] = str(float(os.environ["CLOCK_OFFSET"]) + 3600)
    parsers.read_page = _read
    return _read(*words, **keywords)


parsers.read_page = _an_hour_later
