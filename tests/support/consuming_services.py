"""Tools that docs/consuming.md tells about: found, or the test says how to get them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

_POSTGRESQL = "/usr/lib/postgresql"  # Debian keeps the server's programs off the path


def need(name: str) -> None:
    """A program or a Python library: skip without it, or fail under REQUIRE_SERVICES=1."""
    if name == "postgresql":
        found, how = _programs(), "apt-get install postgresql"
    elif name == "jq":
        found, how = shutil.which(name), "apt-get install jq"
    else:
        found, how = find_spec(name), f"pip install {name}"
    if not found:
        tell = pytest.fail if os.environ.get("REQUIRE_SERVICES") == "1" else pytest.skip
        tell(f"{name} is not here: {how}")


def _programs() -> Path | None:
    """The folder of initdb, pg_ctl and psql, newest version first."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    found = Path(_POSTGRESQL).glob("*/bin/initdb")
    return max(
        (path.parent for path in found), key=lambda bin_: int(bin_.parent.name), default=None
    )


@contextmanager
def postgresql() -> Iterator[dict[str, str]]:
    """A new cluster on a socket of its own; the environment in which psql finds it."""
    need("postgresql")
    programs = _programs()
    assert programs
    # A server refuses to run as root; as anybody else it runs as who we are.
    nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path is 107 bytes at most

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [programs / program, "-D", folder / "data", *words],
            cwd=folder, check=True, stdout=subprocess.DEVNULL, **nobody,
        )  # fmt: skip

    try:
        if nobody:
            shutil.chown(folder, "nobody", "nogroup")
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-w", "-l", "log", "-o", f"-F -k {folder} -c listen_addresses=", "start")
        try:
            yield {
                "PGHOST": str(folder),
                "PGUSER": "postgres",
                "PGDATABASE": "postgres",
                "PATH": f"{programs}:{os.environ['PATH']}",
            }
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
