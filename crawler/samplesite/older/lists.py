"""Section pages of the legacy site, in the three forms that were seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from crawler.samplesite.frame import attribute, headline, text
from crawler.samplesite.older import frame, mirror
from crawler.samplesite.older.gbk import GbkPiece
from crawler.samplesite.pieces import Piece

Form = Literal["leftList", "headings", "imgtxt1"]

PAGE_SIZE = 15


def pages(entries: Sequence[object]) -> int:
    return max(-(-len(entries) // PAGE_SIZE), 1)


def section_page(
    form: Form,
    name: str,
    entries: Sequence[GbkPiece],
    others: Sequence[Piece],
    following: str,
    *,
    folder: str = "",
) -> str:
    """One page of a section; `following` is the address of the next, '' on the last, and `folder`
    what relative addresses begin with (the channel's root shows its section's list)."""
    opening, closing = {
        "leftList": ('<ul id="leftList">', "</ul>"),
        "headings": ('<div class="list"><ul>', "</ul></div>"),
        "imgtxt1": ('<ul class="imgtxt1">', "</ul>"),
    }[form]
    lines = "\n".join(
        _entry(form, piece, href)
        for place, piece in enumerate(entries)
        for href in _hrefs(piece, place, folder)
    )
    link = f'<a href="{following}">下一页</a>' if following else "<span>下一页</span>"
    return (
        f"{frame.head(f'{name}-中工网')}<body>\n{frame.navigation()}"
        f'<div class="wrap"><h2 class="lm">{name}</h2>\n{opening}\n{lines}\n{closing}\n'
        f'<div class="page">{link}</div></div>\n'
        f'<div class="right">{frame.side_box("热点推荐", others)}</div>\n'
        f"{frame.footer(entries[0].published.year if entries else 2021)}"
    )


def _hrefs(piece: GbkPiece, place: int, folder: str) -> list[str]:
    """An entry's address as lists write it, some with a second entry for the mirror."""
    origin, path = piece.origin, piece.path
    section = path.index("/", 1) + 1
    # relative to the section page, absolute, with a doubled slash, relative to the host
    written = (folder + path[section:], origin + path, f"{origin}/{path}", path)
    shown = [written[place % len(written)]]
    return [*shown, mirror.address(piece)] if place % 7 == 3 else shown


def _entry(form: Form, piece: GbkPiece, href: str) -> str:
    title = headline(piece.title)
    link = f'<a href="{href}" target="_blank">{title}</a>'
    summary = text(piece.paragraphs[0][:60])
    if form == "leftList":
        return f"<li>{link}<span>{piece.published:%Y-%m-%d %H:%M}</span></li>"
    if form == "headings":
        return f"<li><h3>{link}</h3><p>{summary}…</p><em>{piece.published:%Y-%m-%d}</em></li>"
    image = f'<img src="/files/image/{piece.id}_120x90.jpg" alt="{attribute(piece.title)}" />'
    return f'<li><a href="{href}" target="_blank">{image}</a>{link}<p>{summary}…</p></li>'
