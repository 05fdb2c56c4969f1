"""How the legacy site's section pages are cut, and how they write addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from crawler.samplesite.older import mirror
from crawler.samplesite.older.gbk import GbkPiece

Form = Literal["leftList", "headings", "imgtxt1"]

PAGE_SIZE = 15


def pages(entries: Sequence[object]) -> int:
    return max(-(-len(entries) // PAGE_SIZE), 1)


def hrefs(piece: GbkPiece, place: int, folder: str) -> list[str]:
    """An entry's address as lists write it, some with a second entry for the mirror; `folder` is
    what relative addresses begin with (the channel's root shows its section's list).
    """
    origin, path = piece.origin, piece.path
    section = path.index("/", 1) + 1
    # relative to the section page, absolute, with a doubled slash, relative to the host
    written = (folder + path[section:], origin + path, f"{origin}/{path}", path)
    shown = [written[place % len(written)]]
    return [*shown, mirror.address(piece)] if place % 7 == 3 else shown
