"""Does it hold for months? Weeks of nightly runs over a site that changes, with faults and kills.

`python -m benchmarks.soak [--weeks N | --nights N] [--seed N] [--calm]`: a row a week. Every
night the embedded site's clock goes on: articles have come, changed and gone, some answers fail,
some runs are killed and some nights are left out; each run believes the site's date. At the end the
feed has to be clean and its merged view the site's truth; and memory, file handles and state have
to be those of a crawler that found all of it in one night. Without faults (`--calm`) every night
has to end with 0. Exits 1 where they are not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.site import UNHURRIED
from crawler.samplesite import Server, Site, serve

START = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)  # half past two in the night, in China
DAY = timedelta(days=1)
FIRST_NIGHT = 7 * DAY  # what a first night takes
BEFORE = 40  # days that the site has behind it at the start
ARTICLES = 10  # of the modern site, a day
SETTINGS = {
    **UNHURRIED,
    "CONCURRENT_REQUESTS": 4,
    "RECHECK_DAYS": 5,
    "RETAIN_DAYS": 14,
    "RETRY_TIMES": 1,
    "RETRY_DELAY": 0.05,
    "DOWNLOAD_TIMEOUT": 2,
    "CIRCUIT_PAUSE": 0.5,
    "MAX_RUN_MINUTES": 2,
}
CALM = 3  # nights at the end, in which what has failed is had
MOST_LOST = 2  # nights in a row: an edit is seen as long as its article is asked for again
FRESH = 1.5 * DAY  # how old what changes or goes may be

OF_ARTICLES = (
    "status=500", "status=503,1", "status=404", "status=410", "reset", "reset-body", "truncated",
    "bad-gzip", "empty", "no-article", "stall", "slow=2000", "charset=gbk", "redirect=/", "big=20",
    "redirect=https://elsewhere.example/",
)  # fmt: skip
OF_LISTINGS = (
    "/edu/:status=500", "/rights/:empty", "/culture/:html", "/acftu/:stall", "/json/*:reset@2",
    "/json/*:html", "/json/*:endless=repeat", "/:status=502", "/cms/*:reset", "/papers/*:reset@9",
    "*:status=503,1@6", "*:truncated@4", "/papers/*:status=500",
)  # fmt: skip
OF_ALL = ("/robots.txt:status=503", "/robots.txt:reset", "*:reset")  # a night without a crawl

MORE_MEMORY = 8  # MB, beside the crawler of one night
MORE_HANDLES = 2
MORE_STATE = 1.2  # times
SAME = ("title", "published_at", "source", "authors", "editors", "body", "images", "kind")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--nights", type=int, help="instead of weeks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calm", action="store_true", help="no faults: every night ends with 0")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="of the runs; it is left there")
    given = parser.parse_args()
    nights = given.nights or 7 * given.weeks
    print(f"python -m benchmarks.soak --nights {nights} --seed {given.seed}\n")
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        held = _soak(nights, given.seed, given.keep or Path(folder), calm=given.calm)
    print(f"{(time.monotonic() - begin) / 60:.1f} minutes")
    return 0 if held else 1


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


@dataclass
class Week:
    """A row of the table."""

    nights: int = 0
    killed: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    requests: int = 0
    cost: Cost = field(default_factory=Cost)


class Crawler:
    """An output folder, and the commands over it."""

    def __init__(self, output: Path, mirror: str) -> None:
        self.output = output
        self._settings = {**SETTINGS, "OUTPUT_DIR": output, "MIRROR_URL": mirror}
        self._temporary = output.parent / f"{output.name}.tmp"
        self._temporary.mkdir(parents=True)
        self._log = output.parent / f"{output.name}.log"

    def night(
        self, at: datetime, *words: str, cost: Cost | None = None, kill_after: float | None = None
    ) -> int | None:
        """Its exit code; None where it was killed."""
        process = self.start(at, "nightly", "workercn", *words)
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
            return subprocess.Popen(line, stderr=log, env=environment)

    def feed(self, at: datetime, *words: str) -> int:
        return self.start(at, "feed", *words).wait()

    def records(self) -> Iterator[dict[str, Any]]:
        for path in sorted(self.output.glob("runs/*[0-9a-f]/articles.jsonl")):
            yield from map(json.loads, path.read_text("utf-8").splitlines())

    @property
    def state(self) -> int:
        """Bytes."""
        return sum(path.stat().st_size for path in self.output.glob("state.db*"))

    def left_over(self) -> list[str]:
        """What should not be there any more when nothing runs."""
        partial = self.output.glob("runs/*.partial")
        return [str(path) for path in (*partial, *self._temporary.rglob("*"))]


class World:
    """The site as it goes on from night to night: what changes on it, what fails of it."""

    def __init__(self, site: Site, server: Server, dice: random.Random) -> None:
        self.site, self.server, self.dice = site, server, dice

    def go_on(self, now: datetime) -> None:
        self.site.advance(now)
        for article in self._fresh(self.site.truth("modern")):
            chance = self.dice.random()
            if chance < 0.04:
                self.site.withdraw(article["id"])
            elif chance < 0.2:
                self.site.revise(article["id"], title=f"{article['title']}（更新）")

    def fail(self, *, wholly: bool) -> None:
        """Other faults than the night before; `wholly`: so that nothing can be had."""
        self.server.heal()
        dice = self.dice
        if wholly:
            self.server.inject(dice.choice(OF_ALL))
            return
        articles = self._fresh(self.site.truth("modern", "paper"))
        for article in dice.sample(articles, min(len(articles), dice.randrange(5))):
            path = article["url"].partition(".cn")[2]
            self.server.inject(f"{path}:{dice.choice(OF_ARTICLES)}")
        self.server.inject(*dice.sample(OF_LISTINGS, dice.choice((0, 0, 1, 2))))

    def _fresh(self, articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
        oldest = (self.site.now - FRESH).isoformat()
        return [article for article in articles if article["published_at"] > oldest]


def _soak(nights: int, seed: int, folder: Path, *, calm: bool) -> bool:
    dice = random.Random(seed)  # noqa: S311 - what happens has to happen again
    days = BEFORE + nights
    site = Site(seed, days * ARTICLES, START, legacy=0, json2021=0, papers=9, ahead=nights)
    print(
        f"{'week':>4}{'nights':>8}{'killed':>8}{'exit codes':>16}{'articles':>10}{'new':>7}"
        f"{'updated':>9}{'removed':>9}{'requests':>10}{'peak MB':>9}{'handles':>9}{'state kB':>10}"
    )
    with serve(site) as server:
        world = World(site, server, dice)
        crawler = Crawler(folder / "soak", server.url)
        lost = 0
        codes: Counter[int] = Counter()
        for number in range(-(-nights // 7)):
            week = Week()
            for night in range(7 * number, min(7 * number + 7, nights)):
                quiet = calm or night == 0 or night >= nights - CALM
                lost = _night(night, world, crawler, week, calm=quiet, lost=lost)
            codes += week.codes
            _print(number + 1, week, crawler)
        if calm:
            print(f"every night ends with 0: {dict(codes)}")
        held = _judge(site, crawler, server, folder, START + nights * DAY)
        return held and (not calm or set(codes) == {0})


def _night(night: int, world: World, crawler: Crawler, week: Week, *, calm: bool, lost: int) -> int:
    """How many nights in a row have brought nothing."""
    dice = world.dice
    at = START + night * DAY + dice.random() * timedelta(minutes=30)
    world.go_on(at)
    bad = not calm and lost < MOST_LOST
    if calm:
        world.server.heal()
    else:
        world.fail(wholly=bad and dice.random() < 0.06)
    before = len(world.server.requests)
    code = None
    # As a timer does it that starts again what has died; not in every night it has the time.
    for attempt in range(3):
        kill_after = dice.uniform(0.3, 4) if not calm and dice.random() < 0.3 else None
        hour = at + attempt * timedelta(hours=1)
        code = crawler.night(hour, cost=week.cost, kill_after=kill_after)
        if code is not None:
            week.codes[code] += 1
            break
        week.killed += 1
        if bad and dice.random() < 0.2:
            break
    week.nights += 1
    week.requests += len(world.server.requests) - before
    world.server.requests.clear()
    return 0 if code in (0, 3) else lost + 1


def _print(number: int, week: Week, crawler: Crawler) -> None:
    changes: Counter[str] = Counter()
    articles = set()
    for record in crawler.records():
        changes[record["change"]] += 1
        articles.add(record["id"])
    codes = " ".join(f"{code}×{times}" for code, times in sorted(week.codes.items()))
    print(
        f"{number:>4}{week.nights:>8}{week.killed:>8}{codes:>16}{len(articles):>10}"
        f"{changes['new']:>7}{changes['updated']:>9}{changes['removed']:>9}{week.requests:>10}"
        f"{week.cost.memory:>9.0f}{week.cost.handles:>9}{crawler.state / 1000:>10.0f}",
        flush=True,
    )


# --- the end ----------------------------------------------------------------------------------


def _judge(site: Site, crawler: Crawler, server: Server, folder: Path, at: datetime) -> bool:
    first = (START - FIRST_NIGHT).astimezone(site.now.tzinfo).date().isoformat()
    other = Crawler(folder / "at_once", server.url)
    code = other.night(at, "-a", "sections=all,paper", "-a", f"since={first}")
    ours, theirs = Cost(), Cost()
    codes = (
        code,
        crawler.night(at + timedelta(hours=1), cost=ours),
        other.night(at + timedelta(hours=1), cost=theirs),
    )
    merged = folder / "merged.jsonl"
    whole = crawler.feed(at, "merge", "-o", str(merged)) == 0
    lines = merged.read_text("utf-8").splitlines()
    records = {record["id"]: record for record in map(json.loads, lines)}
    published = [a for a in site.truth("modern", "paper") if a["published_at"] >= first]
    found = {id_: _compared(record) for id_, record in records.items()}
    truth = {article["id"]: _compared(article) for article in published}
    wrong = [
        f"{id_} {key}: {found[id_][key]!r}, not {true!r}"
        for id_ in truth.keys() & found.keys()
        for key, true in truth[id_].items()
        if found[id_][key] != true
    ]
    wrong += [
        f"{a['id']} url: {records[a['id']]['url']!r}, not {a['url']!r}"
        for a in published
        if a["id"] in records and not _is_linked(site, a["id"], records[a["id"]]["url"], a["url"])
    ]
    wrong += [f"{id_}: not in the feed" for id_ in sorted(truth.keys() - found.keys())]
    wrong += [f"{id_}: not on the site" for id_ in sorted(found.keys() - truth.keys())]
    for words in wrong[:10]:
        print(f"  {words}")
    state = crawler.state / other.state
    left = crawler.left_over()
    print(f"{'':<26}{'these weeks':>12}{'one night':>12}")
    print(f"{'peak MB of a night':<26}{ours.memory:>12.0f}{theirs.memory:>12.0f}")
    print(f"{'file handles':<26}{ours.handles:>12}{theirs.handles:>12}")
    print(f"{'state kB':<26}{crawler.state / 1000:>12.0f}{other.state / 1000:>12.0f}\n")
    verdicts = {
        f"the last nights end with 0: {codes}": set(codes) == {0},
        "feed verify is clean": crawler.feed(at, "verify") == 0,
        f"the merged view is the truth: {len(found)} articles, {len(wrong)} differences": (
            whole and not wrong
        ),
        f"at most {MORE_MEMORY} MB more": ours.memory <= theirs.memory + MORE_MEMORY,
        f"at most {MORE_HANDLES} file handles more": ours.handles <= theirs.handles + MORE_HANDLES,
        f"at most {MORE_STATE} times the state": state <= MORE_STATE,
        f"nothing is left over: {', '.join(left) or 'nothing'}": not left,
    }
    for words, holds in verdicts.items():
        print(f"{words}: {'kept' if holds else 'NOT KEPT'}")
    return all(verdicts.values())


def _compared(article: dict[str, Any]) -> dict[str, Any]:
    """What the feed and the site have to say alike."""
    return {key: article[key] for key in SAME}


def _is_linked(site: Site, article: str, url: str, true: str) -> bool:
    """Is this an address of the article? Some are listed under two hosts: where the list that
    links one under www has failed, the feed has the other.
    """
    return url == true or (article.isdigit() and url in site.linked(article))


if __name__ == "__main__":
    sys.exit(main())
