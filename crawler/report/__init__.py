"""report.html of a run and index.html over all runs: what a person reads in the morning.

Everything shown comes from the run folders, may be years old or half written, and much of it was
written by strangers: `data` reads what can be read, `page` lets nothing act as markup.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crawler.report.findings import Findings
from crawler.report.translation import Words
from crawler.runs.run import ARTICLES, REJECTS, REPORT

logger = logging.getLogger(__name__)

INDEX = "index.html"

_BEFORE = 30  # runs that a run is compared with
_SPARK = 60  # runs in a sparkline


def write(
    run: Path, *, output: Path, extra: dict[str, Any] | None = None, language: str = "en"
) -> None:
    """Write `run`/report.html from the run's files and those of up to 30 runs before it.

    `run` may still be `<run_id>.partial`. `extra` is what no file of the run has:
    `{"slowest": [{"url", "seconds"}], "failing": [{"url", "tries", "error", "next_try"}]}`, with
    `next_try` null where nobody will try again; without it, that of an earlier report.html is kept.
    Raises OSError where the run's lines cannot be read or the report not be written.
    """
    from crawler.report import charts, comparison, data, page, sequence, verdict

    this = data.read_run(run)
    before = [name for name in data.run_ids(output) if name < this.id][:_BEFORE]
    history = data.read_runs(output, reversed(before))
    articles = data.read_articles(run / ARTICLES)
    earlier = [output / "runs" / name for name in before]
    names = data.section_names(this, articles.names, earlier)
    found = Findings(Words(language), names)
    known = data.Extra.model_validate(extra) if extra is not None else data.kept(run / REPORT)
    page.write(
        run / REPORT,
        "run.html.j2",
        found,
        run=this,
        verdict=verdict.of(this, found),
        history=history,
        numbers=comparison.numbers(this, history),
        sections=comparison.sections(this, history, names),
        coverage=comparison.coverage(this, history),
        chart=charts.stacked([*history, this]),
        articles=articles,
        updates=data.read_updates(run, earlier),
        neighbours=sequence.neighbours(this, history, output),
        rejects=data.read_rejects(run / REJECTS),
        extra=known,
    )


def attempt(write: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Call `write` or `write_index` where a run ends: what people look at must not cost what
    programs read, so a failure is said, and no more.
    """
    try:
        write(*args, **kwargs)
    except Exception:
        logger.exception("the report cannot be written")


def write_index(output: Path, *, language: str = "en", anew: bool = False) -> None:
    """Write `output`/index.html over all published runs, newest first. `anew`: read all of them,
    also those of months that are over.

    Raises OSError where it cannot be written.
    """
    from crawler.report import charts, data, months, page, sequence

    ids = data.run_ids(output)
    runs = data.read_runs(output, months.late(ids, _SPARK))
    folders = [output / "runs" / run.id for run in runs]
    names = data.section_names(runs[0], {}, folders) if runs else {}
    found = Findings(Words(language), names)
    recent = list(reversed(runs[:_SPARK]))
    page.write(
        output / INDEX,
        "index.html.j2",
        found,
        runs=runs,
        number=len(ids),
        groups=sequence.groups(runs),
        months=months.of(ids, runs, output, "" if anew else _written(output / INDEX), found.say),
        days=sequence.days(runs),
        section_sparks=charts.section_sparks(recent, found),
        sparks=charts.sparks(recent, found.say),
    )


def _written(index: Path) -> str:
    try:
        return index.read_text("utf-8")
    except (OSError, ValueError):
        return ""  # there is none, or somebody else's
