"""Which bodies a run has under several ids."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import NamedTuple

from crawler.items import Article
from crawler.text import titles

_SHORTEST = 100  # characters: shorter ones may well be alike
_REMEMBERED = 10_000  # bodies, 4 MB: the newest, for pages that are alike come close together
_MOST_TITLES = 10  # told apart


class SharedBody(NamedTuple):
    ids: int
    titles: (
        int  # of which none is a rewording of another, or the next issue of a column; ten at most
    )
    example: str  # the id that had it first


class Bodies:
    """Of articles: galleries and films may stand over the same lines for ever."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, tuple[int, tuple[str, ...], str]] = OrderedDict()

    def add(self, article: Article) -> None:
        if article.change == "removed" or article.kind != "article":
            return
        if len(article.body) < _SHORTEST:
            return
        body, title = _digest(article.body), article.title
        ids, unlike, example = self._seen.pop(body, (0, (), article.id))
        if len(unlike) < _MOST_TITLES and not any(titles.alike(title, one) for one in unlike):
            unlike += (title,)
        self._seen[body] = ids + 1, unlike, example
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def shared(self) -> list[SharedBody]:
        return [
            SharedBody(ids, len(unlike), example)
            for ids, unlike, example in self._seen.values()
            if ids > 1
        ]


def _digest(text: str) -> bytes:
    return blake2b("".join(text.split()).encode("utf-8", "replace"), digest_size=8).digest()
