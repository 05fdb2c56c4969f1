"""Starting here against an empty Scrapy project: `scrapy list`, and a crawl's first request.
CPU time of the process, that other work on the machine hardly changes.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import judge

LIST_GOAL = 1.2
CRAWL_GOAL = 1.3
ROUNDS = 7
ROOT = Path(__file__).parents[1]
SCRAPY = [sys.executable, "-m", "scrapy"]


def main() -> int:
    with tempfile.TemporaryDirectory() as empty, socket.create_server(("127.0.0.1", 0)) as site:
        address = f"http://127.0.0.1:{site.getsockname()[1]}"
        _run([*SCRAPY, "startproject", "empty", "."], empty)
        _run([*SCRAPY, "genspider", "one", f"{address}/"], empty)
        ours = ["workercn", "-a", "sections=edu", "-s", f"MIRROR_URL={address}"]
        output = Path(empty, "output")
        ours += ["-s", f"OUTPUT_DIR={output}"]

        def ours_asks() -> float:
            for killed in output.glob("runs/*.partial"):
                shutil.rmtree(killed)  # the one before: a night has none to publish first
            return _until_it_asks(site, str(ROOT), ours)

        print(f"python -m benchmarks.startup, CPU time, median of {ROUNDS}\n")
        kept = _compare(
            "scrapy list",
            LIST_GOAL,
            lambda: _until_its_end(str(ROOT)),
            lambda: _until_its_end(empty),
        )
        kept &= _compare(
            "first request",
            CRAWL_GOAL,
            ours_asks,
            lambda: _until_it_asks(site, empty, ["one"]),
        )
    return 0 if kept else 1


def _compare(what: str, goal: float, here: Callable[[], float], there: Callable[[], float]) -> bool:
    """By turns, so that a machine that changes its speed changes both."""
    pairs = [(here(), there()) for _ in range(ROUNDS + 1)][1:]  # the first fills the disk's cache
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = ours / theirs
    print(f"{what}: here {ours:.2f} s, in an empty project {theirs:.2f} s")
    return judge(f"{what}, times an empty project's", ratio, most=goal)


def _until_its_end(folder: str) -> float:
    line = [*SCRAPY, "list"]
    process = subprocess.Popen(line, cwd=folder, stdout=subprocess.DEVNULL)
    return _spent(process)


def _until_it_asks(site: socket.socket, folder: str, words: list[str]) -> float:
    crawl = subprocess.Popen([*SCRAPY, "crawl", *words], cwd=folder, stderr=subprocess.DEVNULL)
    connection, _ = site.accept()
    crawl.kill()
    took = _spent(crawl)
    connection.close()
    return took


def _spent(process: subprocess.Popen[bytes]) -> float:
    """Seconds of CPU time until it has ended."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def _run(line: list[str], folder: str) -> None:
    subprocess.run(line, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
