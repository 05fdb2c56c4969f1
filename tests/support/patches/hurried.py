"""Little patience beyond DOWNLOAD_TIMEOUT with a renderer that hangs, in a process whose PATCHED_BY
names this module: a script without end takes a processor as long as it lasts.
"""

from crawler.downloader import rendering
from crawler.downloader.rendering import browser

rendering._GRACE, browser._TO_CLOSE = 1.0, 2.0
