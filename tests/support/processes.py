"""Starts commands as processes of their own: forked where the command is Scrapy's, else anew."""

from __future__ import annotations

import atexit
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from crawler import clock
from tests.support import fork_server

ROOT = Path(__file__).parents[2]
CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")

# Read by the interpreter, the loader or a library once, when it starts: a fork would have the
# server's.
_AT_START = (
    "PYTHON", "LC_", "LANG", "LD_", "FAKETIME", "OPENSSL_", "MALLOC_", "PYDANTIC_", "TQDM_",
)  # fmt: skip

Limits = Mapping[int, tuple[int, int]]


def start(
    line: list[Any],
    *,
    fresh: bool = False,
    limits: Limits | None = None,
    env: Mapping[str, str] | None = None,
    **keywords: Any,
) -> subprocess.Popen[Any]:
    """`subprocess.Popen` in the project's root. `limits`: as of resource.setrlimit(2).

    `fresh`: a new interpreter, for tests of what happens when one starts. With PATCHED_BY in the
    environment it first imports that one of tests/support/patches.
    """
    line = [str(word) for word in line]
    keywords = {"cwd": ROOT, "env": dict(os.environ if env is None else env), **keywords}
    _wait_for_another_second(line)
    if fresh or not CAN_FORK or line[:3] != [sys.executable, "-m", "scrapy"]:
        if "PATCHED_BY" in keywords["env"]:
            keywords["env"]["PYTHONPATH"] = str(ROOT / "tests/support/patches")
        if limits:
            keywords["preexec_fn"] = partial(_limit, dict(limits))
        return subprocess.Popen(line, **keywords)
    return _Forked(line, limits=limits, **keywords)


def _wait_for_another_second(line: list[str]) -> None:
    """A run is named by the second it begins in, and by chance: two of one output folder in the same
    second would not be in order, and forked ones take less than one.
    """
    folders = [word.partition("=")[2] for word in line if word.startswith("OUTPUT_DIR=")]
    names = [path.name for folder in folders for path in Path(folder).glob("runs/*")]
    now = clock.now()
    if names and max(names).startswith(f"{now:%Y%m%dT%H%M%SZ}"):
        time.sleep(1 - now.microsecond / 1_000_000)


def _limit(limits: Limits) -> None:
    for name, pair in limits.items():
        resource.setrlimit(name, pair)


class _Forked(subprocess.Popen[Any]):
    """A fork of the server. Popen keeps the pipes, the time limits and the context manager; what it
    does with system calls of a parent is done by asking the server, which is the parent.
    """

    def __init__(self, line: list[str], *, limits: Limits | None, **keywords: Any) -> None:
        self._limits = limits or {}
        super().__init__(line, **keywords)

    def _execute_child(  # type: ignore[override]
        self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo,
        creationflags, shell, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,
        restore_signals, gid, gids, uid, umask, start_new_session, process_group,
    ):  # fmt: skip
        """Popen's own arguments, of which a fork refuses those that it would have to imitate."""
        if _at_start(env) != _of_the_server():
            raise ValueError("this environment needs a new interpreter: fresh=True")
        other_user = (gid, gids, uid, process_group) != (None, None, None, -1)
        if Path(cwd) != ROOT or executable or preexec_fn or pass_fds or shell or other_user:
            raise ValueError("this start needs a new interpreter: fresh=True")
        request = {
            "module": args[2],
            "words": args[3:],
            "environment": dict(env),
            "session": start_new_session,
            "limits": list(self._limits.items()),
            "umask": _umask() if umask == -1 else umask,
        }
        given = (p2cread, c2pwrite, errwrite)
        streams = [own if other == -1 else other for own, other in enumerate(given)]
        try:
            self._server, theirs = socket.socketpair()
            with theirs:
                socket.send_fds(_server(), [b"."], [theirs.fileno(), *streams])
            self._server.sendall(json.dumps(request).encode())
            self._server.shutdown(socket.SHUT_WR)
            self.pid = self._number()
            self._child_created = True
        finally:
            self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)

    def _number(self) -> int:
        told = self._server.recv(fork_server.NUMBER, socket.MSG_WAITALL)
        if len(told) < fork_server.NUMBER:
            raise RuntimeError("the server that forks has ended")
        return int.from_bytes(told, sys.byteorder)

    def _wait(self, timeout: float | None) -> int:
        with self._waitpid_lock:
            if self.returncode is None:
                self._server.settimeout(timeout)
                try:
                    self._handle_exitstatus(self._number())
                except (TimeoutError, BlockingIOError):
                    raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
                self._server.close()
        return self.returncode

    def _internal_poll(self, _deadstate: int | None = None) -> int | None:
        try:
            return self._wait(0)
        except subprocess.TimeoutExpired:
            return None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_lock = threading.Lock()


def _server() -> socket.socket:
    with _lock:
        return _started()[0]


def _of_the_server() -> dict[str, str]:
    with _lock:
        return _started()[1]


@cache
def _started() -> tuple[socket.socket, dict[str, str]]:
    """The server of this process, and of its environment what cannot be changed any more."""
    ours, theirs = socket.socketpair()
    with theirs:
        number = theirs.fileno()
        environment = {name: text for name, text in os.environ.items() if name != "PYTHONWARNINGS"}
        line = [sys.executable, "-m", fork_server.__name__, str(number)]
        server = subprocess.Popen(
            line, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, pass_fds=[number]
        )

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours, _at_start(environment)


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(_AT_START) and name != "PYTHONWARNINGS"  # which a fork can imitate
    }
