"""Which bodies a run has under several ids."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import NamedTuple

from crawler.items import Article

_SHORTEST = 100  # characters: shorter ones may well be alike
_REMEMBERED = 10_000  # bodies, 3 MB: the newest, for pages that are alike come close together
_MOST_TITLES = 3  # told apart


class SharedBody(NamedTuple):
    ids: int
    titles: int  # three at most
    example: str  # the id that had it first


class Bodies:
    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, tuple[int, frozenset[bytes], str]] = OrderedDict()

    def add(self, article: Article) -> None:
        if article.change == "removed" or len(article.body) < _SHORTEST:
            return
        body = _digest(article.body)
        ids, titles, example = self._seen.pop(body, (0, frozenset(), article.id))
        if len(titles) < _MOST_TITLES:
            titles |= {_digest(article.title)}
        self._seen[body] = ids + 1, titles, example
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def shared(self) -> list[SharedBody]:
        return [
            SharedBody(ids, len(titles), example)
            for ids, titles, example in self._seen.values()
            if ids > 1
        ]


def _digest(text: str) -> bytes:
    return blake2b("".join(text.split()).encode("utf-8", "replace"), digest_size=8).digest()
