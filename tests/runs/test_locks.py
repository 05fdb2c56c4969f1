"""One run at a time, and a dead owner holds nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from crawler.runs.locks import LOCK, LockedError, lock, run_lock
from tests.support.harness import ROOT

HOLD = """
import sys, time, pathlib
from crawler.runs.locks import lock
with lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def owner(tmp_path):
    line = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_one_is_told_who_holds_it(owner, tmp_path):
    with pytest.raises(LockedError) as refused, lock(tmp_path):
        pytest.fail("held twice")
    words = str(refused.value)
    assert f"pid {owner.pid} on {socket.gethostname()}, started 20" in words


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_dead_owner_does_not_hold_it(owner, tmp_path, number):
    owner.send_signal(number)
    owner.wait()
    with lock(tmp_path):
        assert str(os.getpid()) in (tmp_path / LOCK).read_text()


def test_it_can_be_held_again_and_again(tmp_path):
    for _ in range(3):
        with lock(tmp_path):
            pass


def test_words_of_an_owner_that_has_written_nothing_yet(owner, tmp_path):
    (tmp_path / LOCK).write_text("")
    with pytest.raises(LockedError, match="not yet written"), lock(tmp_path):
        pytest.fail("held twice")


def test_workers_share_it_and_keep_a_run_alone_out(tmp_path):
    with lock(tmp_path, shared=True):
        with lock(tmp_path, shared=True):
            pass
        with pytest.raises(LockedError), lock(tmp_path):
            pytest.fail("held beside a worker")
    with lock(tmp_path), pytest.raises(LockedError), lock(tmp_path, shared=True):
        pytest.fail("held beside a run alone")


def test_a_run_that_lives_is_known_by_its_own_lock(tmp_path):
    with run_lock(tmp_path, "a") as mine:
        assert mine
        with run_lock(tmp_path, "a") as other, run_lock(tmp_path, "b") as another:
            assert (other, another) == (False, True)
    with run_lock(tmp_path, "a") as free:
        assert free
    assert list(tmp_path.iterdir()) == []
