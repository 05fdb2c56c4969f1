"""What a run was, in words that somebody understands before the first coffee."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crawler.exit_codes import ExitCode
from crawler.report.data import Check, Run

Tone = Literal["good", "doubtful", "bad", "unknown"]


@dataclass(slots=True, frozen=True)
class Verdict:
    tone: Tone
    word: str
    sentence: str
    why: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    short: str = ""  # the reason in a word or two, for a list of runs


_CHECKS = {
    "hosts": "See whether the host opens in a browser. If it does, the next run will tell whether "
    "it was a bad hour; if only this machine is refused, ask the site why.",
    "sections": "Open the section in a browser. If it is gone, put its slug under deny in "
    "crawler/site/sections.toml; if it shows articles, its listing has a new form and "
    "crawler/site/listings.py must learn it.",
    "listings": "Look at the rejects of stage “listing” below: timeouts and http_5xx pass by "
    "themselves, any other reason says that the site has changed.",
    "rejects": "Look at what the rejects below have in common. One reason throughout says that the "
    "pages have a new form: `scrapy extract URL` shows what is still read of one.",
    "rendering": "See whether the renderer runs (docs/rendering.md). Where pages show nothing as "
    "it renders them, their scripts may be too new for Splash: try RENDERER=playwright.",
}
_OTHER_CHECK = "Compare the numbers of “{name}” with the earlier runs below."

# Exit code -> word, sentence, what to do. Those of a run that ended in order are not here.
_BROKEN: dict[int, tuple[str, str, str]] = {
    ExitCode.ERROR: (
        "failed",
        "Something broke that nobody foresaw; what was complete by then is published.",
        "Read the traceback in the log. This is a fault of the crawler or of a feed of -o, "
        "hardly of the site: running it again may not help.",
    ),
    ExitCode.UNREACHED: (
        "failed",
        "The site could not be used at all; nothing is published.",
        "See whether the site opens in a browser and whether this machine is online. "
        "The next run may simply work.",
    ),
    ExitCode.OUTPUT: (
        "failed",
        "The feed could not be written; what there is stays in the .partial folder.",
        "Make room on the disk, or mend its permissions; the folder is kept.",
    ),
    ExitCode.INTERRUPTED: (
        "interrupted",
        "Interrupted before the end; what was complete by then is published.",
        "If nobody stopped it, see whether a time limit or a restart of the machine did. "
        "Run it again for the rest.",
    ),
}


def of(run: Run) -> Verdict:
    manifest = run.manifest
    if not run.readable:
        return Verdict(
            "unknown",
            "unreadable",
            "The manifest of this run cannot be read: nobody knows how it ended.",
            ("manifest.json is missing, torn or no JSON.",),
            ("See whether the disk is full or failing. The records below were read one by one.",),
        )
    failed = [check for check in manifest.checks if not check.ok]
    why = tuple(_why(check) for check in failed)
    if manifest.salvaged:
        return Verdict(
            "doubtful",
            "salvaged",
            f"This run was killed on its way; what it had written is saved: {_numbers(run)}.",
            why,
            ("See what killed it: memory, a restart, somebody. Run it again for the rest.",),
        )
    if manifest.exit_code in _BROKEN:
        word, sentence, advice = _BROKEN[manifest.exit_code]
        tone: Tone = "bad" if word == "failed" else "doubtful"
        reason = manifest.finish_reason
        early = "" if reason in (None, "finished") else reason
        ended = f"It ended early, as “{early}”" if early else "It came to the end"
        why = (f"{ended}, with {_numbers(run)}.", *why)
        return Verdict(tone, word, sentence, why, (advice,), early)
    if failed or manifest.health == "degraded":
        return _degraded(run, failed)
    if manifest.health == "ok":
        return Verdict("good", "ok", f"All is well: {_numbers(run)}.", (), ("Nothing to do.",))
    if manifest.health == "failed":
        return Verdict("bad", "failed", "This run failed.", why, ("Read the log of that time.",))
    return Verdict("unknown", "unknown", "The manifest does not say how this run ended.")


def _degraded(run: Run, failed: list[Check]) -> Verdict:
    total = len(run.manifest.checks)
    names = ", ".join(check.name for check in failed)
    sentence = f"It finished, but {len(failed)} of {_counted(total, 'check')} failed: {names}."
    if not failed:
        sentence = "It finished, but is marked as degraded."
    return Verdict(
        "doubtful",
        "degraded",
        sentence,
        (*(_why(check) for check in failed), f"Published nevertheless: {_numbers(run)}."),
        tuple(_CHECKS.get(check.name, _OTHER_CHECK.format(name=check.name)) for check in failed),
        names,
    )


def _why(check: Check) -> str:
    return f"{check.name}: {check.detail}" if check.detail else check.name


def _numbers(run: Run) -> str:
    counts = run.manifest.counts
    if counts.new is None:
        return "no numbers are left of it"
    where = f" from {_counted(len(run.manifest.sections), 'section')}"
    words = [_counted(counts.new, "new article") + (where if run.manifest.sections else "")]
    if not counts.new:
        words = ["nothing new"]
    words += [
        f"{number:,} {name}"
        for name in ("updated", "removed")
        if (number := getattr(counts, name) or 0)
    ]
    if counts.rejected:
        words.append(f"{_counted(counts.rejected, 'page')} rejected")
    return ", ".join(words)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
