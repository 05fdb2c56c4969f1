"""A client for one request, which sees what the socket does; and the clock of these tests."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import datetime

from crawler.samplesite import Server
from crawler.samplesite.articles import CST

NOW = datetime(2026, 10, 5, 16, 0, tzinfo=CST)


@dataclass
class Answer:
    """What came over the socket until it closed, fell silent or was reset."""

    status: int
    headers: dict[str, str]
    body: bytes
    end: str  # 'complete', 'closed' early, 'reset', 'silent'


def ask(
    server: Server, path: str, *headers: str, host: str = "www.workercn.cn", wait: float = 5
) -> Answer:
    """One GET on a connection of its own; silence of `wait` seconds ends it."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *headers]
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as sock:
        sock.sendall("\r\n".join([*lines, "\r\n"]).encode())
        return read_answer(sock)


def read_answer(sock: socket.socket) -> Answer:
    data, end = b"", ""
    status, headers, body = 0, {}, b""
    while not end:
        try:
            piece = sock.recv(65536)
        except ConnectionResetError:
            end = "reset"
        except TimeoutError:
            end = "silent"
        else:
            data += piece
            end = "" if piece else "closed"
        if b"\r\n\r\n" in data:
            head, _, body = data.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            status = int(first.split()[1])
            headers = {k.lower(): v.strip() for k, _, v in (x.partition(":") for x in lines)}
            if len(body) == int(headers.get("content-length", 0)):
                end = "complete"
    return Answer(status, headers, body, end)
