"""The last run as a Prometheus text file, for node_exporter's textfile collector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.monitoring.log import one_line

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

_PREFIX = "workercn_run_"

Sample = tuple[Mapping[str, str], float | None]  # labels, value; None: not known
Metric = tuple[str, str, Iterable[Sample]]  # name, help, samples


def write(path: Path, manifest: Mapping[str, Any]) -> None:
    """Replace the file at once, or leave it as it is and raise OSError.

    Takes a manifest, or as much of one as there is where nothing was published: run_id, health,
    exit_code, finished_at. The name must end in .prom, or the collector does not read it.
    """
    from prometheus_client import CollectorRegistry, write_to_textfile

    registry = CollectorRegistry()
    for name, help_text, samples in (*_metrics(manifest), *_last_good(manifest, _before(path))):
        _add(registry, name, help_text, samples)
    write_to_textfile(str(path), registry)


def unix_time(text: object) -> float | None:
    """A manifest's time in seconds since 1970; None where it is none, or has no zone."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.timestamp() if moment is not None and moment.tzinfo else None


def _metrics(run: Mapping[str, Any]) -> Iterator[Metric]:
    started, ended = unix_time(run.get("started_at")), unix_time(run.get("finished_at"))
    yield "start_timestamp_seconds", "When the run began.", [({}, started)]
    yield "end_timestamp_seconds", "When the run ended.", [({}, ended)]
    if started is not None and ended is not None:
        yield "duration_seconds", "How long the run took.", [({}, ended - started)]
    yield "exit_code", "The exit code of the run.", [({}, run.get("exit_code"))]
    yield (
        "health",
        "1 for how the run was: ok, degraded or failed.",
        [({"health": word}, run.get("health") == word) for word in ("ok", "degraded", "failed")],
    )
    newest = unix_time(run.get("newest_published_at"))
    yield (
        "newest_article_timestamp_seconds",
        "When the newest article was published that the run saw.",
        [({}, newest)],
    )
    yield from _counts(run.get("counts", {}))
    yield from _sections(run.get("sections", {}))
    yield (
        "field_coverage_ratio",
        "Share of the run's records that have the field.",
        [({"field": field}, share) for field, share in run.get("fields", {}).items()],
    )
    yield (
        "check_ok",
        "1 where the check held, 0 where it failed.",
        [({"check": check["name"]}, check["ok"]) for check in run.get("checks", [])],
    )


def _counts(counts: Mapping[str, Any]) -> Iterator[Metric]:
    changes = ("new", "updated", "removed", "unchanged")
    yield (
        "articles",
        "Articles by what became of them.",
        [({"change": change}, counts.get(change)) for change in changes],
    )
    for name, key, help_text in (
        ("listed_articles", "listed", "Articles found on the listing pages read."),
        ("rejected_pages", "rejected", "Pages that could not become a record."),
        ("failed_pages", "failed", "Of these, articles that could not be fetched."),
        ("requests", "requests", "Requests made."),
        ("not_modified_responses", "not_modified", "Responses 304."),
        ("received_bytes", "bytes", "Bytes received, headers included."),
    ):
        yield name, help_text, [({}, counts.get(key))]


def _sections(sections: Mapping[str, Any]) -> Iterator[Metric]:
    for name, key, help_text in (
        ("section_listed_articles", "listed", "Articles on the section's listing pages."),
        ("section_listing_pages", "pages", "Listing pages read of the section."),
        ("section_new_articles", "new", "New articles of the section."),
    ):
        yield name, help_text, [({"section": slug}, one.get(key)) for slug, one in sections.items()]
    yield (
        "section_newest_article_timestamp_seconds",
        "When the section's newest article was published, as its listing says.",
        [
            ({"section": slug}, unix_time(one.get("newest_published_at")))
            for slug, one in sections.items()
        ],
    )


def _add(registry: CollectorRegistry, name: str, help_text: str, samples: Iterable[Sample]) -> None:
    from prometheus_client import Gauge

    known = [(labels, value) for labels, value in samples if value is not None]
    if not known:
        return
    names = list(known[0][0])
    gauge = Gauge(_PREFIX + name, help_text, names, registry=registry)
    for labels, value in known:
        one = gauge.labels(*map(one_line, labels.values())) if names else gauge
        one.set(value)


def _last_good(run: Mapping[str, Any], before: Mapping[str, float]) -> Iterator[Metric]:
    """What a bad run does not change, but takes over from the file before it."""
    ended, complete = unix_time(run.get("finished_at")), run.get("complete")
    name = "last_complete_timestamp_seconds"
    when = ended if complete else before.get(name)
    yield name, "When the last run ended that was complete, healthy or not.", [({}, when)]
    name = "last_success_timestamp_seconds"
    when = ended if complete and run.get("health") == "ok" else before.get(name)
    yield name, "When the last run ended that was complete and healthy.", [({}, when)]


def _before(path: Path) -> dict[str, float]:
    """What the file tells so far, by name; nothing where it is absent or broken."""
    from prometheus_client.parser import text_string_to_metric_families

    try:
        families = list(text_string_to_metric_families(path.read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        return {}
    return {
        sample.name.removeprefix(_PREFIX): sample.value
        for family in families
        for sample in family.samples
    }
