"""The password of REDIS_URL is in nothing that is written, whether Redis takes it or not."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from redis import Redis

from crawler import clock
from crawler.samplesite import Site, serve
from tests.end_to_end.test_secrets import everything
from tests.support.harness import UNHURRIED, command, run

SECRET = "s3cr3t"  # noqa: S105 - the one that is planted


@pytest.fixture
def where(redis):
    """Host and port of a Redis that asks for a password."""
    with Redis.from_url(redis.url) as client:
        client.config_set("requirepass", SECRET)
    return urlsplit(redis.url).netloc


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("redis://:{s}@{where}/0", 0),
        ("redis://default:{s}@{where}/0", 0),
        ("redis://:x{s}@{where}/0", 6),
        ("redis://{s}:{s}@{where}/0", 6),
        ("redis://:{s}@{where}/99", 6),
        ("redis://:{s}@127.0.0.1:1/0", 6),
        ("redis://:{s}@{where}/{s}", 0),
        ("redis://{where}/0?password={s}", 0),
        ("redis://{where}/0?password=x{s}", 6),
        ("redis://:{s}@{where}/0?socket_timeout={s}", 2),
        ("redis://:{s}@{where}/0?{s}=1", 2),
        ("http://:{s}@{where}/0", 2),
        ("redis://:{s}@127.0.0.1:{s}/0", 2),
    ],
)
def test_no_password_is_written(tmp_path, where, postgres, address, code):
    url = address.format(s=SECRET, where=where)
    form = "%(levelname)s %(message)s" if code else "json"
    settings = {"OUTPUT_DIR": tmp_path / "output", "LOG_LEVEL": "DEBUG", "LOG_FORMAT": form}
    settings |= {"REDIS_URL": url, "STATE_URL": postgres.database(), "LOG_FILE": tmp_path / "log"}
    settings |= {"METRICS_FILE": tmp_path / "workercn.prom", "REDIS_PATIENCE": 1}
    with serve(Site(seed=3, articles=5, now=clock.now()), faults=["/c/*:status=404@1"]) as site:
        words = ["-a", "sections=edu", "-a", "crawl_id=one"]
        line = command("crawl", "workercn", *words, MIRROR_URL=site.url, **UNHURRIED, **settings)
        done = [run(line), run(command("workers", **settings))]
    assert [one.returncode for one in done] == [code, code], done[0].stderr + done[1].stderr
    if code == 6:
        assert urlsplit(url.replace(SECRET, "")).hostname in done[0].stderr
    written = everything(tmp_path)
    written |= {f"{number}": (one.stderr + one.stdout).encode() for number, one in enumerate(done)}
    for name, data in written.items():
        at = data.find(SECRET.encode())
        assert at < 0, (name, data[max(0, at - 200) :][:300])
