"""What reads words of others, each as a function of bytes that may end only as it declares.

A target takes any bytes; anything that it raises is a find. Its seeds are real input of its kind.
Where a target has several things to read, the first byte says which.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from scrapy.settings import Settings

from crawler.archive import ArchiveError, repair
from crawler.archive import read as read_archive
from crawler.items import article_of
from crawler.pipelines import validation
from crawler.pipelines.stage import Stage, chain
from crawler.runs.recovery import cut_torn_tail
from crawler.samplesite import Site
from crawler.site import block_pages, page_table, sections, urls
from crawler.site.listings import legacy_sections, paper_issues, parsers, search_answers
from crawler.site.listings.parsers import ListingError
from crawler.spiders.arguments import ArgumentError, Arguments
from crawler.text import bylines, clean, dates, encoding, language, names, sources, titles
from tests.archive.captures import capture, packed, write

TESTS = Path(__file__).parents[1]
NOW = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
SMALL = 20_000  # bytes: what a fuzzer changes in more of them is seldom what matters
MODERN = "https://www.workercn.cn/c/2024-02-29/8163816.shtml"
ADDRESSES = (
    MODERN,
    "https://www.workercn.cn/41/202106/30/210630182241123.shtml",
    "http://news.workercn.cn/32841/201901/18/190118124637372.shtml",
    "https://www.workercn.cn/papers/grrb/2024/07/12/6/news-1.html",
    "https://example.org/news/17.html?id=3",
)
GENERATIONS = ("modern", "json2021", "legacy", "paper", "generic")
CHARSETS = (None, "utf-8", "gbk", "gb2312", "big5", "iso-8859-1", "utf-16", "latin-9")


class Target(NamedTuple):
    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]


# --- what is read -----------------------------------------------------------------------------


def decoding(data: bytes) -> None:
    which, body = _first(data, len(CHARSETS))
    text, warnings = encoding.decode(body, CHARSETS[which])
    text.encode()  # no half of a surrogate pair
    assert "\0" not in text
    assert all(one.startswith("encoding: ") for one in warnings)


def page(data: bytes) -> None:
    """A page through its parser and the crawl's pipelines, as `scrapy extract` reads it."""
    which, body = _first(data, len(ADDRESSES))
    found = page_table.parse(body, ADDRESSES[which])
    found.fetched_at = NOW
    for stage in _chain():
        if not isinstance(stage, validation.Validation):
            stage.fill(found)
    record = validation.complete(found)
    line = json.dumps(record, ensure_ascii=False).encode()
    if not validation.missing_fields(record):
        assert json.loads(article_of(record).model_dump_json()) == json.loads(line)


def date_words(data: bytes) -> None:
    words = _text(data)
    for near in (None, date(2026, 3, 1), date(2024, 2, 29)):
        moment = dates.parse(words, fetched_at=NOW, near=near)
        if moment is not None:
            assert moment.at.tzinfo
            dates.within(moment, fetched_at=NOW, near=near)
            assert moment.unread is None or moment.precision == "day"
        dates.parse(words, fetched_at=None, near=near)
    dates.has_clock(words)
    for found in dates.find(words):
        assert found in words


def byline_words(data: bytes) -> None:
    words = _text(data)
    for person in bylines.authors(words):
        assert person.name.strip()
    text, byline = bylines.split_byline(words)
    assert text in words
    assert byline is None or byline.strip()
    bylines.inline_byline(words)


def editor_words(data: bytes) -> None:
    words = _text(data)
    for person in bylines.editors(words):
        assert person.name.strip()
    text, _ = bylines.split_editors(words)
    assert text in words


def other_words(data: bytes) -> None:
    words = _text(data)
    one, _, other = words.partition("\n")
    if found := sources.find(words):
        sources.name(found)
    sources.agree(one, other)
    titles.agree(one, other)
    titles.alike(one, other)
    names.split(words)
    names.is_labelled_name(one)
    language.detect(words, other)
    assert "\n" not in clean.line(words)
    clean.markup(words)


