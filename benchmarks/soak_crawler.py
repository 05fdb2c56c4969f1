"""The soak's crawler: commands over one output folder, each at its own time, and what they need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.site import UNHURRIED

RECHECK_DAYS = 5
SETTINGS = {
    **UNHURRIED,
    "CONCURRENT_REQUESTS": 4,
    "RECHECK_DAYS": RECHECK_DAYS,
    "RETAIN_DAYS": 14,
    "RETRY_TIMES": 1,
    "RETRY_DELAY": 0.05,
    "DOWNLOAD_TIMEOUT": 2,
    "CIRCUIT_PAUSE": 0.5,
    "MAX_RUN_MINUTES": 9,  # less than what is waited for, on a machine that has much to do
}


@dataclass
class Cost:
    """What a process needed at most."""

    memory: float = 0  # MB
    handles: int = 0

    def watch(self, process: subprocess.Popen[bytes], kill_after: float | None = None) -> bool:
        """Until it has ended; whether it was killed, after so many seconds."""
        end = time.monotonic() + (kill_after or 600)
        folder = Path(f"/proc/{process.pid}")
        while process.poll() is None:
            try:
                status = (folder / "status").read_text()
                if "VmHWM:" in status:
                    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
                    self.memory = max(self.memory, peak)
                self.handles = max(self.handles, len(list((folder / "fd").iterdir())))
            except OSError:
                pass
            if time.monotonic() > end:
                process.kill()
                process.wait()
                assert kill_after, "a night that does not end"
                return True
            time.sleep(0.02)
        return False


class Crawler:
    """An output folder, and the commands over it."""

    popen = staticmethod(subprocess.Popen)

    def __init__(self, output: Path, mirror: str) -> None:
        self.output = output
        self._settings = {**SETTINGS, "OUTPUT_DIR": output, "MIRROR_URL": mirror}
        self._temporary = output.parent / f"{output.name}.tmp"
        self._temporary.mkdir(parents=True)
        self._log = output.parent / f"{output.name}.log"

    def night(
        self,
        at: datetime,
        *words: str,
        job: str = "nightly",
        cost: Cost | None = None,
        kill_after: float | None = None,
    ) -> int | None:
        """Its exit code; None where it was killed."""
        process = self.start(at, job, "workercn", *words)
        killed = (cost or Cost()).watch(process, kill_after)
        return None if killed else process.returncode

    def start(self, at: datetime, *words: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "scrapy", *words]
        for name, value in self._settings.items():
            line += ["-s", f"{name}={value}"]
        offset = str((at - datetime.now(UTC)).total_seconds())
        environment = {**os.environ, "TMPDIR": str(self._temporary), "CLOCK_OFFSET": offset}
        with self._log.open("ab") as log:
            log.write(f"\n== {at} {words}\n".encode())
            return self.popen(line, stderr=log, env=environment)

    def feed(self, at: datetime, *words: str) -> int:
        return self.start(at, "feed", *words).wait()

    @property
    def runs(self) -> list[Path]:
        return sorted(self.output.glob("runs/*[0-9a-f]"))

    def records(self) -> Iterator[dict[str, Any]]:
        for run in self.runs:
            yield from map(json.loads, (run / "articles.jsonl").read_text("utf-8").splitlines())

    @property
    def state(self) -> int:
        """Bytes."""
        return sum(path.stat().st_size for path in self.output.glob("state.db*"))

    def left_over(self) -> list[str]:
        """What should not be there any more when nothing runs."""
        partial = self.output.glob("runs/*.partial")
        return [str(path) for path in (*partial, *self._temporary.rglob("*"))]
