"""Pages that a server gives in an article's or a listing's place, with status 200: firewalls,
checks for robots, logins, busy servers, maintenance, errors. Their words: block_pages.toml.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import markup
from crawler.items import NoArticle
from crawler.text import clean, encoding, titles
from crawler.text.script import simplified
from crawler.text.tries import any_of

_NEARLY_ALL = 0.7  # share of a title that a phrase has to be
_LONGEST_TITLE = 24  # characters, without blanks: a longer one says more than a phrase
_SEGMENTS = re.compile(r"\s*[-_|｜—–]+\s*")  # '安全验证 - 中工网'
_PIECES = re.compile(r"\s*[-_|｜—–:：]+\s*")  # '提示：请登录', 'HTTP Status 500 – Server Error'
_STATUS = re.compile(r"(?:http|error|status|code|错误|状态码?|代码){0,3}[45]\d\d(?:error|错误)?")
_CODE = re.compile(r"[45]\d\d")
_MUCH = 600  # characters: of so many some are a sentence that only a block page says
_SENTENCES = re.compile(r"[。！？!?；;]|\.\s")
_LONG = 60  # characters of a sentence or line of an article
_CURT = 36  # characters of a sentence that speaks to nobody; longer it tells of others' pages
_SPEAKS_TO = re.compile("[您你请]|[\x00-\x7f]{8}")  # in English it is not looked for
_SOME = 3  # of them, or of sentences that only a block page says
_ALL, _HALF, _QUARTER = 0.9, 0.5, 0.25  # shares of what stands on the page
_UNSEEN = ["script", "style", "title", "noscript", "template"]
_TITLE_TAG = re.compile(rb"<title[^>]{0,200}>([^<]{1,300})<", re.IGNORECASE)
_HEADINGS = ("title", "h1, h2")
_FEW_WORDS, _FEWER_WORDS = 400, 200  # characters; an article without time and source has more
_SHORT_ANSWER = 2_000  # bytes: JSON that lists nothing and gives a reason


class Phrases(NamedTuple):
    titles: re.Pattern[str]
    doubtful_titles: re.Pattern[str]
    sentences: re.Pattern[str]
    hints: re.Pattern[str]
    addresses: re.Pattern[str]
    busy: re.Pattern[str]
    checks: str  # CSS selector


@cache
def phrases() -> Phrases:
    """As checked in."""
    text = resources.files("crawler.site").joinpath("block_pages.toml").read_text("utf-8")
    data = tomllib.loads(text)
    attributes = ("class", "id", "name", "src")
    checks = [f'[{name}*="{one}" i]' for one in data["checks"] for name in attributes]
    selector = ", ".join(['input[type="password" i]', *checks])
    words = (any_of(dict.fromkeys(data[name], "")) for name in Phrases._fields[:-1])
    return Phrases._make([*map(re.compile, words), selector])


class Shown(NamedTuple):
    """What a reader sees of a page, as far as it tells an article from a block page."""

    title: str  # the title tag's
    heading: str | None
    lines: list[str]  # of text that is no link
    body: list[str]  # of these, what would be the article's text
    links: list[str]
    dated: bool  # does a time stand over the text?
    # `editor`, `source`, `template` (the text is where a template has it): an article whatever it
    # is about, unless its heading and most of its text are a block page's
    signature: str

    @property
    def leads_nowhere(self) -> bool:
        """But back: 返回首页."""
        return all(phrases().hints.search(_bare(link)) for link in self.links)


def judge(tree: LexborHTMLParser, shown: Shown) -> NoArticle | None:
    """Why a page is no article; None for one that is."""
    known = phrases()
    headed = _headed(shown.title, shown.heading, known.titles)
    if shown.signature and (not headed or shown.signature == "editor"):
        return None
    much = not headed and sum(map(len, shown.lines)) > _MUCH
    if much and not known.sentences.search(_bare("".join(shown.lines))):
        return None
    text = _Text(shown.lines, shown.heading)
    if found := _by_words(text, tree, shown, headed):
        return found
    return None if shown.signature else _by_little(text, tree, shown)


def is_headed(title: str, heading: str | None) -> bool:
    """Does nothing but a block page have such a title tag and heading?"""
    return _headed(title, heading, phrases().titles) is not None


def _by_words(
    text: _Text, tree: LexborHTMLParser, shown: Shown, headed: str | None
) -> NoArticle | None:
    """By what only a block page says."""
    known = phrases()
    if headed and text.share >= _HALF and text.said:
        return NoArticle("text", f"a block page, titled {headed}")
    if shown.signature:
        return None
    if headed and (text.said or text.others < _SOME):
        return NoArticle("title", f"a block page, titled {headed}")
    if text.said and _headed(shown.title, shown.heading, known.doubtful_titles):
        return NoArticle("title", f"a block page, titled {shown.heading or shown.title}")
    body = _Text(shown.body)
    mostly = text.share >= _HALF or (len(text.said) >= _SOME and text.share >= _QUARTER)
    several = len(body.said) > 1 or shown.leads_nowhere or _asks(tree)
    only = text.share >= _ALL or (body.share >= _ALL and several)
    if text.said and (only or (mostly and len(text.said) > 1)):
        return NoArticle("text", f"a block page: {text.quote}")
    return None


def _by_little(text: _Text, tree: LexborHTMLParser, shown: Shown) -> NoArticle | None:
    """By how little there is, where neither heading nor signature says what it is."""
    asks, hinted = _asks(tree), text.hinted >= _HALF
    what = text.quote or shown.heading or shown.title
    if not text.size and tree.css_first("script") is not None:
        return NoArticle("text", "nothing but scripts", may_be_unbuilt=True)
    if asks and hinted and (shown.leads_nowhere or text.said):
        return NoArticle("text", f"a form, and no article: {what}")
    unnamed = not shown.heading or not titles.alike(shown.heading, shown.title)
    few = text.size < _FEW_WORDS and (shown.leads_nowhere or unnamed)
    untold = not shown.dated and text.size < _FEWER_WORDS
    if few and what and (text.addressed >= _HALF or untold):
        words = f"a few words that nothing tells of: {what}"
        return NoArticle("title", words, may_be_unbuilt=True)
    addressed = text.addressed >= _HALF and text.size < _FEW_WORDS
    if text.said or asks or hinted or addressed or (untold and (what or text.size)):
        return NoArticle("listing", f"perhaps a block page: {what}")
    return None


def _asks(tree: LexborHTMLParser) -> bool:
    """For a password, or for a proof that one is no robot?"""
    return tree.css_first(phrases().checks) is not None


def in_place_of_a_listing(
    body: bytes, charset: str | None, *, empty: bool, guessed: bool = False
) -> str | None:
    """Why an answer is no listing but a block page. `empty`: no entry could be read of it.

    One that lists articles needs the title of a block page, and is suspected by its title tag
    alone, as to read it twice takes time, unless they were `guessed`.
    """
    known = phrases()
    if not (empty or guessed):
        match = _TITLE_TAG.search(body[:4096])
        title = encoding.decode(match[1], charset)[0] if match else ""
        if not is_headed(clean.line(title), None):
            return None
    text, _ = encoding.decode(body, charset)
    if text.lstrip()[:1] in ("{", "["):
        said = len(body) <= _SHORT_ANSWER and known.sentences.search(_bare(_values(text)))
        return f"the answer says {said[0]}" if said else None
    tree = markup.parse(text)
    title, heading = (
        clean.line(one.text()) if one else "" for one in map(tree.css_first, _HEADINGS)
    )
    tree.strip_tags(_UNSEEN)
    links = [clean.line(link.text()) for link in tree.css("a")]
    for link in tree.css("a"):
        link.decompose()
    lines = clean.lines(tree.body.text(separator="\n")).splitlines() if tree.body else []
    shown = Shown(title, heading, lines, lines, links, dated=False, signature="")
    headed = _headed(title, heading, known.titles)
    if not (headed or empty):
        return None
    found = _by_words(_Text(lines), tree, shown, headed)
    return found.words if found else None


def is_passing(body: bytes, charset: str | None) -> bool:
    """Of a block page: does it say that the site is busy or being worked on, and no more?"""
    text, _ = encoding.decode(body, charset)
    tree = markup.parse(text)
    title = tree.css_first("title")
    tree.strip_tags(_UNSEEN)
    shown = (title.text() if title else "") + (tree.body.text() if tree.body else text)
    return phrases().busy.search(_bare(shown)) is not None


class _Text:
    """What is said on a page, and how much of it only a block page says."""

    def __init__(self, lines: Iterable[str], heading: str | None = None) -> None:
        known = phrases()
        heads = _bare(heading or "")
        self.said: dict[str, None] = {}  # different phrases
        self.size = self.others = 0
        blocking = hinted = addressed = 0
        self.quote = ""
        for sentence in (part for line in lines for part in _SENTENCES.split(line)):
            bare = _bare(sentence)
            if bare.isdecimal():
                continue  # a time
            self.size += len(bare)
            curt = len(bare) <= _CURT or _SPEAKS_TO.search(bare)
            if curt and (phrase := known.sentences.findall(bare)):
                self.said |= dict.fromkeys(phrase)
                blocking += len(bare)
                self.quote = self.quote or clean.line(sentence)[:80]
            elif known.hints.search(bare):
                hinted += len(bare)
            elif known.addresses.search(bare):
                addressed += len(bare)
            elif bare == heads:
                self.size -= len(bare)
            else:
                self.others += len(bare) >= _LONG
        self.hinted = (blocking + hinted) / max(self.size, 1)
        self.addressed = self.hinted + addressed / max(self.size, 1)
        self.share = self.hinted if self.said else 0


def _headed(title: str, heading: str | None, among: re.Pattern[str]) -> str | None:
    """The heading, or the part of a title tag, that is nearly nothing but one of the phrases.

    Of a title tag that holds the heading the rest is names: of a section that may be 安全检查.
    """
    words = [title] if not heading or heading in title else [title, heading]
    if not any(among.search(one) or _CODE.search(one) for one in (_bare(one) for one in words)):
        return None  # most pages
    segments = [heading] if heading else []
    if not heading or _bare(heading) not in _bare(title):
        segments += [title, *_SEGMENTS.split(title)]
    for segment in segments:
        pieces = [_bare(piece) for piece in _PIECES.split(segment)]
        if all(1 < len(one) <= _LONGEST_TITLE and _is_phrase(one, among) for one in pieces):
            return segment
    return None


def _is_phrase(bare: str, among: re.Pattern[str]) -> bool:
    longest = max((len(one[0]) for one in among.finditer(bare)), default=0)
    return longest >= _NEARLY_ALL * len(bare) or _STATUS.fullmatch(bare) is not None


def _bare(text: str) -> str:
    return simplified(clean.letters(text))


def _values(text: str) -> str:
    """JSON with its escapes read, as far as it is JSON."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
