"""Our template against a parser of fundus for the same pages: `python -m benchmarks.templates`.

fundus has a parser for each publisher, made of selectors; this one is written as its own are, for
the pages of 2021, and reads title, body, authors, time and pictures. Ours gives besides source,
editors, captions, body_html and where each was found. fundus wants an older lxml than other
libraries that are compared with: benchmarks/tried.txt.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib import metadata

from fundus.parser import ArticleBody, BaseParser, Image, ParserProxy, attribute
from fundus.parser.utility import (
    extract_article_body_with_selector,
    generic_author_parsing,
    generic_date_parsing,
    image_extraction,
)
from lxml import html
from lxml.cssselect import CSSSelector
from lxml.etree import XPath
from selectolax.lexbor import LexborHTMLParser

from benchmarks.figures import beside
from benchmarks.samples import Sample, embedded
from crawler.site import page_table


class Workercn2021(ParserProxy):
    class V1(BaseParser):
        _paragraphs = CSSSelector("div.ccontent > p")
        _title = CSSSelector("div.title h1")
        _byline = CSSSelector("div.info > span:last-child")
        _time = CSSSelector("div.info > span.time")
        _clock = re.compile(r"(\d{4})\D(\d+)\D(\d+)\D{1,2}(\d+)\D(\d+)")
        _reporter = re.compile(r"本报记者\s*|记者\s*")

        @attribute
        def body(self) -> ArticleBody | None:
            document = self.precomputed.doc
            return extract_article_body_with_selector(document, paragraph_selector=self._paragraphs)

        @attribute
        def title(self) -> str | None:
            nodes = self._title(self.precomputed.doc)
            return nodes[0].text_content() if nodes else None

        @attribute
        def authors(self) -> list[str]:
            nodes = self._byline(self.precomputed.doc)
            words = self._reporter.sub("", nodes[0].text_content()) if nodes else None
            return generic_author_parsing(words, split_on=[" ", "、"])

        @attribute
        def publishing_date(self) -> datetime | None:
            nodes = self._time(self.precomputed.doc)
            found = self._clock.search(nodes[0].text_content()) if nodes else None
            return generic_date_parsing("{}-{}-{} {}:{}".format(*found.groups()) if found else None)

        @attribute
        def images(self) -> list[Image]:
            return image_extraction(
                doc=self.precomputed.doc,
                paragraph_selector=self._paragraphs,
                image_selector=XPath("//div[@class='ccontent']//img"),
                upper_boundary_selector=XPath("//div[@class='wrap']"),
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    samples = [sample for sample in embedded() if sample.group == "json2021"]
    size = statistics.mean(len(sample.content) for sample in samples)
    print(f"python -m benchmarks.templates --rounds {given.rounds}")
    print(f"fundus {metadata.version('fundus')}; {len(samples)} pages of {size / 1000:.0f} kB\n")
    fundus = Workercn2021()()
    for sample in samples:
        found = fundus.parse(sample.text)
        assert found["title"] == sample.truth["title"], found["title"]
        assert sample.truth["first"] in str(found["body"])
    readers: dict[str, Callable[[Sample], object]] = {
        "fundus": lambda one: fundus.parse(one.content.decode(one.codec)),
        "fundus, parsing": lambda one: html.document_fromstring(one.content.decode(one.codec)),
        "ours": lambda one: page_table.parse(one.content, one.url),
        "ours, parsing": lambda one: LexborHTMLParser(one.content.decode(one.codec)),
    }
    ms = _measured(readers, samples, given.rounds)
    print(f"{'':<18}{'ms a page':>10}")
    for name, cost in ms.items():
        print(f"{name:<18}{cost:>10.2f}")
    print()
    beside("fundus, a parser for these pages", ms["fundus"] / ms["ours"], "as fast at reading")
    return 0


def _measured(
    readers: dict[str, Callable[[Sample], object]], samples: list[Sample], rounds: int
) -> dict[str, float]:
    """Milliseconds of processor time a page: the median of rounds that take turns."""
    costs: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            begin = time.process_time()
            for sample in samples:
                read(sample)
            costs[name].append((time.process_time() - begin) / len(samples) * 1000)
    return {name: statistics.median(of) for name, of in costs.items()}


if __name__ == "__main__":
    sys.exit(main())
