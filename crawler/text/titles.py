"""Two titles of one article: a listing's and the page's."""

from __future__ import annotations

from crawler.text.clean import letters

_ALIKE = 0.5  # share of the shorter one's characters: headlines are shortened and reworded


def agree(one: str, other: str) -> bool:
    """Do both say the same but for punctuation, white space and cuts (`产改取得新突…`)?"""
    short, long = sorted((letters(one), letters(other)), key=len)
    return short in long or not short


def alike(one: str, other: str) -> bool:
    """May both be of one article? `安全验证` is no rewording of `产改取得新突破`."""
    short, long = sorted((set(letters(one)), set(letters(other))), key=len)
    return len(short & long) >= _ALIKE * len(short)
