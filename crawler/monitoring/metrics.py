"""The last run as a Prometheus text file, for node_exporter's textfile collector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.monitoring.log import one_line

_PREFIX = "workercn_run_"
_COMPLETE, _SUCCESS = "last_complete_timestamp_seconds", "last_success_timestamp_seconds"

Value = float | None  # None: not known
Metric = tuple[str, str, Value | dict[str, Value], str]  # name, help, value by label, label

# name, key of the manifest's counts or of a section's, help
_COUNTS = (
    ("listed_articles", "listed", "Articles found on the listing pages read."),
    ("rejected_pages", "rejected", "Pages that could not become a record."),
    ("failed_pages", "failed", "Of these, articles that could not be fetched."),
    ("requests", "requests", "Requests made."),
    ("not_modified_responses", "not_modified", "Responses 304."),
    ("received_bytes", "bytes", "Bytes received, headers included."),
)
_SECTIONS = (
    ("section_listed_articles", "listed", "Articles on the section's listing pages."),
    ("section_listing_pages", "pages", "Listing pages read of the section."),
    ("section_new_articles", "new", "New articles of the section."),
)


def write(path: Path, manifest: Mapping[str, Any]) -> None:
    """Replace the file at once, or leave it as it is and raise OSError.

    Takes a manifest, or as much of one as there is where nothing was published: run_id, health,
    exit_code, finished_at. The name must end in .prom, or the collector does not read it.
    """
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()
    for name, help_text, values, label in _metrics(manifest, _before(path)):
        by_label = values if isinstance(values, dict) else {"": values}
        known = {one: value for one, value in by_label.items() if value is not None}
        if known:
            gauge = Gauge(_PREFIX + name, help_text, filter(None, [label]), registry=registry)
            for one, value in known.items():
                (gauge.labels(one_line(one)) if label else gauge).set(value)
    write_to_textfile(str(path), registry)


def unix_time(text: object) -> float | None:
    """A manifest's time in seconds since 1970; None where it is none, or has no zone."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.timestamp() if moment is not None and moment.tzinfo else None


def _metrics(run: Mapping[str, Any], before: Mapping[str, float]) -> Iterator[Metric]:
    started, ended = unix_time(run.get("started_at")), unix_time(run.get("finished_at"))
    yield "start_timestamp_seconds", "When the run began.", started, ""
    yield "end_timestamp_seconds", "When the run ended.", ended, ""
    took = ended - started if started is not None and ended is not None else None
    yield "duration_seconds", "How long the run took.", took, ""
    yield "exit_code", "The exit code of the run.", run.get("exit_code"), ""
    told = run.get("health")
    health: dict[str, Value] = {word: told == word for word in ("ok", "degraded", "failed")}
    yield "health", "1 for how the run was: ok, degraded or failed.", health, "health"
    newest = unix_time(run.get("newest_published_at"))
    help_text = "When the newest article was published that the run saw."
    yield "newest_article_timestamp_seconds", help_text, newest, ""
    counts, sections = run.get("counts", {}), run.get("sections", {})
    changes = {change: counts.get(change) for change in ("new", "updated", "removed", "unchanged")}
    yield "articles", "Articles by what became of them.", changes, "change"
    for name, key, help_text in _COUNTS:
        yield name, help_text, counts.get(key), ""
    for name, key, help_text in _SECTIONS:
        yield name, help_text, {slug: one.get(key) for slug, one in sections.items()}, "section"
    name = "section_newest_article_timestamp_seconds"
    times = {slug: unix_time(one.get("newest_published_at")) for slug, one in sections.items()}
    help_text = "When the section's newest article was published, as its listing says."
    yield name, help_text, times, "section"
    help_text = "Share of the run's records that have the field."
    yield "field_coverage_ratio", help_text, run.get("fields", {}), "field"
    held = {check["name"]: check["ok"] for check in run.get("checks", [])}
    yield "check_ok", "1 where the check held, 0 where it failed.", held, "check"
    # What a bad run does not change, but takes over from the file before it.
    complete = bool(run.get("complete"))
    when = ended if complete else before.get(_COMPLETE)
    yield _COMPLETE, "When the last run ended that was complete, healthy or not.", when, ""
    when = ended if complete and told == "ok" else before.get(_SUCCESS)
    yield _SUCCESS, "When the last run ended that was complete and healthy.", when, ""


def _before(path: Path) -> dict[str, float]:
    """What the file tells so far, by name; nothing where it is absent or broken."""
    from prometheus_client.parser import text_string_to_metric_families

    try:
        families = list(text_string_to_metric_families(path.read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        return {}
    samples = (sample for family in families for sample in family.samples)
    return {sample.name.removeprefix(_PREFIX): sample.value for sample in samples}
