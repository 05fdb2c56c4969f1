"""Text as it may be stored: NFC, no control characters, white space single."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

# Controls but tab and line feed, lone surrogates, zero-width and direction marks, byte order mark,
# and U+2028/U+2029, which break lines of JSON for readers that split on them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)
_NO_ADDRESS = re.compile(rf"[\s\"<>\\^`{{|}}]|{_UNSEEN.pattern}")
_NO_ADDRESS_OR_FOREIGN = re.compile(rf"{_NO_ADDRESS.pattern}|[^\x00-\x7f]")

_LONGEST_TITLE = 200  # characters

# Signs that may be marks upon the letter before them, so many of them in a row that text never has:
# normalising takes a time that grows with their square.
_MOST_MARKS = 30  # as in Unicode's Stream-Safe Text Format (UAX 15)
_MARK = re.compile(
    r"[^\w\s\x00-\u02ff\u2000-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u303f\uff00-\uffef]"
)
_MARKS = re.compile(rf"{_MARK.pattern}{{{_MOST_MARKS + 1},}}")


def line(text: str) -> str:
    """One line: `人物\\u3000 ·\\xa0劳模\\n` -> `人物 · 劳模`."""
    return " ".join(_seen(text).split())


def lines(text: str) -> str:
    """Several lines (a table's rows, a poem): each cleaned, empty ones gone."""
    return "\n".join(filter(None, map(line, _seen(text).split("\n"))))


def markup(html: str) -> str:
    return _seen(html)


def address(url: str) -> str:
    """As it may stand in a line, a cell or an attribute: blanks, quotation marks and what nobody
    sees are percent-encoded, and so are all signs beyond ASCII where they are not in NFC.
    """
    if not url.isascii() and not unicodedata.is_normalized("NFC", few_marks(url)):
        return _NO_ADDRESS_OR_FOREIGN.sub(_encoded, url)
    return _NO_ADDRESS.sub(_encoded, url)


def _encoded(sign: re.Match[str]) -> str:
    return quote(sign[0], safe="", errors="replace")


def few_marks(text: str) -> str:
    """What can be normalised in a time that grows with its length: a letter keeps thirty marks."""
    # Of too many in a row one stands where this looks: a thirtieth of the cost.
    if len(text) <= _MOST_MARKS or text.isascii() or not _MARK.search(text[:: _MOST_MARKS + 1]):
        return text
    return _MARKS.sub(_fewer, text)


def _seen(text: str) -> str:
    return unicodedata.normalize("NFC", few_marks(_UNSEEN.sub("", text)))


def _fewer(signs: re.Match[str]) -> str:
    kept, row = [], 0
    for sign in signs[0]:
        row = row + 1 if unicodedata.combining(sign) else 0
        if row <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


# NFKC's own twins of the signs that most lines have: without them there is nothing to normalise,
# and to normalise takes a hundred times as long as to see that.
_WIDE = (("，", ","), ("：", ":"), ("（", "("), ("）", ")"), ("？", "?"), ("！", "!"), ("；", ";"))


@lru_cache(maxsize=256)  # a title is compared with many a line
def key(text: str) -> str:
    """What two spellings have in common: no white space, one width, one case."""
    return _folded(text)


def letters(text: str) -> str:
    """The key, without its punctuation."""
    spelling = key(text) if len(text) <= _LONGEST_TITLE else _folded(text)  # pages are not kept
    return "".join(filter(str.isalnum, spelling))


def _folded(text: str) -> str:
    for wide, plain in _WIDE:
        text = text.replace(wide, plain)
    return "".join(unicodedata.normalize("NFKC", few_marks(text)).split()).casefold()


def without_ellipsis(text: str) -> str:
    """The text less the … or .. with which a listing cuts it: `职工学堂开…` -> `职工学堂开`."""
    whole = text.rstrip()
    bare = whole.rstrip("….。")
    tail = whole[len(bare) :]
    return bare.rstrip() if "…" in tail or len(tail) > 1 else text
