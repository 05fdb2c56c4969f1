"""The archive's thread: in order, bounded, and drained at the end."""

from __future__ import annotations

import os
import threading
import time

import pytest

from crawler.archive import Archive, read
from crawler.archive.background import Background
from tests.archive.captures import capture


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "run.warc.gz", {"run_id": "run"})


def test_all_that_was_put_is_on_disk_when_it_is_closed(archive):
    errors = []
    background = Background(archive, errors.append)
    for number in range(300):
        background.put(capture(number, os.urandom(10_000)))
    background.close()
    assert [int(one.url[-9:-6]) for one in read([archive.path])] == list(range(300))
    assert errors == []


def test_it_is_full_until_the_thread_has_caught_up(archive):
    held = threading.Event()
    archive.add = lambda capture, add=archive.add: (held.wait(), add(capture))
    background = Background(archive, pytest.fail)
    put = 0
    while not background.is_full:
        background.put(capture(put, os.urandom(100_000)))
        put += 1
    assert 20 < put < 200, "some MB wait, not all of a crawl"
    held.set()
    for _ in range(6000):
        if not background.is_full:
            break
        time.sleep(0.01)
    assert not background.is_full
    background.close()
    assert archive.captures == put


def test_an_error_is_told_once_and_ends_the_writing(archive):
    errors = []
    background = Background(archive, errors.append)
    background.put(capture(1))
    background.put(capture(2, headers=[(b"no", "bytes")]))
    background._thread.join(60)
    for number in range(3, 100):
        background.put(capture(number, bytes(1_000_000)))
    assert not background.is_full, "nobody waits for an archive that has ended"
    background.close()
    assert [type(error) for error in errors] == [TypeError]
    assert [one.url[-7:-6] for one in read([archive.path])] == ["1"]
