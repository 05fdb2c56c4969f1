"""Workers of a shared crawl as processes of their own, and what they must have done together."""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter

from crawler.samplesite import Site
from tests.support.harness import UNHURRIED, command, published, start

SETTINGS = {
    **UNHURRIED,
    "CONCURRENT_REQUESTS": 4,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "PER_WORKER_RATE": 1,
    "VISIBILITY_SECONDS": 10,
}


def wait_until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


class Crew:
    """Starts workers with the same settings; ends those that are left."""

    def __init__(self, output, url, redis, state, environment=None, **settings):
        self.output = output
        self._environment = {**os.environ, **(environment or {})}
        self._settings = SETTINGS | settings
        self._settings |= {"MIRROR_URL": url, "REDIS_URL": redis.url, "STATE_URL": state}
        self.workers = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
            worker.said.close()

    def join(self, *words, output=None, **settings):
        words = ("crawl_id=one", *words)
        options = [part for word in words for part in ("-a", word)]
        settings = {**self._settings, "OUTPUT_DIR": output or self.output, **settings}
        line = command("crawl", "workercn", *options, **settings)
        said = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe that is full would halt them
        worker = start(line, env=self._environment, stderr=said)
        worker.said = said
        self.workers.append(worker)
        return worker

    def finish(self, timeout=60):
        """(exit code, what was said) of each worker."""
        return [(worker.wait(timeout), said(worker)) for worker in self.workers]


def said(worker):
    worker.said.seek(0)
    return worker.said.read().decode()


def articles(server):
    return [request for request in server.requests if "/c/" in request.path]


def assert_whole(site: Site, *outputs):
    """Over the run folders of all workers every article stands, and each (id, revision) once."""
    records = [record for output in outputs for record in published(output)]
    truth = {article["id"]: article for article in site.truth()}
    times = Counter((record["id"], record["revision"]) for record in records)
    assert {id_ for id_, _ in times} == set(truth)
    assert {key: number for key, number in times.items() if number > 1} == {}
    assert [r["id"] for r in records if r["body"] != truth[r["id"]]["body"]] == []
