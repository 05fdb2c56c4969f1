"""Whether two titles may be one article's."""

from __future__ import annotations

import pytest

from crawler.text import titles


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("产改取得新突破", "山东滨州：产改取得新突破", True),
        ("产改取得新突破", "安全验证", False),
        ("HTTP Status 500 – Internal Server Error", "Binzhou: measures to promote reform", False),
        ("HTTP Status 500", "2005年5月0点，HT-50型挖掘机下线 Put us", False),
        ("Binzhou promotes reform", "Binzhou, Shandong: promotes industrial reform", True),
        ("Ｂinzhou Promotes reform", "BINZHOU promotes reform", True),
        ("“AI”师傅进车间", "AI师傅进车间，24小时不下班", True),
        ("2026年第3期", "2026年第4期", True),
    ],
)
def test_alike(one, other, alike):
    """Of Latin script words are compared: its few letters are in every title."""
    assert titles.alike(one, other) is alike
    assert titles.alike(other, one) is alike
