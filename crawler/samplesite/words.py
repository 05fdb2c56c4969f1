"""The embedded site's writer: combines the parts of words.toml into titles, paragraphs, captions
and names. The same random generator gives the same words.
"""

from __future__ import annotations

import random
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

SLOT = re.compile(r"\{(\w+)\}")
NUMBERS = {
    "few": (3, 32),
    "many": (105, 9800),
    "share": (11, 98),
    "year": (1998, 2023),
    "month": (1, 12),
    "day": (1, 28),
    "hour": (3, 5),
}
CAST = ("place", "firm", "job", "craft", "thing", "right", "art", "quality")


@cache
def material() -> dict[str, Any]:
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        return tomllib.load(file)


SECTIONS: dict[str, str] = material()["sections"]  # slug -> name, of the modern site


class Writer:
    """Words on demand from one random generator, for one article: it has a hero, a place, … of
    its own, of which most sentences speak.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._slots: dict[str, list[str]] = material()["slots"]
        self._sentences: dict[str, list[str]] = material()["sentences"]
        self._cast: dict[str, str] = {name: rng.choice(self._slots[name]) for name in CAST}
        self._cast["person"] = self.person()

    def title(self, section: str) -> str:
        return self._fill(self.rng.choice(material()["titles"][section]))

    def sentence(self, kind: str) -> str:
        """One line of [sentences] in words.toml: opening, common, short, heading, caption, …"""
        return self._fill(self.rng.choice(self._sentences[kind]))

    def paragraphs(self, count: int) -> list[str]:
        """`count` different paragraphs of one to four sentences, a few of them very short."""
        made: dict[str, None] = {}
        deck: list[str] = []  # no sentence again before all have been used

        def deal() -> str:
            if not deck:
                deck.extend(self._sentences["common"])
                self.rng.shuffle(deck)
            return self._fill(deck.pop())

        while len(made) < count:
            if not made:
                words = self.sentence("opening") + deal()
            elif len(made) == count - 1:
                words = self.sentence("closing")
            elif self.rng.random() < 0.06:
                words = self.sentence("short")
            else:
                words = "".join(deal() for _ in range(self.rng.randint(1, 4)))
            made[words] = None
        return list(made)

    def captions(self, count: int) -> list[str]:
        """Different captions."""
        made: dict[str, None] = {}
        while len(made) < count:
            made[self.sentence("caption")] = None
        return list(made)

    def person(self) -> str:
        """A Han name of two or three characters, e.g. 于小淑, 王伟."""
        names = material()["names"]
        given = names["double"] if self.rng.random() < 0.6 else names["single"]
        return str(self.rng.choice(names["surnames"]) + self.rng.choice(given))

    def people(self, count: int) -> list[str]:
        """Different persons."""
        made: dict[str, None] = {}
        while len(made) < count:
            made[self.person()] = None
        return list(made)

    def dotted_person(self) -> str:
        """A minority name with a middle dot, e.g. 买买提·艾力."""
        return str(self.rng.choice(material()["names"]["dotted"]))

    def two_character_person(self) -> str:
        names = material()["names"]
        return str(self.rng.choice(names["surnames"]) + self.rng.choice(names["single"]))

    def _fill(self, pattern: str) -> str:
        return SLOT.sub(self._slot, pattern)

    def _slot(self, match: re.Match[str]) -> str:
        name = match[1]
        if name in self._cast and self.rng.random() < 0.7:
            return self._cast[name]
        if name == "person":
            return self.person()
        if name in NUMBERS:
            return str(self.rng.randint(*NUMBERS[name]))
        return self.rng.choice(self._slots[name])
