"""What a run was, why, and what to do: for the report and for alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crawler.exit_codes import ExitCode
from crawler.report import advice
from crawler.report.data import ReportedCheck, Run
from crawler.report.findings import Findings
from crawler.report.translation import Words, mark

Kind = Literal["ok", "degraded", "failed", "interrupted", "salvaged", "unreadable", "unknown"]
Tone = Literal["good", "doubtful", "bad", "unknown"]

_KINDS: dict[str, tuple[str, Tone]] = {
    "ok": (mark("ok"), "good"),
    "degraded": (mark("degraded"), "doubtful"),
    "failed": (mark("failed"), "bad"),
    "interrupted": (mark("interrupted"), "doubtful"),
    "salvaged": (mark("salvaged"), "doubtful"),
    "unreadable": (mark("unreadable"), "unknown"),
    "unknown": (mark("unknown"), "unknown"),
}

# What a run was and what to do; first by exit code, else by kind.
_SENTENCES: dict[int | str | None, tuple[str, str]] = {
    ExitCode.ERROR: (
        mark("The run failed with an unexpected error; what was complete by then is published."),
        mark(
            "Read the traceback in the log. The fault is in the crawler, or a feed of -o could not "
            "be written; running it again may not help."
        ),
    ),
    ExitCode.USAGE: (
        mark("There was no run: an argument or a setting is wrong."),
        mark("Correct what the message names."),
    ),
    ExitCode.UNREACHED: (
        mark("The site could not be used at all; nothing is published."),
        mark(
            "See whether the site opens in a browser and whether this machine is online. The next "
            "run may simply work."
        ),
    ),
    ExitCode.LOCKED: (
        mark("There was no run: another one holds the lock."),
        mark("Wait until that one has ended, or see whether it hangs."),
    ),
    ExitCode.OUTPUT: (
        mark("The feed or the state could not be written; what there is stays in the folder."),
        mark(
            "Make room on the disk, correct its permissions, or start the database. The next run "
            "publishes what is in the .partial folder."
        ),
    ),
    ExitCode.INTERRUPTED: (
        mark("The run was interrupted; what was complete by then is published."),
        mark(
            "If nobody stopped it, see whether a time limit or a restart of the machine did. Run "
            "it again for the rest."
        ),
    ),
    "unreadable": (
        mark("The manifest of this run cannot be read, so how it ended is unknown."),
        mark("See whether the disk is full or failing."),
    ),
    "salvaged": (
        mark("The run was killed; what it had written is published."),
        mark("See what killed it: memory, a restart, a person. Run it again for the rest."),
    ),
    "degraded": (
        mark("The run finished, but {failed} of {total} checks failed: {names}."),
        mark("Look at what the checks say."),
    ),
    "ok": (mark("All is well: {numbers}."), mark("Nothing to do.")),
    "failed": (mark("The run failed."), mark("Read the log of that time.")),
    "unknown": (
        mark("The manifest does not say how this run ended."),
        mark("Read the log of that time."),
    ),
}

# Scrapy's finish_reason, where a run ended early.
_EARLY = {
    "shutdown": mark("It was stopped by a signal, with {numbers}."),
    "closespider_timeout": mark("It reached its time limit (MAX_RUN_MINUTES), with {numbers}."),
    "closespider_pagecount": mark(
        "It reached its page limit (CLOSESPIDER_PAGECOUNT), with {numbers}."
    ),
    "memusage_exceeded": mark("It reached its memory limit (MEMUSAGE_LIMIT_MB), with {numbers}."),
}


@dataclass(slots=True, frozen=True)
class RunVerdict:
    tone: Tone
    word: str
    sentence: str
    why: tuple[str, ...]
    next: tuple[str, ...]
    short: str  # the failed checks or why it ended early, for a list of runs


def kind(run: Run) -> Kind:
    manifest = run.manifest
    if not run.readable:
        return "unreadable"
    if manifest.salvaged:
        return "salvaged"
    if manifest.exit_code == ExitCode.INTERRUPTED:
        return "interrupted"
    if manifest.health == "failed":
        return "failed"
    if manifest.health == "degraded" or not all(check.ok for check in manifest.checks):
        return "degraded"
    return "ok" if manifest.health == "ok" else "unknown"


def tone(run: Run) -> Tone:
    return _KINDS[kind(run)][1]


def word(kind: str, say: Words) -> str:
    """`kind`: of a run, or its manifest's health."""
    return say(_KINDS[kind][0])


def of(run: Run, found: Findings) -> RunVerdict:
    say, what = found.say, kind(run)
    checks = run.manifest.checks
    failed = [check for check in checks if not check.ok]
    by_code = _SENTENCES.get(run.manifest.exit_code) if what != "salvaged" else None
    sentence, step = by_code or _SENTENCES[what]
    reason = run.manifest.finish_reason
    names = say.names(advice.title(check.name, say) for check in failed)
    values = {"numbers": _numbers(run, say), "names": names, "total": len(checks)}
    steps = [] if what == "degraded" and failed else [step]
    steps += [advice.of(check.name, check.code) for check in failed]
    return RunVerdict(
        tone(run),
        word(what, say),
        say(sentence, failed=len(failed), **values),
        tuple(_why(run, what, failed, found)),
        tuple(say(one) for one in dict.fromkeys(steps)),
        names or (reason if reason not in (None, "finished") else ""),
    )


def _why(run: Run, what: Kind, failed: list[ReportedCheck], found: Findings) -> list[str]:
    say, reason = found.say, run.manifest.finish_reason or ""
    why = [
        say("{check}: {sentence}", check=advice.label(check.name, say), sentence=detail)
        if (detail := found.of(check))
        else advice.label(check.name, say)
        for check in failed
    ]
    if what == "ok" or run.manifest.counts.new is None:
        return why
    numbers = _numbers(run, say)
    if reason not in ("", "finished"):
        early = _EARLY.get(reason, mark("It ended early ({reason}), with {numbers}."))
        return [say(early, reason=reason, numbers=numbers), *why]
    return [*why, say("Published: {numbers}.", numbers=numbers)]


def _numbers(run: Run, say: Words) -> str:
    counts = run.manifest.counts
    if counts.new is None:
        return say("no numbers are known")
    new = say.plural("{number} new article", "{number} new articles", counts.new)
    if sections := len(run.manifest.sections):
        new = say.plural(
            "{articles} from {number} section", "{articles} from {number} sections", sections,
            articles=new,
        )  # fmt: skip
    words = [new if counts.new else say("nothing new")]
    for number, message in (
        (counts.updated, mark("{number} updated")),
        (counts.removed, mark("{number} removed")),
        (counts.rejected, mark("{number} rejected")),
    ):
        words += [say(message, number=say.number(number))] if number else []
    return say.names(words)
