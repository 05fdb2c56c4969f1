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
from typing import Any, Literal

from crawler.exit_codes import ExitCode
from crawler.files import replacing
from crawler.monitoring import channels
from crawler.monitoring.channels import check, split
from crawler.monitoring.log import one_line
from crawler.monitoring.metrics import unix_time
from crawler.report import data, verdict
from crawler.report.findings import Findings
from crawler.report.translation import Words, mark
from crawler.runs.run import ARTICLES, REPORT

__all__ = ["MEMORY", "AlertHistory", "check", "send", "split"]

logger = logging.getLogger(__name__)

MEMORY = ".alerts.json"

_REMINDED = 3  # bad nights in a row after which it is said again
_AGAIN = 7  # nights from then on until it is
_NIGHT = 12 * 3600  # seconds: runs that end closer to each other are of the same night
# Of these endings only the command's last line knows more than the exit code.
_IN_WORDS_ONLY = (ExitCode.ERROR, ExitCode.USAGE, ExitCode.LOCKED, ExitCode.OUTPUT)
Occasion = Literal["first", "changed", "still", "ok again"]
_SUBJECTS: dict[Occasion, str] = {
    "first": mark("{health}"),
    "changed": mark("{health}, was {before}"),
    "still": mark("still {health}"),
    "ok again": mark("ok again"),
}
_KINDS: dict[str, channels.Kind] = {"ok": "success", "degraded": "warning", "failed": "failure"}

Manifest = Mapping[str, Any]


@dataclass
class AlertHistory:
    """What was told, and how many nights have been bad since the last good one."""

    health: str = "ok"  # last told
    nights: int = 0  # bad ones in a row
    told: int = 0  # at which of them it was last told; 0: at none
    counted: str | None = None  # when the run ended that was counted last

    @classmethod
    def read(cls, path: Path) -> AlertHistory:
        """What is in the file; nothing where it is not there, or makes no sense."""
        try:
            memory = cls(**json.loads(path.read_bytes()))
            if memory.health in _KINDS and memory.nights >= memory.told >= 0:
                return memory
            logger.warning("%s makes no sense: as if nothing had been told", path)
        except FileNotFoundError:
            logger.debug("%s is not there yet", path)
        except (OSError, ValueError, TypeError) as error:
            logger.warning("%s cannot be read: as if nothing had been told: %s", path, error)
        return cls()

    def write(self, path: Path) -> None:
        """Replace the file at once, or leave it and raise OSError."""
        with replacing(path) as file:
            file.write(json.dumps(asdict(self)).encode() + b"\n")

    def count(self, health: str, ended: str | None) -> None:
        if health == "ok":
            self.nights, self.told, self.counted = 0, 0, None
            return
        before, now = unix_time(self.counted), unix_time(ended)
        if before is None or now is None or abs(now - before) >= _NIGHT:
            self.nights += 1
            self.counted = ended

    def occasion(self, health: str) -> Occasion | None:
        """Why a run that was counted is to be told; None where it is not."""
        if health == "ok":
            return None if self.health == "ok" else "ok again"
        if not self.told:
            return "first"
        if health != self.health:
            return "changed"
        due = _REMINDED if self.told < _REMINDED else self.told + _AGAIN
        return "still" if self.nights >= due else None

    def subject(self, health: str, occasion: Occasion, say: Words) -> str:
        words = {"health": verdict.word(health, say)}
        if occasion == "changed":
            words["before"] = verdict.word(self.health, say)
        parts = [say(_SUBJECTS[occasion], **words)]
        if health != "ok" and self.nights > 1:
            parts.append(say("night {number}", number=self.nights))
        return say.names(parts)

    def tell(self, health: str) -> None:
        self.health, self.told = health, self.nights


def send(
    manifest: Manifest,
    urls: Sequence[str],
    *,
    output: Path,
    language: str = "en",
    report_url: str = "",
) -> list[str]:
    """Tell what must be told of a run; what went wrong with that, a sentence each. Never raises.

    `manifest` is a run's or, where nothing was published, as much of one as there is: run_id,
    health, exit_code, finished_at, and `sentence`, the command's last line. `report_url` is where
    `output` is served.
    """
    if not urls:
        return []
    problems: list[str] = []
    try:
        say, health = Words(language), manifest["health"]
        memory = AlertHistory.read(output / MEMORY)
        memory.count(health, manifest.get("finished_at"))
        if occasion := memory.occasion(health):
            subject = memory.subject(health, occasion, say)
            title = say("workercn on {host}: {subject}", host=socket.gethostname(), subject=subject)
            body = _body(manifest, output, say, report_url)
            problems = channels.deliver(urls, title, body, _KINDS[health])
            if len(problems) < len(urls):
                memory.tell(health)
        try:
            memory.write(output / MEMORY)
        except OSError as error:
            problems.append(f"what was told is not remembered and will be again: {error}")
    except Exception:
        logger.exception("no alert could be sent")
        problems.append("no alert could be sent: an unexpected error, see the log")
    return problems


# --- the message --------------------------------------------------------------------------------


def _body(manifest: Manifest, output: Path, say: Words, report_url: str) -> str:
    folder = output / "runs" / str(manifest.get("run_id"))
    run = data.read_run(folder, manifest)
    names = data.section_names(run, data.read_articles(folder / ARTICLES).names, [])
    told = verdict.of(run, Findings(say, names))
    parts = [told.sentence, *(f"- {why}" for why in told.why)]
    if run.manifest.exit_code in _IN_WORDS_ONLY:
        parts.append(say("Last line: {sentence}", sentence=manifest.get("sentence") or "–"))
    parts += ["", say("What to do:"), *(f"- {step}" for step in told.next)] if told.next else []
    parts += ["", say("Report: {where}", where=_where(output.absolute(), run, report_url, say))]
    ending = {name: manifest.get(name) or "–" for name in ("run_id", "exit_code", "finished_at")}
    parts.append(say("{run_id}, exit code {exit_code}, ended {finished_at}", **ending))
    return "\n".join(map(one_line, parts)) + "\n"


def _where(output: Path, run: data.Run, report_url: str, say: Words) -> str:
    runs = output / "runs"
    if run.reported and report_url:
        return f"{report_url.rstrip('/')}/runs/{run.id}/{REPORT}"
    for path in (runs / run.id / REPORT, runs / run.id, runs / f"{run.id}.partial"):
        if path.exists():
            return str(path)
    return say("none, this run has published nothing; see the log")
