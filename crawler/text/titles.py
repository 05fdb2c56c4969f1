"""Two titles of one article: a listing's and the page's."""

from __future__ import annotations

import re

from crawler.text.clean import letters

_WORDS = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]+|\d+")
_ALIKE = 0.5  # share of the shorter one's characters: headlines are shortened and reworded


def agree(one: str, other: str) -> bool:
    """Do both say the same but for punctuation, white space and cuts (`产改取得新突…`)?"""
    short, long = sorted((letters(one), letters(other)), key=len)
    return short in long or not short


def alike(one: str, other: str) -> bool:
    """May both be of one article? `安全验证` is no rewording of `产改取得新突破`."""
    short, long = sorted((_units(one), _units(other)), key=len)
    return len(short & long) >= _ALIKE * len(short)


def _units(title: str) -> set[str]:
    """Its characters; of Latin script and numbers, whose few are in every title, its words."""
    words = _WORDS.findall(title)
    if not words:
        return set(letters(title))
    return {*letters(_WORDS.sub(" ", title)), *map(letters, words)}
