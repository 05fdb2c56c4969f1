"""A request or an answer that we refuse: Scrapy's IgnoreRequest, with a reason to count by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

from scrapy.exceptions import IgnoreRequest

Reason = Literal[
    "refused_address",  # off the site, or a name that leads into this network
    "robots",
    "redirect_loop",
    "paused",  # its host asked for too long a pause
    "host_down",  # it failed too often to be asked on
    "too_many_elements",
    "too_large",
    "stopped",  # the crawl is being stopped
]
REASONS: tuple[Reason, ...] = get_args(Reason)


class Refused(IgnoreRequest):
    """`reason` is a word to count by, the message a sentence."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@contextmanager
def refusing(reason: Reason) -> Iterator[None]:
    """Give what Scrapy itself refuses inside the block its reason."""
    try:
        yield
    except Refused:
        raise
    except IgnoreRequest as error:
        raise Refused(reason, str(error)) from error
