"""When a listing says something else of an article than it did before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.spiders.history import says_otherwise

NOW = datetime(2026, 10, 5, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (("甲乙丙", "2026-10-02 12:00:00"), ("甲乙丙", "2026-10-02 12:00:00"), False),
        (("甲乙丙", "2026-10-02 12:00:00"), ("甲乙丁", "2026-10-02 12:00:00"), True),
        (("甲乙丙", "2026-10-02 12:00:00"), ("甲乙丙", "2026-10-02 13:00:00"), True),
        (("甲乙丙丁戊", None), ("甲乙丙…", None), False),
        (("甲乙丙...", None), ("甲乙丙丁戊", None), False),
        (("甲乙丙……", None), ("甲丙丁", None), True),
        (("甲乙丙", None), ("甲乙丙丁", None), True),
        ((" 甲 乙", None), ("甲  乙 ", None), False),
        ((None, "2026-10-02"), ("甲", "2026-10-02 12:00:00"), False),
        (("甲", "2026-10-02 12:00"), ("甲", "2026-10-02 12:00:31"), False),
        (("甲", "2026-10-02"), ("甲", "2026-10-02 12:00:31"), False),
        (("甲", "2026-10-02"), ("甲", "2026-10-03 12:00:31"), True),
        (("甲", "2026-10-02 12:00:00"), ("甲", "2026年10月2日 12:00"), False),
        (("甲", "2026-10-02 12:00 (3小时前)"), ("甲", "2026-10-02 12:31:00"), False),
        (("甲", "2026-10-02 12:00:00"), ("甲", None), False),
        (("甲", "2026-10-02 12:00:00"), ("甲", "滚动"), False),
    ],
)
def test_says_otherwise(before, now, expected):
    assert says_otherwise(before, now, NOW) is expected
