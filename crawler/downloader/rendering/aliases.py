"""scrapy-splash 0.11, with the name that it looks for where Scrapy no longer has it.

`Downloader._get_slot_key`, gone as well, is only asked for by slot policies that we do not use, as
is SplashDeduplicateArgsMiddleware, which refuses asynchronous spiders and only caches arguments.
"""

from __future__ import annotations

import scrapy.utils.url
from w3lib.url import canonicalize_url

# Imported from there by scrapy_splash.dupefilter and .request; Scrapy before 2.14 had w3lib's.
scrapy.utils.url.canonicalize_url = canonicalize_url  # type: ignore[attr-defined]

from scrapy_splash import (  # type: ignore[import-untyped]  # noqa: E402
    SlotPolicy,
    SplashMiddleware,
    SplashRequest,
)

__all__ = ["SlotPolicy", "SplashMiddleware", "SplashRequest"]
