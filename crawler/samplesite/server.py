"""A small HTTP/1.1 server for the embedded site: keep-alive, validators, gzip, and every fault."""

from __future__ import annotations

import asyncio
import math
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from crawler.samplesite import faults as _faults
from crawler.samplesite.document import Document
from crawler.samplesite.faults import Asked, Fault, Reply
from crawler.samplesite.site import Site

NOT_FOUND = (
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>404 - 中工网</title></head>'
    "<body><h1>404</h1><p>您访问的页面不存在</p></body></html>"
).encode()
REASONS = {status.value: status.phrase for status in HTTPStatus}
SLICES_A_SECOND = 10  # of a slow answer
LINGER_NOT = struct.pack("ii", 1, 0)  # closing sends RST, not FIN


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was answered, or refused an answer by a fault (status 0)."""

    at: float  # time.time() when it had come in
    method: str
    host: str
    path: str
    query: str
    status: int
    headers: dict[str, str]  # names in lower case


class Server:
    """Serves a Site from a thread of its own, on 127.0.0.1."""

    def __init__(
        self, site: Site, port: int = 0, faults: Iterable[Fault | str] = (), latency: float = 0
    ) -> None:
        self.site = site
        self.faults = _faults.read(faults)  # may be changed while it serves
        self.latency = latency  # seconds before each answer
        self.requests: list[Request] = []
        self.sent = 0  # bytes of whole answers, heads included
        self._socket = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="samplesite", daemon=True)
        self._thread.start()

    def seen(self) -> Counter[tuple[str, str, int]]:
        """How often each (host, path, status) was asked for."""
        return Counter((r.host, r.path, r.status) for r in self.requests)

    def inject(self, *faults: Fault | str) -> None:
        self.faults.extend(_faults.read(faults))

    def heal(self) -> None:
        self.faults.clear()

    def stop(self) -> None:
        """Close every connection and end the thread; a second call does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connection, sock=self._socket)
        await self._stopped.wait()
        server.close()  # what is still open is cancelled with the loop

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(await reader.readuntil(b"\r\n\r\n"), writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return  # the client left, or speaks something else
        except asyncio.CancelledError:
            return  # the server stops; asyncio before 3.13 would log a traceback
        finally:
            writer.close()

    async def _exchange(self, head: bytes, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays open."""
        at = time.time()
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, version = first.split(" ") if first.count(" ") == 2 else ("", "", "")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        host = headers.get("host", "").lower()
        path, _, query = target.partition("?")
        keep = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"

        fault = next((fault for fault in self.faults if fault.matches(host, path)), None)
        # what a fault spoils is the whole answer, plain
        reply = self._reply(method, host, path, query, {} if fault else headers)
        if fault:
            asked = Asked(path, query, self.site.endless, lambda other: self.site.find(host, other))
            reply = fault.spoil(reply, asked)
        answered = reply.ending != "reset" and not math.isinf(reply.delay)
        status = reply.status if answered else 0
        self.requests.append(Request(at, method, host, path, query, status, headers))
        await self._send(reply, writer, keep=keep, with_body=method != "HEAD")
        return keep and reply.ending == "whole"

    def _reply(
        self, method: str, host: str, path: str, query: str, headers: dict[str, str]
    ) -> Reply:
        if not method:
            return Reply(400)
        if method not in ("GET", "HEAD"):
            return Reply(405, headers={"Allow": "GET, HEAD"})
        document = self.site.find(host, path, query)
        if document is None:
            return Reply(404, NOT_FOUND)
        validators = {"ETag": document.etag, "Vary": "Accept-Encoding"}
        if document.modified:
            validators["Last-Modified"] = format_datetime(
                document.modified.astimezone(UTC), usegmt=True
            )
        if _unchanged(document, headers):
            return Reply(304, headers=validators)
        if "gzip" in headers.get("accept-encoding", ""):
            validators["Content-Encoding"] = "gzip"
            return Reply(200, document.gzipped, document.content_type, validators)
        return Reply(200, document.plain, document.content_type, validators)

    async def _send(
        self, reply: Reply, writer: asyncio.StreamWriter, *, keep: bool, with_body: bool
    ) -> None:
        if delay := self.latency + reply.delay:
            await asyncio.sleep(delay)
        if reply.ending == "reset":
            _reset(writer)
            return
        body = reply.body if with_body else b""
        lines = [
            f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Unknown')}",
            "Server: nginx",
            f"Date: {format_datetime(self.site.clock.astimezone(UTC), usegmt=True)}",
            *(f"{name}: {value}" for name, value in reply.headers.items()),
        ]
        if reply.status != HTTPStatus.NOT_MODIFIED:
            promised = len(reply.body) + (1000 if reply.ending == "truncated" else 0)
            lines += [f"Content-Type: {reply.content_type}", f"Content-Length: {promised}"]
        if not keep:
            lines.append("Connection: close")
        data = "\r\n".join([*lines, "\r\n"]).encode("latin-1")
        if reply.ending == "reset-body":
            writer.write(data + body[: len(body) // 2])
            await asyncio.sleep(0.05)  # a reset that overtakes the bytes would wipe them out
            _reset(writer)
        elif reply.pace:
            writer.write(data)
            await _trickle(body, reply.pace, writer)
        else:
            self.sent += len(data) + len(body)
            writer.write(data + body)
            await writer.drain()


def _unchanged(document: Document, headers: dict[str, str]) -> bool:
    """RFC 9110, 13.2.2: If-None-Match first, If-Modified-Since only where that is absent."""
    if tags := headers.get("if-none-match"):
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or document.etag.removeprefix("W/") in known
    since = headers.get("if-modified-since")
    if not since or not document.modified:
        return False
    try:
        return document.modified <= parsedate_to_datetime(since)
    except ValueError:
        return False


async def _trickle(body: bytes, pace: int, writer: asyncio.StreamWriter) -> None:
    size = max(pace // SLICES_A_SECOND, 1)
    for start in range(0, len(body), size):
        writer.write(body[start : start + size])
        await writer.drain()
        await asyncio.sleep(size / pace)


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    writer.transport.abort()


@contextmanager
def serve(
    site: Site, port: int = 0, faults: Iterable[Fault | str] = (), latency: float = 0
) -> Iterator[Server]:
    """A running Server; OSError where the port is taken."""
    server = Server(site, port, faults, latency)
    try:
        yield server
    finally:
        server.stop()
