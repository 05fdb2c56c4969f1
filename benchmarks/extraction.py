"""`python -m benchmarks.extraction`: our readers against trafilatura, GNE and newspaper4k.

Three tables of one run: what each finds on pages of the embedded site and, where a folder
`shared/wild` lies beside the repository, on labelled real pages; and what our readers cost beside
parsing alone. In the first two ours is timed from the bytes to the values of the record; the others
get decoded text.
"""

from __future__ import annotations

import argparse
import logging
import platform
import re
import socket
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from selectolax.lexbor import LexborHTMLParser

from benchmarks.figures import judge
from benchmarks.samples import SAMPLE, Found, Sample, Score, embedded, labelled, median, responsible
from crawler.items import Page
from crawler.pipelines.authors import Authors, Editors
from crawler.pipelines.content import Content
from crawler.pipelines.headings import Titles
from crawler.pipelines.publication_time import Dates
from crawler.pipelines.source_name import Sources
from crawler.site import page_table, urls
from crawler.site.pages import generic

# Of no part of the project: gold.jsonl and pages/*.html
LABELLED = Path(__file__).parents[2] / "shared" / "wild"
NOT_INSTALLED = "not installed: make bench, or pip install -r benchmarks/requirements.txt"

FIELDS = ("title", "time", "day", "source", "authors", "editors", "body")
GOALS = {
    "title": 0.97,
    "time": 0.97,
    "source": 0.90,
    "authors": 0.85,
    "editors": 0.95,
    "body": 0.90,
}
TEMPLATES = ("modern", "legacy")
MOST_MS = 10.0  # a page
TEMPLATE_GOAL = 2.6  # times parsing and walking, at most
GENERIC_GOALS = {"generic, embedded site": 7.0, "generic, real pages": 8.0}  # times trafilatura

Reader = Callable[[Sample], Found]
T = TypeVar("T")


# --- readers --------------------------------------------------------------------------------

_STAGES = (Titles(), Dates(), Sources(), Authors(), Editors(), Content())


def ours(sample: Sample) -> Found:
    return _record(sample, page_table.parse(sample.content, sample.url))


def ours_generic(sample: Sample) -> Found:
    """By the reader that knows no template, whatever the address."""
    page = generic.parse(sample.content, sample.url)
    page.day = urls.identify(sample.url).day
    return _record(sample, page)


def _record(sample: Sample, page: Page) -> Found:
    page.fetched_at = sample.fetched_at
    for stage in _STAGES:
        stage.fill(page)
    record = page.record
    published = record.get("published_at")
    if published and record["published_precision"] == "day":
        published = published[:10]
    authors = [person["name"] for person in record["authors"]]
    editors = responsible(record["editors"])
    return Found(record["title"], published, record["source"], authors, editors, record["body"])


def _trafilatura() -> Reader:
    extract = import_module("trafilatura").bare_extraction
    # Without a format of its own it gives the day alone.
    dates = {"original_date": True, "extensive_search": True, "outputformat": "%Y-%m-%dT%H:%M:%S"}

    def read(sample: Sample) -> Found:
        found = extract(
            sample.text,
            url=sample.url,
            with_metadata=True,
            include_comments=False,
            date_extraction_params=dates,
        )
        if found is None:
            return Found()
        authors = _names(found.author)
        return Found(found.title, found.date, found.sitename, authors, body=found.text)

    return read


def _gne() -> Reader:
    extractor = import_module("gne").GeneralNewsExtractor()

    def read(sample: Sample) -> Found:
        found = extractor.extract(sample.text)
        authors = _names(found["author"])
        return Found(found["title"], found["publish_time"], None, authors, body=found["content"])

    return read


def _newspaper4k() -> Reader:
    article = import_module("newspaper").Article

    def read(sample: Sample) -> Found:
        found = article(sample.url, language="zh", fetch_images=False)
        found.download(input_html=sample.text)
        found.parse()
        published = found.publish_date and found.publish_date.isoformat()
        source = found.meta_site_name
        return Found(found.title, published, source, found.authors, body=found.text)

    return read


@dataclass(frozen=True, slots=True)
class Peer:
    """A library to compare with; `lacks` are the fields that its answer does not have."""

    package: str
    load: Callable[[], Reader]
    lacks: tuple[str, ...]


PEERS = (
    Peer("trafilatura", _trafilatura, ("editors",)),
    Peer("gne", _gne, ("source", "editors")),
    Peer("newspaper4k", _newspaper4k, ("editors",)),
)


def installed() -> dict[str, Reader]:
    """The readers of the libraries that are there, by package."""
    readers = {}
    for peer in PEERS:
        try:
            readers[peer.package] = _careful(peer.load())
        except ImportError:  # its row says how to get it
            continue
    return readers


def _careful(reader: Reader) -> Reader:
    """Whatever a library raises, it has found nothing."""

    def read(sample: Sample) -> Found:
        try:
            return reader(sample)
        except Exception:
            return Found()

    return read


def _names(words: str | None) -> list[str]:
    """'张三; 李四', '张三、李四'"""
    return [name for name in re.split(r"[;；,，、/]", words or "") if name.strip()]


# --- measuring ------------------------------------------------------------------------------


def measure(readers: dict[str, Reader], samples: list[Sample], rounds: int) -> dict[str, Score]:
    scores = {name: Score() for name in readers}
    for reader in readers.values():
        reader(samples[0])  # dictionaries are loaded, patterns compiled
    for sample in samples:
        times, found = _rounds(readers, sample, rounds)
        for name, score in scores.items():
            score.times.append(times[name])
            score.add(sample.truth, found[name])
    return scores


