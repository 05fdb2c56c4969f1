"""The proven body of modern pages, and what their CMS writes for itself."""

from __future__ import annotations

import pytest

from crawler.site import page_table

from .small_pages import TEXT, TITLE, URL, expected, page, seen

BOX = '<div class="ccontent">'
METAS = (
    "<meta name=author content=石小满><meta name=editor content=孟庆一><meta name=source content=旧港晚报>"
    "<meta name=publishdate content=2025-03-09><meta name=contentid content=8400123>"
)
COMMENT = "<!-- App=ZCMS(ZCMS) 2.4.1,CostTime=31,PublishDate=2025-03-12 09:34:55 -->"
STATISTICS = '<script>_zcms_stat("SiteID=122&Type=Article&LeafID=8400123");</script>'
OTHER = "<p>旧稿一段，与这篇报道无关，不应出现在正文里。</p>"


@pytest.mark.parametrize(
    ("markup", "by", "missed"),
    [
        (page(box=BOX), "template", None),
        (page(), "generic", "modern"),
        (page(before=f"{BOX}</div>"), "generic", "modern"),
        (page(box=BOX, before=f'<div class="ccontent" hidden>{OTHER}</div>'), "template", None),
        (page(box=BOX, before=f"{BOX}<p>频道简介。</p></div>"), "template", None),
        (page(box=BOX, after=f"<div>{OTHER * 9}</div>"), "template", None),
    ],
)
def test_body(markup: str, by: str, missed: str | None) -> None:
    read = page_table.parse(markup.encode(), URL)
    assert [block.text for block in read.blocks] == TEXT
    assert (read.extracted_by["body"], read.missed) == (by, missed)


def test_what_the_cms_writes_tells_no_field() -> None:
    assert seen(page(meta=METAS, after=COMMENT + STATISTICS)) == expected()
    shown = {"published": None, "source": None, "editors": [], "authors": []}
    long = [*TEXT, *TEXT]
    nothing = page(*long, meta=METAS, after=COMMENT + STATISTICS, info="", signed="")
    assert seen(nothing) == expected(**shown, text=long)


def test_blanks_as_entities() -> None:
    info = "2025-03-11&#32;07:45&#32;&#32;来源：海港工人报"
    assert seen(page(info=info, title=f"{TITLE}&#32;-&#32;工会&#32;-&#32;中工网")) == expected()
