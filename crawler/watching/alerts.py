"""One message when a night is not as the one before, none on good nights.

A message goes out when the health changes, on the third bad night in a row, and every seventh
after the last. What was told is remembered in OUTPUT_DIR/.alerts.json and not read from manifests:
a run that published nothing has none, and what no channel took was not told.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crawler.watching import channels
from crawler.watching.channels import check, split
from crawler.watching.log import one_line
from crawler.watching.metrics import unix_time

__all__ = ["MEMORY", "Memory", "check", "send", "split"]

logger = logging.getLogger(__name__)

MEMORY = ".alerts.json"

_REMINDED = 3  # bad nights in a row after which it is said again
_AGAIN = 7  # nights from then on until it is
_NIGHT = 12 * 3600  # seconds: runs that end closer to each other are of the same night
_KINDS: dict[str, channels.Kind] = {"ok": "success", "degraded": "warning", "failed": "failure"}

Manifest = Mapping[str, Any]


@dataclass
class Memory:
    """What was told, and how many nights have been bad since the last good one."""

    health: str = "ok"  # last told
    nights: int = 0  # bad ones in a row
    told: int = 0  # at which of them it was last told; 0: at none
    counted: str | None = None  # when the run ended that was counted last

    @classmethod
    def read(cls, path: Path, history: Sequence[Manifest]) -> Memory:
        """What is in the file; where there is nothing that makes sense, what history tells."""
        try:
            memory = cls(**json.loads(path.read_bytes()))
            if memory.health in _KINDS and memory.nights >= memory.told >= 0:
                return memory
            logger.warning("%s makes no sense: as if nothing had been told", path)
        except FileNotFoundError:
            logger.debug("%s is not there yet", path)
        except (OSError, ValueError, TypeError) as error:
            logger.warning("%s cannot be read: as if nothing had been told: %s", path, error)
        memory = cls()
        for manifest in reversed(history):
            health = manifest.get("health")
            if health in _KINDS:
                memory.count(health, manifest.get("finished_at"))
                memory.health = health
        return memory

    def write(self, path: Path) -> None:
        """Replace the file at once, or leave it and raise OSError."""
        fresh = path.with_name(path.name + ".new")
        try:
            fresh.write_text(json.dumps(asdict(self)) + "\n", encoding="utf-8")
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    def count(self, health: str, ended: str | None) -> None:
        if health == "ok":
            self.nights, self.told, self.counted = 0, 0, None
            return
        before, now = unix_time(self.counted), unix_time(ended)
        if before is None or now is None or abs(now - before) >= _NIGHT:
            self.nights += 1
            self.counted = ended

    def verdict(self, health: str) -> str | None:
        """What the subject says of a run that was counted; None where there is nothing to tell."""
        if health == "ok":
            return None if self.health == "ok" else "ok again"
        nights = f", night {self.nights}" if self.nights > 1 else ""
        if not self.told:
            return f"{health}{nights}"
        if health != self.health:
            return f"{health}, was {self.health}{nights}"
        due = _REMINDED if self.told < _REMINDED else self.told + _AGAIN
        return f"still {health}{nights}" if self.nights >= due else None

    def tell(self, health: str) -> None:
        self.health, self.told = health, self.nights


def send(
    manifest: Manifest, history: Sequence[Manifest], urls: Sequence[str], *, output: Path
) -> list[str]:
    """Tell what must be told of a run; what went wrong with that, a sentence each. Never raises.

    `manifest` is a run's or, where nothing was published, as much of one as there is: run_id,
    health, exit_code, finished_at. Its `sentence`, where there is one, opens the message.
    `history` holds the manifests of earlier nights, newest first; it counts only where nothing is
    remembered.
    """
    if not urls:
        return []
    try:
        return _send(manifest, history, urls, output)
    except Exception:
        logger.exception("no alert could be sent")
        return ["no alert could be sent: an error nobody foresaw, see the log"]


def _send(
    manifest: Manifest, history: Sequence[Manifest], urls: Sequence[str], output: Path
) -> list[str]:
    memory = Memory.read(output / MEMORY, history)
    health = manifest["health"]
    memory.count(health, manifest.get("finished_at"))
    problems = []
    if verdict := memory.verdict(health):
        title = f"workercn on {socket.gethostname()}: {verdict}"
        problems = channels.deliver(urls, title, _body(manifest, output), _KINDS[health])
        if len(problems) < len(urls):
            memory.tell(health)
    try:
        memory.write(output / MEMORY)
    except OSError as error:
        problems.append(f"what was told is not remembered and will be again: {error}")
    return problems


# --- the message --------------------------------------------------------------------------------


def _body(manifest: Manifest, output: Path) -> str:
    parts = [one_line(manifest.get("sentence") or "")]
    parts += [
        f"- {one_line(check['name'])}: {one_line(check['detail'])}"
        for check in manifest.get("checks", [])
        if not check["ok"]
    ]
    counts = manifest.get("counts", {}).items()
    parts.append(", ".join(f"{name} {number}" for name, number in counts))
    run_id, code, ended = (manifest.get(key, "?") for key in ("run_id", "exit_code", "finished_at"))
    parts.append(f"{run_id}, exit {code}, ended {ended}")
    parts.append(f"See {_where_to_look(output.absolute(), str(run_id))}")
    return "\n".join(filter(None, parts)) + "\n"


def _where_to_look(output: Path, run_id: str) -> str:
    runs = output / "runs"
    for path in (runs / run_id / "report.html", runs / run_id, runs / f"{run_id}.partial"):
        if path.exists():
            return str(path)
    return f"the log; nothing of this run is in {runs}"
