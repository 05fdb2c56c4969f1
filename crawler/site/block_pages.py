"""Pages that a server gives in an article's or a listing's place, with status 200: firewalls,
checks for robots, logins, busy servers, maintenance, errors. Their words: block_pages.toml.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from crawler.items import NoArticle
from crawler.site import markup
from crawler.text import clean, encoding

_NEARLY_ALL = 0.7  # share of a title that a phrase has to be
_LONGEST_TITLE = 24  # characters, without blanks: a longer one says more than a phrase
_SEGMENTS = re.compile(r"\s*[-_|｜—–:：]+\s*")  # '安全验证 - 中工网'
_STATUS = re.compile(r"(?:http)?(?:error|错误)?[45]\d\d(?:error|错误)?")  # '403', 'Error 502'
_SENTENCES = re.compile(r"[。！？!?；;]|\.\s")
_LONG = 60  # characters of a sentence or line of an article
_SOME = 3  # of them, or of sentences that only a block page says
_ALL, _HALF, _QUARTER = 0.9, 0.5, 0.25  # shares of what stands on the page
_UNSEEN = ["script", "style", "title", "noscript", "template"]
_TITLE_TAG = re.compile(rb"<title[^>]{0,200}>([^<]{1,300})<", re.IGNORECASE)
_SHORT_ANSWER = 2_000  # bytes: JSON that lists nothing and gives a reason


class Phrases(NamedTuple):
    titles: re.Pattern[str]
    doubtful_titles: re.Pattern[str]
    sentences: re.Pattern[str]
    hints: re.Pattern[str]
    simplified: dict[int, int]
    checks: str  # CSS selector


@cache
def phrases() -> Phrases:
    """As checked in."""
    text = resources.files("crawler.site").joinpath("block_pages.toml").read_text("utf-8")
    data = tomllib.loads(text)
    attributes = ("class", "id", "name", "src")
    checks = [f'[{name}*="{one}" i]' for one in data["checks"] for name in attributes]
    return Phrases(
        _any_of(data["titles"]),
        _any_of(data["doubtful_titles"]),
        _any_of(data["sentences"]),
        _any_of(data["hints"]),
        str.maketrans(data["traditional"], data["simplified"]),
        ", ".join(['input[type="password" i]', *checks]),
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    """The longest first: of two that begin alike it is the one that is there."""
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def judge(
    tree: LexborHTMLParser, titles: Sequence[str | None], lines: Iterable[str], signature: str
) -> NoArticle | None:
    """Why a page is no article; None for one that is.

    `titles` are its title tag and heading, `lines` what a reader sees of text that is no link.
    `signature` is what tells an article whatever it is about, unless its heading and most of its
    text are a block page's: `editor`, `source`, `template`, or nothing.
    """
    known = phrases()
    headed = _is_headed(titles, known.titles, known)
    if signature and (not headed or signature == "editor"):
        return None
    text = _Text(lines, known)
    if headed:
        if text.share >= _HALF and text.said:
            return NoArticle("text", f"a block page, titled {headed}")
        if not signature and (text.said or text.others < _SOME):
            return NoArticle("title", f"a block page, titled {headed}")
    if signature:
        return None
    doubtful = _is_headed(titles, known.doubtful_titles, known)
    if doubtful and text.said:
        return NoArticle("title", f"a block page, titled {doubtful}: {text.quote}")
    mostly = text.share >= _HALF or (len(text.said) >= _SOME and text.share >= _QUARTER)
    if text.said and ((mostly and len(text.said) > 1) or text.share >= _ALL):
        return NoArticle("text", f"a block page: {text.quote}")
    asks = tree.css_first(known.checks) is not None
    if asks and text.hinted >= _HALF:
        return NoArticle("text", "a form, and no article")
    if not text.size and tree.css_first("script") is not None:
        return NoArticle("text", "nothing but scripts")
    if text.said or asks or text.hinted >= _HALF:
        shown = text.quote or next(filter(None, titles), "a form")
        return NoArticle("listing", f"perhaps a block page: {shown}")
    return None


def in_place_of_a_listing(body: bytes, charset: str | None, *, empty: bool) -> str | None:
    """Why an answer is no listing but a block page. `empty`: no entry could be read of it.

    One that lists articles is suspected by its title tag alone: to read it twice takes time.
    """
    known = phrases()
    if not empty:
        match = _TITLE_TAG.search(body[:4096])
        title = encoding.decode(match[1], charset)[0] if match else ""
        if not _is_headed([clean.line(title)], known.titles, known):
            return None
    text, _ = encoding.decode(body, charset)
    if text.lstrip()[:1] in ("{", "["):
        said = len(body) <= _SHORT_ANSWER and known.sentences.search(_bare(_values(text), known))
        return f"the answer says {said[0]}" if said else None
    tree = markup.parse(text)
    node = tree.css_first("title")
    titles = [clean.line(one.text()) for one in (node, *tree.css("h1, h2")[:_SOME]) if one]
    tree.strip_tags(_UNSEEN)
    for link in tree.css("a"):
        link.decompose()
    shown = clean.lines(tree.body.text(separator="\n")).splitlines() if tree.body else []
    found = judge(markup.parse(text), titles, shown, "")
    return found.words if found and found.by != "listing" else None


class _Text:
    """What is said on a page, and how much of it only a block page says."""

    def __init__(self, lines: Iterable[str], known: Phrases) -> None:
        self.said: dict[str, None] = {}  # different phrases
        self.size = self.others = 0
        blocking = hinted = 0
        self.quote = ""
        for sentence in (part for line in lines for part in _SENTENCES.split(line)):
            bare = _bare(sentence, known)
            self.size += len(bare)
            if phrase := known.sentences.findall(bare):
                self.said |= dict.fromkeys(phrase)
                blocking += len(bare)
                self.quote = self.quote or clean.line(sentence)[:80]
            elif known.hints.search(bare):
                hinted += len(bare)
            else:
                self.others += len(bare) >= _LONG
        self.hinted = (blocking + hinted) / max(self.size, 1)
        self.share = self.hinted if self.said else 0


def _is_headed(titles: Iterable[str | None], among: re.Pattern[str], known: Phrases) -> str | None:
    """The title, or the part of a title tag, that is nearly nothing but one of the phrases."""
    segments = {part: None for one in titles if one for part in (one, *_SEGMENTS.split(one))}
    for segment in segments:
        if len(segment) > 2 * _LONGEST_TITLE:
            continue
        bare = _bare(segment, known)
        if not 1 < len(bare) <= _LONGEST_TITLE:
            continue
        longest = max((len(one[0]) for one in among.finditer(bare)), default=0)
        if longest >= _NEARLY_ALL * len(bare) or _STATUS.fullmatch(bare):
            return segment
    return None


def _bare(text: str, known: Phrases) -> str:
    plain = unicodedata.normalize("NFKC", clean.few_marks(text)).casefold()
    return "".join(filter(str.isalnum, plain)).translate(known.simplified)


def _values(text: str) -> str:
    """JSON with its escapes read, as far as it is JSON."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
