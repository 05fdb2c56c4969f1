"""The feed as other programs read it, and its views in other formats:

from crawler.feeds import FeedError, follow, read_runs
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.feeds.following import follow
    from crawler.runs.reading import FeedError, read_runs

__all__ = ["FeedError", "follow", "read_runs"]

_HOMES = {
    "FeedError": "crawler.runs.reading",
    "follow": "crawler.feeds.following",
    "read_runs": "crawler.runs.reading",
}


def __getattr__(name: str) -> Any:
    # Every Scrapy command imports this package for the add-on; the models wait for who reads.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
