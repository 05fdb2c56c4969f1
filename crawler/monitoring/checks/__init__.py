"""Was it a good run? Each check tells the number it saw and the number it wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

from scrapy.settings import BaseSettings

from crawler.monitoring.bodies import SharedBody
from crawler.runs import counters
from crawler.site.sections import names as section_names
from crawler.site.urls import is_slug
from crawler.spiders import renders
from crawler.state import OpenGap, Pause

if TYPE_CHECKING:
    from crawler.feeds.exports import Exports


class CheckResult(TypedDict):
    name: str
    ok: bool
    detail: str  # the numbers seen and wanted, in a sentence
    code: str  # ok, not_judged, cannot_be_made, or what is wrong
    data: dict[str, Any]  # the numbers and names of the detail


@dataclass(frozen=True, kw_only=True)
class RunReview:
    """What a finished crawl is judged by."""

    stats: dict[str, Any]
    settings: BaseSettings  # the thresholds
    now: datetime  # aware, as is the next
    started_at: datetime | None = None  # when the run began
    arguments: dict[str, str] = field(default_factory=dict)  # as given, `-a`
    walked: bool = True  # False of a worker that fetched what another had found
    nightly: bool = False  # the cron job, which is also compared with its history
    # Manifests of complete runs, newest first, of any version and any arguments.
    history: list[dict[str, Any]] = field(default_factory=list)
    # slug -> name as the home page links it now; None where it was not read
    navigation: dict[str, str | None] | None = None
    gaps: list[OpenGap] = field(
        default_factory=list
    )  # that this run left, and has not given up before
    # day -> (articles that the site's search has of it, how many of that day are known); None
    # where the search did not answer
    completeness: dict[str, tuple[int, int]] | None = None
    # slug -> the longest time that the section was without a new article
    pauses: dict[str, Pause] = field(default_factory=dict)
    pause: Pause | None = None  # the same of all modern sections together
    same_bodies: list[SharedBody] = field(default_factory=list)
    until: date | None = None  # the last day that was asked for
    left_out: tuple[str, str] | None = None  # first and last day, after too many missed nights
    exports: Exports | None = None  # of EXPORTS

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The numbers of this run as a manifest of the history has them."""
        return {
            "command": "nightly" if self.nightly else "crawl",
            "arguments": self.arguments,
            "counts": counters.counts(self.stats),
            "sections": counters.sections(self.stats),
            "fields": counters.coverage(self.stats),
            "newest_published_at": counters.newest(self.stats),
        }

    @property
    def needs_rendering(self) -> int:
        """Pages that show nothing without their scripts."""
        number: int = self.stats.get(renders.NEEDED_STAT, 0)
        return number

    @cached_property
    def section_names(self) -> dict[str, str]:
        """slug -> name, as the home page has it now or the table did."""
        linked = self.navigation or {}
        return section_names() | {slug: name for slug, name in linked.items() if name}

    @property
    def modern(self) -> dict[str, dict[str, Any]]:
        """The modern sections that were walked, as in the manifest.

        The paper has days without an issue, an older channel may be gone for good.
        """
        walked = self.manifest["sections"]
        return {slug: walked[slug] for slug in walked if is_modern(slug)}


def is_modern(slug: str) -> bool:
    return is_slug(slug) and slug != "paper"


def run(night: RunReview) -> list[CheckResult]:
    """Every check there is for such a run; one that itself fails is a failed check."""
    from crawler.monitoring.checks import monitors

    return list(monitors.run(night))
