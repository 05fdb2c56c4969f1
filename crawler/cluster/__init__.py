"""Many machines, one crawl: what is to be fetched stands in Redis, what is known in PostgreSQL.

Where REDIS_URL is not set nothing but this file is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler import run_context

if TYPE_CHECKING:
    from crawler.cluster.worker import Worker

ERROR_STAT = "workercn/redis/error"
REFUSED_STAT = "workercn/claims/refused"

_SCHEMES = ("redis", "rediss", "unix")


def problem(settings: BaseSettings) -> str | None:
    """What is wrong with the settings of a shared crawl, in one line."""
    if not settings["REDIS_URL"]:
        return None
    if wrong := address_problem(settings):
        return wrong
    if not str(settings["STATE_URL"]).startswith("postgresql"):
        return (
            "setting STATE_URL: workers that share a crawl (REDIS_URL) share what is known as "
            "well; allowed: postgresql://user:password@host/database"
        )
    return None


def address_problem(settings: BaseSettings) -> str | None:
    """What is wrong with REDIS_URL, which may hold a password, in one line."""
    scheme = ""
    try:
        parts = urlsplit(settings["REDIS_URL"])
        scheme = f"{parts.scheme}://" if parts.scheme else ""
        usable = parts.scheme in _SCHEMES and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return f"setting REDIS_URL={scheme}…: no address; allowed: redis://host:6379/0"
    from redis import ConnectionPool

    try:
        ConnectionPool.from_url(
            settings["REDIS_URL"]
        ).make_connection()  # which connects to nothing
    except (TypeError, ValueError):  # whose words may hold the password
        return f"setting REDIS_URL={scheme}…: options that are none; allowed: redis://host:6379/0"
    return None


def share(settings: BaseSettings) -> None:
    here = "crawler.cluster"
    settings.set("SCHEDULER", f"{here}.scheduler.Scheduler", priority="cmdline")
    pipelines = settings.getdict("ITEM_PIPELINES") | {f"{here}.worker.ClaimsPipeline": 800}
    settings.set("ITEM_PIPELINES", pipelines, priority="cmdline")
    # Behind the feeds, which write a line before it is told, and the outcome, which publishes.
    extensions = settings.getdict("EXTENSIONS") | {f"{here}.worker.Worker": 400}
    settings.set("EXTENSIONS", extensions, priority="cmdline")


def gave_up(crawler: Crawler) -> bool:
    """Is the crawl being stopped because Redis was away for too long?"""
    return crawler.stats.get_value(ERROR_STAT) is not None


def worker_of(crawler: Crawler) -> Worker | None:
    """Of a crawl that is shared; None of one that is not."""
    context = run_context.of(crawler.settings)
    if context is None or context.crawl_id is None:
        return None
    from crawler.cluster.worker import Worker

    return crawler.get_extension(Worker)