def addresses(data: bytes) -> None:
    href = _text(data)
    if absolute := urls.absolute(href, MODERN):
        assert absolute.startswith(("http://", "https://"))
    for url in filter(None, (href, absolute)):
        try:
            address = urls.identify(url)
        except ValueError:
            assert url is not absolute, "absolute() gives no address"
            continue
        if url is absolute:
            assert urls.identify(address.url).url == address.url
        urls.is_article(url)
        urls.page_number(url)
        urls.slug_of(url)
        urls.filing_time(url)


_LISTINGS = (
    (parsers.read_page, "https://www.workercn.cn/edu/"),
    (parsers.read_json, "https://www.workercn.cn/json/edu/index_2.json"),
    (legacy_sections.read, "http://news.workercn.cn/32841/32841.shtml"),
    (paper_issues.read_plates, "https://www.workercn.cn/papers/grrb/2024/07/12/1/page.html"),
    (paper_issues.read_stories, "https://www.workercn.cn/papers/grrb/2024/07/12/1/page.html"),
    (search_answers.read, "https://www.workercn.cn/cms/front/search/result?query=1"),
)


def listing(data: bytes) -> None:
    which, body = _first(data, len(_LISTINGS) + 1)
    for empty in (True, False):
        block_pages.in_place_of_a_listing(body, None, empty=empty)
    if which == len(_LISTINGS):
        for slug in sections.discover(body, urls.HOME):
            assert urls.is_slug(slug)
        return
    read, url = _LISTINGS[which]
    try:
        answer = read(body, url)
    except ListingError as error:
        str(error).encode()
        return
    found = getattr(answer, "listing", answer)
    for entry in getattr(found, "entries", ()):
        assert urls.identify(entry.url).url == entry.url
        str(entry.title).encode()


def warc(data: bytes) -> None:
    """Whatever is in the file, both ways to read it come to an end, and so does mending it."""
    path = _scratch() / "fuzz.warc.gz"
    path.write_bytes(data)
    told: list[ArchiveError] = []
    whole = sum(1 for _ in read_archive([path], on_error=told.append))
    with suppress(ArchiveError):
        assert sum(1 for _ in read_archive([path])) == whole
        assert not told
    with suppress(ArchiveError):
        repair(path)
        return
    assert path.read_bytes() == data


def salvage(data: bytes) -> None:
    """Of a torn file whole lines are left, each an object, and each stood in it."""
    path = _scratch() / "articles.jsonl"
    path.write_bytes(data)
    cut_torn_tail(path)
    left = path.read_bytes()
    assert left.endswith(b"\n") or not left
    lines = data.split(b"\n")
    for line in left.split(b"\n")[:-1]:
        assert line in lines
        assert isinstance(json.loads(line), dict)
    cut_torn_tail(path)
    assert path.read_bytes() == left


def arguments(data: bytes) -> None:
    given = dict(line.partition("=")[::2] for line in _text(data).split("\n"))
    with suppress(ArgumentError):
        Arguments.parse(given, today=NOW.date())


def table(data: bytes) -> None:
    with suppress(ValueError):
        sections.read_table(_text(data))


# --- seeds ------------------------------------------------------------------------------------


@cache
def _site() -> Site:
    return Site(1, 30, NOW, legacy=20, json2021=20, papers=2)


def _pages() -> Iterator[bytes]:
    for path in sorted(TESTS.glob("pages/*/*.html")):
        yield bytes([GENERATIONS.index(path.parent.name)]) + path.read_bytes()
        yield bytes([GENERATIONS.index("generic")]) + path.read_bytes()
    for which, generation in enumerate(GENERATIONS[:4]):
        for truth in _site().truth(generation)[::5]:  # type: ignore[arg-type]
            yield bytes([which]) + _served(truth["url"])


