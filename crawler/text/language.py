"""In which language and script a text is written."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["zh-Hans", "zh-Hant", "en"]

_CHARACTERS = re.compile("[\u4e00-\u9fff]+")
_LETTERS = re.compile("[A-Za-z]+")
_LETTERS_A_CHARACTER = 3  # an English word of five letters says about as much as two characters
_TRADITIONAL_TAGS = frozenset(("hant", "tw", "hk", "mo"))


def detect(text: str, declared: str | None = None) -> Language:
    """The language by the text's characters.

    `declared` (a page's `lang`: `zh-TW`, `en-US`) speaks only where the characters are those of
    either script; without it they count as simplified Chinese.
    """
    characters = "".join(_CHARACTERS.findall(text))
    letters = len("".join(_LETTERS.findall(text)))
    if letters > _LETTERS_A_CHARACTER * len(characters):
        return "en"
    simplified, traditional = _strange_to(characters, "big5"), _strange_to(characters, "gb2312")
    if simplified != traditional:
        return "zh-Hans" if simplified > traditional else "zh-Hant"
    tags = set((declared or "").lower().replace("_", "-").split("-"))
    if tags & _TRADITIONAL_TAGS:
        return "zh-Hant"
    return "en" if "en" in tags and not characters else "zh-Hans"


def _strange_to(characters: str, codec: str) -> int:
    """How many of the characters a national character set does not hold.

    Big5 was made for the traditional script and lacks 国, GB2312 for the simplified and lacks 國:
    between them they are the table of what is written in one script only. Rare characters are
    strange to both.
    """
    return len(characters) - len(characters.encode(codec, "ignore")) // 2
