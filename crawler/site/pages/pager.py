"""Which further pages an article of several pages has, as its first page says."""

from __future__ import annotations

import re
from itertools import chain, takewhile

from crawler.extraction import boilerplate
from crawler.extraction.body import Body
from crawler.extraction.density import is_end
from crawler.extraction.document import Document
from crawler.items import Page
from crawler.site.urls import page_of

_COUNT = 'input[name="__totalpage"]'
_MOST = 999  # as far as addresses of pages go; a greater number is none of pages
_AFTER = 6  # lines after the text in which its pager may stand
# '上一页 1 2 下一页', '[1] [2]'; '关闭 打印' is no pager, and '1' alone leads nowhere
_LEADS_ON = re.compile(r"下一?页|(?<!\d)[2-9]|余下全文")
_SCRIPT = re.compile(r"page|页", re.IGNORECASE)  # '<center><script>createPageHTML(3, 0, "…");'


def follow(page: Page, document: Document, text: Body) -> None:
    """Note in the page the addresses of its further pages, or the one to be tried."""
    box = text.box
    if box is None:
        return
    for node in document.boxes[0].node.css(_COUNT):
        count = (node.attributes.get("value") or "").strip()
        if count.isascii() and count.isdigit() and 1 <= int(count[:9]) <= _MOST:
            page.further = [page_of(page.url, number) for number in range(2, int(count) + 1)]
            return
        page.warnings.append(f"body: {count!r} as the number of its pages")
    after = document.lines[box.last + 1 :][:_AFTER]
    near = takewhile(lambda line: not is_end(line.text), after)
    shown = any(
        (line.linked or line.box.tag == "center")
        and boilerplate.is_pager(line.text)
        and _LEADS_ON.search(line.text)
        for line in chain(document.lines[max(box.first, 0) : box.last + 1], near)
    )
    centred = "center" in {one.tag for one in (*document.inside(box), *box.ancestors())}
    scripts = box.node.css("center script") if centred else ()
    written = any(_SCRIPT.search(script.text()) for script in scripts)
    if shown or written:
        page.probe = page_of(page.url, 2)
