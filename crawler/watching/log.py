"""The log: what happens, not how Scrapy is put together."""

from __future__ import annotations

import logging

# They print settings, versions and lists of components, the same every night.
_CHATTY = ("scrapy.middleware", "scrapy.crawler", "scrapy.addons", "scrapy.utils.log")


def quiet() -> None:
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
