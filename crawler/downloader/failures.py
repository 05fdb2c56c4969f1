"""Why a page could not be had, as a word to count by: what the network did, and what we refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

from scrapy import exceptions
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectError

from crawler.downloader.rendering import RenderError

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


class Refused(exceptions.IgnoreRequest):
    """What we refuse: `reason` is a word to count by, the message a sentence."""

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
    except exceptions.IgnoreRequest as error:
        raise Refused(reason, str(error)) from error


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (RenderError, "renderer"),
    (exceptions.DownloadTimeoutError, "timeout"),
    (exceptions.CannotResolveHostError, "dns"),
    (exceptions.DownloadConnectionRefusedError, "refused"),
    (exceptions.ResponseDataLossError, "truncated"),
    (exceptions.DownloadCancelledError, "too_large"),
    (exceptions.DownloadFailedError, "connection"),
    (exceptions.UnsupportedURLSchemeError, "scheme"),
    (ConnectError, "connection"),
)


def reason(error: BaseException) -> str | None:
    """`http_404`, `timeout`, `robots`, …; None for what the network has no part in."""
    if isinstance(error, HttpError):
        return status(error.response)
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, exceptions.IgnoreRequest):
        return "refused"
    return next((word for kind, word in _REASONS if isinstance(error, kind)), None)


# What this crawl itself refuses because of what came before: a consequence, and no cause.
_CONSEQUENCES: tuple[Reason, ...] = ("robots", "paused", "host_down", "stopped")


def is_cause(error: BaseException) -> bool:
    """Whether it tells why its host could not be used."""
    return not (isinstance(error, Refused) and error.reason in _CONSEQUENCES)


def name(error: BaseException) -> str:
    """Its reason, or for what the network has no part in the exception's own name."""
    return reason(error) or type(error).__name__


def sentence(error: BaseException) -> str:
    if isinstance(error, HttpError):
        return f"{error.response.url} answered {error.response.status}"
    return f"{type(error).__name__}: {error}"


def status(response: Response) -> str:
    return f"http_{response.status}"
