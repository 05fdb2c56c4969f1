"""A network that fails: a proxy before the embedded site, for what goes wrong below HTTP or in it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from crawler.samplesite import Server

LINGER_NOT = struct.pack("ii", 1, 0)  # closing sends RST, not FIN


@dataclass(frozen=True, slots=True)
class Answer:
    """The site's own, whole: the first line and the headers but those that tell of the body."""

    head: bytes
    body: bytes  # as packed
    coding: bytes = b"gzip"

    def plain(self) -> Answer:
        body = zlib.decompress(self.body, 31) if self.coding == b"gzip" else self.body
        return replace(self, body=body, coding=b"identity")

    def written(self, *headers: bytes, coding: bool = True) -> bytes:
        """The head with these headers, and what the body is packed with."""
        lines = [self.head, *headers, b"Connection: close"]
        if coding and self.coding != b"identity":
            lines.append(b"Content-Encoding: " + self.coding)
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def whole(self) -> bytes:
        return self.written(b"Content-Length: %d" % len(self.body)) + self.body


Fault = Callable[[Answer, asyncio.StreamWriter], Awaitable[None]]


# --- faults -----------------------------------------------------------------------------------


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    writer.transport.abort()


async def closed_before(answer: Answer, writer: asyncio.StreamWriter) -> None:
    """Not a byte."""


async def closed_in_the_head(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.whole()[:40])


async def reset_before(answer: Answer, writer: asyncio.StreamWriter) -> None:
    _reset(writer)


async def reset_in_the_body(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.whole()[: -len(answer.body) // 2])
    await asyncio.sleep(0.05)  # a reset that overtakes the bytes would wipe them out
    _reset(writer)


async def silence_before(answer: Answer, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(600)


async def silence_in_the_body(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.whole()[: -len(answer.body) // 2])
    await asyncio.sleep(600)


async def a_byte_a_second(answer: Answer, writer: asyncio.StreamWriter) -> None:
    for byte in answer.whole():
        writer.write(bytes([byte]))
        await asyncio.sleep(1)


async def a_body_of_a_byte_a_second(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.written(b"Content-Length: %d" % len(answer.body)))
    for byte in answer.body:
        writer.write(bytes([byte]))
        await asyncio.sleep(1)


async def length_too_long(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.written(b"Content-Length: %d" % (len(answer.body) + 9)) + answer.body)


async def length_too_short(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.written(b"Content-Length: %d" % (len(answer.body) // 2)) + answer.body)


async def length_too_short_unpacked(answer: Answer, writer: asyncio.StreamWriter) -> None:
    await length_too_short(answer.plain(), writer)


async def two_lengths(answer: Answer, writer: asyncio.StreamWriter) -> None:
    headers = b"Content-Length: 9", b"Content-Length: %d" % len(answer.body)
    writer.write(answer.written(*headers) + answer.body)


async def length_below_zero(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.written(b"Content-Length: -9") + answer.body)


async def no_length_and_half(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.written() + answer.body[: len(answer.body) // 2])


async def no_length_and_half_unpacked(answer: Answer, writer: asyncio.StreamWriter) -> None:
    await no_length_and_half(answer.plain(), writer)


async def half_a_gzip(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(replace(answer, body=answer.body[: len(answer.body) // 2]).whole())


async def a_gzip_without_its_end(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(replace(answer, body=answer.body[:-8]).whole())


async def a_gzip_that_is_none(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(replace(answer.plain(), coding=b"gzip").whole())


async def chunks_cut(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.written(b"Transfer-Encoding: chunked") + _chunks(answer.body)[:-300])


async def chunks_without_a_last(answer: Answer, writer: asyncio.StreamWriter) -> None:
    half = answer.body[: len(answer.body) // 2]
    writer.write(answer.written(b"Transfer-Encoding: chunked") + _chunks(half)[:-5])


async def chunks_of_half_a_gzip(answer: Answer, writer: asyncio.StreamWriter) -> None:
    half = answer.body[: len(answer.body) // 2]
    writer.write(answer.written(b"Transfer-Encoding: chunked") + _chunks(half))


async def chunks_of_half_a_page(answer: Answer, writer: asyncio.StreamWriter) -> None:
    await chunks_of_half_a_gzip(answer.plain(), writer)


async def chunks_of_no_size(answer: Answer, writer: asyncio.StreamWriter) -> None:
    spoilt = _chunks(answer.body).replace(b"200\r\n", b"xyz\r\n", 2)
    writer.write(answer.written(b"Transfer-Encoding: chunked") + spoilt)


def _chunks(body: bytes, size: int = 0x200) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in [*pieces, b""])


async def no_http(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n" * 3)


def status(code: int, *headers: bytes) -> Fault:
    async def fault(answer: Answer, writer: asyncio.StreamWriter) -> None:
        head = b"HTTP/1.1 %d Faulty\r\nContent-Type: text/html" % code
        writer.write(Answer(head, b"<html></html>", b"identity").written(*headers))

    return fault


# --- the proxy --------------------------------------------------------------------------------


class Asked(NamedTuple):
    at: float  # time.monotonic()
    host: str
    path: str


Rule = Callable[[int, Asked], Fault | None]  # how many requests came before it


@dataclass
class Network:
    """Forwards to a Server from a thread of its own, a connection for each request."""

    server: Server
    rule: Rule
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https://localhost' if self.tls else 'http://127.0.0.1'}:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="network", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connection, sock=self._socket, ssl=self.tls)
        await self._stopped.wait()
        server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            fields = dict(re.findall(rb"^([\w-]+): (.*)\r$", head.lower(), re.MULTILINE))
            path = head.split(b" ")[1].decode()
            asked = Asked(time.monotonic(), fields[b"host"].decode(), path)
            fault = self.rule(len(self.asked), asked)
            self.asked.append(asked)
            answer = await self._ask(head)
            if fault is None:
                writer.write(answer.whole())
            else:
                await fault(answer, writer)
            await writer.drain()
        writer.close()

    async def _ask(self, head: bytes) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write(head[:-2] + b"Connection: close\r\n\r\n")
        answer, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        lines = answer.split(b"\r\n")
        coding = b"gzip" if b"Content-Encoding: gzip" in lines else b"identity"
        own = (b"content-length", b"content-encoding", b"connection")
        kept = [line for line in lines if not line.lower().startswith(own)]
        return Answer(b"\r\n".join(kept), body, coding)


def on(faults: Mapping[str, Fault]) -> Rule:
    """These paths, always."""
    return lambda number, asked: faults.get(asked.path)


@contextmanager
def network(server: Server, rule: Rule, tls: ssl.SSLContext | None = None) -> Iterator[Network]:
    proxy = Network(server, rule, tls)
    try:
        yield proxy
    finally:
        proxy.stop()
