"""What grows with a crawl? Time and memory of the same crawl of more and more articles or sections.

`python -m benchmarks.growth --articles 1000 10000 100000`: legacy articles of the embedded site
over all their sections, one command, as a backfill is; the last takes twenty minutes. `--sections 1
10 100`: modern sections that share the same articles. The exponent is that of the line through the
logarithms, 1 is linear. What it costs to know many articles: benchmarks.state.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.figures import judge
from benchmarks.site import UNHURRIED, embedded_site
from crawler.samplesite.articles import Story
from crawler.samplesite.older.legacy import CHANNELS

MORE_MEMORY = 60  # MB for the most articles than for the fewest
STEEPEST = 1.1  # exponent of the time
LEGACY = ",".join(f"legacy:{channel.slug}" for channel in CHANNELS)


class Row(NamedTuple):
    records: int
    seconds: float  # of the whole command
    peak: float  # MB


def main() -> int:
    if sys.argv[1:2] == ["--serve"]:
        return serve(int(sys.argv[2]), sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, nargs="*", default=[1_000, 3_000, 10_000])
    parser.add_argument("--sections", type=int, nargs="*", default=[1, 10, 100])
    parser.add_argument("--shared", type=int, default=1_000, help="articles of those sections")
    given = parser.parse_args()
    print("python -m benchmarks.growth --articles", *given.articles, end="")
    print(" --sections", *given.sections, end="\n\n")
    print(f"{'articles':>9}{'sections':>9}{'records':>9}{'seconds':>9}{'pages/s':>9}{'peak MB':>9}")
    start = _crawl(0, f"legacy:{CHANNELS[0].slug}", len(CHANNELS), "--legacy", "0").seconds
    of_articles = [
        _crawl(number, LEGACY, len(CHANNELS), "--legacy", str(number)) for number in given.articles
    ]
    kept = _judged(of_articles, "articles", given.articles, start)
    of_sections = [_of_sections(number, given.shared) for number in given.sections]
    kept &= _judged(of_sections, "sections", given.sections, start)
    return 0 if kept else 1


def _judged(rows: list[Row], what: str, numbers: list[int], start: float) -> bool:
    """`start`: seconds that a crawl of nothing takes."""
    if len(rows) < 2:
        return True
    more = rows[-1].peak - rows[0].peak
    sizes = [math.log(number) for number in numbers]
    times = [math.log(max(row.seconds - start, 0.1)) for row in rows]
    slope = statistics.linear_regression(sizes, times).slope
    print()
    words = f"MB more for {numbers[-1]:,} {what} than for {numbers[0]:,}"
    kept = judge(words, more, most=MORE_MEMORY)
    return judge(f"exponent of the time by {what}", slope, most=STEEPEST) and kept


def _of_sections(number: int, articles: int) -> Row:
    options = ("--serve", str(number), "--articles", str(articles), "--legacy", "0")
    return _crawl(articles, "all", number, *options, module="benchmarks.growth")


def serve(sections: int, options: list[str]) -> int:
    """The embedded site, its articles in as many sections by turns."""
    from crawler.samplesite import __main__ as command
    from crawler.samplesite import site
    from crawler.samplesite.articles import SECTIONS
    from crawler.samplesite.listings import JSON_FORMS

    plan = site.plan

    def spread(*words: Any) -> list[Story]:
        stories = plan(*words)
        SECTIONS.clear()
        SECTIONS.update({f"s{n}": f"栏目{n}" for n in range(sections)})
        JSON_FORMS.update(dict.fromkeys(SECTIONS, next(iter(JSON_FORMS.values()))))
        return [
            replace(story, sections=(f"s{place % sections}",))
            for place, story in enumerate(stories)
        ]

    site.plan = spread  # type: ignore[assignment]
    return command.main(options)


def _crawl(articles: int, sections: str, number: int, *options: str, **where: str) -> Row:
    """Print a row, and give it."""
    with (
        tempfile.TemporaryDirectory() as output,
        embedded_site(*options, "--json2021", "0", **where) as mirror,
    ):
        line = [sys.executable, "-m", "scrapy", "crawl", "workercn", "-a", "since=2010-01-01"]
        line += ["-a", f"sections={sections}"]
        settings = {**UNHURRIED, "OUTPUT_DIR": output, "MIRROR_URL": mirror}
        for name, value in settings.items():
            line += ["-s", f"{name}={value}"]
        begin = time.perf_counter()
        crawl = subprocess.Popen(line, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(crawl.pid, 0)
        seconds = time.perf_counter() - begin
        records = sum(
            path.read_bytes().count(b"\n") for path in Path(output).glob("runs/*/articles.jsonl")
        )
    assert records >= 0.9 * articles, f"{records} records of {articles} articles"
    row = Row(records, seconds, used.ru_maxrss / 1024)
    print(f"{articles:>9,}{number:>9}{records:>9,}{seconds:>9.1f}", end="")
    print(f"{records / seconds:>9.0f}{row.peak:>9.0f}", flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())
