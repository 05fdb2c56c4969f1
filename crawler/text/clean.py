"""Text as it may be stored: NFC, no control characters, white space single."""

from __future__ import annotations

import re
import unicodedata

# Controls but tab and line feed, lone surrogates, zero-width and direction marks, byte order mark,
# and U+2028/U+2029, which break lines of JSON for readers that split on them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)


def line(text: str) -> str:
    """One line: `人物\\u3000 ·\\xa0劳模\\n` -> `人物 · 劳模`."""
    return " ".join(_seen(text).split())


def lines(text: str) -> str:
    """Several lines (a table's rows, a poem): each cleaned, empty ones gone."""
    return "\n".join(filter(None, map(line, _seen(text).split("\n"))))


def markup(html: str) -> str:
    return _seen(html)


def _seen(text: str) -> str:
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))
