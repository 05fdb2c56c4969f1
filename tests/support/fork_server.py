"""A process that has imported Scrapy and the crawler and forks for each command.

An import costs a second, a fork a hundredth of one. `python -m tests.support.fork_server FD`: FD is
a Unix socket. Each message on it is one byte with four descriptors: a socket of the new process's
own and its three standard streams. The first carries the request, a JSON object up to the end of
the stream, and then back the process's number and in the end its status as of waitpid(2), four
bytes each. The server ends when FD is closed at the other end; the processes it has started do not.

Nothing here may run before the fork that a command expects to do itself: no reactor is installed,
no file or database opened, no thread started, and crawler.settings, which reads the environment,
not imported.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import pkgutil
import resource
import runpy
import select
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

NUMBER = 4  # bytes

# They read the environment, or have a `main` of their own.
_NOT_WARM = ("crawler.settings", "crawler.samplesite", "crawler.schema", "crawler.demo")
# Of extras, a tenth of a second each. Not pyarrow: NumPy starts threads, which no fork has.
_EXTRAS = ("apprise", "prometheus_client", "sqlalchemy.dialects.postgresql.psycopg", "psycopg")
# What a crawl imports besides the crawler's own modules.
_WARM = (
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.engine",
    "scrapy.core.scheduler",
    "scrapy.core.scraper",
    "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.httpauth",
    "scrapy.downloadermiddlewares.httpcache",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.stats",
    "scrapy.downloadermiddlewares.useragent",
    "scrapy.downloadermiddlewares.offsite",
    "scrapy.dupefilters",
    "scrapy.extensions.closespider",
    "scrapy.extensions.corestats",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.logcount",
    "scrapy.extensions.logstats",
    "scrapy.extensions.spiderstate",
    "scrapy.extensions.throttle",
    "scrapy.pqueues",
    "scrapy.spiderloader",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.spidermiddlewares.referer",
    "scrapy.spidermiddlewares.start",
    "scrapy.spidermiddlewares.urllength",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "sqlalchemy.dialects.sqlite",
    "stringprep",
    "twisted.internet.asyncioreactor",
)


def main() -> None:
    ending = Ending()
    atexit.register(ending.leave)  # before any other, and so called after all of them
    defaults = len(warnings.filters)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for pytest, which then closes the socket
    warm()
    with socket.socket(fileno=int(sys.argv[1])) as control:
        request = serve(control)
    if request is not None:  # this is the new process
        with ending:
            become(request)
            warn(request["environment"].get("PYTHONWARNINGS"), defaults)
            if patch := request["environment"].get("PATCHED_BY"):
                import_module(f"tests.support.patches.{patch}")
            runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


class Ending:
    """Ends a command where an interpreter would begin to take itself apart, which costs a fork a
    tenth of a second: it would copy every page of what it shares with the server to free it.
    """

    status: int | None = None

    def __enter__(self) -> None:
        self.status = 0

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, SystemExit):
            code = 0 if error.code is None else error.code
            self.status = code if isinstance(code, int) else 1
        elif isinstance(error, KeyboardInterrupt):
            self.status = None  # the interpreter ends itself by the signal
        elif error is not None:
            self.status = 1

    def leave(self) -> None:
        """The interpreter has told of the exception, joined the threads and called all handlers."""
        if self.status is None:
            return
        gc.collect()  # what it would still finalize, and warn of
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            return  # the interpreter tries the same, says what fails and ends with 120
        os._exit(self.status)


def warm() -> None:
    for name in _WARM:
        import_module(name)
    for package in ("scrapy.commands", "crawler"):
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not module.name.startswith(_NOT_WARM) and not module.name.endswith("__main__"):
                _import_if_there(module.name)
    for name in _EXTRAS:
        _import_if_there(name)
    templates = import_module("crawler.report.page")._environment("en")
    for name in templates.list_templates(["j2"]):
        templates.get_template(name)  # .1 s of each run with a report
    import_module("crawler.site.block_pages").phrases()  # tables that a crawl compiles once
    import_module("crawler.pipelines.rules").version()  # reads all of its source
    # Each start would read the entry points of all that is installed: a hundredth of a second.
    cmdline = import_module("scrapy.cmdline")
    cmdline.entry_points = cache(cmdline.entry_points)  # type: ignore[attr-defined]
    cmdline.entry_points(group="scrapy.commands")  # type: ignore[attr-defined]
    assert not {"crawler.settings", "twisted.internet.reactor"} & sys.modules.keys()
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()  # what no collection looks at is not copied by a fork


def _import_if_there(name: str) -> None:
    with contextlib.suppress(ImportError):  # of an extra; who needs it will say so
        import_module(name)


def serve(control: socket.socket) -> dict[str, Any] | None:
    """Returns in the new process with what it is to do, and in the server with None at the end."""
    running: dict[int, socket.socket] = {}
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # as it is by default, nobody would be woken
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            for number, status in _ended():
                with running.pop(number) as connection:
                    _tell(connection, status)
        if control in ready:
            message, descriptors, _, _ = socket.recv_fds(control, 1, 4)
            if not message:
                return None
            connection = socket.socket(fileno=descriptors[0])
            with connection.makefile("rb") as file:
                request: dict[str, Any] = json.load(file)
            if not (number := os.fork()):
                for place, descriptor in enumerate(descriptors[1:]):
                    os.dup2(descriptor, place)
                control.detach()
                connection.detach()
                for other in running.values():
                    other.detach()
                os.closerange(3, os.sysconf("SC_OPEN_MAX"))
                return request
            for descriptor in descriptors[1:]:
                os.close(descriptor)
            running[number] = connection
            _tell(connection, number)


def _ended() -> Iterator[tuple[int, int]]:
    try:
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            yield found
    except ChildProcessError:
        return


def _tell(connection: socket.socket, number: int) -> None:
    try:
        connection.sendall(number.to_bytes(NUMBER, sys.byteorder))
    except OSError:  # who has started it does not listen any more
        return


def become(request: dict[str, Any]) -> None:
    """Make this fork what a new interpreter with that command line would be."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if request["session"]:
        os.setsid()
    for name, limits in request["limits"]:
        resource.setrlimit(name, limits)
    os.umask(request["umask"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.stdout.reconfigure(line_buffering=os.isatty(1))  # type: ignore[union-attr]
    sys.argv = [request["module"], *request["words"]]
    sys.orig_argv = [sys.executable, "-m", *sys.argv]


def warn(options: str | None, defaults: int) -> None:
    """Filter warnings as PYTHONWARNINGS says: before the interpreter's own filters, which are the
    last ones, and behind those that imports have added.
    """
    if options:
        sys.warnoptions = options.split(",")
        imported = warnings.filters[:-defaults]
        warnings.filters[:] = warnings.filters[-defaults:]
        warnings._processoptions(sys.warnoptions)
        warnings.filters[:0] = imported


if __name__ == "__main__":
    main()
