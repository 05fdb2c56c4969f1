"""For benchmarks/extraction.py: pages to read, what is true of them, and how right a reader was."""

from __future__ import annotations

import json
import re
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler import clock
from crawler.samplesite.articles import CST
from crawler.samplesite.pieces import Generation
from crawler.samplesite.site import Site
from crawler.site import own_address
from crawler.text import encoding

SAMPLE: dict[Generation, int] = {"modern": 60, "legacy": 30, "json2021": 20, "paper": 30}
PEOPLE = ("authors", "editors")

# On pages of the embedded site that are not the article's, besides the titles of others: what
# readers say, tools, the pager, the footer. Captions, bylines and datelines are its own.
_FOREIGN = ("网友评论", "希望政策早点落地", "分享到", "上一页", "版权声明", "Copyright Notice")
# '来源：</span>', '来源：　2026.11.12': the listing names the source, the page does not. Nor does
# any page of the paper.
_NAMELESS = re.compile(r"来源：\s*[<\d]")


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader finds on a page; the time as it gives it."""

    title: str | None = None
    published: str | None = None
    source: str | None = None
    authors: Sequence[str] = ()
    editors: Sequence[str] = ()
    body: str | None = None


@dataclass
class Sample:
    """A page and what is true of it; of a field that `truth` lacks nothing is known."""

    group: str
    url: str
    content: bytes  # as served
    fetched_at: datetime
    # title, published, source, authors, editors, first, last, foreign
    truth: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        return encoding.decode(self.content)[0]

    @cached_property
    def codec(self) -> str:
        try:
            self.content.decode("utf-8")
        except UnicodeDecodeError:
            return "gb18030"
        return "utf-8"


# --- pages ----------------------------------------------------------------------------------


def embedded() -> list[Sample]:
    """Pages of the embedded site, articles of one page and newest first. `published` is what the
    page alone says, as precisely as it says it.
    """
    site = Site(1, 90, legacy=60, json2021=40, papers=3, now=clock.now())
    records = {generation: site.truth(generation) for generation in SAMPLE}
    titles = {one["title"] for several in records.values() for one in several if "title" in one}
    samples = []
    for generation, count in SAMPLE.items():
        whole = (r for r in records[generation] if "reject" not in r and r.get("pages", 1) == 1)
        for record in islice(whole, count):
            address = urlsplit(record["url"])
            document = site.find(address.netloc, address.path)
            assert document is not None
            sample = Sample(generation, record["url"], document.plain, site.now)
            at, precision = record["page_published"].values()
            paragraphs = record["body"].split("\n\n")
            nameless = generation == "paper" or _NAMELESS.search(sample.text)
            sample.truth = {
                "title": record["title"],
                "published": _clock(at)[: {"day": 10, "minute": 16, "second": 19}[precision]],
                "source": None if nameless else record["source"],
                "authors": [person["name"] for person in record["authors"]],
                "editors": responsible(record["editors"]),
                "first": paragraphs[0],
                "last": paragraphs[-1],
                "foreign": [*_FOREIGN, *titles - {record["title"]}],
            }
            samples.append(sample)
    return samples


def labelled(folder: Path) -> list[Sample]:
    """Real pages, with what somebody read off each; none where the folder is not there."""
    gold = folder / "gold.jsonl"
    if not gold.exists():
        return []
    samples = []
    for line in gold.read_text("utf-8").splitlines():
        label = json.loads(line)
        page = folder / "pages" / label["page"]
        content = page.read_bytes()
        truth = {name: label[name] for name in ("title", "source", *PEOPLE) if name in label}
        if "published_at" in label:  # to the minute, or the day where no time is known
            given = label["published_at"] or ""
            truth["published"] = _clock(given)[: 16 if len(given) > 10 else 10]
        truth |= {"first": label["body_start"], "last": label["body_end"]}
        truth["foreign"] = label["body_must_not"]
        url = own_address.declared_url(content) or page.absolute().as_uri()
        samples.append(Sample("real", url, content, datetime.now(UTC), truth))
    return samples


def responsible(people: list[dict[str, str]]) -> list[str]:
    """责任编辑 without 审核 and 校对: the labels of the real pages name no others."""
    return [person["name"] for person in people if person["role"] == "editor"]


# --- right or wrong -------------------------------------------------------------------------

# '2019-09-07 13:43:45', '2019年9月7日 13:43' in whatever words
_TIME = re.compile(
    r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?:\D{0,3}(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?"
)
_WHITE = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")


def _plain(words: str | None) -> str:
    return _WHITE.sub("", unicodedata.normalize("NFKC", words or ""))


def _clock(words: str) -> str:
    """A time as China's clocks show it: '2019-09-07 13:43:45', a day alone '2019-09-07'."""
    words = words.strip()
    try:
        at = datetime.fromisoformat(words)
        has_time = len(words) > 10
    except ValueError:
        match = _TIME.search(words)
        if match is None:
            return ""
        has_time = match[4] is not None
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            at = datetime(year, month, day, hour, minute, second)
        except ValueError:
            return ""
    at = at.astimezone(CST) if at.tzinfo else at
    return f"{at:%Y-%m-%d %H:%M:%S}" if has_time else f"{at:%Y-%m-%d}"


@dataclass(slots=True)
class Score:
    """How a reader did over some pages."""

    right: dict[str, list[bool]] = field(default_factory=dict)
    people: dict[str, list[int]] = field(default_factory=dict)  # found, wrong, overlooked
    times: list[list[float]] = field(default_factory=list)  # of each page, ms

    def add(self, truth: dict[str, Any], found: Found) -> None:
        body = _plain(found.body)
        whole = _plain(truth["first"]) in body and _plain(truth["last"]) in body
        self._note("body", whole and not any(_plain(words) in body for words in truth["foreign"]))
        if "title" in truth:
            self._note("title", _plain(found.title) == _plain(truth["title"]))
        if "published" in truth:
            clock, true = _clock(found.published or ""), truth["published"]
            self._note("time", clock.startswith(true) if true else not clock)
            self._note("day", clock[:10] == true[:10])
        if truth.get("source"):
            self._note("source", _plain(found.source) == _plain(truth["source"]))
        for who in PEOPLE:
            if who in truth:
                true_names = {_plain(name) for name in truth[who]}
                names = {_plain(name) for name in getattr(found, who)} - {""}
                counts = self.people.setdefault(who, [0, 0, 0])
                counts[0] += len(names & true_names)
                counts[1] += len(names - true_names)
                counts[2] += len(true_names - names)

    def _note(self, name: str, right: bool) -> None:
        self.right.setdefault(name, []).append(right)

    def share(self, name: str) -> float:
        """Of the pages; of people F1."""
        if name in PEOPLE:
            both, wrong, overlooked = self.people[name]
            every = 2 * both + wrong + overlooked
            return 2 * both / every if every else 1.0
        return statistics.fmean(self.right[name])

    @property
    def ms(self) -> float:
        return median(self.times)


def median(times: Iterable[list[float]]) -> float:
    """Of the pages' medians."""
    return statistics.median(statistics.median(rounds) for rounds in times)
