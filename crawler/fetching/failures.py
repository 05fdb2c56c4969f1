"""Why a page could not be had, as a word to count by."""

from __future__ import annotations

from scrapy import exceptions
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectError

from crawler.fetching.refusals import Refused
from crawler.fetching.rendering import RenderError

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


_WORDS = {
    "dns": "DNS lookup failed",
    "refused": "connection refused",
    "timeout": "no whole answer in time",
    "connection": "connection lost",
    "truncated": "answers cut short",
    "refused_address": "its name leads into this network",
    "renderer": "the renderer failed",
}


def in_words(error: BaseException) -> str | None:
    """Why a host was not reached, for a last line; None of a request that was refused here because
    the host had not been reached before.
    """
    word = reason(error)
    if isinstance(error, Refused):
        return _WORDS.get(word or "")
    return _WORDS.get(word or "", word or type(error).__name__)


def reason(error: BaseException) -> str | None:
    """`http_404`, `timeout`, `robots`, …; None for what the network has no part in."""
    if isinstance(error, HttpError):
        return status(error.response)
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, exceptions.IgnoreRequest):
        return "refused"
    return next((word for kind, word in _REASONS if isinstance(error, kind)), None)


def sentence(error: BaseException) -> str:
    if isinstance(error, HttpError):
        return f"{error.response.url} answered {error.response.status}"
    return f"{type(error).__name__}: {error}"


def status(response: Response) -> str:
    return f"http_{response.status}"
