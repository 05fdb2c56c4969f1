"""An hour passes while the first listing is on its way, in a process whose PATCHED_BY names this
module.
"""

import os

from crawler.site import listings

_read = listings.read_page


def _an_hour_later(*words, **keywords):
    os.environ["CLOCK_OFFSET"] = str(float(os.environ["CLOCK_OFFSET"]) + 3600)
    listings.read_page = _read
    return _read(*words, **keywords)


listings.read_page = _an_hour_later
