"""`make demo` and `make crawl`: the main job, then two of its records, a table and its files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler import clock
from crawler.exit_codes import ExitCode
from crawler.report.data import read_run, section_names
from crawler.runs.run import ARTICLES, MANIFEST, REPORT, started
from crawler.text.widths import columns_of, pad

# The embedded site runs on this machine, so there is no server to be polite to.
_UNHURRIED = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "0",
    "CONCURRENT_REQUESTS": "16",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
}
_SHOWN = 2  # records


def main(words: list[str]) -> int:
    embedded = "--embedded" in words
    words = [word for word in words if word != "--embedded"]
    # The demo's articles are made up: they have a folder of their own.
    output = Path(os.environ.get("OUTPUT_DIR") or ("output/demo" if embedded else "output"))
    before = set(_runs(output))
    command = [sys.executable, "-m", "scrapy", "crawl", "workercn", "-s", f"OUTPUT_DIR={output}"]
    command += words
    if embedded:
        for name, value in _UNHURRIED.items():
            command += ["-s", f"{name}={value}"]
        with _embedded_site(_site_time(before)) as url:
            code = _crawl([*command, "-s", f"MIRROR_URL={url}"])
    else:
        code = _crawl(command)
    for run in sorted(set(_runs(output)) - before):
        _show(run)
    meaning = ExitCode(code).sentence if code in set(ExitCode) else "killed by a signal"
    make = "" if code == ExitCode.OK else " (make itself ends with 2)"
    print(f"Exit code {code}: {meaning}{make}.")
    return code


def _runs(output: Path) -> Iterator[Path]:
    for kind in ("runs", "trials"):
        yield from (path.parent for path in output.glob(f"{kind}/*/{MANIFEST}"))


def _crawl(command: list[str]) -> int:
    """Its exit code. Ctrl-C is for the crawl, which stops in order."""
    with subprocess.Popen(command) as crawl:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return crawl.wait()


def _site_time(runs: set[Path]) -> datetime:
    """The embedded site's articles are dated from its time, so a folder keeps that of its first
    run: an hour later every article would have changed.
    """
    first = min((run.name for run in runs), default=None)
    moment = started(first) if first else clock.now()
    return moment.replace(minute=0, second=0, microsecond=0)


@contextmanager
def _embedded_site(now: datetime) -> Iterator[str]:
    command = [sys.executable, "-m", "crawler.samplesite", "--port", "0", "--now", now.isoformat()]
    # In a session of its own: Ctrl-C is for the crawl.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as site:
        assert site.stdout is not None
        try:
            yield site.stdout.readline().strip()
        finally:
            site.terminate()


def _show(run: Path) -> None:
    with (run / ARTICLES).open(encoding="utf-8") as feed:
        for line, _ in zip(feed, range(_SHOWN), strict=False):
            print("\n" + json.dumps(_short(json.loads(line)), ensure_ascii=False, indent=2))
    manifest: dict[str, Any] = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
    counts = manifest["counts"]
    # The run is the first of those that say how a section is named.
    folders = sorted(run.parent.iterdir(), reverse=True)
    names = section_names(read_run(run, manifest), {}, folders)
    rows = [
        (f"{names.get(slug, '')} {slug}".strip(), one) for slug, one in manifest["sections"].items()
    ]
    total = "total (unique)"
    width = 2 + max(columns_of(name) for name in (total, *(name for name, _ in rows)))
    print(f"\n{pad('section', width)}{'listed':>8}{'new':>8}  newest")
    for name, section in rows:
        newest = (section["newest_published_at"] or "-")[:16].replace("T", " ")
        print(f"{pad(name, width)}{section['listed']:>8}{section['new']:>8}  {newest}")
    rejected = f"{counts['rejected']} rejected"
    print(f"{pad(total, width)}{counts['listed']:>8}{counts['new']:>8}  {rejected}")
    print(f"\nFiles in {run}:")
    for path in sorted(run.iterdir()):
        print(f"  {path.stat().st_size:>10,} bytes  {path.name}")
    print(f"\nReport, for a browser: {(run / REPORT).resolve()}")


def _short(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its long texts cut, for a terminal."""
    return {
        key: value[:70] + " …" if key in ("body", "body_html") and len(value) > 72 else value
        for key, value in record.items()
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
