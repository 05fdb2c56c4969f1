"""The archive: WARC in, WARC out. docs/archive.md"""

from crawler.archive.exchange import ArchivedBefore, ArchiveError, Capture, Exchange, Lookup
from crawler.archive.reader import read
from crawler.archive.repairing import repair
from crawler.archive.warc_writer import Archive

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchivedBefore",
    "Capture",
    "Exchange",
    "Lookup",
    "read",
    "repair",
]
