"""What one run is: made once by its command, and passed on to whatever works for the run.

It rides on the settings as one object under RUN_CONTEXT, because Scrapy hands the settings to every
extension, middleware, pipeline, exporter and scheduler.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

SETTING = "RUN_CONTEXT"


@dataclass(frozen=True, kw_only=True)
class RunContext:
    run_id: str
    folder: Path  # absolute, `.partial` until the run is published
    trial: bool = False
    command: str = "crawl"  # or nightly, replay
    mirror: str | None = None  # its address, without credentials; None: the live site
    crawl_id: str | None = None  # of the crawl that this run shares with other workers
    arguments: dict[str, str] = field(default_factory=dict)  # as the spider got them, `-a`
    since_is_computed: bool = False  # `since` is where a night begins, not what somebody asked for
    left_out: tuple[str, str] | None = None  # first and last day, after too many missed nights
    exports: tuple[Path, ...] = ()  # files to write the view of the feed to when the run ends

    @property
    def output(self) -> Path:
        return self.folder.parents[1]

    @property
    def is_nightly(self) -> bool:
        return self.command == "nightly"


def of(settings: BaseSettings) -> RunContext | None:
    """None where no command of ours has made a run: `scrapy shell`, a spider from elsewhere."""
    context: RunContext | None = settings.get(SETTING)
    return context


def required(settings: BaseSettings) -> RunContext:
    """For what is there only in a run."""
    context = of(settings)
    if context is None:
        raise RuntimeError("this works only in a run that `scrapy crawl` or its like has begun")
    return context
