"""A server that answers with any bytes at all: what no well-behaved one would say."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping

# What goes over the wire, in pieces; an endless one goes on until the other side hangs up.
Answer = Callable[[], Iterator[bytes]]

HTML = b"text/html; charset=utf-8"


def page(body: str | bytes, *headers: bytes, kind: bytes = HTML) -> Answer:
    """A whole answer, as a well-behaved server would send it."""
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return raw(b"HTTP/1.1 200 OK", b"Content-Type: " + kind, *headers, body=data)


def redirect(target: str, status: int = 302) -> Answer:
    return raw(b"HTTP/1.1 %d Go" % status, b"Location: " + target.encode("latin-1"))


def raw(*head: bytes, body: bytes = b"") -> Answer:
    lines = [*head, b"Content-Length: %d" % len(body), b"Connection: close"]
    return lambda: iter((b"\r\n".join([*lines, b"", body]),))


NOT_FOUND = raw(b"HTTP/1.1 404 Not Found")


class Hostile:
    """`answers`: path, with its query where it has one -> Answer; of all else there is none."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str]] = []  # host and path, in order
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):  # the other side has had enough
            head = b""
            while b"\r\n\r\n" not in head:
                if not (data := connection.recv(65536)):
                    return
                head += data
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            hosts = [line[5:].strip() for line in lines if line.lower().startswith("host:")]
            self.asked.append((hosts[0] if hosts else "", path))
            for piece in self.answers.get(path, NOT_FOUND)():
                connection.sendall(piece)

    def close(self) -> None:
        self._socket.close()


@contextlib.contextmanager
def serve(answers: Mapping[str, Answer]) -> Iterator[Hostile]:
    server = Hostile(answers)
    try:
        yield server
    finally:
        server.close()