def _served(url: str) -> bytes:
    host, _, rest = url.partition("://")[2].partition("/")
    path, _, query = rest.partition("?")
    document = _site().find(host, f"/{path}", query)
    assert document, url
    return document.plain


def _listed() -> Iterator[bytes]:
    yield b"\0" + _served("https://www.workercn.cn/edu/")
    for slug in ("edu", "character"):
        yield b"\1" + json.dumps([{"url": f"/c/2026-03-01/1{slug}.shtml"}]).encode()
    for which, address in (
        (2, "http://news.workercn.cn/32841/32841.shtml"),
        (3, f"https://www.workercn.cn/papers/grrb/{_issue()}/1/page.html"),
        (4, f"https://www.workercn.cn/papers/grrb/{_issue()}/1/page.html"),
        (5, urls.search("的", None, None, 0, 10)),
        (6, urls.HOME),
    ):
        yield bytes([which]) + _served(address)
    yield b"\1" + _KEYS.encode()


_KEYS = """{"status":1,"data":{"total":2,"list":[{"id":8163816,"title":"工会&#32;<em>送</em>温暖",
"url":"/c/2026-03-01/8163816.shtml","time":"2026-03-01 09:06:11","origin":"工人日报"},
{"artUrl":"c/2026-02-28/8163815.shtml","name":"","date":1772323200000,"source":null}]}}"""


def _issue() -> str:
    (first, *_) = _site().truth("paper")
    return f"{date.fromisoformat(first['published_at'][:10]):%Y/%m/%d}"


def _words(*files: str) -> Callable[[], Iterator[bytes]]:
    """The strings of the rules' tables."""

    def seeds() -> Iterator[bytes]:
        for name in files:
            source = (TESTS / f"text/test_{name}.py").read_text("utf-8")
            for match in re.finditer(r'"([^"\\\n]{3,200})"', source):
                yield match[1].encode()

    return seeds


def _archives() -> Iterator[bytes]:
    path = _scratch() / "seed.warc.gz"
    for captures in ([capture(1)], [packed(1), capture(2), capture(3)]):
        yield write(path, captures).read_bytes()
        path.unlink()


_LINES = b'{"id": "1", "title": "\xe5\xb7\xa5"}\n{"id": "2"}\n\0\0\0\0\n[1]\n{"id": "3'
_ARGUMENTS = (
    b"sections=edu,all,legacy:news/32841,json2021:cj/34179,paper\nsince=2026-01-01",
    b"since=2026-03-01\nuntil=2026-02-01\npages=3\nlimit=2",
    "query=工会\nfull=1\nrecheck_days=3".encode(),
    b"urls=/dev/null",
)


# --- the table --------------------------------------------------------------------------------

TARGETS = {
    "decoding": Target(decoding, lambda: (bytes([n % 8]) + s[1:] for n, s in enumerate(_pages()))),
    "page": Target(page, _pages),
    "dates": Target(date_words, _words("dates", "clocks")),
    "bylines": Target(byline_words, _words("bylines")),
    "editors": Target(editor_words, _words("editors", "bylines")),
    "words": Target(other_words, _words("sources", "names", "language")),
    "addresses": Target(addresses, lambda: map(str.encode, ADDRESSES)),
    "listings": Target(listing, _listed),
    "warc": Target(warc, _archives),
    "salvage": Target(salvage, lambda: [_LINES]),
    "arguments": Target(arguments, lambda: _ARGUMENTS),
    "sections.toml": Target(
        table, lambda: [(TESTS.parent / "crawler/site/sections.toml").read_bytes()]
    ),
}


def _first(data: bytes, number: int) -> tuple[int, bytes]:
    return (data[0] % number if data else 0), data[1:]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


@cache
def _chain() -> Sequence[Stage]:
    settings = Settings()
    settings.setmodule("crawler.settings")
    return chain(settings)
