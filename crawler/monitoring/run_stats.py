"""Scrapy's stats without its warnings about a `spider` argument that nobody gives any more."""

from __future__ import annotations

from scrapy.statscollectors import MemoryStatsCollector


class RunStats(MemoryStatsCollector):
    """Each call went through a wrapper and a failed look-up, a hundred times a page."""

    __getattribute__ = object.__getattribute__
