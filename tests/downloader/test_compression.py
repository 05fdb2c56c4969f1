"""Pages that a wrong length has cut, and pages that were written without their end."""

from __future__ import annotations

import pytest

from crawler.downloader.compression import is_cut

MENU = "<li><a href='/edu/'>教育</a></li>" * 150
HEAD = f"<html><head><title>题目</title></head><body><div class='top'>{MENU}</div><div>"
TEXT = "<p>记者近日走进车间，看到工人们正在忙碌。</p>"


@pytest.mark.parametrize(
    ("markup", "cut"),
    [
        (f"{HEAD}{TEXT}</div></body></html>", False),
        (f"{HEAD}{TEXT}</div></body></HTML>\n<!-- 0.02 s --> ok", False),
        (f"{HEAD}{TEXT}</div></body>", False),
        (f"{HEAD}{TEXT}</div>", False),
        (f"{HEAD}{TEXT}\n", False),  # one forgotten </div>, and nothing else
        (f"{HEAD}<div>{TEXT}", True),
        (f"{HEAD}<p>记者近日走进车间，看到", True),
        (f"{HEAD}{TEXT}</div><div class=", True),
        ("", False),
        (f"<div>{MENU}{TEXT}<p>记者近日", False),  # a fragment
        (f"<html><head><title>出错</title></head><body>{TEXT}请稍后再试", False),
        ('[{"title": "题目", "url": "/c/2026-10-02/8000001.shtml"}]' * 100, False),
    ],
)
def test_a_page_that_ends_early(markup, cut):
    assert is_cut(markup.encode()) is cut
