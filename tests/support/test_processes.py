"""A command that the tests fork is a process as a new interpreter would be."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.harness import ROOT, command, run, start

pytestmark = pytest.mark.skipif(not processes.CAN_FORK, reason="this system cannot fork")


@pytest.fixture
def site():
    """A command that runs until it is ended."""
    line = command("samplesite", "--port", "0", "--articles", "1")
    with start(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.readline()  # it serves
        yield process
        process.kill()


def state(pid):
    """One letter of ps(1): R, S, T, Z; None of a process that is no more."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return done.stdout.decode().strip()[:1] or None


def test_it_is_forked_from_another_process_than_ours(site):
    done = subprocess.run(
        ["ps", "-o", "ppid=", "-p", str(site.pid)], capture_output=True, check=True
    )
    assert int(done.stdout) not in (os.getpid(), 1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT])
def test_one_that_a_signal_has_ended_says_so(site, number):
    assert site.poll() is None
    site.send_signal(number)
    assert site.wait(timeout=60) == -number
    assert site.poll() == -number
    assert state(site.pid) is None
    site.send_signal(number)  # nothing more happens


def test_it_can_be_stopped_and_continued(site):
    site.send_signal(signal.SIGSTOP)
    while state(site.pid) != "T":
        time.sleep(0.01)
    with pytest.raises(subprocess.TimeoutExpired):
        site.wait(timeout=0.05)
    site.send_signal(signal.SIGTERM)
    site.send_signal(signal.SIGCONT)
    assert site.wait(timeout=60) == 0


def test_a_session_of_its_own(site):
    with start(command("samplesite"), stdout=subprocess.PIPE, start_new_session=True) as process:
        process.stdout.readline()
        assert os.getpgid(process.pid) == process.pid
        os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert os.getpgid(site.pid) == os.getpgid(0)


def test_standard_streams():
    url = "https://www.workercn.cn/c/2026-10-02/8000010.shtml"
    done = run(command("extract", "-", "--url", url), input="<h1>一篇文章的标题</h1>")
    assert (done.returncode, done.stderr) == (3, "")
    assert "标题" in done.stdout
    done = run(command("extract", "-", "--link", "x"), input="")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_environment_is_its_own(monkeypatch):
    line = command("settings", "--get", "CONTACT")
    for contact in ("a@example.org", "b@example.org"):
        monkeypatch.setenv("CONTACT", contact)
        assert run(line).stdout == f"{contact}\n"
    monkeypatch.delenv("CONTACT")
    assert run(line).stdout == "\n"
    assert run(line, env={**os.environ, "CONTACT": "c@example.org"}).stdout == "c@example.org\n"


def test_exit_codes():
    codes = [
        run(command(*words)).returncode
        for words in (["version"], ["nothing"], ["crawl", "nothing"])
    ]
    assert codes == [0, 2, 2]


def test_an_exception_is_a_traceback_and_1():
    done = run(command("settings", "--getint", "BOT_NAME"))
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert "ValueError" in done.stderr.splitlines()[-1]


UNWRITTEN = 1 if os.environ.get("PYTHONUNBUFFERED") else 120  # when printed, or at the end
LATE = "time.sleep(.2), print('late', flush=True)"
THREAD = f"import threading, time; threading.Thread(target=lambda: ({LATE})"
ENDINGS = [
    ("print('words', end='')", 0, "words", ""),
    ("raise SystemExit", 0, "", ""),
    ("raise SystemExit(True)", 1, "", ""),
    ("raise SystemExit(3)", 3, "", ""),
    ("raise SystemExit(259)", 3, "", ""),
    ("raise SystemExit('why')", 1, "", "why"),
    ("print('words'); 1 / 0", 1, "words\n", "ZeroDivisionError: division by zero"),
    ("raise KeyboardInterrupt", -signal.SIGINT, "", "KeyboardInterrupt"),
    (
        "import os; os.close(1); print('words')",
        UNWRITTEN,
        "",
        "OSError: [Errno 9] Bad file descriptor",
    ),
    ("import sys; sys.stdout.close()", 0, "", ""),
    ("import atexit; atexit.register(print, 'last'); raise SystemExit(4)", 4, "last\n", ""),
    (f"{THREAD}).start()", 0, "late\n", ""),
    (f"{THREAD}, daemon=True).start()", 0, "", ""),
    # What an interpreter warns of at its end, a fork does too where nothing refers to it any more.
    ("import os; a = [open(os.devnull)]; a.append(a)", 0, "", "ResourceWarning"),
]


