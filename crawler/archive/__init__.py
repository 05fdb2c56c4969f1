"""The archive: WARC in, WARC out. docs/archive.md"""

from crawler.archive.reader import Exchange, read, repair
from crawler.archive.records import ArchiveError
from crawler.archive.warc_writer import Archive, ArchivedBefore, Capture, Lookup

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
