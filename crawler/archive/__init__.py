"""The archive: WARC in, WARC out. docs/archive.md"""

from crawler.archive.exchange import ArchiveError, Capture, Earlier, Exchange, Lookup
from crawler.archive.reader import read
from crawler.archive.repairing import repair
from crawler.archive.writer import Archive

__all__ = [
    "Archive",
    "ArchiveError",
    "Capture",
    "Earlier",
    "Exchange",
    "Lookup",
    "read",
    "repair",
]
