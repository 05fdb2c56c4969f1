"""Patterns of many words, whose time does not grow with their number."""

from __future__ import annotations

import re
from collections.abc import Mapping


def any_of(words: Mapping[str, str]) -> str:
    """A pattern for any of the words, each with the pattern that must match behind it; of those
    that begin alike the longest that does.

    `{"编辑": "(?!部)", "编审": ""}` -> `编(?:辑(?!部)|审)`: what is common is compared once.
    """
    by_sign: dict[str, dict[str, str]] = {}
    for word, behind in words.items():
        if word:
            by_sign.setdefault(word[0], {})[word[1:]] = behind
    branches = [re.escape(sign) + any_of(rest) for sign, rest in by_sign.items()]
    if "" in words:
        branches.append(words[""])
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