def _rounds(
    readers: dict[str, Callable[[Sample], T]], sample: Sample, rounds: int
) -> tuple[dict[str, list[float]], dict[str, T]]:
    """Milliseconds of each round, and what was found. Page by page, so that a machine that changes
    its speed changes all; one reader's rounds in a row, so that none pays for the cold caches that
    another leaves behind.
    """
    times: dict[str, list[float]] = {name: [] for name in readers}
    found: dict[str, T] = {}
    for name, reader in readers.items():
        for _ in range(rounds):
            begin = time.process_time()
            found[name] = reader(sample)
            times[name].append((time.process_time() - begin) * 1000)
    return times, found


# --- tables ---------------------------------------------------------------------------------


def compare(
    heading: str,
    own: dict[str, Reader],
    peers: dict[str, Reader],
    samples: list[Sample],
    rounds: int,
) -> None:
    """A line a reader."""
    scores = measure(own | peers, samples, rounds)
    lacks = {peer.package: peer.lacks for peer in PEERS}
    print(f"\n{heading}\n")
    print(f"{'':<20}" + "".join(f"{name:>9}" for name in FIELDS) + f"{'ms a page':>11}")
    for name in (*own, *lacks):
        label = f"{name} {metadata.version(name)}" if name in peers else name
        if name not in scores:
            print(f"{name:<20}     {NOT_INSTALLED}")
            continue
        score, missing = scores[name], lacks.get(name, ())
        shares = ("–" if one in missing else f"{score.share(one):.2f}" for one in FIELDS)
        print(f"{label:<20}" + "".join(f"{share:>9}" for share in shares) + f"{score.ms:>11.1f}")
    goals = (f"{GOALS[one]:.2f}" if one in GOALS else "" for one in FIELDS)
    print(f"{'to reach':<20}" + "".join(f"{goal:>9}" for goal in goals) + f"{MOST_MS:>11.1f}")


def costs(site: list[Sample], real: list[Sample], trafilatura: Reader | None, rounds: int) -> None:
    """What reading, from the bytes to a Page, costs beside parsing and walking a tree."""
    rows: list[tuple[str, list[Sample], Callable[[Sample], object]]] = [
        *((name, [one for one in site if one.group == name], _by_address) for name in SAMPLE),
        ("generic, embedded site", site, _by_labels),
        ("generic, real pages", real, _by_labels),
    ]
    print("\nreading, from the bytes to the raw words, beside parsing and walking a tree: ms\n")
    print(
        f"{'':<24}{'pages':>7}{'parsing':>10}{'reading':>10}{'ratio':>8}{'trafilatura':>14}{'ratio':>8}"
    )
    figures: list[tuple[str, float, float | None, float | None]] = []
    for name, samples, reader in rows:
        if not samples:
            continue
        against = {"parsing": _parse, "reading": reader}
        if trafilatura and reader is _by_labels:
            against["trafilatura"] = trafilatura
        every = [_rounds(against, sample, rounds)[0] for sample in samples]
        ms = {what: median(times[what] for times in every) for what in against}
        ratio = ms["reading"] / ms["parsing"]
        line = (
            f"{name:<24}{len(samples):>7}{ms['parsing']:>10.2f}{ms['reading']:>10.2f}{ratio:>8.2f}"
        )
        if name in TEMPLATES:
            figures.append((f"{name} pages, times parsing and walking", ratio, None, TEMPLATE_GOAL))
        if "trafilatura" in ms:
            ratio = ms["trafilatura"] / ms["reading"]
            line += f"{ms['trafilatura']:>14.2f}{ratio:>8.2f}"
            figures.append(
                (f"{name}, times as fast as trafilatura", ratio, GENERIC_GOALS[name], None)
            )
        print(line)
    print()
    for what, value, least, most in figures:
        judge(what, value, least=least, most=most)


def _parse(sample: Sample) -> object:
    """And walk: each node, its tag, attributes or text, as a reader that keeps no more has to."""
    root = LexborHTMLParser(sample.content.decode(sample.codec, "replace")).root
    seen, waiting = [], [root] if root else []
    while waiting:
        node = waiting.pop()
        tag = node.tag
        seen.append((tag, node.text_content if tag and tag[0] == "-" else node.attributes))
        child = node.child
        while child is not None:
            waiting.append(child)
            child = child.next
    return seen


def _by_address(sample: Sample) -> object:
    return page_table.parse(sample.content, sample.url)


def _by_labels(sample: Sample) -> object:
    return generic.parse(sample.content, sample.url)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3, help="a page and reader")
    parser.add_argument("--labelled", type=Path, default=LABELLED, help="gold.jsonl and pages/")
    given = parser.parse_args()
    logging.disable()
    warnings.simplefilter("ignore")
    print(f"python -m benchmarks.extraction --rounds {given.rounds}")
    print(f"Python {platform.python_version()}, {platform.machine()}; authors and editors: F1")
    # Some libraries would fetch a list of theirs, and none needs it here.
    with patch.object(socket, "getaddrinfo", side_effect=OSError("no network")):
        peers, site, real = installed(), embedded(), labelled(given.labelled)
        own: dict[str, Reader] = {"ours": ours, "ours, generic": ours_generic}
        heading = f"{len(site)} pages of the embedded site, which sets traps that we know"
        compare(heading, own, peers, site, given.rounds)
        if real:
            heading = f"{len(real)} labelled real pages"
            compare(heading, {"ours": ours}, peers, real, given.rounds)
        else:
            print(f"\nno labelled real pages: {given.labelled} is not there")
        costs(site, real, peers.get("trafilatura"), given.rounds)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
