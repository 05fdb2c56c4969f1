"""How much memory a crawl takes, against MEMUSAGE_LIMIT_MB."""

from __future__ import annotations

from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

_STATUS = Path("/proc/self/status")


class OwnMemory(MemoryUsage):
    """Scrapy's, of this process alone: by getrusage(2) its peak begins at that of the program that
    started it, and a large one's crawl would be over the limit before it has begun.
    """

    def get_virtual_size(self) -> int:
        try:
            lines = _STATUS.read_text("ascii").splitlines()
        except OSError:  # not Linux
            return super().get_virtual_size()
        peak = next(line for line in lines if line.startswith("VmHWM:"))
        return int(peak.split()[1]) * 1024
