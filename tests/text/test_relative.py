"""Which times count from when they were said."""

from __future__ import annotations

import pytest

from crawler.text.relative import is_relative


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("3小时前", True),
        ("半小时前", True),
        ("5 分钟前", True),
        ("2天以前", True),
        ("昨天 10:20", True),
        ("今天", True),
        ("刚刚", True),
        ("2026-11-28 11:20 (3小时前)", False),
        ("2026-11-28", False),
        ("11月28日 08:00", False),
        ("滚动", False),
        ("", False),
    ],
)
def test_is_relative(words, expected):
    assert is_relative(words) is expected
