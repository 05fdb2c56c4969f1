"""Does it hold for months? Weeks of nightly runs over a site that changes, with faults and kills.

`python -m benchmarks.soak [--weeks N | --nights N] [--seed N] [--calm | --quiet]`: a row a week.
Every night the embedded site's clock goes on: articles have come, some of them late, changed,
moved and gone, an agency's under two ids, a column's notice with its usual text; at weekends there
are few, and on holidays the paper rests. Each run believes the site's date.

With faults, answers and whole listings fail, lists end early or are stale, other pages stand in the
place of articles, this machine's clock is wrong, run folders are deleted, some runs are killed and
some nights left out. No night after which something of the site is unknown may end with 0, and at
the end the feed's merged view has to be the site's truth, but for what is on record as a gap.

Without faults (`--calm`; `--quiet`: a site with few articles, whose lists are capped) every night
has to end with 0, and may not make one request more than docs/sections.md and docs/state.md state.

Memory, file handles and state have to be those of a crawler that found all of it in one night.
Exits 1 where anything of this is not so.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.soak_crawler import RECHECK_DAYS, Cost, Crawler
from benchmarks.soak_night import Ledger, copy_runs
from benchmarks.soak_site import Stage, World
from crawler.clock import CST
from crawler.exit_codes import ExitCode
from crawler.runs.run import started
from crawler.samplesite import serve

START = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)  # half past two in the night, in China
DAY = timedelta(days=1)
FIRST_NIGHT = 7 * DAY  # what a first night takes
BEFORE = 40  # days that the site has behind it at the start
HOLIDAYS = ((4, 4), (4, 5), (4, 6), (5, 1), (5, 2), (5, 3))  # month, day
CALM = 4  # nights at the end, in which what has failed is had and gaps are given up
MOST_LOST = 2  # nights in a row: an edit is seen as long as its article is asked for again
CLOCK_STEPS = (-3, -0.4, -0.2, 0.2, 2, 20, -20)  # hours that this machine's clock is off
DEGRADED = (ExitCode.OK, ExitCode.DEGRADED)

MORE_MEMORY = 8  # MB, beside the crawler of one night
MORE_HANDLES = 2
MORE_STATE = 1.2  # times
SAME = ("title", "published_at", "source", "authors", "editors", "body", "images", "kind")


class Kind(NamedTuple):
    """Of the site, and of its nights."""

    articles: int  # of the modern site, a day
    faults: bool = False
    capped: int | None = None  # the greatest page of a listing


KINDS = {"faults": Kind(36, faults=True), "calm": Kind(36), "quiet": Kind(3, capped=2)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--nights", type=int, help="instead of weeks")
    parser.add_argument("--seed", type=int, default=1)
    kinds = parser.add_mutually_exclusive_group()
    for name, words in (("calm", "no faults"), ("quiet", "nor many articles")):
        kinds.add_argument(f"--{name}", dest="kind", action="store_const", const=name, help=words)
    parser.set_defaults(kind="faults")
    parser.add_argument("--articles", type=int, help="of a day")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="of the runs; it is left there")
    given = parser.parse_args()
    nights = given.nights or 7 * given.weeks
    kind = "" if given.kind == "faults" else f" --{given.kind}"
    kind += f" --articles {given.articles}" if given.articles else ""
    print(f"python -m benchmarks.soak --nights {nights} --seed {given.seed}{kind}\n")
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        site = KINDS[given.kind]
        site = site._replace(articles=given.articles or site.articles)
        soak = Soak(site, nights, given.seed, given.keep or Path(folder))
        held = soak.run()
    print(f"{(time.monotonic() - begin) / 60:.1f} minutes")
    return 0 if held else 1


@dataclass
class Week:
    """A row of the table."""

    nights: int = 0
    killed: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    requests: int = 0
    cost: Cost = field(default_factory=Cost)


class Soak:
    """Nights of one kind, and what they come to."""

    def __init__(self, kind: Kind, nights: int, seed: int, folder: Path) -> None:
        self.kind, self.nights, self.folder = kind, nights, folder
        self.dice = random.Random(seed)  # noqa: S311 - what happens has to happen again
        holidays = [date(START.year, month, day) for month, day in HOLIDAYS]
        self.site = Stage(
            seed,
            (BEFORE + nights) * kind.articles,
            START,
            legacy=0,
            json2021=0,
            papers=9,
            ahead=nights,
            holidays=holidays,
            capped=kind.capped,
        )
        self.first = (START - FIRST_NIGHT).astimezone(CST).date().isoformat()
        self.wrong: list[str] = []  # nights that did not end as they should have
        self._holidays = holidays
        self.verified: bool | None = None  # before a folder was given up
        self._made_room = False  # by deleting the oldest folders
        self._lost_nights = 0  # in a row

    def run(self) -> bool:
        """Print a row a week and the verdicts; do they all hold?"""
        print(
            f"{'week':>4}{'nights':>8}{'killed':>8}{'exit codes':>20}{'articles':>10}{'new':>7}"
            f"{'updated':>9}{'removed':>9}{'requests':>10}{'peak MB':>9}{'handles':>9}"
            f"{'state kB':>10}"
        )
        with serve(self.site) as server:
            self.server = server
            self.world = World(self.site, server, self.dice, self._holidays)
            self.crawler = Crawler(self.folder / "soak", server.url)
            # As a consumer has them: all run folders that ever were.
            self.consumer = Crawler(self.folder / "consumer", server.url)
            recheck = timedelta(days=RECHECK_DAYS)
            self.ledger = Ledger(self.crawler.output, self.site, self.first, recheck)
            for number in range(-(-self.nights // 7)):
                week = Week()
                for night in range(7 * number, min(7 * number + 7, self.nights)):
                    self._night(night, week)
                self._print(number + 1, week)
            return self._judge(START + self.nights * DAY)

    # --- a night ------------------------------------------------------------------------------

    def _night(self, night: int, week: Week) -> None:
        dice = self.dice
        at = START + night * DAY + dice.random() * timedelta(minutes=30)
        faulty = self.kind.faults and 0 < night < self.nights - CALM
        bad = faulty and self._lost_nights < MOST_LOST
        self.world.go_on(at, stale=faulty and dice.random() < 0.2)
        self.server.heal()
        faults = ""
        if faulty and night > 3 and dice.random() < 0.15:
            faults = self._lose_folders(at - timedelta(minutes=20))
        if faulty:
            faults += self.world.fail(wholly=bad and dice.random() < 0.05, articles=bad)
        ours = at
        if faulty and dice.random() < 0.1:
            step = dice.choice(CLOCK_STEPS)
            ours, faults = at + timedelta(hours=step), f"{faults} clock{step:+}h"
        self.server.requests.clear()
        allowed = None
        if not self.kind.faults and night:
            allowed = self.ledger.allowed(at)
            allowed["articles"] |= self.world.changed
        code = self._attempts(ours, week, faulty=faulty, may_rest=bad)
        copy_runs(self.crawler.output, self.consumer.output)
        if allowed is not None:
            beyond = self.ledger.beyond(self.server.requests, allowed)
            self._expect(not beyond, at, f"{len(beyond)} requests too many: {beyond[:3]}")
        if code is not None:
            self._expect_known(at, ours, code, faults)
        week.nights += 1
        week.requests += len(self.server.requests)
        is_lost = code not in DEGRADED or "/c/*" in faults
        self._lost_nights = self._lost_nights + 1 if is_lost else 0

    def _attempts(self, at: datetime, week: Week, *, faulty: bool, may_rest: bool) -> int | None:
        """As a timer starts again what has died; not in every night it has the time."""
        for attempt in range(3):
            kill_after = self.dice.uniform(0.3, 4) if faulty and self.dice.random() < 0.2 else None
            hour = at + attempt * timedelta(hours=1)
            code = self.crawler.night(hour, cost=week.cost, kill_after=kill_after)
            if code is not None:
                week.codes[code] += 1
                return code
            week.killed += 1
            if may_rest and self.dice.random() < 0.2:
                break
        return None

    def _expect_known(self, at: datetime, ours: datetime, code: int, faults: str) -> None:
        """Nothing that the site has is unknown after a night that ends with 0."""
        expected = {ExitCode.OK}
        if faults or self.kind.faults:
            expected |= {ExitCode.DEGRADED, ExitCode.UNREACHED}
        self._expect(code in expected, at, f"exit {code}: {self._failed_checks()} [{faults}]")
        if code != ExitCode.OK:
            return
        lost = [one for one in self.ledger.lost(ours) if not self.ledger.on_record(one)]
        named = [f"{one['id']} {one['published_at']}" for one in lost[:3]]
        self._expect(not lost, at, f"exit 0, and {len(lost)} lost such as {named} [{faults}]")

    def _failed_checks(self) -> str:
        manifest = json.loads((self.crawler.runs[-1] / "manifest.json").read_text("utf-8"))
        return "; ".join(f"{c['name']}: {c['detail']}" for c in manifest["checks"] if not c["ok"])

    def _expect(self, ok: bool, at: datetime, words: str) -> None:
        if not ok:
            self.wrong.append(f"{at:%Y-%m-%d}: {words}")
            print(f"  {self.wrong[-1]}", flush=True)

    # --- folders that are gone --------------------------------------------------------------------

    def _lose_folders(self, at: datetime) -> str:
        """The oldest, which is nothing; or one between others, which ends the next run with 6 and
        is answered as an operator would. In words.
        """
        runs = self.crawler.runs
        if len(runs) < 6 or self.dice.random() < 0.5:
            shutil.rmtree(runs[0])
            self._made_room = True
            return " oldest folder deleted"
        lost = self.dice.choice(runs[2:-1])
        aside = self.folder / lost.name
        lost.rename(aside)
        asked = len(self.server.requests)
        code = self.crawler.night(at)
        self._expect(code == ExitCode.OUTPUT, at, f"exit {code} with a hole in the folders")
        self._expect(len(self.server.requests) == asked, at, "requests with a hole in the folders")
        answer = self.dice.choice(("put back", "put back", "state rebuilt", "forgotten"))
        if answer == "forgotten":
            return self._forget(lost, at)
        aside.rename(lost)  # from the backup
        if answer == "state rebuilt":
            # It refuses to forget what stood in the oldest folders, where they were deleted.
            expected = ExitCode.OUTPUT if self._made_room else ExitCode.OK
            code = self.crawler.feed(at, "rebuild-state")
            self._expect(code == expected, at, f"rebuild-state ended with {code}")
        return f" folder lost, {answer}"

    def _forget(self, lost: Path, at: datetime) -> str:
        """There is no backup: what the folder had is crawled once more (docs/state.md)."""
        if self.verified is None:
            self.verified = self.consumer.feed(at, "verify") == 0
        shutil.rmtree(self.consumer.output / "runs" / lost.name)
        refused = self.crawler.feed(at, "rebuild-state")
        code = self.crawler.feed(at, "rebuild-state", "--force")
        self._expect(
            code == 0, at, f"rebuild-state --force ended with {code}, without it {refused}"
        )
        since = (started(lost.name) - FIRST_NIGHT).astimezone(CST).date()
        words = ("-a", "sections=all,paper", "-a", f"since={since}", "-a", "full=1")
        code = self.crawler.night(at, *words, job="crawl")
        self._expect(code in DEGRADED, at, f"crawl with full=1 ended with {code}")
        return f" folder lost, forgotten and crawled again from {since}"

    # --- the end ----------------------------------------------------------------------------------

    def _print(self, number: int, week: Week) -> None:
        changes: Counter[str] = Counter()
        articles = set()
        for record in self.consumer.records():
            changes[record["change"]] += 1
            articles.add(record["id"])
        codes = " ".join(f"{code}×{times}" for code, times in sorted(week.codes.items()))
        print(
            f"{number:>4}{week.nights:>8}{week.killed:>8}{codes:>20}{len(articles):>10}"
            f"{changes['new']:>7}{changes['updated']:>9}{changes['removed']:>9}{week.requests:>10}"
            f"{week.cost.memory:>9.0f}{week.cost.handles:>9}{self.crawler.state / 1000:>10.0f}",
            flush=True,
        )

    def _judge(self, at: datetime) -> bool:
        crawler = self.crawler
        other = Crawler(self.folder / "at_once", self.server.url)
        code = other.night(at, "-a", "sections=all,paper", "-a", f"since={self.first}")
        ours, theirs = Cost(), Cost()
        codes = (
            code,
            crawler.night(at + timedelta(hours=1), cost=ours),
            other.night(at + timedelta(hours=1), cost=theirs),
        )
        copy_runs(crawler.output, self.consumer.output)
        verified = self.verified
        if verified is None:
            verified = self.consumer.feed(at, "verify") == 0
        found, differences, on_record = self._compare(at)
        for words in differences[:10]:
            print(f"  {words}")
        state = crawler.state / other.state
        left = crawler.left_over()
        print(f"{'':<26}{'these weeks':>12}{'one night':>12}")
        print(f"{'peak MB of a night':<26}{ours.memory:>12.0f}{theirs.memory:>12.0f}")
        print(f"{'file handles':<26}{ours.handles:>12}{theirs.handles:>12}")
        print(f"{'state kB':<26}{crawler.state / 1000:>12.0f}{other.state / 1000:>12.0f}\n")
        handles = ours.handles <= theirs.handles + MORE_HANDLES
        verdicts = {
            f"every night ended as it should: {len(self.wrong)} did not": not self.wrong,
            # a window that goes below where a list is capped is a gap, once
            f"the last nights end with 0: {codes}": (
                set(codes[1:]) == {0} and (codes[0] == 0 or self.kind.capped is not None)
            ),
            "feed verify is clean": verified,
            f"the merged view is the truth: {found} articles, {len(differences)} differences, "
            f"{on_record} more on record as a gap": not differences,
            f"at most {MORE_MEMORY} MB more": ours.memory <= theirs.memory + MORE_MEMORY,
            f"at most {MORE_HANDLES} file handles more": handles,
            f"at most {MORE_STATE} times the state": state <= MORE_STATE,
            f"nothing is left over: {', '.join(left) or 'nothing'}": not left,
        }
        for words, holds in verdicts.items():
            print(f"{words}: {'kept' if holds else 'NOT KEPT'}")
        return all(verdicts.values())

    def _compare(self, at: datetime) -> tuple[int, list[str], int]:
        """(articles of the feed's merged view, how it differs from the site's truth, what of it is
        missing and on record)
        """
        merged = self.folder / "merged.jsonl"
        whole = self.consumer.feed(at, "merge", "-o", str(merged)) == 0
        lines = merged.read_text("utf-8").splitlines()
        found = {record["id"]: record for record in map(json.loads, lines)}
        published = self.site.truth("modern", "paper")
        truth = {one["id"]: one for one in published if one["published_at"] >= self.first}
        wrong = [] if whole else ["feed merge left something out"]
        for id_ in truth.keys() & found.keys():
            ours, true = found[id_], truth[id_]
            keys = [key for key in SAME if ours[key] != true[key]]
            wrong += [f"{id_} {key}: {ours[key]!r}, not {true[key]!r}" for key in keys]
            if not self._is_linked(id_, ours["url"], true["url"]):
                wrong.append(f"{id_} url: {ours['url']!r}, not {true['url']!r}")
        missing = [truth[id_] for id_ in sorted(truth.keys() - found.keys())]
        unknown = [one["id"] for one in missing if not self.ledger.on_record(one)]
        wrong += [f"{id_}: not in the feed" for id_ in unknown]
        wrong += [f"{id_}: not on the site" for id_ in sorted(found.keys() - truth.keys())]
        return len(found), wrong, len(missing) - len(unknown)

    def _is_linked(self, article: str, url: str, true: str) -> bool:
        """Is this an address of the article? Some are listed under two hosts: where the list that
        links one under www has failed, the feed has the other.
        """
        return url == true or (article.isdigit() and url in self.site.linked(article))


if __name__ == "__main__":
    sys.exit(main())
