"""An answer's head has an end: Twisted bounds each line of it (a longer one looks like a connection
that was lost), not their number."""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, DONE, HTTP11ClientProtocol, ParseError, Request
from twisted.web.iweb import IResponse


class HeadTooLargeError(ParseError):
    """Status line and headers, interim answers (100 Continue) included, are over the limit."""


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Scrapy's, for connections on which a head of more than `largest` bytes ends the answer."""

    def __init__(self, *words: Any, largest: int) -> None:
        super().__init__(*words)  # type: ignore[no-untyped-call]
        self._largest = largest

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802
        protocol = _Bounded(self._quiescentCallback)  # type: ignore[no-untyped-call]
        protocol.largest = self._largest
        return protocol


class _Bounded(_LenientHTTP11ClientProtocol):
    largest: int
    _head = 0  # bytes of the answer that is coming in

    def request(self, request: Request) -> Deferred[IResponse]:
        answered = super().request(request)
        assert self._parser is not None
        self._parser.MAX_LENGTH = self.largest  # of a line
        return answered

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._parser is None or self._parser.state in (BODY, DONE):
            self._head = 0
            return
        self._head += len(data)
        if self._head > self.largest:
            words = f"headers larger than {self.largest} bytes"
            error = HeadTooLargeError(words, b"")  # type: ignore[no-untyped-call]
            self._giveUp(Failure(error))  # type: ignore[no-untyped-call]


def too_large(error: BaseException) -> HeadTooLargeError | None:
    """What is behind a download that failed, where it is this."""
    reasons = getattr(error.__cause__, "reasons", ())
    return next((one.value for one in reasons if one.check(HeadTooLargeError)), None)
