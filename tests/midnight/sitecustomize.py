"""An hour passes while the first listing is on its way, in a process started with this folder on
its path.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from crawler.site import listings

_read = listings.read_page


def _an_hour_later(*words, **keywords):
    os.environ["CLOCK_OFFSET"] = str(float(os.environ["CLOCK_OFFSET"]) + 3600)
    listings.read_page = _read
    return _read(*words, **keywords)


listings.read_page = _an_hour_later
