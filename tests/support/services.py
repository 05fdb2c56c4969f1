"""Real servers for the tests that need one; where one cannot be had, the tests skip and say why.

With REQUIRE_SERVICES=1 such a skip is a failure.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO, Any, NoReturn

import pytest

from tests.support.harness import ROOT

PASSWORD = "s3cret"  # noqa: S105

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing(what: str) -> NoReturn:
    """Skip a test for want of a service; `what` says how to get it."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def chromium() -> str:
    """Where Chromium is, which the Python package playwright drives."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("no Chromium: apt-get install chromium")
    if importlib.util.find_spec("playwright") is None:
        missing("no playwright to drive Chromium: pip install playwright")
    return path


@contextmanager
def splash() -> Iterator[str]:
    """The address of a running Splash."""
    python = ROOT / ".venv/splash/bin/python"
    if not python.with_name("splash").exists():
        missing("no Splash to test with: make .venv/splash/.ready (docs/rendering.md)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    options = f"--port {port} --ip 127.0.0.1 --disable-xvfb --disable-lua --disable-browser-caches"
    environment = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [python, ROOT / "deploy/start_splash.py", *options.split()],
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(port, server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()
            server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    log.seek(0)
    pytest.fail(f"{server.args} does not start: {log.read()[-2000:].decode('utf-8', 'replace')}")


class PostgreSQL:
    """A cluster of its own in a temporary folder, on loopback only."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._numbers = count(1)
        # PostgreSQL refuses to run as root.
        self._as: dict[str, Any] = {"stdin": subprocess.DEVNULL, "cwd": folder}
        if os.geteuid() == 0:
            user = pwd.getpwnam("nobody")
            self._as |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(folder, user.pw_uid, user.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port: int = free.getsockname()[1]
        # Ends with this process however that ends: its input does.
        stop = f"cat; '{programs / 'pg_ctl'}' stop -D data -m immediate; rm -r '{folder}'"
        self._undertaker = subprocess.Popen(
            ["sh", "-c", stop],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **self._as | {"stdin": subprocess.PIPE},
        )
        password = folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run("initdb", "-U", "crawler", "-A", "scram-sha-256", f"--pwfile={password}",
                  "--locale=C.UTF-8", "-E", "UTF8", "--no-sync")  # fmt: skip

    def __enter__(self) -> PostgreSQL:
        return self

    def __exit__(self, *_: object) -> None:
        self._undertaker.communicate()

    @property
    def server(self) -> str:
        return f"postgresql://crawler:{PASSWORD}@127.0.0.1:{self._port}"

    def database(self) -> str:
        """The address of an empty database: a schema, which is made in a hundredth of the time."""
        import psycopg

        name = f"test{next(self._numbers)}"
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"{self.server}/postgres?options=-csearch_path%3D{name}"

    def start(self) -> None:
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "start", "-w", "-l", str(self._folder / "log"), "-o", options)

    def stop(self) -> None:
        """As a crash of the machine does: without a word to whoever is connected."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate")

    def _run(self, program: str, *options: str) -> None:
        line = [str(self._programs / program), "-D", str(self._folder / "data"), *options]
        with (self._folder / f"{program}.log").open("ab") as log:
            subprocess.run(line, check=True, stdout=log, stderr=log, **self._as)


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A running server."""
    programs = _programs()
    if programs is None:
        missing("no PostgreSQL to test with: apt-get install postgresql")
    # Not below pytest's folder, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    with PostgreSQL(programs, folder) as server:
        server.start()
        yield server


def _programs() -> Path | None:
    """The folder of the server's programs, which Debian does not put on PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).parent if found else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    with postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    return request.getfixturevalue("postgres").database()


@pytest.fixture(scope="session")
def browser() -> dict[str, str]:
    """Settings of a crawl that has pages rendered by Chromium."""
    if importlib.util.find_spec("scrapy_playwright") is None:
        missing("no scrapy-playwright: pip install scrapy-playwright")
    return {"RENDERER": "playwright", "PLAYWRIGHT_CHROMIUM": chromium()}


@pytest.fixture(scope="session")
def splash_url() -> Iterator[str]:
    with splash() as url:
        yield url


class Redis:
    """A server of its own on loopback, which keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port: int = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        options = f"--port {self._port} --bind 127.0.0.1 --save --appendonly no".split()
        options.insert(options.index("--save") + 1, "")
        with (self._folder / "redis.log").open("ab") as log:
            self._server = subprocess.Popen(
                ["redis-server", *options], cwd=self._folder, stdout=log, stderr=log
            )
        with (self._folder / "redis.log").open("rb") as log:
            _wait_for(self._port, self._server, log)

    def stop(self) -> None:
        """As a crash does: what it had is gone."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        missing("no Redis to test with: apt-get install redis-server")
    if importlib.util.find_spec("scrapy_redis") is None:
        missing("no scrapy-redis: pip install scrapy-redis")
    server = Redis(tmp_path)
    server.start()
    try:
        yield server
    finally:
        server.stop()
