"""Passwords and tokens of the settings are in nothing that is written: planted and looked for."""

from __future__ import annotations

import gzip
import os
from base64 import b64encode
from pathlib import Path

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import UNHURRIED, command, run
from tests.support.hostile import Hostile

SECRET = "kein-wort-davon-9f3b"  # noqa: S105 - the one that is planted


def everything(folder: Path) -> dict[str, bytes]:
    """What stands in the files, unpacked."""
    found = {}
    for path in filter(Path.is_file, folder.rglob("*")):
        data = path.read_bytes()
        found[str(path)] = gzip.decompress(data) if path.suffix == ".gz" else data
    return found


def spelt() -> list[bytes]:
    """The secret as it is and as a header would have it, at each offset of base64's groups: what
    of it is the same whatever stands before and after."""
    packed = [b64encode(b"x" * pad + SECRET.encode())[4:-4] for pad in range(3)]
    return [SECRET.encode(), *packed]


@pytest.mark.parametrize("form", ["json", "%(levelname)s %(message)s"])
@pytest.mark.parametrize(
    ("name", "words", "settings", "environment", "code"),
    [
        ("alerts", ["nightly"], {"ALERT_URLS": "json://u:{s}@127.0.0.1:{p}/{s}"}, {}, None),
        ("alerts wrong", ["nightly"], {"ALERT_URLS": "nonsense://u:{s}@h/{s}"}, {}, 2),
        ("state away", ["crawl"], {"STATE_URL": "postgresql://u:{s}@127.0.0.1:{p}/db"}, {}, 6),
        ("state wrong", ["crawl"], {"STATE_URL": "oracle://u:{s}@127.0.0.1/db"}, {}, 2),
        ("state odd", ["crawl"], {"STATE_URL": "postgresql://u:{s}@h@127.0.0.1:x/db"}, {}, 2),
        ("state query", ["crawl"], {"STATE_URL": "postgresql://h:{p}/db?password={s}&z=1"}, {}, 2),
        ("state token", ["crawl"], {"STATE_URL": "nonsense://{s}@h/db"}, {}, 2),
        ("proxy", ["crawl"], {"MIRROR_URL": ""}, {"http_proxy": "http://u:{s}@127.0.0.1:{p}"}, None),
        ("mirror", ["crawl"], {}, {"http_proxy": "http://u:{s}@127.0.0.1:{p}"}, None),
        ("splash", ["crawl"], {"RENDERER": "splash", "SPLASH_URL": "http://u:{s}@127.0.0.1:{p}"}, {}, None),
        ("splash wrong", ["crawl"], {"RENDERER": "splash", "SPLASH_URL": "ftp://u:{s}@h"}, {}, 2),
        ("mirror wrong", ["crawl"], {"MIRROR_URL": "ftp://u:{s}@h"}, {}, 2),
    ],
)  # fmt: skip
def test_no_secret_is_written(tmp_path, form, name, words, settings, environment, code):
    server = Hostile({})
    filled = {key: value.format(s=SECRET, p=server.port) for key, value in settings.items()}
    planted = {key: value.format(s=SECRET, p=server.port) for key, value in environment.items()}
    faults = ["/c/*:script"] if name == "splash" else ["/c/*:no-article@1", "/c/*:status=404@1"]
    with serve(Site(seed=3, articles=10, now=clock.now()), faults=faults) as site:
        given = {**UNHURRIED, "MIRROR_URL": site.url, **filled}
        line = command(
            *words,
            "workercn",
            "-a",
            "urls=" + str(addresses(tmp_path, site.site)) if words == ["crawl"] else "sections=edu",
            OUTPUT_DIR=tmp_path / "output",
            METRICS_FILE=tmp_path / "workercn.prom",
            LOG_FILE=tmp_path / "log",
            LOG_LEVEL="DEBUG",
            LOG_FORMAT=form,
            DOWNLOAD_TIMEOUT=5,
            **given,
        )
        before = dict(os.environ)
        os.environ.update(planted)
        try:
            done = run(line)
        finally:
            os.environ.clear()
            os.environ.update(before)
    server.close()
    assert code is None or done.returncode == code, done.stderr
    written = everything(tmp_path)
    written |= {"standard error": done.stderr.encode(), "standard output": done.stdout.encode()}
    for where, data in written.items():
        for secret in spelt():
            assert secret not in data, (name, where, data[max(0, data.find(secret) - 200) :][:300])


def addresses(folder: Path, site: Site) -> Path:
    path = folder / "urls.txt"
    urls = [article["url"].replace("https://", "http://") for article in site.truth()[:3]]
    path.write_text("\n".join([*urls, "http://www.workercn.cn/x.html"]))
    return path
