"""No regular expression of ours takes a time that grows faster than the text it is given."""

from __future__ import annotations

import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest

import crawler
from tests.support.growth import STEP, grows

SIZES = (50, 50 * STEP, 50 * STEP * STEP)  # characters
LONGER = tuple(4 * size for size in SIZES)

COMMON = (
    *"1a中。、（(<&/-—：:\\\",._%", "12 ", "<a ", "//", "a/", " 张三", "记者 ", "2026-", "二〇", "a.", "责编",
)  # fmt: skip


def modules() -> Iterator[ModuleType]:
    """All but the embedded site's."""
    for info in pkgutil.walk_packages(crawler.__path__, "crawler."):
        if not info.name.startswith("crawler.samplesite") and not info.name.endswith("__main__"):
            yield import_module(info.name)


def patterns() -> dict[tuple[str | bytes, int], tuple[str, re.Pattern]]:
    """Pattern and flags -> where it stands."""
    found: dict[tuple[str | bytes, int], tuple[str, re.Pattern]] = {}

    def look(value: object, where: str, module: str, depth: int = 0) -> None:
        if isinstance(value, re.Pattern):
            found.setdefault((value.pattern, value.flags), (where, value))
        elif depth < 4 and isinstance(value, list | tuple | set | frozenset):
            for one in value:
                look(one, where, module, depth + 1)
        elif isinstance(value, dict):
            look([*value.keys(), *value.values()], where, module, depth)
        elif isinstance(value, type) and value.__module__ == module:
            for name, one in vars(value).items():
                look(one, f"{where}.{name}", module, depth + 1)

    for module in modules():
        for name, value in vars(module).items():
            look(value, f"{module.__name__}.{name}", module.__name__)
    return found


PATTERNS = dict(sorted(patterns().values(), key=lambda pair: pair[0]))


def pieces(pattern: str) -> list[str]:
    """Words of the pattern itself: what it looks for is what it stumbles over."""
    words = re.findall(r"[\u3000-\uffef]{1,8}|[A-Za-z]{3,}", pattern)
    return list(dict.fromkeys([*words, "".join(words)[:40]]))[:20]


def texts(pattern: re.Pattern, size: int) -> Iterator[str | bytes]:
    """White space is single: parsers squeeze it before any pattern sees a text."""
    binary = isinstance(pattern.pattern, bytes)
    own = ["<meta ", "<link ", "charset"] if binary else pieces(pattern.pattern)
    for piece in (*COMMON, *own):
        if piece:
            text = piece * (size // len(piece)) + " !"
            yield text.encode() if binary else text


_USE = r"\.(search|match|fullmatch|sub|split|findall|finditer)\b"


def used(where: str) -> set[str]:
    """How the module uses it: by its name, or as one of several in a loop."""
    module, _, name = where.rpartition(".")
    while module not in sys.modules:
        module = module.rpartition(".")[0]
    source = inspect.getsource(sys.modules[module])
    found = set(re.findall(rf"\b{name}{_USE}", source))
    for variable in re.findall(rf"for (\w+) in \([^)]*\b{name}\b", source):
        found |= set(re.findall(rf"\b{variable}{_USE}", source))
    found = found or {"search"}
    return {way if way in ("match", "fullmatch") else "search" for way in found}


@pytest.mark.parametrize("sizes", [SIZES, pytest.param(LONGER, marks=pytest.mark.long)], ids=max)
@pytest.mark.parametrize("where", PATTERNS)
def test_work_grows_with_the_text_and_no_faster(where, sizes):
    pattern = PATTERNS[where]
    for given in zip(*(texts(pattern, size) for size in sizes), strict=True):
        for search in (getattr(pattern, way) for way in sorted(used(where))):
            assert not grows(search, given), (search.__name__, given[0][:40])


@pytest.mark.parametrize(("pattern", "text"), [(r"a+b", "a"), (r"<a.*?>.*?</a>", "<a >")])
def test_a_pattern_that_tries_again_from_every_place_is_found(pattern, text):
    # a fast machine does the first sizes in less time than a clock tells
    assert grows(re.compile(pattern).search, [text * (size // len(text)) for size in LONGER])


@pytest.mark.parametrize(
    ("pattern", "text"), [(r"a+", "a"), (r"<a[^>]{0,50}>", "<a "), (r"x", "a")]
)
def test_a_pattern_that_does_not_is_none(pattern, text):
    assert not grows(re.compile(pattern).search, [text * (size // len(text)) for size in SIZES])


def test_the_patterns_are_found():
    assert len(PATTERNS) > 150
