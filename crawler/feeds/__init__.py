"""The feed as other programs read it, and its views in other formats:

from crawler.feeds import FeedError, follow, read_runs
"""

from crawler.feeds.following import follow
from crawler.runs.reading import FeedError, read_runs

__all__ = ["FeedError", "follow", "read_runs"]