@pytest.mark.parametrize(("code", "status", "stdout", "last"), ENDINGS)
@pytest.mark.parametrize("fresh", [False, pytest.param(True, marks=pytest.mark.long)])
def test_the_end_of_a_command_is_that_of_an_interpreter(code, status, stdout, last, fresh):
    environment = {**os.environ, "PATCHED_BY": "ending", "ENDING": code}
    done = run(command("version"), env=environment, fresh=fresh)
    assert (done.returncode, done.stdout) == (status, stdout)
    said = [line for line in done.stderr.splitlines() if not line.startswith("  ")]
    assert last in said[-1] if last else not said


@pytest.mark.parametrize("fresh", [False, pytest.param(True, marks=pytest.mark.long)])
def test_who_listens_no_more_is_an_error_at_the_end(fresh):
    read, write = os.pipe()
    os.close(read)
    environment = {**os.environ, "PATCHED_BY": "ending", "ENDING": "print('words')"}
    streams = {"stdout": write, "stderr": subprocess.PIPE, "text": True}
    with start(command("version"), env=environment, fresh=fresh, **streams) as process:
        os.close(write)
        assert "BrokenPipeError" in process.stderr.read()
    assert process.returncode == UNWRITTEN


def test_limits_are_those_of_the_one(tmp_path):
    line = command("samplesite", "--truth", tmp_path / "truth.json", "--port", "0")
    done = run(line, limits={resource.RLIMIT_FSIZE: (1000, 1000)})
    assert done.returncode != 0
    assert (tmp_path / "truth.json").stat().st_size == 1000
    assert resource.getrlimit(resource.RLIMIT_FSIZE) != (1000, 1000)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc here")
def test_no_descriptor_of_ours_or_of_another_is_open_in_it(site):
    counts = []
    for fresh in (False, True):
        with start(command("samplesite"), stdout=subprocess.PIPE, fresh=fresh) as process:
            process.stdout.readline()
            counts.append(len(list(Path(f"/proc/{process.pid}/fd").iterdir())))
            process.kill()
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "keywords",
    [
        {"env": {**os.environ, "PYTHONPATH": "elsewhere"}},
        {"env": {**os.environ, "LD_PRELOAD": "libfaketime.so.1"}},
        {"env": {**os.environ, "LC_ALL": "POSIX"}},
        {"cwd": "/"},
        {"process_group": 0},
        {"preexec_fn": os.getpid},
    ],
)
def test_what_only_a_new_interpreter_can_do_is_refused(keywords):
    with pytest.raises(ValueError, match="fresh=True"):
        start(command("version"), **keywords)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_patch_is_imported_before_the_command_runs(fresh):
    url = "https://www.workercn.cn/c/2026-10-02/8000010.shtml"
    environment = {**os.environ, "PATCHED_BY": "deadly", "DEADLY": "8000010"}
    line = command("extract", "-", "--url", url)
    done = run(line, input="<h1>一篇文章的标题</h1>", env=environment, fresh=fresh)
    assert done.returncode == -signal.SIGKILL


def test_a_new_interpreter_where_it_is_asked_for(monkeypatch):
    # Other tests read the project's settings, and Scrapy leaves their name in the environment.
    monkeypatch.delenv("SCRAPY_SETTINGS_MODULE", raising=False)
    line = command("version")
    assert run(line, fresh=True, cwd="/").stdout == run(line).stdout
    assert run([sys.executable, "-c", "print(1)"]).stdout == "1\n"


def test_nothing_that_reads_the_environment_or_installs_a_reactor_is_imported_before():
    code = (
        "import sys; from tests.support import fork_server; fork_server.warm(); print(*sys.modules)"
    )
    loaded = set(run([sys.executable, "-c", code], cwd=ROOT).stdout.split())
    assert "crawler.spiders.workercn" in loaded
    assert not loaded & {"crawler.settings", "twisted.internet.reactor", "numpy"}
