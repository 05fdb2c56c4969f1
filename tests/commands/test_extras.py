"""A setting whose library is not installed is named before the first request."""

from __future__ import annotations

import os

import pytest

from tests.support.harness import command, run

POSTGRESQL = "postgresql://crawler@127.0.0.1/x"


@pytest.mark.parametrize(
    ("library", "settings", "extra"),
    [
        ("apprise", {"ALERT_URLS": "json://s3kret"}, "alerts"),
        ("prometheus_client", {"METRICS_FILE": "run.prom"}, "metrics"),
        ("psycopg", {"STATE_URL": POSTGRESQL}, "postgresql"),
        ("redis", {"REDIS_URL": "redis://127.0.0.1/0", "STATE_URL": POSTGRESQL}, "redis"),
        ("scrapy_redis", {"REDIS_URL": "redis://127.0.0.1/0", "STATE_URL": POSTGRESQL}, "redis"),
        ("scrapy_splash", {"RENDERER": "splash"}, "splash"),
        ("scrapy_playwright", {"RENDERER": "playwright"}, "playwright"),
        ("playwright", {"RENDERER": "playwright"}, "playwright"),
    ],
)
def test_a_library_that_is_not_installed(tmp_path, library, settings, extra):
    done = without(library, tmp_path, command("nightly", "workercn", OUTPUT_DIR="out", **settings))
    package, name = library.replace("_", "-"), next(iter(settings))
    assert done.stderr == (
        f"scrapy: setting {name}: it needs {package}, which is not installed; allowed: after "
        f"pip install {package}, or with the extra '{extra}' of this project\n"
    )
    assert done.returncode == 2


def test_parquet_without_its_library(tmp_path):
    line = command("feed", "merge", "-o", "news.parquet", OUTPUT_DIR="out")
    done = without("pyarrow", tmp_path, line)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install pyarrow" in done.stderr


def without(library, folder, line):
    """The command where Python finds no such library; afterwards nothing is there that was not."""
    folder.joinpath("sitecustomize.py").write_text(f"import sys; sys.modules[{library!r}] = None\n")
    env = os.environ | {"PYTHONPATH": str(folder)}
    done = run(line, env=env, fresh=True)
    assert not (folder / "out").exists()
    return done
